"""How a person's numbers stand on a page."""

from __future__ import annotations

from django import template

from circles import thai
from circles.actions.recording import masked

register = template.Library()


@register.filter
def hidden(address: str) -> str:
    """Return *address* so that its owner knows it and nobody else can use it."""
    return masked(address)


@register.filter
def phone(digits: str) -> str:
    """Return stored *digits* as people read them: "081-234-5678"."""
    return thai.show_phone(digits)
