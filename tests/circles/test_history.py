"""What was changed in a record, in words, and who may read it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from circles.actions.corrections import confirm_revision, correct_session
from circles.actions.merging import merge
from circles.actions.revising import OutOfStep, content_of
from circles.actions.withdrawing import ask_withdrawal, withdraw
from circles.models import (
    Indicator,
    LearningSession,
    Lesson,
    Problem,
    Promise,
    SupportRequest,
)
from circles.permissions import Role
from circles.reports.history import history
from tests.factories import MembershipFactory, PersonFactory, logged


@pytest.fixture
def seats(circle):
    names = ("น้าแดง", "ผู้ใหญ่สม")
    return [MembershipFactory(circle=circle, person__first_name=one) for one in names]


@pytest.fixture
def session(circle, facilitator, seats):
    present = [seats[0].person_id]
    return logged(circle, facilitator, present=present, lessons=["ดิน"]).session


@pytest.fixture
def url(session):
    return reverse("session-history", args=[session.pk])


def corrected(session, author, *, typed_by="", **changes):
    stored = LearningSession.objects.get(pk=session.pk)
    content = content_of(stored)
    for name, value in changes.items():
        is_part = hasattr(content, name) and name != "session"
        setattr(content if is_part else content.session, name, value)
    how = {"author": author, "version": stored.version, "typed_by": typed_by}
    return correct_session(session, content, **how)


def test_every_kind_of_change_is_said_in_words(session, circle, facilitator, seats):
    before = logged(circle, facilitator).session
    promise = Promise.objects.create(session=before, text="ชั่งปุ๋ย")
    baht = Indicator.objects.create(name="เงินออม", unit="บาท")
    somebody = seats[1].person

    corrected(
        session,
        facilitator,
        held_on=timezone.localdate() - timedelta(days=1),
        starts=timezone.datetime(2026, 1, 1, 13, 30).time(),
        summary="คุยกัน",
        story_may_show=True,
        guest_count=3,
        present=[somebody.pk],
        reviews={promise.pk: "doing"},
        readings={baht.pk: Decimal(1250)},
        lessons=[Lesson(text="น้ำ", teller=somebody, words="น้ำดี", topic="น้ำ")],
        problems=[Problem(text="ฝน", solution="กางผ้าใบ")],
        promises=[
            Promise(text="ไปดู", owner=somebody, due_on=timezone.localdate()),
            Promise(text="ขอรถ", owner_name="อบต."),
        ],
        requests=[SupportRequest(text="เครื่องสับ", kind="material")],
    )

    [entry] = history(session)
    said = {change.label: change for change in entry.changes}
    assert len(said) == 12, "each field once, and the digest not at all"
    new = "\n".join(line for change in entry.changes for line in change.new)
    for words in ("13.30", "ผู้ใหญ่สม", "ชั่งปุ๋ย", "เงินออม: 1250.00 บาท", "น้ำดี"):
        assert words in new
    for words in ("กางผ้าใบ", "อบต.", "เครื่องสับ", "25"):
        assert words in new
    old = "\n".join(line for change in entry.changes for line in change.old)
    assert "น้าแดง" in old
    assert "ดิน" in old


def test_names_are_looked_up_today(session, facilitator, seats):
    corrected(session, facilitator, present=[one.person_id for one in seats])
    seats[1].person.first_name = "ชื่อใหม่"
    seats[1].person.save()

    [entry] = history(session)
    assert entry.changes[0].new == ["ชื่อใหม่"]
    revision = session.revisions.get()
    assert "ผู้ใหญ่สม" not in str(revision.changes)


def test_somebody_who_was_erased_is_nobody(session, facilitator, seats):
    gone = PersonFactory()
    revision = corrected(session, facilitator, present=[])
    revision.changes["present"] = [[gone.pk], []]
    revision.changes["field_of_old"] = ["x", "y"]
    revision.save()
    gone.delete()

    [entry] = history(session)

    assert gone.first_name not in str(entry.changes)
    assert len(entry.changes[0].old) == 1
    assert entry.changes[1].label == "field_of_old"


def test_session_history(facilitator_client, session, circle, facilitator, roles, url):
    corrected(session, facilitator, summary="คุยกัน", typed_by="น้องฝน")
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    ask_withdrawal(session, facilitator, "ลงผิด")
    withdraw(session, admin, "ผิดจริง")

    response = facilitator_client.get(url)

    kinds = [one.revision.kind for one in response.context["entries"]]
    assert kinds == ["withdrawn", "asked", "edited"]
    for words in ("คุยกัน", "น้องฝน", "ลงผิด", "ผิดจริง", str(admin)):
        assertContains(response, words)
    assertContains(response, session.submission.receipt)


def test_the_history_of_a_merger_names_the_other_record(circle, facilitator, session):
    second = logged(circle, facilitator, is_separate=False).session
    merge(second, session, facilitator)

    [into], [gone] = history(session), history(second)

    assert str(second.number) in into.changes[-1].new[0]
    assert str(session.number) in gone.changes[-1].new[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_changes(
    facilitator_client,
    facilitator,
    session,
    seats,
    url,
    django_assert_num_queries,
    rows,
):
    for number in range(rows):
        both = [one.person_id for one in seats][: 1 + (number + 1) % 2]
        corrected(session, facilitator, present=both, summary=f"{number}")

    with django_assert_num_queries(8):
        facilitator_client.get(url)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.KHUN_AMNUAY, 200),
        (Role.KHUN_LIKHIT, 200),
        (Role.TAMBON_ADMIN, 200),
        (Role.PROVINCE_ADMIN, 200),
        (Role.KHUN_KIJ, 404),
        (Role.KHUN_UA, 404),
        (Role.GOVERNOR_OFFICE, 404),
    ],
)
def test_who_reads_the_history(session, roles, url, role, status):
    client = roles.client(role, roles.near(role, session.circle))

    assert client.get(url).status_code == status


def test_a_note_takers_words_are_confirmed_by_one_tap(
    facilitator_client, facilitator, session, roles
):
    before = corrected(session, facilitator, story="เรื่อ", typed_by="น้องฝน")
    revision = corrected(session, facilitator, story="เรื่อง", typed_by="น้องฝน")
    later = corrected(session, facilitator, story="เรื่องใหม่", typed_by="น้องฝน")
    confirm = reverse("revision-confirm", args=[revision.pk])

    response = facilitator_client.post(confirm)

    assertRedirects(response, session.get_absolute_url())
    revision.refresh_from_db()
    before.refresh_from_db()
    later.refresh_from_db()
    assert before.confirmed_by == revision.confirmed_by == facilitator
    assert later.confirmed_at is None
    first = revision.confirmed_at
    colleague = roles.user(Role.KHUN_AMNUAY, session.circle)
    roles.signed_in(colleague).post(confirm)
    revision.refresh_from_db()
    assert (revision.confirmed_at, revision.confirmed_by) == (first, facilitator)


def test_only_what_a_note_taker_typed_is_confirmed(
    facilitator_client, facilitator, session
):
    revision = corrected(session, facilitator, story="เรื่อง")

    with pytest.raises(OutOfStep):
        confirm_revision(revision, facilitator)
    confirm = reverse("revision-confirm", args=[revision.pk])
    assert facilitator_client.post(confirm).status_code == 404
