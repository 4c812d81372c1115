"""Parse and explain.  A form neither saves nor sends."""

from circles.forms.circles import CircleFilterForm
from circles.forms.dreams import DreamForm
from circles.forms.entry import SessionEntry

__all__ = ["CircleFilterForm", "DreamForm", "SessionEntry"]
