"""What a browser without JavaScript sends for the log form."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from circles import thai


def url(circle):
    return reverse("session-create", args=[circle.pk])


def posted(seats=(), lessons=("กลับกองปุ๋ยทุก 7 วัน",), **changes):
    form = {
        "act": "save",
        "key": str(uuid4()),
        "held_on": thai.thai_date(timezone.localdate()),
        "starts": "13.30",
        "ends": "16.00",
        "venue": "ศาลาอเนกประสงค์",
        "present": [seat.person_id for seat in seats],
        "guest_count": "0",
        "next_on": "",
        "summary": "",
        "lessons-TOTAL_FORMS": str(len(lessons)),
        "lessons-INITIAL_FORMS": "0",
    }
    for number, text in enumerate(lessons):
        form |= {
            f"lessons-{number}-text": text,
            f"lessons-{number}-teller": "",
            f"lessons-{number}-topic": "",
        }
    return form | changes


def in_days(days):
    return thai.thai_date(timezone.localdate() + timedelta(days=days))
