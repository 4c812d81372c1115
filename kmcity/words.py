"""Sentences of Django's that its own Thai catalogue lacks: named here, so that ours
holds them."""

from django.utils.translation import gettext_noop, ngettext_lazy

WORDS = (
    gettext_noop("This password is too common."),
    gettext_noop("This password is entirely numeric."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
)
