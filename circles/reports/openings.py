"""Whether a circle is open, was so, or will be.  Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.utils import timezone

from circles.models import Circle, CircleOpening
from circles.models.circles import CircleQuerySet


def with_closed_on(circles: CircleQuerySet) -> CircleQuerySet:
    """Annotate ``is_open`` today; else ``closed_on``, the last day on which it was so,
    and ``opens_on``, the day on which it will be so (again), where there is one."""
    today = timezone.localdate()
    here = CircleOpening.objects.filter(circle=OuterRef("pk"))
    past = here.filter(closed_on__lt=today).order_by("-closed_on")
    ahead = here.filter(opened_on__gt=today).order_by("opened_on")
    is_open = Exists(here.covering(today))
    nothing = When(is_open, then=None)
    return circles.annotate(
        is_open=is_open,
        closed_on=Case(nothing, default=Subquery(past.values("closed_on")[:1])),
        opens_on=Case(nothing, default=Subquery(ahead.values("opened_on")[:1])),
    )


def with_latest_opening(circles: CircleQuerySet) -> CircleQuerySet:
    """Annotate ``latest_opened_on`` and ``latest_closed_on``, of the opening that began
    last: ``days_outside`` then asks the database only about other days."""
    begun = CircleOpening.objects.filter(
        circle=OuterRef("pk"), opened_on__lte=timezone.localdate()
    ).order_by("-opened_on")
    return circles.annotate(
        latest_opened_on=Subquery(begun.values("opened_on")[:1]),
        latest_closed_on=Subquery(begun.values("closed_on")[:1]),
    )


def latest_open_day(circle: Circle) -> date:
    """Return the latest day, today or before, on which a circle that was fetched by
    ``with_latest_opening`` was open; today where nothing says otherwise.  No query."""
    today = timezone.localdate()
    last: date | None = vars(circle).get("latest_closed_on")
    return min(last, today) if last else today


def days_outside(circle: Circle, days: Iterable[date]) -> set[date]:
    """Return which of *days* lie outside every opening of *circle*.

    One query; none where all lie in the opening that ``with_latest_opening`` told.
    """
    outside = set(days)
    known = vars(circle)
    if opened_on := known.get("latest_opened_on"):
        latest = CircleOpening(opened_on=opened_on, closed_on=known["latest_closed_on"])
        outside -= {day for day in outside if day in latest}
    openings = list(circle.openings.all()) if outside else []
    return {day for day in outside if not any(day in one for one in openings)}
