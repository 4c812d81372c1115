from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from circles.actions.recording import values
from circles.actions.restoring import may_restore, restore, rows_of, state_of
from circles.actions.restoring_seats import Refused, moved_by_handovers
from circles.forms.changes import ChangeFilterForm, RestoreForm
from circles.http import Request, render_page
from circles.models import Change
from circles.permissions import Permission, require
from circles.reports.changes import in_words, narrowed_to, standing, with_names

PAGE_SIZE = 25
CONFLICT = 409
MAX_PAGE_TYPED = 6


@require_safe
def change_list(request: Request) -> HttpResponse:
    """The history of what the user administers, narrowed by the address."""
    require(request.user, Permission.VIEW_HISTORY)
    form = ChangeFilterForm(request.GET)
    allowed = Change.objects.allowed(request.user, Permission.VIEW_HISTORY)
    shown = with_names(allowed.filter(form.condition()).latest_first())
    page = Paginator(shown.fetch_mode(FETCH_RAISE), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    changes = list(page.object_list)
    moved = moved_by_handovers(changes)
    entries = in_words(changes, partial(may_restore, user=request.user, moved=moved))
    numbers = form.numbers()
    context = {
        "form": form,
        "page": page,
        "entries": entries,
        "numbers": numbers,
        "chips": narrowed_to(numbers, entries),
    }
    return render_page(request, "circles/change_list.html", context, partials=["rows"])


@require_http_methods(["GET", "HEAD", "POST"])
def change_restore(request: Request, change_id: int) -> HttpResponse:
    """Say what will stand there afterwards; then put it back."""
    changes = Change.objects.allowed(request.user, Permission.VIEW_HISTORY)
    change = get_object_or_404(with_names(changes), pk=change_id)
    row = get_object_or_404(rows_of(change, request.user))
    form = RestoreForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_valid():
        reason = form.cleaned_data["reason"] or _("put back as it was before")
        try:
            is_done = restore(change, request.user, reason)
        except Refused as refused:
            refusal = refused.words
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except ObjectDoesNotExist as error:  # out of reach since a moment ago
            raise Http404 from error
        else:
            return _restored(request, change, is_done=is_done)
        row.refresh_from_db()
    [entry] = in_words([change], lambda _change: True)
    context = {
        "form": form,
        "entry": entry,
        "refusal": refusal,
        "state": state_of(change, row),
        "lines": standing(change, values(row)),
        "back": _back(request, change),
    }
    status = CONFLICT if refusal else 200
    return render(request, "circles/change_restore.html", context, status=status)


def _restored(request: Request, change: Change, *, is_done: bool) -> HttpResponse:
    said = _("Put back. The history says so.") if is_done else _("It was back already.")
    messages.success(request, said)
    return redirect(_back(request, change))


def _back(request: Request, change: Change) -> str:
    """Return the address of the list one came from, else of the history from which
    the change is best seen."""
    asked = ChangeFilterForm(request.GET).asked()
    if page := request.GET.get("page", "")[:MAX_PAGE_TYPED]:
        asked["page"] = page
    if asked:
        return reverse("change-list", query=asked)
    for name in ("circle", "place", "agency", "person"):
        if number := getattr(change, f"{name}_id"):
            return reverse("change-list", query={name: number})
    return reverse("change-list")
