"""Rare work: everything daily has a page of its own."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from circles.admin.scoping import (
    RecordedAdmin,
    RootOnly,
    Scoped,
    ScopedAdmin,
)
from circles.models import (
    Agency,
    Assignment,
    Circle,
    CircleOpening,
    ContactPoint,
    LearningSession,
    Membership,
    Person,
    Place,
    User,
)
from circles.permissions import Permission


@admin.register(User)
class AccountAdmin(RootOnly, RecordedAdmin, UserAdmin):
    list_display = ["username", "person", "is_active", "is_superuser"]
    list_select_related = ["person"]
    autocomplete_fields = ["person"]
    fieldsets = [*(UserAdmin.fieldsets or []), (None, {"fields": ["person"]})]


@admin.register(Place)
class PlaceAdmin(ScopedAdmin):
    permission = Permission.MANAGE_PLACE
    list_display = ["code", "name_th", "name_en", "level", "stage"]
    list_filter = ["level", "stage"]
    search_fields = ["code", "name_th", "name_en"]
    autocomplete_fields = ["parent"]


@admin.register(Agency)
class AgencyAdmin(ScopedAdmin):
    permission = Permission.MANAGE_AGENCY
    search_fields = ["name", "short_name"]
    autocomplete_fields = ["place"]


class ContactPointInline(RootOnly, admin.TabularInline):
    model = ContactPoint
    extra = 0


class AssignmentInline(RootOnly, admin.TabularInline):
    model = Assignment
    extra = 0
    autocomplete_fields = ["place", "circle", "agency"]


@admin.register(Person)
class PersonAdmin(ScopedAdmin):
    permission = Permission.MANAGE_PERSON
    list_display = ["short_name", "full_name", "position", "village"]
    list_select_related = ["village"]
    search_fields = ["first_name", "last_name", "called_as"]
    autocomplete_fields = ["agency", "village"]
    inlines = [ContactPointInline, AssignmentInline]


class OpeningInline(Scoped, admin.TabularInline):
    model = CircleOpening
    extra = 0


class MembershipInline(Scoped, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["person"]


@admin.register(Circle)
class CircleAdmin(ScopedAdmin):
    permission = Permission.MANAGE_CIRCLE
    list_display = ["name", "role", "place"]
    list_filter = ["role"]
    list_select_related = ["place"]
    search_fields = ["name", "topic"]
    autocomplete_fields = ["place"]
    inlines = [OpeningInline, MembershipInline]


@admin.register(LearningSession)
class LearningSessionAdmin(ScopedAdmin):
    """To look, not to touch: figures and milestones are computed from these rows."""

    permission = Permission.VIEW_NAMES
    list_display = ["circle", "number", "held_on", "next_on"]
    list_select_related = ["circle"]
    search_fields = ["circle__name"]

    def has_add_permission(self, *args: object, **kwargs: object) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
