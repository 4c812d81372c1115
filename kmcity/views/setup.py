"""The first steps of a province, and a letter to oneself to see that mail works."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from circles.actions.recording import masked
from circles.http import Request
from circles.models import ContactPoint, User
from circles.permissions import Permission, require
from kmcity.checklist import steps
from kmcity.postman import Failure, post

RESULT, RESULT_SECONDS = "setup-mail", 90 * 86_400
PAUSE, PAUSE_SECONDS = "setup-mail-pause", 5
# What reaches nobody: for trying out.
KEPT_HERE = {
    "django.core.mail.backends.console.EmailBackend",
    "kmcity.mail.EmailBackend",
}
# What the mail server's answer means, by ``Failure.code``.
WORDS: dict[str, str | Promise] = {
    "": _("The mail server took the letter. Look whether it has arrived."),
    "kept": _("Letters stay on this machine: MAIL_URL names no mail server yet."),
    "connection": _("No mail server answered. Look at MAIL_URL: host, port, network."),
    "later": _("The mail server does not take letters now. Try again later."),
    "login": _("The mail server refused the user name or the password of MAIL_URL."),
    "refused": _("The mail server refused the letter: sender or address."),
    "secure": _("No secure line: the certificate or the kind of line does not fit."),
    "unusable": _("This address cannot be written to."),
}


class MailForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={"invalid": _("This is not an e-mail address.")},
        widget=forms.EmailInput(attrs={"class": "inp", "autocomplete": "email"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: Request) -> HttpResponse:
    require(request.user, Permission.MANAGE_PLACE)
    is_sent = request.method == "POST"
    form = MailForm(request.POST if is_sent else None, initial=_own(request.user))
    if is_sent and form.is_valid():
        # Pressed twice it is one letter.
        if cache.add(PAUSE, True, PAUSE_SECONDS):
            _try(request.user, form.cleaned_data["address"])
        return redirect("setup")
    todo = steps(request.user)
    result = _result()
    context = {
        "steps": todo,
        "done_count": sum(one.is_done for one in todo) + bool(result.get("is_done")),
        "step_count": len(todo) + 1,
        "result": result,
        "form": form,
    }
    return render(request, "kmcity/setup.html", context)


def _own(user: User) -> dict[str, Any] | None:
    """Return the address of whoever reads the page, to be shown to nobody else."""
    own = ContactPoint.objects.filter(
        channel=ContactPoint.Channel.EMAIL, blocked_at=None, person=user.person_id
    ).exclude(person=None)
    known = own.order_by("pk").values_list("address", flat=True).first()
    return {"address": user.email or known or ""}


def _try(user: User, address: str) -> None:
    """Send a letter here and now, and keep how it went; every step of it gives up
    after some seconds."""
    code, answer = "", ""
    language = get_language() or settings.LANGUAGE_CODE
    try:
        post("kmcity/email/setup", {"account": user}, address, language)
    except Failure as failure:
        code, answer = failure.code, failure.answer
    if not code and settings.MAILERS["default"]["BACKEND"] in KEPT_HERE:
        code = "kept"
    kept = {
        "code": code,
        "answer": answer,
        "address": masked(address),
        "at": timezone.now().isoformat(),
    }
    cache.set(RESULT, kept, RESULT_SECONDS)


def _result() -> dict[str, Any]:
    """Return how the last letter went; nothing if there was none."""
    kept: dict[str, Any] | None = cache.get(RESULT)
    if not kept:
        return {}
    return kept | {
        "at": datetime.fromisoformat(kept["at"]),
        "words": WORDS.get(kept["code"], WORDS["connection"]),
        "is_done": not kept["code"],
    }
