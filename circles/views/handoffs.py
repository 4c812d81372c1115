from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions.corrections import StaleVersion, correct_session
from circles.actions.handoffs import (
    close_handoff,
    find_handoff,
    hand_over,
    may_hand_over,
)
from circles.forms.corrections import HandoffForm, go_on_from, version_of
from circles.forms.notes import TEXTS, NoteEntry
from circles.http import Request
from circles.models import Handoff, LearningSession
from circles.permissions import Permission
from circles.views.corrections import show_both

Context = dict[str, Any]

# Fields with texts that somebody would miss.
TYPED_INTO = (*TEXTS, "-text", "-words", "-solution")
MAX_TEXTS = 60


@require_http_methods(["GET", "HEAD", "POST"])
def session_handoff(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.EDIT_SESSION)
    session = get_object_or_404(
        sessions.select_related("circle__place__parent", "submission"), pk=session_id
    )
    if not may_hand_over(session, request.user):
        raise Http404
    if request.POST.get("act") == "close":
        return _close(request, session)
    form = HandoffForm(request.POST or None)
    context: Context = {"session": session, "form": form}
    if form.is_valid():
        given_to = form.cleaned_data["given_to"]
        handoff, secret = hand_over(session, request.user, given_to)
        link = request.build_absolute_uri(reverse("handoff-edit", args=[secret]))
        # Shown in this answer and never again: the secret is stored nowhere.
        context |= {"made": handoff, "message": _message(session, link)}
    context["handoffs"] = session.handoffs.valid().select_related("author__person")
    seats = session.circle.memberships.current().select_related("person")
    context["seats"] = seats.order_by("person__sort_key", "pk")
    return render(request, "circles/session_handoff.html", context)


def _close(request: Request, session: LearningSession) -> HttpResponse:
    typed = request.POST.get("handoff", "")
    asked = typed if typed.isdecimal() and len(typed) <= 18 else None
    close_handoff(get_object_or_404(session.handoffs, pk=asked))
    messages.success(request, _("The link is closed. It opens nothing any more."))
    return redirect("session-handoff", session.pk)


def _message(session: LearningSession, link: str) -> str:
    """Return what is sent to the note-taker."""
    text = _(
        "%(circle)s, session %(n)s: please write down what was told here. %(link)s"
    )
    said = {"circle": session.circle.name, "n": session.number, "link": link}
    return text % said


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def handoff_edit(request: Request, token: str) -> HttpResponse:
    handoff = find_handoff(token)
    if handoff is None:
        return _leads_nowhere(request)
    typed = request.POST if request.method == "POST" else None
    entry = NoteEntry(handoff.session, typed)
    context: Context = {"handoff": handoff, "entry": entry}
    status = 200
    if entry.wants_saving and entry.is_valid():
        try:
            _save(handoff, entry)
        except StaleVersion as stale:
            context |= _again(stale, entry)
            status = 409
        except PermissionDenied:  # over, closed or ended just now
            return _leads_nowhere(request)
        except ValueError:
            context["is_foreign"] = True
        else:
            who = {"who": handoff.author}
            messages.success(
                request, _("Saved. %(who)s will look it over and confirm.") % who
            )
            return _unlisted(redirect("handoff-edit", token))
    context["version"] = version_of(context["entry"].data, handoff.session)
    page = render(request, "circles/handoff_edit.html", context, status=status)
    return _unlisted(page)


def _leads_nowhere(request: Request) -> HttpResponse:
    """Say so, whatever the reason; what was typed into a page whose link is over
    meanwhile is shown again, to be copied."""
    names = [name for name in request.POST if name.endswith(TYPED_INTO)]
    typed = filter(None, (request.POST[name] for name in names))
    context = {"typed": list(typed)[:MAX_TEXTS]}
    page = render(request, "circles/handoff_edit.html", context, status=404)
    return _unlisted(page)


def _save(handoff: Handoff, entry: NoteEntry) -> None:
    correct_session(
        handoff.session,
        entry.content,
        author=handoff.author,
        version=version_of(entry.data, handoff.session),
        typed_by=handoff.given_to,
    )


def _again(stale: StaleVersion, entry: NoteEntry) -> Context:
    """Return the same texts over the session as it stands now, and both to compare."""
    data = entry.data or QueryDict(mutable=True)
    data["act"] = "save"
    anew = NoteEntry(stale.current, data)
    anew.is_valid()
    both = show_both(stale.current, anew.content)
    go_on_from(anew.data or data, stale.current)
    return {"entry": anew, "stale": both}


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of every other site's log and of search
    engines.  (Not "no-referrer": then a browser sends "Origin: null", and its form
    is refused as a forged one.)"""
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
