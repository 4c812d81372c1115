from django.urls import URLPattern, path

from circles.views.place_edits import (
    place_archive,
    place_contact,
    place_edit,
)
from circles.views.place_targets import place_targets
from circles.views.places import place_create, place_detail, place_list

urlpatterns: list[URLPattern] = [
    path("places/", place_list, name="place-list"),
    path("places/new/", place_create, name="place-create"),
    path("places/targets/", place_targets, name="place-targets"),
    path("places/<int:place_id>/", place_detail, name="place-detail"),
    path("places/<int:place_id>/edit/", place_edit, name="place-edit"),
    path("places/<int:place_id>/contact/", place_contact, name="place-contact"),
    path("places/<int:place_id>/archive/", place_archive, name="place-archive"),
]
