"""What stands beside the sessions: meetings called off, dreams, a draft, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.http import QueryDict

from circles import thai
from circles.actions import write_dream
from circles.actions.drafts import save_draft
from circles.actions.uploads import store_photo
from circles.models import (
    Appointment,
    Circle,
    Draft,
    DreamVersion,
    LearningSession,
    User,
)
from kmcity.demo import pictures
from kmcity.demo.province import Province, demo_key, moment
from kmcity.demo.reading import (
    CalledOff,
    CircleRow,
    DraftRow,
    DreamRow,
    PhotoRow,
)

MORNING, NOON, EVENING = 8, 12, 18


def call_off(
    session: LearningSession, row: CalledOff, following: date | None, author: User
) -> None:
    """Call off what *session* had agreed on, on the morning of that day; a postponed
    meeting moves to the *following* one.  Not by the action: that refuses past days.
    """
    here = Appointment.objects.filter(circle=session.circle_id)
    agreed = here.order_by("on").get(on__gt=session.held_on)
    agreed.state, agreed.reason, agreed.reason_note = row.state, row.reason, row.note
    agreed.changed_at = moment(agreed.on, MORNING)
    if following and row.state == Appointment.State.POSTPONED:
        agreed.moved_to = Appointment.objects.create(
            circle=session.circle,
            on=following,
            starts=agreed.starts,
            venue=agreed.venue,
            author=author,
            changed_at=agreed.changed_at,
        )
    agreed.save()


def make_dreams(province: Province, rows: Sequence[CircleRow]) -> None:
    for row in rows:
        for dream in row.dreams:
            author = province.users[row.logged_by]
            _dream(province, province.circles[row.key], dream, author)


def _dream(province: Province, circle: Circle, row: DreamRow, author: User) -> None:
    day = province.ago(row.ago)
    write_dream(
        DreamVersion(
            circle=circle,
            text=row.text,
            gate=row.gate,
            agreed_on=day if row.gate == DreamVersion.Gate.AGREED else None,
            agreed_by=row.agreed_by,
            author=author,
            created_at=moment(day, EVENING),
        )
    )


def make_drafts(province: Province, rows: Sequence[CircleRow]) -> None:
    for row in rows:
        if row.draft:
            _draft(province, row, row.draft)


def _draft(province: Province, row: CircleRow, draft: DraftRow) -> None:
    """Leave a half-filled log form lying: everybody ticked, one sentence, no end."""
    circle, author = province.circles[row.key], province.users[row.logged_by]
    day, key = province.ago(draft.ago), demo_key(f"draft-{row.key}")
    typed = QueryDict(mutable=True)
    typed.update(
        {
            "key": str(key),
            "held_on": thai.thai_date(day),
            "starts": row.start,
            "ends": row.end,
            "venue": row.venue,
            "guest_count": str(draft.guests),
            "lessons-0-text": draft.text,
        }
    )
    seats = circle.memberships.values_list("person_id", flat=True)
    typed.setlist("present", [str(person) for person in seats])
    kept = save_draft(circle, author, key, typed)
    Draft.objects.filter(pk=kept.pk).update(saved_at=moment(day, NOON))


def make_photos(
    province: Province, rows: Sequence[CircleRow], logged: Mapping[UUID, int]
) -> int:
    """Draw and store the pictures of the *logged* sessions, ids by key; return how
    many.  Last of all: files do not go when the transaction is rolled back.

    Raises ValidationError (not_stored) where files cannot be written.
    """
    made = 0
    for row, number, photo in _photos(rows):
        name = f"{row.key}-{number}"
        session = LearningSession.objects.get(pk=logged[demo_key(name)])
        store_photo(
            pictures.draw(photo.picture),
            circle=province.circles[row.key],
            author=province.users[row.logged_by],
            key=demo_key(f"photo-{name}-{photo.picture}"),
            session=session,
            caption=photo.caption,
            is_recognisable=False,
            may_show=photo.may_show,
        )
        made += 1
    return made


def _photos(rows: Sequence[CircleRow]) -> Iterator[tuple[CircleRow, int, PhotoRow]]:
    """Yield each photo with its circle and the number of its session."""
    for row in rows:
        for number, session in enumerate(row.sessions, 1):
            for photo in session.photos:
                yield row, number, photo
