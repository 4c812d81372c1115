"""Pages: two rows that were one person; and what other pages make of it."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from circles.actions.doubles import merge_people, undo_merge
from circles.models import Attendance, LearningSession, Membership, Person, PersonMerge
from circles.permissions import Role
from milestones.models import Achievement, Measure
from tests.circles.posted import posted
from tests.factories import (
    AttendanceFactory,
    CircleFactory,
    LearningSessionFactory,
    MembershipFactory,
    MilestoneFactory,
    PersonFactory,
    logged,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(circle):
    names = {"first_name": "สมศรี", "last_name": "ใจดี"}
    return [
        MembershipFactory(circle=circle, person=PersonFactory(**names)).person
        for _n in range(2)
    ]


def url(person):
    return reverse("person-merge", args=[person.pk])


def codes(response):
    data = response.context["form"].errors.as_data()
    return {name: [one.code for one in errors] for name, errors in data.items()}


@pytest.mark.parametrize("rows", [1, 3])
def test_person_merge(
    tambon_admin_client, pair, circle, rows, django_assert_max_num_queries
):
    first, second = pair
    for _n in range(rows):
        held = LearningSessionFactory(circle=circle)
        for person in pair:
            AttendanceFactory(session=held, person=person)

    with django_assert_max_num_queries(10):
        offered = tambon_admin_client.get(url(first))
    with django_assert_max_num_queries(10):
        page = tambon_admin_client.get(url(first), {"other": second.pk})

    assert list(offered.context["alike"]) == [second]
    assert [one.came_count for one in page.context["both"]] == [rows, rows]
    assert page.context["met_twice"] == rows
    sent = {"other": second.pk, "stays": second.pk}
    done = tambon_admin_client.post(url(first), sent)
    assertRedirects(done, reverse("person-detail", args=[second.pk]))
    assert Person.objects.get(pk=first.pk).merged_into == second
    assert Attendance.objects.filter(person=second).count() == rows


def test_who_stays_has_to_be_said(tambon_admin_client, pair):
    first, second = pair
    stranger = PersonFactory()

    answers = [
        tambon_admin_client.post(url(first), {"other": second.pk, "stays": stays})
        for stays in ("", "x", stranger.pk, "9" * 30)
    ]

    assert [codes(one) for one in answers] == [{"__all__": ["no_choice"]}] * 4
    assert not PersonMerge.objects.exists()


@pytest.mark.parametrize(
    ("other", "code"),
    [("self", "gone"), ("far", "gone"), ("x", "gone"), ("", "required")],
)
def test_the_other_is_chosen_within_reach(tambon_admin_client, pair, other, code):
    first = pair[0]
    far = MembershipFactory(circle=CircleFactory()).person
    number = {"self": first.pk, "far": far.pk}.get(other, other)

    answers = [
        tambon_admin_client.get(url(first), {"other": number}),
        tambon_admin_client.post(url(first), {"other": number, "stays": first.pk}),
    ]

    assert [codes(one) for one in answers] == [{"other": [code]}] * 2


def test_a_refusal_is_said_and_the_choice_stays(roles, circle, pair):
    first, second = pair
    client = roles.client(Role.TAMBON_ADMIN, circle.place.parent)
    MembershipFactory(circle=CircleFactory(), person=second)

    page = client.post(url(first), {"other": second.pk, "stays": first.pk})

    assert codes(page) == {"__all__": ["above"]}
    assertContains(page, f'id="id_stays_{first.pk}" value="{first.pk}" checked')


def test_merge_undo_takes_it_back_from_the_page(tambon_admin_client, pair):
    kept, gone = pair
    tambon_admin_client.post(url(kept), {"other": gone.pk, "stays": kept.pk})
    merge = PersonMerge.objects.get()
    page = reverse("person-detail", args=[kept.pk])
    assertContains(
        tambon_admin_client.get(page), reverse("merge-undo", args=[merge.pk])
    )

    for _n in range(2):  # tapped twice
        done = tambon_admin_client.post(reverse("merge-undo", args=[merge.pk]))
        assertRedirects(done, page)

    gone.refresh_from_db()
    assert gone.merged_into is None
    assert gone.memberships.count() == kept.memberships.count() == 1


def test_a_merge_counts_milestones_anew_and_so_does_undoing(
    circle, pair, facilitator, roles
):
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    stone = MilestoneFactory(circle=circle, measure=Measure.PEOPLE, target=2)
    logged(circle, facilitator, present=[one.pk for one in pair])
    reached = Achievement.objects.get(milestone=stone)
    assert reached.corrected_at is None

    merge = merge_people(admin, *pair)

    reached.refresh_from_db()
    assert reached.corrected_at is not None
    undo_merge(admin, merge)
    reached.refresh_from_db()
    assert reached.corrected_at is None


def test_a_correction_begun_before_the_merge_is_out_of_date(
    circle, pair, facilitator, roles
):
    """Its page lists the double, and would mark the person who stays as absent."""
    admin = roles.user(Role.TAMBON_ADMIN, circle.place.parent)
    session = logged(circle, facilitator, present=[pair[1].pk]).session

    merge_people(admin, *pair)

    assert LearningSession.objects.get(pk=session.pk).version == session.version + 1


def test_a_double_is_in_no_roster_no_picker_and_no_log_form(
    tambon_admin_client, facilitator_client, circle, pair, roles
):
    kept, gone = pair
    kept.called_as, gone.called_as = "ป้าที่อยู่", "ป้าที่ซ้ำ"
    for one in pair:
        one.save()
    merge_people(roles.user(Role.TAMBON_ADMIN, circle.place.parent), kept, gone)

    form = facilitator_client.get(reverse("session-create", args=[circle.pk]))
    page = facilitator_client.get(circle.get_absolute_url())
    options = tambon_admin_client.get(
        reverse("options", args=["people"]), {"name": "other", "other_q": "สมศรี"}
    )

    for response in (form, page, options):
        assertNotContains(response, "ป้าที่ซ้ำ")
        assertContains(response, "ป้าที่อยู่")
    assert Membership.objects.current().filter(circle=circle, person=kept).count() == 1


def test_a_log_form_opened_before_the_merge_is_not_lost(
    facilitator_client, circle, pair, roles
):
    kept, gone = pair
    typed = posted(circle.memberships.filter(person=gone), lessons=["ปุ๋ยหมัก"])
    merge_people(roles.user(Role.TAMBON_ADMIN, circle.place.parent), kept, gone)

    answer = facilitator_client.post(reverse("session-create", args=[circle.pk]), typed)

    # said in words, and everything that was typed is still there
    assert list(answer.context["form"].errors) == ["present"]
    assertContains(answer, "ปุ๋ยหมัก")
    assert not Attendance.objects.filter(person=gone).exists()
