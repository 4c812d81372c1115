"""A believable province to try kmcity on: sample people, circles, half a year of
sessions up to today, and the four documented sessions of the pilot.

``tables/`` holds the words and figures, ``pilot.py`` the pilot; the other modules
turn them into rows.
"""

from kmcity.demo.load import is_loaded, load
from kmcity.demo.pilot import PILOT_SESSIONS, PilotSession

__all__ = ["PILOT_SESSIONS", "PilotSession", "is_loaded", "load"]
