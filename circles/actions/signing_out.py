"""Ending what is signed in."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session
from django.utils import timezone

from circles.models import User

SESSIONS_A_TIME = 500


def end_sessions(user: User) -> None:
    """End every session of *user*, and every sign-in that waits for its second
    factor.  Others are left alone."""
    mine, waiting = str(user.pk), user_pk_to_url_str(user)
    # A session does not know its account but by being read; there are some thousands.
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).order_by("pk")
    keys = []
    for one in sessions.iterator():
        told = one.get_decoded()
        login = told.get("account_login") or {}
        if told.get("_auth_user_id") == mine or login.get("user_pk") == waiting:
            keys.append(one.pk)
    for start in range(0, len(keys), SESSIONS_A_TIME):
        part = keys[start : start + SESSIONS_A_TIME]
        Session.objects.filter(pk__in=part).delete()
