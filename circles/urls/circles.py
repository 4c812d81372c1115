from django.urls import path

from circles.views.managing import circle_create, circle_edit
from circles.views.openings import circle_openings
from circles.views.seats import circle_seats

urlpatterns = [
    path("circles/new/", circle_create, name="circle-create"),
    path("circles/<int:circle_id>/edit/", circle_edit, name="circle-edit"),
    path("circles/<int:circle_id>/openings/", circle_openings, name="circle-openings"),
    path("circles/<int:circle_id>/seats/", circle_seats, name="circle-seats"),
]
