"""What administrators see more than others."""

from __future__ import annotations

from django import template

from circles.models import User
from circles.permissions import Permission, holds

register = template.Library()


@register.simple_tag
def manages(user: User) -> bool:
    """Return whether *user* is an administrator of some place.  No query."""
    return holds(user, Permission.MANAGE_CIRCLE)
