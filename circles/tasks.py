from celery import shared_task

from circles.actions.carrying import carry_out_due


@shared_task
def carry_out_handovers() -> None:
    """Carry out the handovers whose last day is over: swept every 10 minutes."""
    carry_out_due()
