"""The pages that need both apps, and those that need neither."""

from kmcity.views.errors import (
    bad_request,
    csrf_failure,
    forbidden,
    not_found,
    server_error,
)
from kmcity.views.home import home, overview
from kmcity.views.signing import SignIn, sign_out
from kmcity.views.system import healthz, language

__all__ = [
    "SignIn",
    "bad_request",
    "csrf_failure",
    "forbidden",
    "healthz",
    "home",
    "language",
    "not_found",
    "overview",
    "server_error",
    "sign_out",
]
