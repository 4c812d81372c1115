"""One word per page: URL name ``circle-list`` is view ``circle_list`` is
template ``circles/circle_list.html``; ``tests/test_architecture.py`` checks."""

from django.urls import path

from circles import views
from circles.urls import (
    accounts,
    agencies,
    circles,
    history,
    people,
    places,
    rights,
)

urlpatterns = [
    path("manage/", views.manage, name="manage"),
    path("options/<slug:kind>/", views.options, name="options"),
    path("slips/new/", views.slip_create, name="slip-create"),
    path("slip/<str:token>/", views.slip_use, name="slip-use"),
    path("circles/", views.circle_list, name="circle-list"),
    path("circles/<int:circle_id>/", views.circle_detail, name="circle-detail"),
    path(
        "circles/<int:circle_id>/sessions/new/",
        views.session_create,
        name="session-create",
    ),
    path("circles/<int:circle_id>/dream/", views.dream_create, name="dream-create"),
    path("circles/<int:circle_id>/plan/", views.circle_plan, name="circle-plan"),
    path("circles/<int:circle_id>/sheet/", views.circle_sheet, name="circle-sheet"),
    path(
        "appointments/<int:appointment_id>/postpone/",
        views.appointment_postpone,
        name="appointment-postpone",
    ),
    path(
        "appointments/<int:appointment_id>/cancel/",
        views.appointment_cancel,
        name="appointment-cancel",
    ),
    path("calendar/", views.calendar_list, name="calendar-list"),
    path("calendar/<str:token>.ics", views.calendar_feed, name="calendar-feed"),
    path("promises/<int:promise_id>/keep/", views.promise_keep, name="promise-keep"),
    path("sessions/<int:session_id>/", views.session_detail, name="session-detail"),
    path("sessions/<int:session_id>/saved/", views.session_saved, name="session-saved"),
    path("sessions/<int:session_id>/edit/", views.session_edit, name="session-edit"),
    path(
        "sessions/<int:session_id>/history/",
        views.session_history,
        name="session-history",
    ),
    path(
        "sessions/<int:session_id>/compare/",
        views.session_compare,
        name="session-compare",
    ),
    path(
        "sessions/<int:session_id>/withdraw/",
        views.session_withdraw,
        name="session-withdraw",
    ),
    path(
        "sessions/<int:session_id>/handoff/",
        views.session_handoff,
        name="session-handoff",
    ),
    path("note/<str:token>/", views.handoff_edit, name="handoff-edit"),
    path("withdrawals/", views.withdrawal_list, name="withdrawal-list"),
    path(
        "changes/<int:revision_id>/confirm/",
        views.revision_confirm,
        name="revision-confirm",
    ),
    path("circles/<int:circle_id>/photos/", views.photo_create, name="photo-create"),
    path("photos/<int:photo_id>.jpg", views.photo_file, name="photo-file"),
    path(
        "sessions/<int:session_id>/photos/",
        views.session_photos,
        name="session-photos",
    ),
    path(
        "attachments/<int:attachment_id>/",
        views.attachment_file,
        name="attachment-file",
    ),
    # The administrators' pages, one module a subject.
    *places.urlpatterns,
    *agencies.urlpatterns,
    *people.urlpatterns,
    *circles.urlpatterns,
    *rights.urlpatterns,
    *accounts.urlpatterns,
    *history.urlpatterns,
]
