"""The sample province as it was promised: circles, sessions, roads, accounts."""

import re
import stat
import uuid
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from circles import thai
from circles.actions import Content, log_session
from circles.forms import SessionEntry
from circles.forms.rows import ROWS
from circles.models import (
    Appointment,
    Assignment,
    Circle,
    ContactPoint,
    LearningSession,
    Lesson,
    Person,
    Place,
    User,
)
from circles.permissions import HATS, Permission, Role, role_to
from kmcity.accounts import read_accounts_file
from kmcity.demo import PILOT_SESSIONS, is_loaded
from milestones.models import Achievement, Event, Milestone, Notice
from milestones.reports import roads, value_of

by_circle = {"ids": lambda typed: typed.circle}


def load_again(file) -> str:
    output = StringIO()
    call_command("load_demo", accounts=file, stdout=output)
    return output.getvalue()


def amounts() -> dict:
    models = [*apps.get_app_config("circles").get_models(), Milestone, Achievement]
    return {model: model._default_manager.count() for model in models}


def test_there_are_circles_of_every_role_and_every_level(accounts):
    assert is_loaded()
    assert {circle.role for circle in Circle.objects.all()} == set(HATS)
    levels = set(Place.Level) - {Place.Level.COMMUNITY}
    assert set(Circle.objects.values_list("place__level", flat=True)) == levels
    for tambon in Place.objects.targets():
        villages = Circle.objects.filter(place__parent=tambon)
        assert villages.filter(role=Role.KHUN_KIJ).count() >= 3
    assert Circle.objects.open().count() == Circle.objects.count() - 1


def test_half_a_year_of_sessions_ends_yesterday(accounts):
    today = timezone.localdate()
    sessions = LearningSession.objects.select_related("submission")

    assert 80 <= sessions.count() <= 115
    for session in sessions:
        assert session.held_on < today
        assert thai.local_day(session.submission.received_at) >= session.held_on
        assert session.submission.received_at < timezone.now()
        assert session.attendances.present().exists()


def test_each_session_makes_the_appointment_that_the_next_one_keeps(accounts):
    for circle in Circle.objects.all():
        held = list(circle.sessions.order_by("held_on"))
        assert [session.number for session in held] == list(range(1, len(held) + 1))
        for session, following in pairwise(held):
            if session.next_on is None:
                continue
            appointment = circle.appointments.get(on=session.next_on)
            if appointment.state == Appointment.State.PLANNED:
                assert session.next_on == following.held_on
                assert appointment.session == following
            else:
                assert session.next_on < following.held_on


def test_all_people_are_samples(accounts):
    for person in Person.objects.all():
        assert person.first_name.startswith("ตัวอย่าง")
    ending = {"email": r".*@sample\.example", "phone": r"080-000-00\d\d"}
    for contact in ContactPoint.objects.all():
        assert re.fullmatch(ending[contact.channel], thai.show_phone(contact.address))
        assert contact.is_usable
    for user in User.objects.all():
        assert set(user.person.contact_points.values_list("channel", flat=True)) == set(
            ending
        )


def test_roads_are_walked_stone_by_stone(accounts):
    """What is reached comes first, and nothing unreached is behind its figure."""
    places = list(Place.objects.filter(milestones__isnull=False).distinct())
    assert {"80", "800106", "800114", "800119"} == {place.code for place in places}
    circles = list(Circle.objects.all())
    for road in [*roads(circles).values(), *roads(places).values()]:
        reached = [stone.reached_on is not None for stone in road.stones]
        assert reached == sorted(reached, reverse=True)
        assert any(reached)
        assert len(road.stones) >= 3
        for stone in road.stones[road.reached_count :]:
            assert value_of(stone) < stone.target


def test_nobody_was_told_of_anything_yet(accounts):
    assert Achievement.objects.count() > 50
    assert not Event.objects.exists()
    assert not Notice.objects.exists()


def test_the_compost_circle_is_one_session_short_of_stone_four(compost, roles):
    road = roads([compost])[compost]

    assert compost.memberships.current().count() == 18
    assert compost.sessions.count() == 7
    assert (road.here, len(road.stones)) == (3, 6)
    assert (road.next_stone.title, road.next_stone.target) == ("พบกันครบ 8 ครั้ง", 8)
    amnuay = roles.signed_in(User.objects.get(username="amnuay"))
    home = amnuay.get(reverse("home")).context
    assert home["next_circle"] == compost
    assert home["next_circle"].next_on == timezone.localdate()


