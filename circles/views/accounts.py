"""The account of one person, for the administrators who look after them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions import accounts
from circles.actions.inviting import addresses_of, invite
from circles.actions.reaching import all_accounts_within_reach, people_within_reach
from circles.actions.recording import masked
from circles.actions.slips import is_privileged
from circles.forms.accounts import AccountReasonForm, InviteForm, UsernameForm
from circles.http import Request
from circles.models import ContactPoint, Person, User
from circles.permissions import Permission
from circles.reports.accounts import Standing, latest_letter, with_account

# What a button of the page may ask for, and the form that goes with it.
FORMS = {
    "create": "name_form",
    "invite": "invite_form",
    "disable": "disable_form",
    "enable": "",
    "sign-out": "",
    "factor": "factor_form",
}


@require_http_methods(["GET", "HEAD", "POST"])
def person_account(request: Request, person_id: int) -> HttpResponse:
    people = Person.objects.allowed(request.user, Permission.MANAGE_PERSON).known()
    person = get_object_or_404(with_account(people), pk=person_id)
    stands = _standing(request.user, person)
    is_sent = request.method == "POST"
    act = request.POST.get("act", "") if is_sent else ""
    if is_sent and not (stands.may_change and _may_be_asked(stands, act)):
        raise Http404
    forms = _forms(stands, act, request.POST)
    if is_sent and _do(request, stands, act, forms):
        return redirect("person-account", person.pk)
    context = {"person": person, "stands": stands, "act": act, **forms}
    return render(request, "circles/person_account.html", context)


def _standing(reader: User, person: Any) -> Standing:
    """Return how the account of *person* stands for *reader*: at most four queries."""
    user: User | None = getattr(person, "user", None)
    is_self = person.pk == reader.person_id
    if user is None:
        within = people_within_reach(reader).filter(pk=person.pk)
        return Standing(person, None, is_self, within.exists())
    user.person = person  # known: nothing is read twice
    within_reach = all_accounts_within_reach(reader).filter(pk=user.pk)
    may_change = not is_self and within_reach.exists()
    return Standing(
        person,
        user,
        is_self,
        may_change,
        settings.SECOND_FACTOR and is_privileged(user),
        tuple(addresses_of(user)) if may_change else (),
        latest_letter(user),
    )


def _may_be_asked(stands: Standing, act: str) -> bool:
    return act in FORMS and (act == "create" or stands.user is not None)


def _forms(stands: Standing, act: str, typed: QueryDict) -> dict[str, Any]:
    """Return the page's forms; bound is the one whose button was pressed."""
    if not stands.may_change:
        return {}

    def sent(name: str) -> QueryDict | None:
        return typed if FORMS.get(act) == name else None

    if stands.user is None:
        name = sent("name_form")
        # Thought of only where it is shown.
        idea = accounts.suggest_username(stands.person) if name is None else ""
        return {"name_form": UsernameForm(name, initial={"username": idea})}
    addresses = [(one.pk, masked(one.address)) for one in stands.addresses]
    return {
        "invite_form": InviteForm(sent("invite_form"), addresses=addresses),
        "disable_form": AccountReasonForm(
            sent("disable_form"), auto_id="id_disable_%s"
        ),
        "factor_form": AccountReasonForm(sent("factor_form"), auto_id="id_factor_%s"),
    }


def _do(request: Request, stands: Standing, act: str, forms: dict[str, Any]) -> bool:
    """Do what the button says, and say so; False if there is more to say first."""
    form = forms.get(FORMS[act])
    if form is not None and not form.is_valid():
        return False
    given = form.cleaned_data if form is not None else {}
    try:
        messages.success(request, _done(request.user, stands, act, given))
    except ValidationError as refused:
        if form is None:
            messages.error(request, refused.message)
            return True
        # Of two fields none exists: the first is what was typed.
        form.add_error(next(iter(form.fields)), refused)
        return False
    return True


def _done(author: User, stands: Standing, act: str, given: dict[str, Any]) -> str:
    if stands.user is not None and act != "create":
        return DOERS[act](author, stands.user, given)
    # Sent twice: the first time has opened it.
    user = stands.user or accounts.create_account(
        author, stands.person, given["username"]
    )
    return _("The account %(name)s is open. Invite its owner now.") % {
        "name": user.username
    }


def _invite(author: User, user: User, given: dict[str, Any]) -> str:
    contact = ContactPoint.objects.filter(pk=given["contact"]).first()
    if contact is None:
        accounts.refuse("address", _("This address is no longer there. Choose again."))
    invite(author, user, contact)
    return _("The letter is on its way. How far it is stands on this page.")


def _disable(author: User, user: User, given: dict[str, Any]) -> str:
    accounts.disable_account(author, user, given["reason"])
    return _("The account is closed, and signed out everywhere.")


def _enable(author: User, user: User, given: dict[str, Any]) -> str:
    accounts.enable_account(author, user)
    return _("The account is open again.")


def _sign_out(author: User, user: User, given: dict[str, Any]) -> str:
    accounts.sign_out_account(author, user)
    return _("The account was signed out on every phone and computer.")


def _remove_factor(author: User, user: User, given: dict[str, Any]) -> str:
    accounts.remove_second_factor(author, user, given["reason"])
    return _("The second factor is gone. It can be set up anew at the next sign-in.")


DOERS: dict[str, Callable[[User, User, dict[str, Any]], str]] = {
    "invite": _invite,
    "disable": _disable,
    "enable": _enable,
    "sign-out": _sign_out,
    "factor": _remove_factor,
}
