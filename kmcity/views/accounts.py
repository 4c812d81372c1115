"""My account."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circles.actions.slips import is_privileged
from circles.http import Request
from circles.permissions import ON_BEHALF
from kmcity.adapters import has_second_factor


@require_safe
def account(request: Request) -> HttpResponse:
    user = request.user
    held = user.current_assignments
    context = {
        "assignments": held,
        "has_second_factor": has_second_factor(user),
        "must_have_second_factor": is_privileged(user),
        "gives_slips": user.is_superuser or any(one.role in ON_BEHALF for one in held),
    }
    return render(request, "kmcity/account.html", context)


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """End every session of the account, this one too."""
    mine = str(request.user.pk)
    # A session does not know its account but by being read; there are some thousands.
    sessions = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [
        one.pk
        for one in sessions.iterator()
        if one.get_decoded().get("_auth_user_id") == mine
    ]
    for start in range(0, len(keys), 500):
        Session.objects.filter(pk__in=keys[start : start + 500]).delete()
    logout(request)
    return redirect("sign-in")
