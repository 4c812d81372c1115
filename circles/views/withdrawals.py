from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from circles.actions.revising import OutOfStep
from circles.actions.withdrawing import ask_withdrawal, keep, restore, withdraw
from circles.forms.corrections import ReasonForm
from circles.http import Request, render_page
from circles.models import LearningSession, Revision, User
from circles.permissions import Permission, may, require
from circles.reports.history import open_requests, requests_of, withdrawn_sessions

PAGE_SIZE = 20

Act = Callable[[LearningSession, User, str], Revision | None]

# By button: what it does, whose right it takes, what is said afterwards.
ACTS: dict[str, tuple[Act, Permission, LazyText]] = {
    "ask": (
        ask_withdrawal,
        Permission.LOG_SESSION,
        gettext_lazy("The administrators are asked to withdraw this record."),
    ),
    "withdraw": (
        withdraw,
        Permission.WITHDRAW_SESSION,
        gettext_lazy("The record is withdrawn. It counts nowhere; it can be restored."),
    ),
    "restore": (
        restore,
        Permission.WITHDRAW_SESSION,
        gettext_lazy("The record is back."),
    ),
    "keep": (
        keep,
        Permission.WITHDRAW_SESSION,
        gettext_lazy("The record stays. Whoever asked can read your reason."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def session_withdraw(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.LOG_SESSION)
    session = get_object_or_404(
        sessions.select_related("circle__place__parent", "submission", "merged_into"),
        pk=session_id,
    )
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return _act(request, session, form.cleaned_data["reason"])
    context = {
        "session": session,
        "form": form,
        "may_withdraw": may(Permission.WITHDRAW_SESSION, request.user, session.circle),
        "asked": requests_of(session),
    }
    return render(request, "circles/session_withdraw.html", context)


def _act(request: Request, session: LearningSession, reason: str) -> HttpResponse:
    action, permission, done = ACTS.get(request.POST.get("act", ""), ACTS["ask"])
    if not may(permission, request.user, session.circle):
        raise Http404
    try:
        action(session, request.user, reason)
    except OutOfStep:
        done = gettext_lazy("This record was withdrawn already.")
    messages.success(request, str(done))
    is_shown = LearningSession.objects.shown().filter(pk=session.pk).exists()
    return redirect(session if is_shown else session.circle)


@require_safe
def withdrawal_list(request: Request) -> HttpResponse:
    require(request.user, Permission.WITHDRAW_SESSION)
    sessions = LearningSession.objects.allowed(
        request.user, Permission.WITHDRAW_SESSION
    )
    withdrawn = withdrawn_sessions(sessions).fetch_mode(FETCH_RAISE)
    context = {
        "asked": open_requests(sessions).fetch_mode(FETCH_RAISE),
        "page": Paginator(withdrawn, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render_page(
        request, "circles/withdrawal_list.html", context, partials=["withdrawn"]
    )
