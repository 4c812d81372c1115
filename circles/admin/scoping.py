"""The Django admin for administrators of a province: rows within reach, to look at.
What they change they change on our own pages, which know the rules; superusers keep
all of it.

Whatever is saved here stands in our history too.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from circles.actions.recording import TRACKED, record, record_removal, values
from circles.models import LearningSession, User
from circles.permissions import Permission, holds

REASON = "Django admin"


def is_root(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def may_enter(request: HttpRequest) -> bool:
    """Whether the admin shows anything at all to the reader."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return False
    return holds(user, Permission.MANAGE_PLACE)


class RootOnly:
    """Ways in, rights and what the program writes by itself: for superusers."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_root(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_root(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_root(request)

    has_change_permission = has_delete_permission = has_view_permission


class Scoped(RootOnly):
    """Rows that an administrator of the province may see."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_enter(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if is_root(request):
            return True
        return may_enter(request) and (obj is None or self._is_within(request, obj))

    def _is_within(self, request: HttpRequest, obj: Any) -> bool:
        return True


class RecordedAdmin(admin.ModelAdmin):
    """Writes whatever is saved into our history, its inlines too."""

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        before = _before(obj) if change else None
        super().save_model(request, obj, form, change)
        _record(request.user, obj, before)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            _record_removal(request.user, row)
            row.delete()
        for row in rows:
            before = _before(row) if row.pk else None
            row.save()
            _record(request.user, row, before)
        formset.save_m2m()

    def delete_model(self, request: Any, obj: Any) -> None:
        _record_removal(request.user, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: Any, queryset: QuerySet) -> None:
        for row in queryset:
            _record_removal(request.user, row)
        super().delete_queryset(request, queryset)


class ScopedAdmin(Scoped, RecordedAdmin):
    """Rows of ``allowed(user, permission)``."""

    permission: Permission

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if is_root(request):
            return rows
        within: QuerySet = rows.allowed(request.user, self.permission)  # type: ignore[attr-defined] # ours
        return within

    def _is_within(self, request: HttpRequest, obj: Any) -> bool:
        return self.get_queryset(request).filter(pk=obj.pk).exists()

    def history_view(
        self, request: Any, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Django's own log names people and addresses: others read our history."""
        if is_root(request):
            return super().history_view(request, object_id, extra_context)
        obj = self.get_object(request, object_id)
        if obj is None:
            return HttpResponseRedirect(reverse("admin:index"))
        return HttpResponseRedirect(_history_of(obj))


def _history_of(obj: Any) -> str:
    if isinstance(obj, LearningSession):
        return reverse("session-history", args=[obj.pk])
    return f"{reverse('change-list')}?{obj._meta.model_name}={obj.pk}"


def _before(obj: Any) -> dict[str, Any] | None:
    """Return what is stored now of the row that is about to be saved."""
    stored = type(obj)._default_manager.filter(pk=obj.pk).first()
    return values(stored) if stored is not None and type(obj) in TRACKED else None


def _record(author: User, obj: Any, before: dict[str, Any] | None) -> None:
    if _has_history(obj):
        record(author, obj, before, reason=REASON)


def _record_removal(author: User, obj: Any) -> None:
    if _has_history(obj):
        record_removal(author, obj, reason=REASON)


def _has_history(obj: Any) -> bool:
    # An account of nobody stands in nobody's.
    is_nobody_s = isinstance(obj, User) and obj.person_id is None
    return type(obj) in TRACKED and not is_nobody_s
