"""Signing in and everything about one's own account.

Of allauth's pages only these are there; its own names for them come last.
"""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path

from kmcity import views
from kmcity.names import names_for_allauth

pages: list[URLPattern] = [
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="sign-in"),
    path(
        "sign-in/second-factor/",
        login_not_required(views.SecondFactorCheck.as_view()),
        name="second-factor-check",
    ),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password_reset, name="password-reset"),
    path("password/sent/", views.password_reset_sent, name="password-reset-sent"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(views.PasswordResetKey.as_view()),
        name="password-reset-key",
    ),
    path("account/", views.account, name="account"),
    path(
        "account/sign-out-everywhere/",
        views.sign_out_everywhere,
        name="sign-out-everywhere",
    ),
    path("account/password/", views.PasswordChange.as_view(), name="password-change"),
    path("account/confirm/", views.PasswordConfirm.as_view(), name="password-confirm"),
    path("account/second-factor/", views.SecondFactor.as_view(), name="second-factor"),
    path("account/second-factor/app/", views.TotpCreate.as_view(), name="totp-create"),
    path(
        "account/second-factor/app/remove/",
        views.TotpDelete.as_view(),
        name="totp-delete",
    ),
    path(
        "account/second-factor/passkey/",
        views.PasskeyCreate.as_view(),
        name="passkey-create",
    ),
    path(
        "account/second-factor/passkey/<int:pk>/remove/",
        views.PasskeyDelete.as_view(),
        name="passkey-delete",
    ),
    path(
        "account/second-factor/codes/",
        views.RecoveryCodes.as_view(),
        name="recovery-codes",
    ),
    path(
        "account/second-factor/codes/new/",
        views.RecoveryCodesCreate.as_view(),
        name="recovery-codes-create",
    ),
]

urlpatterns = [*pages, *names_for_allauth(pages)]
