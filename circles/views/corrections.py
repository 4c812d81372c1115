from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.content import Content, snapshot
from circles.actions.corrections import (
    StaleVersion,
    correct_session,
    role_to_correct,
)
from circles.actions.revising import changed, outline
from circles.forms import SessionEntry
from circles.forms.corrections import WhyForm, go_on_from, version_of
from circles.http import Request, render_page, take_kept_form
from circles.models import LearningSession
from circles.permissions import ON_BEHALF, Permission
from circles.reports.history import describe, revisions_of

Context = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: Request, session_id: int) -> HttpResponse:
    session = get_object_or_404(_editable(request), pk=session_id)
    role = role_to_correct(session, request.user)
    if role is None and request.method != "POST":
        return _too_late(request, session)
    entry = SessionEntry(session.circle, request.user, _typed(request), stored=session)
    why = WhyForm(entry.data, is_asked=role in ON_BEHALF)
    context: Context = {"session": session, "circle": session.circle}
    context |= {"entry": entry, "why": why, "is_over": role is None}
    status = 200 if role else 409
    if role and entry.wants_saving and all([entry.is_valid(), why.is_valid()]):
        try:
            _save(request, session, entry, why)
        except StaleVersion as stale:
            context["stale"] = show_both(stale.current, entry.content)
            go_on_from(entry.data or QueryDict(mutable=True), stale.current)
            status = 409
        except PermissionDenied:  # the seventh day ended just now
            context["is_over"], status = True, 409
        except ValueError:
            # Nobody's page offers a row of another record: the words are enough.
            context["is_foreign"] = True
        else:
            return redirect(session)
    context["version"] = version_of(entry.data, session)
    response = render_page(
        request,
        "circles/session_edit.html",
        context,
        partials=["held_on_field", "next_on_field"],
    )
    response.status_code = status
    return response


def _editable(request: Request) -> QuerySet[LearningSession]:
    sessions = LearningSession.objects.allowed(request.user, Permission.EDIT_SESSION)
    return sessions.select_related("circle__place__parent", "submission")


def _too_late(request: Request, session: LearningSession) -> HttpResponse:
    if session.state == LearningSession.State.WITHDRAWN:
        messages.info(request, _("This record was withdrawn."))
        return redirect(session.circle)
    text = _(
        "The seven days for completing this record are over. An administrator of the"
        " tambon can still correct it."
    )
    messages.info(request, text)
    return redirect(session)


def _typed(request: Request) -> QueryDict | None:
    """Return what was sent, or what the sign-in had interrupted, to be sent again."""
    if request.method == "POST":
        typed = request.POST.copy()
        # A field that is looked at as it is left has no button to say so.
        typed["act"] = request.GET.get("act") or typed.get("act") or "save"
        return typed
    kept = take_kept_form(request)
    if kept is not None:
        kept["act"] = "keep"
        messages.info(
            request,
            _("You had been signed out. What you typed is here; send it again."),
        )
    return kept


def _save(
    request: Request, session: LearningSession, entry: SessionEntry, why: WhyForm
) -> None:
    revision = correct_session(
        session,
        entry.content,
        author=request.user,
        version=version_of(entry.data, session),
        reason=why.cleaned_data.get("reason", ""),
    )
    if revision is None:
        messages.info(request, _("Nothing was changed."))
    else:
        messages.success(request, _("The record is corrected."))


def show_both(current: LearningSession, content: Content) -> Context:
    """Return who was quicker, and field by field what is stored and what was typed."""
    differs = changed(snapshot(current), outline(content))
    return {
        "last": revisions_of(current).first(),
        "changes": describe([differs])[0],
        "newcomers": [one.name for one in content.newcomers],
    }
