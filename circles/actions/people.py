"""People: entered once, corrected, and never lost out of one's own reach unawares.

What may not be is refused in words: a ValidationError with a code, for the form.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from circles.actions.reaching import not_coming_within_reach, people_within_reach
from circles.actions.recording import record, values
from circles.actions.turns import take_turn
from circles.models import Circle, Membership, Person, Place, User
from circles.permissions import TAMBON_CODE_LENGTH, Permission
from circles.thai import clean_name, split_name

# Where somebody belongs: it decides who looks after them.
HOME = ("village", "agency")
MOST_ALIKE = 10


class SameName(ValidationError):
    """People of that name are known: somebody has to say that this is another one."""


def people_alike(
    author: User, first_name: str, last_name: str, near: Place | None = None
) -> QuerySet[Person]:
    """Return whom *author* looks after who may be the same person: of the same name,
    those of the tambon of *near* first.  A last name that is missing fits any."""
    # With or without a title before it, it is the same name.
    bare = split_name(f"{first_name} {last_name}")
    named = _named(first_name, last_name) | _named(bare.first, bare.last)
    people = Person.objects.allowed(author, Permission.MANAGE_PERSON).known()
    code = near.code[:TAMBON_CODE_LENGTH] if near else "-"
    is_near = Case(When(village__code__startswith=code, then=Value(0)), default=1)
    return (
        people.filter(named)
        .select_related("village__parent", "agency")
        .order_by(is_near, "sort_key", "pk")
    )


def _named(first_name: str, last_name: str) -> Q:
    named = Q(first_name__iexact=first_name)
    if last_name:
        named &= Q(last_name__iexact=last_name) | Q(last_name="")
    return named


@transaction.atomic
def create_person(
    author: User,
    given: dict[str, Any],
    *,
    circle: Circle | None = None,
    role: str = "",
    told_apart: Collection[int] = (),
) -> Person:
    """Store a new person, with a seat in *circle* if one is given.

    *told_apart* are the people of the same name of whom *author* has said that this is
    somebody else; sent twice, the second one meets the first and is asked about.
    Raises SameName, and ValidationError: ``closed`` (the circle) or ``outside`` if the
    new person would not be *author*'s to look after.  Then nothing was stored.
    """
    # A button that is tapped twice; two administrators at one table.
    take_turn(Person)
    near = given.get("village") or (circle.place if circle else None)
    alike = people_alike(author, given["first_name"], given["last_name"], near)
    if set(alike.values_list("pk", flat=True)[:MOST_ALIKE]) - set(told_apart):
        raise SameName(
            _("Somebody of this name is known. Look whether it is the same person."),
            code="same_name",
        )
    person = Person(**given)
    person.save()
    record(author, person, None)
    if circle is not None:
        _seat(author, person, circle, role)
    if not _is_looked_after(author, person):
        raise ValidationError(
            _(
                "Give a village, an agency or a circle that you look after. Without it"
                " you could not find this person again."
            ),
            code="outside",
        )
    return person


def _seat(author: User, person: Person, circle: Circle, role: str) -> None:
    if not Circle.objects.open().filter(pk=circle.pk).exists():
        raise ValidationError(
            _("This circle is closed. Nobody can take a seat there."), code="closed"
        )
    seat = Membership(circle=circle, person=person, role=role)
    seat.save()
    record(author, seat, None)


def create_by_name(author: User, circle: Circle, name: str) -> Person:
    """Store and return a new person of that *name*, told apart from who has a seat in
    *circle* now or later.  Needs the transaction in which the seat is given.

    Raises ValidationError ``known``, for the field ``name``.
    """
    new = split_name(name)
    seats = Membership.objects.filter(circle=circle)
    here = seats.exclude(until__lt=timezone.localdate()).select_related("person")
    people = [seat.person for seat in here]
    # With or without a title it is the same name.
    known = {one.short_name for one in people}
    known |= {split_name(one.full_name).bare for one in people}
    if {new.bare, clean_name(name)} & known:
        message = _(
            "Somebody called %(name)s has a seat here already."
            " Is it somebody else? Add the last name."
        )
        params = {"name": clean_name(name)}
        error = ValidationError(message, code="known", params=params)
        raise ValidationError({"name": error})
    village = circle.place if circle.place.is_local else None
    first, last = new.first[:100], new.last[:100]
    person = Person(title=new.title, first_name=first, last_name=last, village=village)
    person.save()
    record(author, person, None)
    return person


@transaction.atomic
def edit_person(
    author: User, person: Person, given: dict[str, Any], *, may_leave: bool = False
) -> Person:
    """Make the stored *person* say what is *given*.  Repeatable: what changes nothing
    leaves no trace.

    Raises Person.DoesNotExist if *author* does not look after *person* (any more), and
    ValidationError: ``not_yours`` for another home of somebody whose account is above
    *author*'s reach, ``moves_away`` if *author* would not look after *person* any more
    and has not said that this is right (*may_leave*).  Then nothing was stored.
    """
    stored = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not _is_looked_after(author, stored) or stored.merged_into_id:
        raise Person.DoesNotExist
    before = values(stored)
    for name, value in given.items():
        setattr(stored, name, value)
    after = values(stored)
    if any(before[name] != after[name] for name in HOME):
        _check_home(author, stored)
    with not_coming_within_reach(author, stored):
        stored.save()
    if not may_leave and not _is_looked_after(author, stored):
        raise ValidationError(
            _(
                "After this you will not find %(name)s any more: nothing of what is"
                " given lies where you look after people."
            ),
            code="moves_away",
            params={"name": stored.full_name},
        )
    record(author, stored, before)
    return stored


def _check_home(author: User, person: Person) -> None:
    # Whoever lives here can be reached from here, with the account: nobody may bring
    # an account of elsewhere home.
    has_account = User.objects.filter(person=person).exists()
    within = people_within_reach(author).filter(pk=person.pk)
    if has_account and not author.is_superuser and not within.exists():
        raise ValidationError(
            _(
                "This person has an account that is above your reach. The village and"
                " the agency are changed by an administrator of the province."
            ),
            code="not_yours",
        )


def _is_looked_after(author: User, person: Person) -> bool:
    people = Person.objects.allowed(author, Permission.MANAGE_PERSON)
    return people.filter(pk=person.pk).exists()
