"""Slips of paper by which people without e-mail set a new password."""

from __future__ import annotations

import io

import qrcode
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods
from qrcode.image.svg import SvgPathImage

from circles.actions.inviting import print_slip
from circles.actions.reaching import accounts_within_reach
from circles.actions.slips import SlipSpent, find_slip, use_slip
from circles.forms.slips import AccountSearchForm, NewPasswordForm
from circles.http import Request
from circles.models import Person, User
from circles.permissions import ON_BEHALF, Permission
from circles.reports.people import work_of

ACCOUNTS_SHOWN = 30
GONE = 410


@require_http_methods(["GET", "POST"])
def slip_create(request: Request) -> HttpResponse:
    """Choose an account, get its slip.  The answer to the POST is the only page that
    ever shows the secret: a redirect would have to store it."""
    accounts = accounts_within_reach(request.user)
    if not _is_administrator(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _printed(request, accounts)
    search = AccountSearchForm(request.GET).search()
    found = list(_found(accounts, search)[: ACCOUNTS_SHOWN + 1])
    context = {
        "search": search,
        "accounts": found[:ACCOUNTS_SHOWN],
        "has_more": len(found) > ACCOUNTS_SHOWN,
    }
    return render(request, "circles/slip_create.html", context)


def _is_administrator(user: User) -> bool:
    held = user.current_assignments
    return user.is_superuser or any(one.role in ON_BEHALF for one in held)


def _found(accounts: QuerySet[User], search: str) -> QuerySet[User]:
    for word in search.split():
        accounts = accounts.filter(
            Q(username__icontains=word)
            | Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(person__called_as__icontains=word)
        )
    return accounts.select_related("person").order_by("person__sort_key", "username")


def _printed(request: Request, accounts: QuerySet[User]) -> HttpResponse:
    typed = request.POST.get("account", "")
    # Nothing longer is a number of a row; databases refuse what is too great.
    number = (
        int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    )
    user = get_object_or_404(accounts.select_related("person"), pk=number)
    slip, secret = print_slip(request.user, user)
    address = settings.SITE_URL + reverse("slip-use", args=[secret])
    people = Person.objects.allowed(request.user, Permission.MANAGE_PERSON).known()
    context = {
        "slip": slip,
        "address": address,
        "code": _qr(address),
        "back": people.filter(user=user).first(),
        # Somebody who never had a password is invited, and told to what.
        "is_first": not user.has_usable_password(),
        "work": work_of(user.person) if user.person else [],
    }
    return render(request, "circles/slip_create.html", context)


def _qr(address: str) -> SafeString:
    """Return the QR code as SVG without a style of its own."""
    picture = qrcode.make(address, image_factory=SvgPathImage, border=2)
    buffer = io.BytesIO()
    picture.save(buffer)
    svg = buffer.getvalue().decode().partition("?>")[2]
    # Drawn by the library from our own address: nobody's typing is in it.
    return mark_safe(svg)  # noqa: S308 -- a drawing, see above


@login_not_required
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password1", "password2")
@sensitive_variables("token")
def slip_use(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by the slip, once, then go through the normal sign-in.

    Looking at the page uses nothing up.
    """
    slip = find_slip(token)
    if slip is None:
        return _spent(request)
    is_sent = request.method == "POST"
    form = NewPasswordForm(request.POST if is_sent else None, user=slip.user)
    if form.is_valid():
        try:
            user = use_slip(token, form.cleaned_data["password1"])
        except SlipSpent:
            return _spent(request)
        if request.user.is_authenticated:
            # Somebody else may be, on this phone: nothing of theirs stays.
            logout(request)
        response: HttpResponse = perform_login(request, user)
        return response
    context = {"slip": slip, "form": form}
    return render(request, "circles/slip_use.html", context)


def _spent(request: HttpRequest) -> HttpResponse:
    return render(request, "circles/slip_use.html", {"slip": None}, status=GONE)
