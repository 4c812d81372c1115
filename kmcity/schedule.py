"""What Celery beat asks for, again and again: each finds in the database what is due,
so that a crash, a lost message or a dead broker loses nothing."""

from datetime import timedelta

SCHEDULE = {
    "deliver-due-notices": {
        "task": "milestones.tasks.deliver_due",
        "schedule": timedelta(seconds=10),
        # A sweep that nobody picked up is worthless after the next one.
        "options": {"expires": 10},
    },
    "send-invitations": {
        "task": "kmcity.tasks.send_invitations",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 60},
    },
    "carry-out-handovers": {
        "task": "circles.tasks.carry_out_handovers",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
}
