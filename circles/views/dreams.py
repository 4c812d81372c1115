from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from circles.actions import write_dream
from circles.forms import DreamForm
from circles.http import Request
from circles.models import Circle, DreamVersion
from circles.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def dream_create(request: Request, circle_id: int) -> HttpResponse:
    """A new version of the circle's shared dream; the earlier ones stay below it."""
    circles = Circle.objects.allowed(request.user, Permission.SET_DREAM)
    circle = get_object_or_404(circles.select_related("place__parent"), pk=circle_id)
    versions = list(circle.dreams.latest_first())
    form = DreamForm(request.POST or None, initial=_as_it_is(versions))
    if form.is_valid():
        dream = DreamVersion(circle=circle, author=request.user, **form.cleaned_data)
        write_dream(dream)
        messages.success(request, _("The shared dream is kept."))
        return redirect(circle)
    context = {"circle": circle, "form": form, "versions": versions}
    return render(request, "circles/dream_create.html", context)


def _as_it_is(versions: list[DreamVersion]) -> dict[str, object]:
    """Return what the newest version says, to be written on."""
    fields = ("text", "gate", "agreed_on", "agreed_by")
    return {name: getattr(one, name) for one in versions[:1] for name in fields}
