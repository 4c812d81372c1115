"""What the sample sessions hold, and what stands beside them."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from circles.forms import SessionEntry
from circles.forms.initial import roster
from circles.models import (
    Appointment,
    Circle,
    Draft,
    DreamVersion,
    Indicator,
    LearningSession,
    Lesson,
    Membership,
    Photo,
    Problem,
    Promise,
    PromiseReview,
    SupportRequest,
    User,
)
from circles.permissions import Role
from kmcity.demo.reading import read_circles

pytestmark = pytest.mark.usefixtures("accounts")

SILENT = {"วงออมทรัพย์ ม.4 บ้านสมอชัย", "วงเครื่องแกง ม.2 บ้านหนองนก"}
VEGETABLES = "วงผักข้างบ้าน ม.5 บ้านบางพุทรา"


@pytest.fixture
def today():
    return timezone.localdate()


def in_pilot_tambons():
    """Sessions of this half-year in the circles of the three tambons."""
    codes = Q(place__code__startswith="800106") | Q(place__code__startswith="800114")
    circles = Circle.objects.filter(codes | Q(place__code__startswith="800119"))
    recent = timezone.localdate() - timedelta(days=200)
    return LearningSession.objects.filter(circle__in=circles, held_on__gte=recent)


def test_a_circle_has_one_open_appointment_where_its_row_says_so(today):
    """None lies about from the past, and the pilot of 2548 left none."""
    wanted = {row.name for row in read_circles() if row.next_in is not None}
    ahead = Appointment.objects.open().select_related("circle")

    assert Counter(one.circle.name for one in ahead) == Counter(wanted)
    assert not SILENT & wanted
    overdue = [one.circle.name for one in ahead if one.on < today]
    assert overdue == [VEGETABLES]
    held = Appointment.objects.exclude(session=None)
    assert not held.exclude(session__held_on=F("on")).exists()


def test_the_home_of_the_facilitator_shows_today_overdue_and_the_week(roles, today):
    home = roles.signed_in(User.objects.get(username="amnuay")).get(reverse("home"))

    days = {one.name: (one.meets_on - today).days for one in home.context["circles"]}
    assert sorted(days.values())[:2] == [-2, 0]
    assert 0 < max(days.values()) <= 7
    # Its meeting is overdue and begun: told once, as the draft.
    assert home.context["due"] == []
    assert [one.circle.name for one in home.context["drafts"]] == [VEGETABLES]
    assert len(home.context["promises"]) >= 3


def test_rain_and_a_funeral_called_two_meetings_off():
    rain, funeral = Appointment.objects.called_off().order_by("state")

    assert (rain.state, rain.reason, rain.moved_to) == ("cancelled", "rain", None)
    assert (funeral.state, funeral.reason) == ("postponed", "funeral")
    assert funeral.moved_to.session.held_on == funeral.moved_to.on > funeral.on
    for one in (rain, funeral):
        assert one.reason_note
        assert one.circle.place.code.startswith("800119")


def test_most_sessions_promise_something_and_the_next_one_asks(today):
    sessions = in_pilot_tambons()
    promising = sessions.filter(promises__isnull=False).distinct()
    assert promising.count() > sessions.count() / 2

    promises = Promise.objects.filter(session__in=sessions)
    assert not promises.filter(due_on=None).exclude(session__next_on=None).exists()
    assert not promises.filter(owner=None, owner_name="").exists()
    states = Counter(PromiseReview.objects.values_list("state", flat=True))
    assert states["done"] > states["doing"] > 0
    reviewed = promises.filter(reviews__isnull=False).distinct()
    assert reviewed.count() > promises.count() / 2
    for review in PromiseReview.objects.select_related("session", "promise__session"):
        assert review.session.circle_id == review.promise.session.circle_id
        assert review.session.number > review.promise.session.number


def test_the_compost_circle_has_promises_due_and_ahead(compost, today):
    due = Promise.objects.open().of(compost).soonest_first()
    days = [(promise.due_on - today).days for promise in due]

    assert days[0] == 0
    assert len(days) == 3
    assert days[1] > 0


def test_few_promises_are_overdue(today):
    [late] = Promise.objects.open().filter(due_on__lt=today)
    assert late.session.circle.name == VEGETABLES


def test_problems_matters_stories_and_reviews_of_the_day(today):
    sessions = in_pilot_tambons()
    stuck = sessions.filter(problems__isnull=False).distinct().count()

    assert sessions.count() / 6 < stuck < sessions.count() / 2
    assert not Problem.objects.filter(solution="").exists()
    asks = SupportRequest.objects.select_related("session__submission")
    assert len({ask.kind for ask in asks}) >= 4
    assert len({ask.session.circle_id for ask in asks}) >= 5
    for ask in asks:
        assert ask.created_at == ask.session.submission.received_at
    told = LearningSession.objects.filter(story_may_show=True).exclude(story="")
    assert told.values("circle").distinct().count() == 4
    tea = sessions.exclude(aar_hoped="").exclude(aar_next="")
    assert tea.values("circle").distinct().count() >= 8
    assert Lesson.objects.exclude(words="").exclude(teller=None).count() >= 8


@pytest.mark.parametrize("unit", ["ครัวเรือน", "บาท"])
def test_a_figure_grows_from_session_to_session(unit):
    indicator = Indicator.objects.get(unit=unit)
    circle = indicator.circles.get()
    readings = indicator.readings.order_by("session__held_on")
    values = list(readings.values_list("value", flat=True))

    assert len(values) == circle.sessions.count() >= 5
    assert values == sorted(set(values))


def test_dreams_are_agreed_drafted_and_still_to_come(compost):
    newest = compost.dreams.latest_first().first()

    assert newest.text == "คนบ้านบางหลวงทำปุ๋ยใช้เอง วางแผนกันเอง โดยมีรัฐเป็นผู้หนุน"
    assert newest.gate == DreamVersion.Gate.AGREED
    assert newest.agreed_by
    assert compost.dreams.count() == 2
    assert {one.gate for one in DreamVersion.objects.all()} == {"agreed", "drafting"}
    assert Circle.objects.filter(dreams=None).exists()
    rhythm = Circle.objects.exclude(cadence_days=None).count()
    assert rhythm > Circle.objects.count() / 2


def test_a_newcomer_waits_to_be_confirmed_and_two_share_a_name():
    seats = Membership.objects.filter(is_confirmed=False).select_related("person")
    vegetables = Circle.objects.get(name=VEGETABLES)

    assert len({seat.circle for seat in seats}) == 3
    assert vegetables in {seat.circle for seat in seats}
    for seat in seats:
        assert seat.role == Role.KHUN_KIJ
        assert seat.person.first_name.startswith("ตัวอย่าง")
        assert seat.person.attendances.get().session.held_on == seat.since
    alike = [one for one in roster(vegetables, None) if one.person.last_name]
    assert len({one.person.short_name for one in alike}) == 1
    assert [one.name for one in alike] == [
        "ตัวอย่าง ง (สกุลใต้)",
        "ตัวอย่าง ง (สกุลเหนือ)",
    ]


def test_a_forum_is_large_enough_to_be_searched():
    author = User.objects.get(username="amnuay-bangchak")
    forum = Circle.objects.get(name="เวทีแผนชุมชน ต.บางจาก")

    assert forum.memberships.current().count() == 34
    assert SessionEntry(forum, author).has_search


def test_the_draft_opens_half_filled(roles, today):
    draft = Draft.objects.get()
    amnuay = roles.signed_in(draft.author)
    page = reverse("session-create", args=[draft.circle_id])

    entry = amnuay.get(page, {"draft": draft.key}).context["entry"]

    assert draft.author.username == "amnuay"
    assert timezone.localdate(draft.saved_at) == today - timedelta(days=2)
    assert entry.held_on == today - timedelta(days=2)
    assert entry.rows["lessons"][0]["text"].value()
    assert not entry.form["next_on"].value()
    assert entry.present_count == len(entry.seats)


def test_pictures_are_stored_once_each(accounts):
    photos = Photo.objects.select_related("session")

    assert photos.count() == 3
    for photo in photos:
        assert photo.session.circle_id == photo.circle_id
        assert photo.image.storage.exists(photo.image.name)
        assert photo.caption.endswith("(ภาพวาดตัวอย่าง)")
    folder = accounts.parent / "media"
    before = sorted(folder.rglob("*.jpg"))
    call_command("load_demo", accounts=accounts, stdout=StringIO())
    assert sorted(folder.rglob("*.jpg")) == before
    assert len(before) == 3
