"""The one event that other apps may listen to."""

from django.dispatch import Signal

# Sent by ``actions.log_session`` inside the transaction that stores a new
# session, after its attendance and lessons.  Keyword arguments: ``session``,
# the stored LearningSession; ``is_news``, False for what award silently.
session_logged = Signal()
