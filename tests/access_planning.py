"""The rows of ``test_access`` about meetings ahead, and what fills their addresses."""

from __future__ import annotations

from circles.models import Circle
from tests.factories_planning import AppointmentFactory, CalendarFeedFactory

# Whoever sees a circle sees when it meets; whoever logs its sessions plans them.  The
# feed's address is its key.
PLANNING = """\
circle-plan           GET   login  hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden
circle-plan           POST  login  hidden  hidden     ok/hidden  hidden     hidden     hidden     ok/hidden  ok/hidden
circle-sheet          GET   login  hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden  ok/hidden
circle-sheet          POST  login  405
appointment-postpone  GET   login  hidden  hidden     ok/hidden  hidden     hidden     hidden     ok/hidden  ok/hidden
appointment-postpone  POST  login  hidden  hidden     ok/hidden  hidden     hidden     hidden     ok/hidden  ok/hidden
appointment-cancel    GET   login  hidden  hidden     ok/hidden  hidden     hidden     hidden     ok/hidden  ok/hidden
appointment-cancel    POST  login  hidden  hidden     ok/hidden  hidden     hidden     hidden     ok/hidden  ok/hidden
calendar-list         GET   login  403     403        ok         ok         ok         403        ok         ok
calendar-list         POST  login  403     403        away       away       away       403        away       away
calendar-feed         GET   ok
calendar-feed         POST  405
"""  # noqa: E501 -- a table is read in columns


def planning_arguments(circle: Circle) -> dict[str, list[object]]:
    """Return the arguments of these rows, of the inside circle."""
    appointment = AppointmentFactory(circle=circle)
    return {
        "circle-plan": [circle.pk],
        "circle-sheet": [circle.pk],
        "appointment-postpone": [appointment.pk],
        "appointment-cancel": [appointment.pk],
        "calendar-feed": [CalendarFeedFactory().token],
    }