def test_todays_session_crosses_exactly_that_stone(compost):
    """Even with everybody there and as many lessons as the form takes."""
    before = set(Achievement.objects.values_list("pk", flat=True))
    today, most = timezone.localdate(), ROWS["lessons"].max_num

    log_session(
        Content(
            LearningSession(circle=compost, held_on=today),
            present=list(
                compost.memberships.current().values_list("person_id", flat=True)
            ),
            lessons=[Lesson(text="กองปุ๋ยร้อนแล้ว") for _n in range(most)],
        ),
        author=User.objects.get(username="amnuay"),
        key=uuid.uuid4(),
    )

    [crossed] = Achievement.objects.exclude(pk__in=before)
    assert (crossed.milestone.circle, crossed.milestone.position) == (compost, 4)
    assert crossed.reached_on == today
    told = Notice.objects.filter(contact__person__user__isnull=False)
    channels = told.values_list("contact__person__user__username", "contact__channel")
    for username in ("amnuay", "kij", "likhit", "ua-tambon", "office"):
        assert {(username, "inbox"), (username, "email")} <= set(channels)


@pytest.mark.parametrize("typed", PILOT_SESSIONS, **by_circle)
def test_the_pilot_stands_on_its_day(accounts, typed):
    circle = Circle.objects.get(name=typed.circle_name)
    session = circle.sessions.earliest("held_on")

    assert thai.thai_date(session.held_on) == typed.shown_as
    assert thai.fiscal_year(session.held_on) == typed.fiscal_year
    assert session.lessons.count() == len(typed.lessons)
    assert session.attendances.present().count() == circle.memberships.count()
    assert session.submission.is_backfill
    assert circle.openings.get().opened_on <= session.held_on


@pytest.mark.parametrize("typed", PILOT_SESSIONS, **by_circle)
def test_the_log_form_takes_the_pilot_as_it_is_typed(accounts, typed):
    circle = Circle.objects.select_related("place").get(name=typed.circle_name)
    author = User.objects.get(username=typed.username)
    seats = {
        seat.person.short_name: seat.person_id for seat in circle.memberships.all()
    }
    fields = ["held_on", "starts", "ends", "venue", "guest_count", "next_on", "summary"]
    data = QueryDict(mutable=True)
    data.update({name: getattr(typed, name) for name in fields})
    data.update({"act": "save-separate", "key": uuid.uuid4()})
    data.setlist("present", [str(one) for one in seats.values()])
    for number, lesson in enumerate(typed.lessons):
        data[f"lessons-{number}-text"] = lesson.text
        data[f"lessons-{number}-topic"] = lesson.topic
        data[f"lessons-{number}-teller"] = str(seats.get(lesson.teller, ""))
    data["lessons-TOTAL_FORMS"] = str(len(typed.lessons))
    data["lessons-INITIAL_FORMS"] = "0"

    entry = SessionEntry(circle, author, data)

    assert entry.is_valid(), (entry.form.errors, entry.rows["lessons"].errors)
    assert len(entry.content.lessons) == len(typed.lessons)
    assert role_to(Permission.LOG_SESSION, author, circle)


def test_every_role_has_an_account_that_signs_in(accounts):
    rows = read_accounts_file(accounts)

    for row in rows:
        assert authenticate(username=row.username, password=row.password)
    people = User.objects.filter(username__in=[row.username for row in rows])
    held = Assignment.objects.current().filter(person__user__in=people)
    assert set(held.values_list("role", flat=True)) == set(Role)
    assert len(rows) == User.objects.count()


def test_the_file_is_for_its_owner_only(accounts):
    header, *rows = accounts.read_text("utf-8").splitlines()

    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert header == "role,place,username,password"
    assert rows[0].startswith("คุณอำนวย,ต.ท่าไร่,amnuay,")


def test_loading_again_changes_nothing(accounts):
    before = amounts(), accounts.read_bytes(), list(User.objects.values("password"))

    said = load_again(accounts)

    assert "kept" in said
    after = amounts(), accounts.read_bytes(), list(User.objects.values("password"))
    assert after == before


def test_a_lost_file_gives_the_accounts_new_passwords(accounts):
    old, before = read_accounts_file(accounts), amounts()
    accounts.unlink()

    load_again(accounts)

    new = read_accounts_file(accounts)
    assert [row.username for row in new] == [row.username for row in old]
    for row, former in zip(new, old, strict=True):
        assert authenticate(username=row.username, password=row.password)
        assert row.password != former.password
    assert amounts() == before
