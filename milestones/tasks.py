from celery import shared_task

from milestones import actions


@shared_task
def deliver_due() -> None:
    """Send what is due: rung after every milestone, and swept every 10 seconds."""
    if actions.deliver_due():
        deliver_due.delay()
