from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from kmcity import views

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("", include("circles.urls")),
    path("", include("milestones.urls")),
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
