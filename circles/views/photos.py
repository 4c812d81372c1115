from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from circles.actions.storing import file_of
from circles.actions.uploads import describe_photo, remove_upload, store_photo
from circles.documents import media_type
from circles.forms.uploads import SentPhotoForm
from circles.http import Request
from circles.models import Attachment, Circle, LearningSession, Photo, User
from circles.permissions import Permission
from circles.reports.photos import find_attachment, find_photo

PHOTO_AGE_SECONDS = 600
RETRY_AFTER_SECONDS = 60
# Nothing that a browser could be talked into running.
HARMLESS = "default-src 'none'; sandbox"
# All others are 400: asking again with the same photo does not help.
STATUSES = {"too_large": 413, "other_user": 409, "not_stored": 503}


@require_POST
def photo_create(request: Request, circle_id: int) -> HttpResponse:
    """Take one photo, for a script; a browser is sent on to a page that says so."""
    circles = Circle.objects.allowed(request.user, Permission.ADD_PHOTO)
    circle = get_object_or_404(circles.select_related("place"), pk=circle_id)
    form = SentPhotoForm(request.POST, request.FILES)
    try:
        photo = _take(form, circle, request.user)
    except ValidationError as error:
        return _refused(request, circle, form, error)
    if request.accepts("text/html"):
        return _sent_on(circle, photo)
    answer = {"key": str(form.cleaned_data["key"])}
    if photo is None:
        return JsonResponse(answer | {"state": "removed"})
    return JsonResponse(answer | {"state": "stored", "id": photo.pk})


def _take(form: SentPhotoForm, circle: Circle, user: User) -> Photo | None:
    """Do what the form says; return the photo, None once it is gone."""
    if not form.is_valid():
        raise next(iter(form.errors.as_data().values()))[0]
    sent = form.cleaned_data
    if sent["user"] not in (None, user.pk):
        words = _("Somebody else is signed in on this phone. It waits for its owner.")
        raise ValidationError(words, code="other_user")
    if sent["act"] == "store":
        return store_photo(
            sent["photo"].file,
            circle=circle,
            author=user,
            key=sent["key"],
            form_key=sent["form_key"],
            session=_session(circle, user, sent["session"]),
            **form.described(),
        )
    photos = Photo.objects.filter(circle=circle, author=user, key=sent["key"])
    photo = photos.select_related("circle__place").first()
    if photo and photo.hidden_at is not None:
        words = _("An administrator has hidden this photo. It stays as it is.")
        raise ValidationError(words, code="hidden")
    if photo and sent["act"] == "remove":
        remove_upload(photo, by=user)
    if photo is None or sent["act"] == "remove":
        return None
    describe_photo(photo, by=user, **form.described())
    return photo


def _session(
    circle: Circle, user: User, session_id: int | None
) -> LearningSession | None:
    if session_id is None:
        return None
    sessions = LearningSession.objects.allowed(user, Permission.ADD_PHOTO).shown()
    return get_object_or_404(sessions, circle=circle, pk=session_id)


def _refused(
    request: Request, circle: Circle, form: SentPhotoForm, error: ValidationError
) -> HttpResponse:
    words = " ".join(error.messages)
    if request.accepts("text/html"):
        messages.error(request, words)
        return _sent_on(circle, None)
    answer = {"key": form.data.get("key", ""), "code": error.code, "error": words}
    status = STATUSES.get(str(error.code), 400)
    response = JsonResponse(answer, status=status)
    if status == STATUSES["not_stored"]:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _sent_on(circle: Circle, photo: Photo | None) -> HttpResponse:
    if photo and photo.session_id:
        return redirect("session-photos", photo.session_id)
    return redirect(circle)


@require_safe
def photo_file(request: Request, photo_id: int) -> HttpResponse:
    photo = find_photo(photo_id, request.user)
    if photo is None:
        raise Http404
    # A photo never changes; another one has another name.
    etag = f'"{str(photo.image.name).rpartition("/")[2]}"'
    same = get_conditional_response(request, etag=etag)
    response = _harmless(same if same else _file(photo, "image/jpeg"))
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={PHOTO_AGE_SECONDS}"
    return response


@require_safe
def attachment_file(request: Request, attachment_id: int) -> HttpResponse:
    attachment = find_attachment(attachment_id, request.user)
    if attachment is None:
        raise Http404
    response = _harmless(_file(attachment, media_type(attachment.name)))
    saved_as = content_disposition_header(True, attachment.name)
    response["Content-Disposition"] = saved_as
    return response


def _file(upload: Photo | Attachment, content_type: str) -> HttpResponse:
    """Return the whole file: photos are small, documents rare."""
    try:
        with file_of(upload).open() as file:
            return HttpResponse(file.read(), content_type=content_type)
    except FileNotFoundError as error:
        # Restored rows without their files: the page about them still works.
        raise Http404 from error


def _harmless[T: HttpResponseBase](response: T) -> T:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = HARMLESS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Compressed already; what is not encoded is gzipped on its way out.
    response["Content-Encoding"] = "identity"
    return response
