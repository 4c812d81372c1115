from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from kmcity import views
from kmcity.admin_site import lead_on

# One sign-in for all: the admin's own knows neither throttle nor second factor.
admin.site.login = login_not_required(  # type: ignore[method-assign] # the way that
    lead_on(secure_admin_login(admin.site.login))  # type: ignore[no-untyped-call] # allauth asks
)

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler429 = views.too_many
handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("setup/", views.setup, name="setup"),
    path("", include("circles.urls")),
    path("", include("milestones.urls")),
    path("", include("kmcity.urls_account")),
    path("help/", views.help, name="help"),
    path("help/<str:role>/", views.help_role, name="help-role"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
