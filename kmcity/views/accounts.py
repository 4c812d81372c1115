"""My account."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from circles.actions.signing_out import end_sessions
from circles.actions.slips import is_privileged
from circles.http import Request
from circles.permissions import ON_BEHALF
from circles.reports.taking_over import told_of
from kmcity.adapters import has_second_factor


@require_safe
def account(request: Request) -> HttpResponse:
    user = request.user
    held = user.current_assignments
    context = {
        "assignments": held,
        "handing": told_of(user),
        "has_second_factor": has_second_factor(user),
        "must_have_second_factor": is_privileged(user),
        "gives_slips": user.is_superuser or any(one.role in ON_BEHALF for one in held),
    }
    return render(request, "kmcity/account.html", context)


@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """End every session of the account, this one too."""
    end_sessions(request.user)
    logout(request)
    return redirect("sign-in")
