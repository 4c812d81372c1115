"""What allauth would show in the Django admin, and what it should."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from circles.actions.accounts import write_done
from circles.admin.scoping import REASON, RootOnly

# Theirs shows the secret of every app; addresses are kept as contact points.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Authenticator)
class SecondFactorAdmin(RootOnly, admin.ModelAdmin):
    """To be looked at, and deleted for somebody who has lost the phone."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user__person"]
    fields = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def delete_model(self, request: Any, obj: Authenticator) -> None:
        write_done(request.user, obj.user, "second_factor", False, reason=REASON)
        super().delete_model(request, obj)

    def delete_queryset(self, request: Any, queryset: QuerySet) -> None:
        for one in queryset.select_related("user"):
            write_done(request.user, one.user, "second_factor", False, reason=REASON)
        super().delete_queryset(request, queryset)
