"""What the tests of signing in share: accounts with a password, and a phone's steps."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from circles.models import User
from tests.factories import UserFactory

PASSWORD = "ปุ๋ยอินทรีย์-2569"


def account(**fields: object) -> User:
    user = UserFactory(**fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(
    client: Client, name: str, password: str = PASSWORD, **more: str
) -> HttpResponse:
    headers = more.pop("headers", None)
    form = {"username": name, "password": password, **more}
    return client.post(reverse("sign-in"), form, headers=headers)


def who(client: Client) -> str:
    """Return the primary key of the account that is signed in there, or nothing."""
    return client.session.get("_auth_user_id", "")


def with_app(user: User) -> str:
    """Connect an authenticator app to *user*; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """Return what the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def factors(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
