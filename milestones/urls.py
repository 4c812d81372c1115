from django.urls import path

from milestones import views

urlpatterns = [
    path("celebrations/", views.celebration_list, name="celebration-list"),
    path(
        "celebrations/<int:achievement_id>/",
        views.celebration_detail,
        name="celebration-detail",
    ),
    path("notices/", views.notice_list, name="notice-list"),
]
