"""One word per page: URL name ``circle-list`` is view ``circle_list`` is
template ``circles/circle_list.html``; ``tests/test_architecture.py`` checks."""

from django.urls import path

from circles import views

urlpatterns = [
    path("circles/", views.circle_list, name="circle-list"),
    path("circles/<int:circle_id>/", views.circle_detail, name="circle-detail"),
    path(
        "circles/<int:circle_id>/sessions/new/",
        views.session_create,
        name="session-create",
    ),
    path("sessions/<int:session_id>/", views.session_detail, name="session-detail"),
    path("sessions/<int:session_id>/saved/", views.session_saved, name="session-saved"),
]
