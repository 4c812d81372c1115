from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from circles.actions import keep_promise, reopen_promise
from circles.http import Request
from circles.models import LearningSession, Promise
from circles.permissions import Permission


@require_POST
def promise_keep(request: Request, promise_id: int) -> HttpResponse:
    """Tick a promise between two sessions, or take the tick back; then go back."""
    sessions = LearningSession.objects.allowed(request.user, Permission.LOG_SESSION)
    promises = Promise.objects.filter(session__in=sessions.counted())
    promise = get_object_or_404(promises, pk=promise_id)
    if request.POST.get("act") == "undo":
        reopen_promise(promise)
        messages.info(request, _("The promise is open again."))
    elif keep_promise(promise, timezone.localdate()):
        # The tag is where the message's button to take it back sends to.
        undo = reverse("promise-keep", args=[promise.pk])
        kept = _("Kept: %(promise)s") % {"promise": promise}
        messages.success(request, kept, extra_tags=undo)
    asked, here = request.POST.get("next", ""), {request.get_host()}
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, here):
        return redirect(asked)
    return redirect(promise.session)
