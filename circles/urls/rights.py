from django.urls import path

from circles.views import handing
from circles.views.october import handover_list
from circles.views.rights import person_rights

urlpatterns = [
    path("people/<int:person_id>/rights/", person_rights, name="person-rights"),
    path(
        "people/<int:person_id>/handover/",
        handing.handover_create,
        name="handover-create",
    ),
    path("handovers/", handover_list, name="handover-list"),
    path(
        "handovers/<int:handover_id>/",
        handing.handover_detail,
        name="handover-detail",
    ),
    path(
        "handovers/<int:handover_id>/cancel/",
        handing.handover_cancel,
        name="handover-cancel",
    ),
    path(
        "circles/<int:circle_id>/handover/",
        handing.circle_handover,
        name="circle-handover",
    ),
]
