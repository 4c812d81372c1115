"""What the record says about stones, written down: reached, corrected, true again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from circles.models import LearningSession
from milestones.actions.notices import call_off_outdated, tell
from milestones.models import Achievement, Event, Milestone
from milestones.reports import days_reached, sessions_on


def settle(
    stones: Sequence[Milestone], session: LearningSession, *, is_news: bool
) -> list[Achievement]:
    """Make the achievements of *stones* agree with the stored sessions; return the
    new ones, which *session* showed.

    Needs the locks of ``lock`` and their transaction.  May be repeated.  Asks the
    database as often for one stone as for many, but for those newly reached.
    """
    days = days_reached(stones)
    known = list(
        Achievement.objects.filter(milestone__in=stones)
        .select_related("milestone", "session")
        .order_by("pk")
    )
    _correct(known, days, session)
    had = {achievement.milestone_id for achievement in known}
    new = {
        stone: day
        for stone, day in days.items()
        if day is not None and stone.pk not in had
    }
    return _record(new, session, is_news=is_news)


def _correct(
    known: list[Achievement],
    days: dict[Milestone, date | None],
    session: LearningSession,
) -> None:
    """Bring *known* up to date and call off what is not told yet of those that
    have fallen below their target."""
    before = {one: (one.corrected_at, one.reached_on, one.session_id) for one in known}
    now, unseen = timezone.now(), {}
    for one in known:
        day = days[one.milestone]
        if day is None:
            one.corrected_at = one.corrected_at or now
            continue
        one.corrected_at, one.reached_on = None, day
        if not one.session.is_counted:
            unseen[one.milestone] = day
    shown_by = _shown_by(unseen, session)
    for one in known:
        one.session_id = shown_by.get(one.milestone, one.session_id)
    changed = [
        one
        for one in known
        if before[one] != (one.corrected_at, one.reached_on, one.session_id)
    ]
    if changed:
        fields = ["corrected_at", "reached_on", "session"]
        Achievement.objects.bulk_update(changed, fields)
    if any(one.corrected_at == now for one in changed):
        call_off_outdated()


def _record(
    new: dict[Milestone, date], session: LearningSession, *, is_news: bool
) -> list[Achievement]:
    shown_by = _shown_by(new, session)
    achievements = []
    for milestone, day in new.items():
        achievement = Achievement.objects.create(
            milestone=milestone, session_id=shown_by[milestone], reached_on=day
        )
        achievements.append(achievement)
        if is_news:
            tell(_event(achievement), session.circle)
    return achievements


def _shown_by(
    days: dict[Milestone, date], session: LearningSession
) -> dict[Milestone, int]:
    """Return the id of the session that showed each: *session*, unless it does not
    count; then one of the day on which the stone was crossed."""
    if session.is_counted or not days:
        return dict.fromkeys(days, session.pk)
    return sessions_on(days)


def _event(achievement: Achievement) -> Event:
    return Event.objects.create(
        kind=Event.Kind.MILESTONE,
        key=f"milestone-{achievement.milestone_id}-{achievement.epoch}",
        achievement=achievement,
    )
