"""What a note-taker who came by a link may write: the texts of one session."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from circles.actions.content import CHILDREN, SESSION_FIELDS, Content
from circles.actions.revising import content_of
from circles.forms.initial import correcting, name_apart
from circles.forms.pressing import press
from circles.forms.rows import ROWS
from circles.forms.sections import SECTIONS, FilledSection
from circles.forms.sessions import SessionForm
from circles.models import LearningSession, Membership, Person

TEXTS = ("summary", "story", "aar_hoped", "aar_more", "aar_less", "aar_next")


class NoteForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = deepcopy(SessionForm.base_fields[name])


class NoteEntry:
    """The texts of one stored session, without who came, when, or how many."""

    def __init__(self, session: LearningSession, data: QueryDict | None = None) -> None:
        self.session = session
        self.act = data.get("act", "save") if data is not None else ""
        self.data = press(self.act, data.copy(), []) if data is not None else None
        initial = correcting(session)
        self.form = NoteForm(self.data, initial=initial)
        seats = tellers(session)
        self.rows: dict[str, forms.BaseFormSet] = {
            prefix: ROWS[prefix](
                self.data,
                prefix=prefix,
                # As in ``SessionEntry``: a row as it was before is no empty one.
                initial=None if self.data is not None else initial[prefix],
                form_kwargs={"seats": seats},
            )
            for prefix in CHILDREN
        }

    @property
    def wants_saving(self) -> bool:
        return self.act == "save"

    @property
    def has_errors(self) -> bool:
        if not self.wants_saving:
            return False
        rows = self.rows.values()
        return bool(self.form.errors) or any(one.total_error_count() for one in rows)

    def is_valid(self) -> bool:
        """Check all parts, so that all that is wrong is said at once."""
        rows = self.rows.values()
        return all([self.form.is_valid(), *(one.is_valid() for one in rows)])

    @property
    def parts(self) -> list[FilledSection]:
        """What stands below the lessons: the log form's own parts, but for the boxes
        that let others read, and the figures."""
        parts = []
        for section in SECTIONS:
            fields = [self.form[one] for one in section.fields if one in TEXTS]
            rows = self.rows[section.rows] if section.rows else None
            bad = any(field.errors for field in fields)
            bad |= rows is not None and bool(rows.total_error_count())
            if fields or rows:
                parts.append(FilledSection(section, fields, rows, bad, is_open=True))
        return parts

    @property
    def content(self) -> Content:
        """What is to be stored: the session as it stands, with the texts as typed.

        Whether others may read a text is for the circle's own people to say.
        """
        stored = content_of(self.session)
        columns = {name: getattr(self.session, name) for name in SESSION_FIELDS}
        columns |= {name: self.form.cleaned_data[name] for name in TEXTS}
        told: dict[str, list[Any]] = {
            prefix: list(filter(None, (form.row() for form in rows)))
            for prefix, rows in self.rows.items()
        }
        shown = {lesson.pk for lesson in stored.lessons if lesson.may_show}
        for lesson in told["lessons"]:
            lesson.may_show = lesson.pk in shown
        for promise in told["promises"]:
            promise.due_on = promise.due_on or self.session.next_on
        return Content(
            LearningSession(circle_id=self.session.circle_id, **columns),
            present=stored.present,
            reviews=stored.reviews,
            readings=stored.readings,
            **told,
        )


def tellers(session: LearningSession) -> list[Membership]:
    """Return whom a text may name: who came, and whom it names already.  One query."""
    named = (
        Q(attendances__session=session, attendances__state="present")
        | Q(lessons__session=session)
        | Q(promises__session=session)
    )
    people = Person.objects.filter(named).distinct().order_by("sort_key", "pk")
    seats = [Membership(person=person) for person in people]
    name_apart(seats)
    return seats
