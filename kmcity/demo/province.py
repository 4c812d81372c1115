"""What the loading has made so far, and how the tables' short words are read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from circles import thai
from circles.models import Agency, Circle, Indicator, Person, Place, User

# Sample numbers, 080-000-00xx: of the right form, so that one can sign in with them,
# and chosen to belong to nobody.  kmcity itself dials no phone and writes to none.
PHONE = "08000000{:02}"
KEYS = uuid.UUID("0f2b5c1e-6d0a-5a57-9d55-25482549abcd")


@dataclass
class Province:
    """What has been made so far, by the keys of the tables."""

    today: date
    places: dict[str, Place] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)  # by short name
    people: dict[str, Person] = field(default_factory=dict)
    circles: dict[str, Circle] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)  # by circle
    users: dict[str, User] = field(default_factory=dict)

    def person(self, circle: str, seat: str) -> Person:
        """Return who sits there: somebody of ``people``, else the circle's own."""
        return self.people.get(seat) or self.people[f"{circle}/{seat}"]

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def typed_date(self, text: str) -> date:
        return thai.parse_thai_date(text, today=self.today)


def demo_key(name: str) -> uuid.UUID:
    """Return the key of one submission: "compost-1", "pilot-tea"."""
    return uuid.uuid5(KEYS, name)


def typed_time(text: str) -> time | None:
    return thai.parse_thai_time(text) if text else None


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    in_thailand = timezone.get_default_timezone()
    return datetime.combine(day, time(hour, minute), in_thailand)
