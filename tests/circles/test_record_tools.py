"""The buttons beside a record, for each reader."""

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from circles.actions.corrections import correct_session
from circles.actions.revising import content_of
from circles.actions.withdrawing import ask_withdrawal
from circles.models import LearningSession, User
from circles.models.sessions import EDIT_WINDOW
from circles.permissions import Role
from circles.reports.history import revisions_of
from tests.factories import logged


@pytest.fixture
def session(circle, facilitator):
    return logged(circle, facilitator, lessons=["ดิน"], guest_count=2).session


def typed(session, author):
    """Store what a note-taker typed through a link of *author*."""
    content = content_of(session)
    content.session.story = "เรื่อง"
    how = {"author": author, "version": 1, "typed_by": "น้องฝน"}
    return correct_session(session, content, **how)


def shown(session, user):
    """Return what the template tag shows to *user*."""
    whole = LearningSession.objects.select_related(
        "circle__place__parent", "submission"
    ).get(pk=session.pk)
    template = Template(
        "{% load records_tools %}{% record_tools session user revisions %}"
    )
    fresh = User.objects.get(pk=user.pk)
    revisions = list(revisions_of(session))
    return template.render(
        Context({"session": whole, "user": fresh, "revisions": revisions})
    )


def test_the_tools_are_those_of_the_reader(session, facilitator, circle, roles):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    likhit = roles.user(Role.KHUN_LIKHIT, circle)
    kij = roles.user(Role.KHUN_KIJ, circle)
    edit, hand, ask = (
        reverse(f"session-{name}", args=[session.pk])
        for name in ("edit", "handoff", "withdraw")
    )

    def offered(user):
        page = shown(session, user)
        return [one in page for one in (edit, hand, ask)]

    assert offered(facilitator) == [True, True, True]
    assert offered(likhit) == [True, True, False]
    assert offered(admin) == [True, False, True]
    assert offered(kij) == [False, False, False]
    type(session.submission).objects.update(received_at=timezone.now() - EDIT_WINDOW)
    assert offered(facilitator) == [False, False, True]
    assert offered(admin) == [True, False, True]


def test_what_waits_is_shown_beside_the_tools(session, facilitator, circle, roles):
    revision = typed(session, facilitator)
    ask_withdrawal(session, facilitator, "ลงผิดวง")
    second = logged(circle, facilitator, is_separate=False).session

    page = shown(session, facilitator)

    assert reverse("revision-confirm", args=[revision.pk]) in page
    assert "น้องฝน" in page
    assert "ลงผิดวง" in page
    compare = reverse("session-compare", args=[second.pk])
    assert compare in shown(second, facilitator)
    kij = roles.user(Role.KHUN_KIJ, circle)
    assert "น้องฝน" not in shown(session, kij)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_the_same_for_any_number_of_changes(
    session, facilitator, django_assert_num_queries, rows
):
    for number in range(rows):
        ask_withdrawal(session, facilitator, f"ลงผิด {number}")

    with django_assert_num_queries(4):  # session, user, assignments, revisions
        shown(session, facilitator)
