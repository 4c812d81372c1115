from django.urls import URLPattern, path

from circles.views.changes import change_list, change_restore

urlpatterns: list[URLPattern] = [
    path("changes/", change_list, name="change-list"),
    path("changes/<int:change_id>/restore/", change_restore, name="change-restore"),
]
