"""The first steps of a province, and a letter to oneself to see that mail works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from circles.http import Request
from circles.models import ContactPoint, User
from circles.permissions import Permission, require
from kmcity import mail_trial
from kmcity.checklist import missing_of, steps
from kmcity.postman import Failure, post

PAUSE, PAUSE_SECONDS = "setup-mail-pause", 5
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
    result = mail_trial.result()
    mail_is_done = mail_trial.is_done(result)
    done = [*(one.is_done for one in todo), mail_is_done]
    context = {
        "steps": todo,
        "step_count": len(done),
        "done_count": len(done) - missing_of(done),
        "mail_is_done": mail_is_done,
        "mail_folder": mail_trial.folder(),
        "result": result,
        "words": WORDS.get(result.get("code", ""), WORDS["connection"]),
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
    if not code and mail_trial.stays_here():
        code = "kept"
    mail_trial.keep(code, answer, address)
