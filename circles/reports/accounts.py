"""How somebody's account stands, in words.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from circles.models import ContactPoint, Invitation, Person, User

# Why a letter was not sent: the codes of ``Invitation.last_error``.
REASONS: dict[str, str | Promise] = {
    "address": gettext_lazy("The address was taken away or switched off."),
    "bug": gettext_lazy("The letter could not be written."),
    "closed": gettext_lazy("The account was closed."),
    "connection": gettext_lazy("The mail server did not answer."),
    "crashed": gettext_lazy(
        "The program that sends letters stopped. The letter may have arrived."
    ),
    "later": gettext_lazy("The mail server asked to come back later."),
    "login": gettext_lazy("The mail server refused our user name or password."),
    "reach": gettext_lazy("Whoever invited has no right to any more."),
    "refused": gettext_lazy("The mail server refused the letter or the address."),
    "replaced": gettext_lazy("A newer letter or a printed card took its place."),
    "secure": gettext_lazy("No secure line to the mail server."),
    "unusable": gettext_lazy("The address cannot be written to."),
}
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Letter:
    """The latest invitation, how far it is, and why the last attempt failed; "" if
    it did not."""

    invitation: Invitation
    reason: str | Promise

    @property
    def is_waiting(self) -> bool:
        return not (self.invitation.sent_at or self.invitation.failed_at)

    @property
    def is_good(self) -> bool:
        """Whether it opens the account still, or will: a newer one ends that."""
        slip = self.invitation.slip
        is_open = slip and slip.used_at is None and slip.expires_at > timezone.now()
        return self.is_waiting or bool(self.invitation.sent_at and is_open)


@dataclass(frozen=True)
class Standing:
    """The account of one person, for the reader of the page."""

    person: Any  # fetched by ``with_account``
    user: User | None
    is_self: bool
    may_change: bool
    must_have_factor: bool = False
    addresses: tuple[ContactPoint, ...] = ()  # where a letter may go
    letter: Letter | None = None


def with_account(people: QuerySet[Person]) -> QuerySet[Any]:
    """Fetch with each of *people* the account and what it is protected by, in the
    same query."""
    kinds = Authenticator.objects.filter(user__person=OuterRef("pk")).order_by()
    return people.select_related("user").annotate(
        has_factor=Exists(kinds.filter(type__in=FACTORS)),
        has_authenticators=Exists(kinds),
    )


def latest_letter(user: User) -> Letter | None:
    """Return the latest invitation of *user*.  One query."""
    letters = Invitation.objects.filter(user=user).order_by("-created_at", "-pk")
    row = letters.select_related("contact", "author__person", "slip").first()
    if row is None:
        return None
    reason = REASONS.get(row.last_error, REASONS["bug"]) if row.last_error else ""
    return Letter(row, reason)
