"""Help, one page a role.  It holds no data, so anybody may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from circles.permissions import HATS, Permission, Role, holds

TOPICS = {
    "sign_in": _("Signing in"),
    "second_step": _("The second step at sign-in"),
    "log": _("Logging a session in a minute"),
    "states": _("Draft, on this phone, or arrived?"),
    "complete": _("Completing the record within seven days"),
    "promises": _("What was agreed, and by whom"),
    "newcomers": _("Somebody new came"),
    "photos": _("Photos and the two consents"),
    "plan": _("Planning, postponing, cancelling"),
    "handoff": _("Giving the record to a note-taker"),
    "twice": _("Two phones, one meeting"),
    "correct": _("Correcting, and asking for a withdrawal"),
    "sheets": _("A hall without a signal: paper"),
    "calendar": _("Appointments in your own calendar"),
    "recap": _("Sending the recap to the LINE group"),
    "milestones": _("Milestones and news"),
    "seen": _("What others can see"),
    "targets": _("Choosing the target tambons"),
    "open_circle": _("Opening and closing a circle"),
    "confirm": _("Confirming newcomers"),
    "invite": _("Inviting somebody by mail or card"),
    "grant": _("Giving and ending rights"),
    "handover": _("Handing over, and the October round"),
    "doubles": _("Merging doubles"),
    "history": _("The history, and putting something back"),
    "rights": _("Your data, your rights"),
    "ask": _("Whom to ask"),
}

# What administrators do beside all that others do; the targets are the province's.
_OF_ADMINISTRATORS = frozenset(
    {
        *("targets", "open_circle", "confirm", "invite"),
        *("grant", "handover", "doubles", "history"),
    }
)
_ALL = tuple(TOPICS)
ROLE_TOPICS = {
    Role.KHUN_UA: ("sign_in", "second_step", "milestones", "seen", "rights", "ask"),
    Role.KHUN_AMNUAY: tuple(
        one for one in _ALL if one not in {"second_step", *_OF_ADMINISTRATORS}
    ),
    Role.KHUN_KIJ: ("photos", "milestones", "seen", "rights", "sign_in", "ask"),
    Role.KHUN_LIKHIT: (
        "sign_in",
        "complete",
        "states",
        "photos",
        "correct",
        "calendar",
        "milestones",
        "seen",
        "rights",
        "ask",
    ),
    Role.GOVERNOR_OFFICE: (
        "sign_in",
        "second_step",
        "milestones",
        "seen",
        "rights",
        "ask",
    ),
    Role.TAMBON_ADMIN: tuple(one for one in _ALL if one != "targets"),
    Role.PROVINCE_ADMIN: _ALL,
}

ABOUT = {
    Role.KHUN_UA: _("opens the way (sponsor)"),
    Role.KHUN_AMNUAY: _("runs the circle (facilitator)"),
    Role.KHUN_KIJ: _("does the work and owns the knowledge (practitioner)"),
    Role.KHUN_LIKHIT: _("writes in the teller's own words (note-taker)"),
    Role.GOVERNOR_OFFICE: _("sees the whole province, and who can help whom"),
    Role.TAMBON_ADMIN: _("helps the circles of one tambon"),
    Role.PROVINCE_ADMIN: _("looks after accounts, duties and places"),
}


@dataclass(frozen=True)
class Card:
    role: Role
    about: Promise
    is_own: bool

    @property
    def is_hat(self) -> bool:
        """Whether the design has a shape for it."""
        return self.role in HATS


@login_not_required
@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 -- the page's one word
    """The choice of a role, the reader's own first."""
    own = _own_roles(request.user)
    cards = [Card(role, ABOUT[role], role in own) for role in Role]
    cards.sort(key=lambda card: not card.is_own)
    return render(request, "kmcity/help.html", {"cards": cards})


@login_not_required
@require_safe
def help_role(request: HttpRequest, role: str) -> HttpResponse:
    """What one role does, task by task."""
    if role not in Role:
        raise Http404
    chosen = Role(role)
    topics = [(one, TOPICS[one], _part(f"topic_{one}")) for one in ROLE_TOPICS[chosen]]
    context = {
        "role": chosen,
        "about": _part(chosen.value),
        "topics": topics,
        # A link to a page that would refuse its reader helps nobody.
        "has_calendar": _may(request.user, Permission.EDIT_SESSION),
        "manages": _may(request.user, Permission.VIEW_HISTORY),
    }
    return render(request, "kmcity/help_role.html", context)


def _part(name: str) -> str:
    return f"kmcity/help/_{name}.html"


def _may(user: Any, permission: Permission) -> bool:
    return user.is_authenticated and holds(user, permission)


def _own_roles(user: Any) -> set[Role]:
    if not user.is_authenticated:
        return set()
    return {Role(assignment.role) for assignment in user.current_assignments}
