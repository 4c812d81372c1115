from django.urls import path

from circles.views.contacts import contact_reveal, person_contacts
from circles.views.doubles import merge_undo, person_merge
from circles.views.people import (
    person_create,
    person_detail,
    person_edit,
    person_list,
)

urlpatterns = [
    path("people/", person_list, name="person-list"),
    path("people/new/", person_create, name="person-create"),
    path("people/<int:person_id>/", person_detail, name="person-detail"),
    path("people/<int:person_id>/edit/", person_edit, name="person-edit"),
    path("people/<int:person_id>/contacts/", person_contacts, name="person-contacts"),
    path("people/<int:person_id>/merge/", person_merge, name="person-merge"),
    path("merges/<int:merge_id>/undo/", merge_undo, name="merge-undo"),
    path("contacts/<int:contact_id>/reveal/", contact_reveal, name="contact-reveal"),
]
