"""How often somebody may guess a password: three counts of failed attempts.

Per address, which is wide because a hall full of people shares one; per typed name and
address together, which is narrow; per account, which is wide again.  From one place
nobody can reach the last: the governor cannot be locked out of his own account.  An
address from which the account has signed in before is not even counted for it.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

RETRY_AFTER = timedelta(minutes=5)
REMEMBERED_FOR = timedelta(days=30)


class Attempt:
    """One attempt of *request* to sign in as *name*, in its canonical form, which
    means *account*: a word that stays the same whichever of its names was typed.

    The narrow count goes by the name.  If it went by the account, two names that run
    out together would tell a stranger that they belong to the same person.
    """

    def __init__(self, request: HttpRequest, name: str, account: str) -> None:
        self.request, self.account = request, account
        self.place = get_ip(request)
        self.pair = f"{name} {self.place}"
        self.used: list[RateLimitUsage] = []

    def is_allowed(self) -> bool:
        """Count the attempt before anything is checked, so that a hundred at once
        are a hundred; false if there were too many."""
        limits: list[tuple[str, str | None]] = [
            ("sign_in_address", None),
            ("sign_in_pair", self.pair),
        ]
        if not cache.get(self._known):
            limits.append(("sign_in_account", self.account))
        return all(self._count(action, key) for action, key in limits)

    def _count(self, action: str, key: str | None) -> bool:
        usage = consume(self.request, app="allauth.account", action=action, key=key)
        if usage is not None:
            self.used.append(usage)
        return usage is not None

    def succeeded(self) -> None:
        """Take the attempt back, and remember the address for this account."""
        for usage in self.used:
            usage.rollback()
        cache.set(self._known, True, int(REMEMBERED_FOR.total_seconds()))

    @property
    def _known(self) -> str:
        pair = f"{self.account} {self.place}"
        return f"known:{sha256(pair.encode()).hexdigest()}"


def too_many(response: HttpResponse) -> HttpResponse:
    """Turn *response*, which says so in words, into a 429."""
    response.status_code = 429
    response["Retry-After"] = str(int(RETRY_AFTER.total_seconds()))
    return response
