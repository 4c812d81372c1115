"""How pages of circles come by their road, without knowing milestones.

One query for all roads of a page: ``{% roads_of circles as roads %}``, then
``{% road_mini roads circle %}`` as often as needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circles.models import Circle, LearningSession, Place, User
from circles.reports import Seating, seating
from milestones.models import Achievement, Measure, Milestone, Notice
from milestones.reports import Road, roads, value_of

register = template.Library()


@register.simple_tag
def roads_of(owners: Iterable[Circle | Place]) -> dict[Circle | Place, Road]:
    """Return the road of each of *owners* (all circles, or all places)."""
    return roads(list(owners))


@register.inclusion_tag("milestones/_road.html")
def road(found: dict[Circle | Place, Road], owner: Circle | Place) -> dict[str, Any]:
    """Draw the whole road of *owner*, and how far the next stone still is."""
    found_road = found[owner]
    next_stone = found_road.next_stone
    value = value_of(next_stone) if next_stone else None
    return {"owner": owner, "road": found_road, "value": value}


@register.simple_tag
def road_mini(found: dict[Circle | Place, Road], owner: Circle | Place) -> SafeString:
    """Draw the stones of *owner*'s road alone; up to seven, round where it stands.

    In Python, not in a template: a page shows it thirty times.
    """
    along = found[owner]
    if not along.stones:
        none_yet = _("This road has no stones yet.")
        return format_html('<p class="meta">{}</p>', none_yet)
    numbers = {"n": along.reached_count, "total": len(along.stones), "name": owner}
    label = _("Road of %(name)s: %(n)s of %(total)s stones reached") % numbers
    stops = format_html_join("", "{}", ((_stop(along, one),) for one in along.window))
    return format_html('<ol class="roadmini" aria-label="{}">{}</ol>', label, stops)


HERE = format_html('<span class="{}" aria-hidden="true"></span>', "here")
START = format_html('<span class="{}" aria-hidden="true"></span>', "start")


def _stop(along: Road, one: Milestone) -> SafeString:
    is_reached = one.reached_on is not None
    words = _("Milestone %(number)s, not yet")
    if is_reached:
        words = _("Milestone %(number)s, reached")
    if one.corrected_at:
        words = _("Milestone %(number)s, reached, corrected afterwards")
    begins = along.here is None and one is along.window[0]
    return format_html(
        '<li class="{}">{}{}<span class="vh">{}</span>{}</li>',
        "is-reached" if is_reached else "",
        START if begins else "",
        stone(one, "small"),
        words % {"number": one.position},
        HERE if one.position == along.here else "",
    )


@register.simple_tag
def stone(one: Milestone, how: str = "") -> SafeString:
    """Draw a kilometre stone: gold with a flag when reached, else dashed; "next" is
    the one ahead, "small" for cards.  Words stand beside it."""
    state = " stone--reached" if one.reached_on else " stone--todo"
    if how == "next":
        state = ""
    return format_html(
        '<span class="stone{}{}" aria-hidden="true"><span class="stone__km">กม.</span>'
        '<span class="stone__n">{}</span></span>',
        state,
        " stone--sm" if how == "small" else "",
        one.position,
    )


@register.simple_tag
def reached_in(session: LearningSession) -> list[Achievement]:
    """Return what the logging of *session* showed as reached, its circle's first;
    nothing that a correction has put in doubt since."""
    reached = Achievement.objects.standing().filter(session=session).with_is_news()
    return list(
        reached.select_related(
            "session__circle__place",
            "milestone__circle__place__parent",
            "milestone__place__parent",
        ).order_by("milestone__place_id", "milestone__position")
    )


@register.simple_tag
def reached_by_session(sessions: Iterable[LearningSession]) -> dict[int, list[int]]:
    """Return the stones' numbers by the id of the session that reached them."""
    reached: dict[int, list[int]] = {}
    rows = Achievement.objects.standing().filter(
        session__in=[session.pk for session in sessions],
        milestone__circle__isnull=False,
    )
    for session_id, position in rows.order_by("pk").values_list(
        "session_id", "milestone__position"
    ):
        reached.setdefault(session_id, []).append(position)
    return reached


@register.simple_tag
def unread_count(user: User) -> int:
    """Return how many notices *user* has not seen yet."""
    return Notice.objects.inbox(user).unread().count()


@register.filter
def of_owner(found: dict[Any, Any], owner: Any) -> Any:
    """Return ``found[owner]``, None if there is nothing."""
    return found.get(owner)


@register.filter
def in_list(owner: Any) -> list[Any]:
    """Return ``[owner]``: a page about one circle asks for one road."""
    return [owner]


@register.simple_tag
def how_far(milestone: Milestone) -> int:
    """Return how far *milestone* has come, in its own measure."""
    return value_of(milestone)


@register.simple_tag
def progress(milestone: Milestone, value: int) -> str:
    """Say how far it is: "6 of 8 sessions held"."""
    sentences = {
        Measure.SESSIONS: _("%(value)s of %(target)s sessions held"),
        Measure.PEOPLE: _("%(value)s of %(target)s members took part"),
        Measure.LESSONS: _("%(value)s of %(target)s lessons told"),
    }
    numbers = {"value": value, "target": milestone.target}
    return sentences[Measure(milestone.measure)] % numbers


@register.simple_tag
def so_far(milestone: Milestone, value: int) -> str:
    """Say what has been done: "has met 8 times"."""
    sentences = {
        Measure.SESSIONS: _("has met %(value)s times."),
        Measure.PEOPLE: _("has brought %(value)s members together."),
        Measure.LESSONS: _("has told %(value)s lessons."),
    }
    return sentences[Measure(milestone.measure)] % {"value": value}


@register.simple_tag
def seating_of(achievement: Achievement) -> list[Seating]:
    """Return the seats, by hat, of the circle whose session reached it; figures
    only, no names."""
    return seating(achievement.session.circle, achievement.session)
