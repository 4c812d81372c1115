from django.urls import path

from circles.views.agencies import (
    agency_archive,
    agency_contact,
    agency_create,
    agency_detail,
    agency_edit,
    agency_list,
)
from circles.views.areas import agency_areas
from circles.views.years import cohort_list

urlpatterns = [
    path("agencies/", agency_list, name="agency-list"),
    path("agencies/new/", agency_create, name="agency-create"),
    path("agencies/<int:agency_id>/", agency_detail, name="agency-detail"),
    path("agencies/<int:agency_id>/edit/", agency_edit, name="agency-edit"),
    path("agencies/<int:agency_id>/contact/", agency_contact, name="agency-contact"),
    path("agencies/<int:agency_id>/areas/", agency_areas, name="agency-areas"),
    path("agencies/<int:agency_id>/archive/", agency_archive, name="agency-archive"),
    path("cohorts/", cohort_list, name="cohort-list"),
]
