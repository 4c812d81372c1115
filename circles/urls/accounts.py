from django.urls import URLPattern, path

from circles.views.accounts import person_account

urlpatterns: list[URLPattern] = [
    path("people/<int:person_id>/account/", person_account, name="person-account"),
]
