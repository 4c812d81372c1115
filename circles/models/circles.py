from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from circles.models.accounts import User
from circles.models.counting import count_per
from circles.models.finding import each_word
from circles.models.people import CurrentQuerySet, Person
from circles.models.places import Place
from circles.permissions import HATS, Permission, circles_allowed

HAT_CHOICES = [(role.value, role.label) for role in HATS]
# How long after its last day a closed circle's sessions may still be logged.
LOG_WITHIN = timedelta(days=60)


class CircleQuerySet(models.QuerySet["Circle"]):
    def allowed(self, user: User, permission: Permission) -> Self:
        """Keep the circles on which *user* holds *permission*."""
        return self.filter(circles_allowed(user, permission))

    def open(self, on: date | None = None) -> Self:
        """Keep the circles that are open on that day (today)."""
        openings = CircleOpening.objects.covering(on or timezone.localdate())
        return self.filter(Exists(openings.filter(circle=OuterRef("pk"))))

    def closed(self) -> Self:
        """Keep the circles that are not open today."""
        openings = CircleOpening.objects.covering(timezone.localdate())
        return self.filter(~Exists(openings.filter(circle=OuterRef("pk"))))

    def loggable(self) -> Self:
        """Keep the circles that are open or were so until lately: a session held on
        one of those days may still be logged."""
        today = timezone.localdate()
        openings = CircleOpening.objects.filter(
            Q(closed_on=None) | Q(closed_on__gt=today - LOG_WITHIN),
            opened_on__lte=today,
        )
        return self.filter(Exists(openings.filter(circle=OuterRef("pk"))))

    def matching(self, typed: str) -> Self:
        """Keep what somebody may mean who types this: a name, a topic or a place."""
        return self.filter(each_word(typed, "name", "topic", place="place"))

    def with_totals(self) -> Self:
        """Annotate ``session_count``, ``seat_count``, ``next_on`` and ``next_id``.

        Of the first open appointment, which may be overdue; seats are current
        ones.  Subqueries, so that no join multiplies another.
        """
        # By name: sessions are defined above circles, and refer to them.
        session_model = apps.get_model("circles", "LearningSession")
        here = Q(circle=OuterRef("pk"))
        sessions = session_model.objects.counted().filter(here)
        appointments = apps.get_model("circles", "Appointment").objects.open()
        ahead = appointments.filter(here).soonest_first()
        seats = Membership.objects.current().filter(circle=OuterRef("pk")).order_by()
        return self.annotate(
            session_count=count_per("circle", sessions),
            seat_count=count_per("circle", seats),
            next_on=Subquery(ahead.values("on")[:1]),
            next_id=Subquery(ahead.values("pk")[:1]),
        )

    def with_opened_on(self) -> Self:
        """Annotate ``opened_on``, the day on which the circle first opened."""
        openings = CircleOpening.objects.filter(circle=OuterRef("pk"))
        first = openings.order_by("opened_on").values("opened_on")[:1]
        return self.annotate(opened_on=Subquery(first))

    def in_order(self) -> Self:
        return self.order_by("place__code", "name", "pk")


class Circle(models.Model):
    """A learning circle (วงเรียนรู้): one role, one place, perhaps a topic."""

    class Cadence(models.IntegerChoices):
        WEEKLY = 7, _("every week")
        FORTNIGHTLY = 14, _("every 2 weeks")
        FOUR_WEEKLY = 28, _("every 4 weeks")

    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("circle of"), max_length=20, choices=HAT_CHOICES)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="circles", verbose_name=_("place")
    )
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    usual_venue = models.CharField(_("usual venue"), max_length=200, blank=True)
    usual_start = models.TimeField(_("usual start"), null=True, blank=True)
    usual_end = models.TimeField(_("usual end"), null=True, blank=True)
    cadence_days = models.PositiveSmallIntegerField(
        _("meets every"), choices=Cadence, null=True, blank=True
    )
    # What this circle writes down at every session.
    indicators = models.ManyToManyField(
        "circles.Indicator", blank=True, related_name="circles"
    )

    # Set by ``with_totals()``.
    session_count: int
    seat_count: int
    next_on: date | None
    next_id: int | None

    objects = CircleQuerySet.as_manager()

    class Meta:
        ordering = ["place__code", "name"]
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name"], name="circle_name_once_per_place"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in HATS]),
                name="circle_of_a_hat",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("circle-detail", args=[self.pk])

    def next_number(self) -> int:
        """Return max + 1: a gap that a withdrawn session leaves stays a gap.

        Only a promise while the circle is locked.
        """
        last = self.sessions.order_by().aggregate(last=Max("number"))["last"]
        return (last or 0) + 1

    @property
    def where(self) -> str:
        """The place, without what the name says already: "ต.ท่าไร่" is enough for
        "วงปุ๋ยอินทรีย์ ม.3 บ้านบางหลวง".  Reads the place and its parent."""
        place = self.place
        if place.parent and place.label in self.name:
            return place.parent.label
        return place.full_label


class OpeningQuerySet(models.QuerySet["CircleOpening"]):
    def covering(self, day: date) -> Self:
        """Keep the openings of which *day* is one; both ends belong to them."""
        return self.filter(~Q(closed_on__lt=day), opened_on__lte=day)


class CircleOpening(models.Model):
    """One stretch of days in which a circle was open; there may be several."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="openings")
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    closed_on = models.DateField(_("last day"), null=True, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["opened_on"]
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.UniqueConstraint(
                fields=["circle"],
                condition=Q(closed_on=None),
                name="circle_is_open_at_most_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="opening_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle}: {self.opened_on}"

    def __contains__(self, day: date) -> bool:
        return self.opened_on <= day <= (self.closed_on or date.max)


class Membership(models.Model):
    """A seat: one person wearing one hat in one circle.  It grants nothing."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=HAT_CHOICES)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("last day"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    # The first among the facilitators; the others stand beside.
    is_lead = models.BooleanField(_("leads the circle"), default=False)

    # Set by whoever lists a circle's people: two who are called alike told apart.
    name: str

    objects = CurrentQuerySet.as_manager()

    class Meta:
        ordering = ["circle", "person__sort_key"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=Q(until=None),
                name="seat_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["circle"],
                condition=Q(until=None, is_lead=True),
                name="seat_leads_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="seat_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.circle}"
