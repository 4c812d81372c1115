"""The two events that other apps may listen to."""

from django.dispatch import Signal

# Sent by ``actions.log_session`` inside the transaction that stores a new
# session, after its attendance and lessons.  Keyword arguments: ``session``,
# the stored LearningSession; ``is_news``, False for what award silently.
session_logged = Signal()

# Sent inside the transaction that changed what a stored session says or whether it
# counts.  Keyword arguments: ``session``, the stored LearningSession.
session_changed = Signal()

# Sent inside the transaction that stores an invitation.  Keyword arguments:
# ``invitation``, whose letter a worker may send once that is committed.
invited = Signal()
