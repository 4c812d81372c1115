from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from circles.actions.storing import MAX_UPLOADS, free_places
from circles.actions.uploads import (
    describe_photo,
    hide_upload,
    may_remove,
    remove_upload,
    store_attachment,
    store_photo,
    unhide_upload,
)
from circles.forms.uploads import FilesForm, PhotoForm
from circles.http import Request
from circles.models import Attachment, LearningSession, Photo, User
from circles.permissions import Permission, may
from circles.reports.photos import attachments_kept, photos_kept

CHANGES = {"remove": remove_upload, "hide": hide_upload, "unhide": unhide_upload}


@require_http_methods(["GET", "HEAD", "POST"])
def session_photos(request: Request, session_id: int) -> HttpResponse:
    sessions = LearningSession.objects.allowed(request.user, Permission.ADD_PHOTO)
    session = get_object_or_404(
        sessions.shown().select_related("circle__place__parent", "submission"),
        pk=session_id,
    )
    page = Gallery(session, request.user)
    if request.method == "POST" and page.changed(request):
        return redirect("session-photos", session.pk)
    return render(request, "circles/session_photos.html", page.context())


class Gallery:
    """The photos and documents of a session, and what somebody does with them.

    Every button works without a script: ``act`` says what, ``photo`` or
    ``attachment`` which one.
    """

    def __init__(self, session: LearningSession, user: User) -> None:
        self.session, self.user = session, user
        self.refused: list[tuple[str, str]] = []
        self.typed: dict[int, PhotoForm] = {}

    def changed(self, request: Request) -> bool:
        """Do what was asked; False if there is something to say on the page."""
        act = request.POST.get("act", "")
        if act in KINDS:
            stored = self._add(FilesForm(request.POST, request.FILES), act)
            if stored:
                messages.success(
                    request,
                    ngettext("%(n)s file is stored.", "%(n)s files are stored.", stored)
                    % {"n": stored},
                )
        elif act == "describe":
            self._describe(self._photo(request), request)
        elif act in CHANGES:
            self._change(CHANGES[act], self._upload(request))
        return not self.refused and not self.typed

    def context(self) -> dict[str, Any]:
        circle = self.session.circle
        submission = getattr(self.session, "submission", None)
        photos = self._with_circle(photos_kept(self.session, self.user))
        documents = self._with_circle(attachments_kept(self.session, self.user))
        return {
            "session": self.session,
            "circle": circle,
            "cards": [
                (one, self.typed.get(one.pk) or PhotoForm(one), self._removable(one))
                for one in photos
            ],
            "documents": [(one, self._removable(one)) for one in documents],
            "refused": self.refused,
            "room": MAX_UPLOADS - sum(one.hidden_at is None for one in photos),
            "may_hide": may(Permission.WITHDRAW_SESSION, self.user, circle),
            "key": uuid.uuid4(),
            # What was chosen with the log form and is still on the phone belongs here.
            "form_key": getattr(submission, "key", ""),
        }

    def _add(self, form: FilesForm, act: str) -> int:
        """Store each file by itself, and open no more than there are places; return
        how many were stored."""
        if not form.is_valid():
            texts = [text for texts in form.errors.values() for text in texts]
            self.refused = [("", str(text)) for text in texts]
            return 0
        files = enumerate(form.cleaned_data["sent"])
        model, store = KINDS[act]
        # The same page sent twice makes the same keys.
        sent = {uuid.uuid5(form.cleaned_data["key"], str(n)): f for n, f in files}
        earlier = model.objects.filter(author=self.user, key__in=sent)
        known = set(earlier.values_list("key", flat=True))
        room = free_places(self.session, model)
        taken = [*known, *[key for key in sent if key not in known][:room]]
        for key in taken:
            self._try(sent[key].name or "", partial(store, self, sent[key], key))
        stored = len(taken) - len(self.refused)
        if left := len(sent) - len(taken):
            self.refused.append(("", _left_out(left)))
        return stored

    def _store_photo(self, file: UploadedFile, key: uuid.UUID) -> None:
        store_photo(
            cast(BinaryIO, file),
            circle=self.session.circle,
            author=self.user,
            key=key,
            session=self.session,
        )

    def _store_attachment(self, file: UploadedFile, key: uuid.UUID) -> None:
        store_attachment(
            cast(BinaryIO, file),
            name=file.name or "",
            circle=self.session.circle,
            author=self.user,
            key=key,
            session=self.session,
        )

    def _describe(self, photo: Photo, request: Request) -> None:
        form = PhotoForm(photo, request.POST)
        if form.is_valid():
            describe_photo(photo, by=self.user, **form.cleaned_data)
            messages.success(request, _("What you said about the photo is stored."))
        else:
            self.typed[photo.pk] = form

    def _change(self, change: Callable[..., None], upload: Photo | Attachment) -> None:
        try:
            self._try(str(upload), partial(change, upload, by=self.user))
        except PermissionDenied as error:
            # No page offers it: whoever asks for it all the same learns nothing.
            raise Http404 from error

    def _try(self, name: str, act: Callable[[], None]) -> None:
        try:
            act()
        except ValidationError as error:
            self.refused.append((name, " ".join(error.messages)))

    def _upload(self, request: Request) -> Photo | Attachment:
        if "attachment" not in request.POST:
            return self._photo(request)
        documents = attachments_kept(self.session, self.user)
        return _one(self._with_circle(documents), request.POST["attachment"])

    def _photo(self, request: Request) -> Photo:
        photos = photos_kept(self.session, self.user)
        return _one(self._with_circle(photos), request.POST.get("photo", ""))

    def _with_circle[T: (Photo, Attachment)](self, uploads: Iterable[T]) -> list[T]:
        """Give them the circle that is at hand, so that no one asks for it again."""
        found = list(uploads)
        for one in found:
            one.circle = self.session.circle
        return found

    def _removable(self, upload: Photo | Attachment) -> bool:
        return may_remove(upload, self.user)


KINDS: dict[str, tuple[type[Photo | Attachment], Callable[..., None]]] = {
    "photos": (Photo, Gallery._store_photo),
    "attachments": (Attachment, Gallery._store_attachment),
}


def _left_out(number: int) -> str:
    words = ngettext(
        "%(n)s file was left out: a session has room for six.",
        "%(n)s files were left out: a session has room for six.",
        number,
    )
    return words % {"n": number}


def _one[T: (Photo, Attachment)](uploads: Iterable[T], number: str) -> T:
    for upload in uploads:
        if str(upload.pk) == number:
            return upload
    raise Http404
