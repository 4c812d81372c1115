"""The first steps of a province without sample data: what is done, what is not yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circles.models import Agency, Assignment, Circle, Place, User
from circles.permissions import Permission, Role, holds
from kmcity import mail_trial
from kmcity.adapters import FACTORS


@dataclass(frozen=True)
class Step:
    """One line of the list: *page* is the name of the address where it is done."""

    title: str
    is_done: bool
    words: str
    page: str
    link: str
    asked: str = ""  # the question in the address: who is entered there


def missing_steps(user: User) -> int:
    """Return how many of the first steps are still to be done by *user*; 0 for whoever
    may not do them.  One query and a look into the cache, none for those."""
    if not holds(user, Permission.MANAGE_PLACE):
        return 0
    return missing_of([*_facts(user).values(), mail_trial.is_done()])


def missing_of(done: Iterable[bool]) -> int:
    """Return how many are not *done*: of all the steps, mail among them."""
    return sum(not one for one in done)


def _facts(user: User) -> dict[str, bool]:
    rights = Assignment.objects.current().filter(person__user__is_active=True)
    admins = rights.filter(role=Role.PROVINCE_ADMIN, place__level=Place.Level.PROVINCE)
    if settings.SECOND_FACTOR:
        factors = Authenticator.objects.filter(type__in=FACTORS).order_by()
        admins = admins.filter(person__user__in=factors.values("user"))
    # Has a way in: was sent a letter, given a card or a password, or came already.
    asked = (
        ~Q(person__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        | Q(person__user__last_login__isnull=False)
        | Q(person__user__invitations__sent_at__isnull=False)
        | Q(person__user__slips__isnull=False)
    )
    facilitators = rights.filter(asked, role=Role.KHUN_AMNUAY)
    found = {
        "places": Place.objects.tambons(),
        "targets": Place.objects.targets(),
        "admin": admins,
        "agency": Agency.objects.open(),
        "circle": Circle.objects.open(),
        "facilitator": facilitators,
    }
    exist = {name: Exists(rows.order_by()) for name, rows in found.items()}
    # One row, our own, so that it is one question.
    own: Any = User.objects.filter(pk=user.pk).values(**exist)
    facts: dict[str, bool] = own.get()
    return facts


def steps(user: User) -> list[Step]:
    """Return the first steps in their order, but for mail.  Two queries."""
    facts = _facts(user)
    level = Place.Level
    counts: dict[str, Any] = Place.objects.aggregate(
        tambons=Count("pk", filter=Q(level=level.TAMBON)),
        villages=Count("pk", filter=Q(level=level.VILLAGE)),
        targets=Count("pk", filter=Q(level=level.TAMBON, stage=Place.Stage.TARGET)),
    )
    factor = (
        _("An account with a second factor looks after the province.")
        if settings.SECOND_FACTOR
        else _("An account looks after the province. No second factor is asked here.")
    )
    no_factor = _("Nobody who looks after the province has a second factor yet.")
    return [
        _places(facts["places"], counts),
        _targets(facts["targets"], counts["targets"]),
        Step(
            _("An administrator of the province"),
            facts["admin"],
            factor if facts["admin"] else no_factor,
            "second-factor",
            _("Set up the second factor"),
        ),
        Step(
            _("An agency"),
            facts["agency"],
            _("At least one agency stands ready to lend a hand.")
            if facts["agency"]
            else _("Facilitators and sponsors belong to agencies: enter the first."),
            "agency-list" if facts["agency"] else "agency-create",
            _("Agencies"),
        ),
        Step(
            _("The first circle"),
            facts["circle"],
            _("At least one circle is open.")
            if facts["circle"]
            else _("Open the first circle, in a village or around a topic."),
            "circle-list" if facts["circle"] else "circle-create",
            _("Circles"),
        ),
        Step(
            _("The first facilitator"),
            facts["facilitator"],
            _("A facilitator has a right, and was invited or has signed in.")
            if facts["facilitator"]
            else _(
                "Enter a person, give the right of a Khun Amnuay, open an account"
                " and invite by mail or by a printed card."
            ),
            "person-list" if facts["facilitator"] else "person-create",
            _("People") if facts["facilitator"] else _("Enter the first facilitator"),
            "" if facts["facilitator"] else "?for=facilitator",
        ),
    ]


def _places(is_done: bool, counts: dict[str, Any]) -> Step:
    words = _("%(tambons)s tambons and %(villages)s villages are here.") % counts
    if not is_done:
        words = _("Load the official list once: manage.py load_places.")
    return Step(_("Places"), is_done, words, "place-list", _("Tambons and villages"))


def _targets(is_done: bool, n: int) -> Step:
    words = ngettext(
        "%(n)s target tambon is chosen.", "%(n)s target tambons are chosen.", n
    ) % {"n": n}
    if not is_done:
        words = _("Choose the tambons in which the work begins.")
    title, link = _("Target tambons"), _("Choose the target tambons")
    return Step(title, is_done, words, "place-targets", link)
