"""What allauth would show in the Django admin, and what it should."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

# Theirs shows the secret of every app; addresses are kept as contact points.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """To be looked at, and deleted for somebody who has lost the phone."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user__person"]
    fields = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__username"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Authenticator | None = None
    ) -> bool:
        return False
