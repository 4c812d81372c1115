"""The pages that need both apps, and those that need neither."""

from kmcity.views.accounts import account, sign_out_everywhere
from kmcity.views.errors import (
    bad_request,
    csrf_failure,
    forbidden,
    not_found,
    server_error,
    too_many,
)
from kmcity.views.factors import (
    PasskeyCreate,
    PasskeyDelete,
    RecoveryCodes,
    RecoveryCodesCreate,
    SecondFactor,
    TotpCreate,
    TotpDelete,
)
from kmcity.views.help import help, help_role  # noqa: A004 -- the page's one word
from kmcity.views.home import home, overview
from kmcity.views.passwords import (
    PasswordChange,
    PasswordResetKey,
    password_reset,
    password_reset_sent,
)
from kmcity.views.setup import setup
from kmcity.views.signing import (
    PasswordConfirm,
    SecondFactorCheck,
    SignIn,
    sign_out,
)
from kmcity.views.system import healthz, language

__all__ = [
    "PasskeyCreate",
    "PasskeyDelete",
    "PasswordChange",
    "PasswordConfirm",
    "PasswordResetKey",
    "RecoveryCodes",
    "RecoveryCodesCreate",
    "SecondFactor",
    "SecondFactorCheck",
    "SignIn",
    "TotpCreate",
    "TotpDelete",
    "account",
    "bad_request",
    "csrf_failure",
    "forbidden",
    "healthz",
    "help",
    "help_role",
    "home",
    "language",
    "not_found",
    "overview",
    "password_reset",
    "password_reset_sent",
    "server_error",
    "setup",
    "sign_out",
    "sign_out_everywhere",
    "too_many",
]
