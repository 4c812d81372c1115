"""What a handover does on its day, and how it is called off before.

``carry_out_due`` is swept by the beat; running twice, or being killed in between,
harms nothing: each handover is one transaction.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.handing_seats import POST_HATS, sit_down_again
from circles.actions.last_admin import keeping_administrators
from circles.actions.recording import record, record_removal, values, write_down
from circles.actions.rights import (
    RightRefused,
    lock_people,
    overlapping,
    refuse,
)
from circles.actions.signing_out import end_sessions
from circles.models import (
    Assignment,
    Change,
    Handover,
    Person,
    Promise,
    Succession,
    User,
)

logger = logging.getLogger(__name__)


def carry_out_due() -> int:
    """Carry out every handover whose last day is over; return how many there were.

    Safe to repeat and to run twice at once.  One that fails is logged and left for
    the next sweep; the others go on.
    """
    done = 0
    due = Handover.objects.due().order_by("last_day", "pk")
    for number in list(due.values_list("pk", flat=True)):
        try:
            done += _carry_out_one(number)
        except Exception:
            logger.exception("handover %s", number)
    return done


@transaction.atomic
def _carry_out_one(number: int) -> bool:
    found = Handover.objects.get(pk=number)
    handover = _locked(found, _people_of(found))
    # Whoever waited for the lock finds the work done; what a merge has made somebody
    # else's meanwhile is left for the next sweep.
    if handover is None or handover.cancelled_at or handover.carried_out_at:
        return False
    carry_out(handover)
    return True


def carry_out(handover: Handover) -> None:
    """Hand the open promises on and close the account, if so arranged.

    Must run in a transaction in which the handover is locked, or new.
    """
    for succession in _most_particular_first(handover):
        if succession.successor is not None:
            _pass_promises_on(handover.person, succession.successor, succession)
    reason = _close_account(handover) if handover.closes_account else ""
    handover.carried_out_at = timezone.now()
    handover.save(update_fields=["carried_out_at"])
    write_down(None, handover, Change.Kind.DONE, reason=reason)


def _most_particular_first(handover: Handover) -> list[Succession]:
    rows = handover.successions.select_related("assignment__place", "successor")
    return sorted(
        rows,
        key=lambda one: -len(one.assignment.place.code) if one.assignment.place else -9,
    )


def _pass_promises_on(leaver: Person, to: Person, succession: Succession) -> None:
    right = succession.assignment
    if right.role not in POST_HATS:
        return
    if right.place is not None:
        here = Q(session__circle__place__code__startswith=right.place.code)
    else:
        here = Q(session__circle=right.circle_id)
    promises = Promise.objects.open().filter(here, owner=leaver).order_by()
    numbers = list(promises.values_list("pk", flat=True))
    Promise.objects.filter(pk__in=numbers).update(owner=to)


def _close_account(handover: Handover) -> str:
    """Close the leaver's account; return why not, "" if it is closed.

    Rights may have been given since it was arranged: then it stays open.
    """
    user = User.objects.filter(person=handover.person_id, is_active=True).first()
    if user is None:
        return ""
    going_on = Assignment.objects.to_come().filter(person=handover.person_id)
    # Who administers a province without others has rights that go on, too.
    if user.is_superuser:
        return _("The account stays open: it administers the whole.")
    if going_on.exists():
        return _("The account stays open: other rights go on.")
    before = values(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    about: dict[str, Model | None] = {"person": handover.person}
    record(handover.author, user, before, reason=handover.note[:500], about=about)
    return ""


@transaction.atomic
def call_off(author: User, handover: Handover) -> None:
    """Put everything back as it was before *handover*.  Safe to repeat.

    Raises RightRefused: ``self``, ``carried_out`` (its day is over), ``twice`` (a right
    was given anew meanwhile), ``last_admin``, ``gone`` (somebody is merged meanwhile).
    """
    stored = Handover.objects.get(pk=handover.pk)
    if author.person_id == stored.person_id:
        refuse("self", _("Nobody gives or takes their own rights."))
    people = _people_of(stored)
    with keeping_administrators(people, RightRefused):
        locked = _locked(stored, people)
        if locked is None:
            text = _("One of these rights has changed meanwhile. Look again.")
            refuse("gone", text)
        if locked.cancelled_at:
            return
        if locked.carried_out_at or locked.last_day < timezone.localdate():
            text = _("Its day is over. It cannot be called off any more.")
            refuse("carried_out", text)
        _put_back(author, locked)
    before = values(locked)
    locked.cancelled_at = timezone.now()
    locked.save(update_fields=["cancelled_at"])
    record(author, locked, before)


def _people_of(handover: Handover) -> list[int]:
    """Return by number who leaves and who follows."""
    followers = handover.successions.exclude(successor=None).order_by("pk")
    return [handover.person_id, *followers.values_list("successor", flat=True)]


def _locked(handover: Handover, people: list[int]) -> Handover | None:
    """Lock these people and then the handover, as a merge of two of them does; return
    it as it is now, or None if it is others' meanwhile."""
    lock_people(people)
    locked = Handover.objects.select_for_update(no_key=True).get(pk=handover.pk)
    return locked if _people_of(locked) == people else None


def _put_back(author: User, handover: Handover) -> None:
    for succession in handover.successions.select_related("assignment", "follow_up"):
        _give_back(author, handover, succession)
    # Backwards: who leads by the handover makes room before who led before it.
    links = handover.seats.select_related("seat", "follow_up")
    for link in links.order_by("-pk"):
        sit_down_again(author, handover, link)


def _give_back(author: User, handover: Handover, succession: Succession) -> None:
    if succession.follow_up is not None:
        record_removal(author, succession.follow_up)
        succession.follow_up.delete()
    right = succession.assignment
    later = Succession.objects.filter(assignment=right, handover__cancelled_at=None)
    # A later handover of the same right is to put back what this one found.
    if later.filter(pk__gt=succession.pk).update(until_before=succession.until_before):
        return
    if right.until != handover.last_day:
        return
    before = values(right)
    right.until = succession.until_before
    if overlapping(right).exists():
        refuse(
            "twice",
            _("A right was given anew meanwhile. End that one first."),
        )
    right.save(update_fields=["until"])
    record(author, right, before)
