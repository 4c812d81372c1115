"""The rows of ``test_access`` about signing in, and what fills their addresses."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator

from circles.actions.slips import make_slip
from tests.factories import UserFactory

# These accounts have no password, so nothing asks for it once more; ``test_account``
# looks at those that have one.
SIGNING_IN = """\
sign-in                GET     ok        away
sign-in                POST    ok        away
second-factor-check    GET     away
second-factor-check    POST    away
sign-out               GET     405
sign-out               POST    away
password-reset         GET     ok
password-reset         POST    ok
password-reset-sent    GET     ok
password-reset-sent    POST    405
password-reset-key     GET     away
password-reset-key     POST    away
account                GET     login     ok
account                POST    login     405
sign-out-everywhere    GET     login     405
sign-out-everywhere    POST    login     away
password-change        GET     login     away
password-change        POST    login     away
password-confirm       GET     login     ok
password-confirm       POST    login     ok
second-factor          GET     login     ok
second-factor          POST    login     405
totp-create            GET   login     ok
totp-create            POST  login     ok
totp-delete            GET     login     hidden
totp-delete            POST    login     hidden
passkey-create         GET   login     ok
passkey-create         POST  login     ok
passkey-delete         GET   login     hidden
passkey-delete         POST  login     hidden
recovery-codes         GET     login     hidden
recovery-codes         POST    login     405
recovery-codes-create  GET   login     ok
recovery-codes-create  POST  login     ok
slip-create            GET     login     403  403  403  403  403  403  ok          ok
slip-create            POST  login     403  403  403  403  403  403  hidden      hidden
slip-use               GET     ok
slip-use               POST    ok
"""


def signing_arguments() -> dict[str, list[object]]:
    """Return the arguments of these rows: a slip and a letter for somebody else."""
    admin = UserFactory(is_superuser=True)
    user = UserFactory()
    key = default_token_generator.make_token(user)
    theirs = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "k"}
    )
    _slip, secret = make_slip(admin, user)
    return {
        "slip-use": [secret],
        "password-reset-key": [user_pk_to_url_str(user), key],
        "passkey-delete": [theirs.pk],
    }
