"""Names by which allauth finds our pages, without a second address for any."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern

# allauth's name: ours.
ALLAUTH_NAMES = {
    "account_login": "sign-in",
    "account_reauthenticate": "password-confirm",
    "account_reset_password_from_key": "password-reset-key",
    # Who has no password cannot have come in; an administrator took it away since.
    "account_set_password": "account",
    "mfa_activate_totp": "totp-create",
    "mfa_authenticate": "second-factor-check",
    "mfa_deactivate_totp": "totp-delete",
    "mfa_index": "second-factor",
    "mfa_list_webauthn": "second-factor",
    "mfa_view_recovery_codes": "recovery-codes",
}


class NameOnly(URLPattern):
    """Leads from a name to an address, never from an address to a view."""

    def resolve(self, path: str) -> None:
        return None


def names_for_allauth(patterns: Iterable[URLPattern]) -> list[NameOnly]:
    by_name = {pattern.name: pattern for pattern in patterns}
    return [
        NameOnly(by_name[ours].pattern, by_name[ours].callback, None, theirs)
        for theirs, ours in ALLAUTH_NAMES.items()
    ]
