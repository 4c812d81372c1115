"""The history: what is written down of a change, and what is not."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from circles.actions.recording import (
    TRACKED,
    masked,
    record,
    record_removal,
    values,
    write_down,
)
from circles.models import Change, ContactPoint, PersonMerge
from circles.permissions import Role
from tests.factories import (
    AgencyFactory,
    AssignmentFactory,
    CircleFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    TambonFactory,
    UserFactory,
)


def test_every_subject_is_tracked_and_every_tracked_table_has_a_word():
    assert {model._meta.model_name for model in TRACKED} == set(Change.Subject.values)
    for subject in Change.Subject.values:
        model = apps.get_model("circles", subject)
        names = {field.name for field in model._meta.concrete_fields}
        assert names.issuperset(TRACKED[model])


def test_only_what_changed_is_written_from_what_to_what(circle):
    before = values(circle)
    circle.topic, circle.usual_start = "ปุ๋ย", time(9, 30)
    circle.save()

    change = record(None, circle, before, reason="เพราะว่า")

    assert change.changes == {
        "topic": ["", "ปุ๋ย"],
        "usual_start": [None, "09:30:00"],
    }
    assert (change.kind, change.subject) == ("changed", "circle")
    assert (change.circle, change.place, change.reason) == (circle, None, "เพราะว่า")


def test_nothing_changed_writes_nothing(circle):
    assert record(None, circle, values(circle)) is None
    assert not Change.objects.exists()


def test_a_new_row_says_what_it_says_and_no_more(circle):
    seat = MembershipFactory(circle=circle, since=date(2026, 5, 1), is_confirmed=False)

    change = record(None, seat, None)

    assert change.kind == "made"
    assert change.changes == {
        "person": [None, seat.person_id],
        "role": [None, "khun_kij"],
        "since": [None, "2026-05-01"],
    }
    assert (change.circle, change.person) == (circle, seat.person)


def test_a_removed_row_leaves_what_it_said(circle):
    right = AssignmentFactory(circle=circle)
    record_removal(None, right, reason="ย้าย")
    number = right.pk
    right.delete()

    change = Change.objects.get()

    assert (change.kind, change.subject_id) == ("removed", number)
    assert change.changes["role"] == ["khun_amnuay", None]
    assert (change.circle, change.person) == (circle, right.person)


def test_a_stored_row_reads_like_the_one_in_memory(db):
    """Else a change that changed nothing would be written down."""
    tambon = TambonFactory(latitude=Decimal("8.4"), longitude=Decimal("99.96000"))
    before = values(tambon)
    tambon.refresh_from_db()

    assert values(tambon) == before
    assert before["latitude"] == "8.4"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("0812345678", "08x-xxx-5678"),
        ("075123456", "07x-xxx-3456"),
        ("somsri@example.org", "s•••@example.org"),
        ("@example.org", "•••@example.org"),
        ("12345", "•••"),
        ("", "•••"),
    ],
)
def test_addresses_are_masked(address, shown):
    assert masked(address) == shown


def test_no_history_holds_an_address_in_full(db):
    contact = ContactPointFactory(
        channel=ContactPoint.Channel.PHONE, address="0812345678"
    )
    record(None, contact, None)
    before = values(contact)
    contact.address = "0898765432"
    contact.save()
    record(None, contact, before)
    record_removal(None, contact)
    write_down(None, contact, Change.Kind.SEEN)

    for change in Change.objects.all():
        assert "0812345678" not in str(change.changes)
        assert "0898765432" not in str(change.changes)
        assert change.person == contact.person
    assert Change.objects.count() == 4


def test_the_role_is_that_of_the_administrator(circle, roles):
    tambon = circle.place.parent
    author = roles.user(Role.TAMBON_ADMIN, tambon)
    AssignmentFactory(person=author.person, role=Role.KHUN_AMNUAY, circle=circle)
    superuser = UserFactory(is_superuser=True)

    for who, role in (
        (author, "tambon_admin"),
        (superuser, "province_admin"),
        (roles.user(Role.KHUN_AMNUAY, circle), "khun_amnuay"),
        (UserFactory(), ""),
        (None, ""),
    ):
        change = write_down(who, circle, Change.Kind.DONE)
        assert (change.author, change.author_role) == (who, role)


def test_more_histories_can_be_named(circle):
    user = UserFactory()
    change = record(
        None, user, None, about={"person": user.person, "place": circle.place}
    )

    assert (change.person, change.place) == (user.person, circle.place)
    assert change.changes["username"] == [None, user.username]
    assert "password" not in change.changes


def test_each_row_stands_in_its_own_history(circle):
    agency = AgencyFactory(place=circle.place)
    kept, gone = PersonFactory(), PersonFactory()
    merge = PersonMerge.objects.create(kept=kept, gone=gone, author=UserFactory())

    assert record(None, agency, None).agency == agency
    assert record(None, circle.place, None).place == circle.place
    assert record(None, merge, None).person == kept
    # Not its place's: a circle has a history of its own.
    assert record(None, CircleFactory(), None).place is None


def test_a_moment_is_written_so_that_it_can_be_read_back(db):
    contact = ContactPointFactory(blocked_at=timezone.now())

    assert values(contact)["blocked_at"] == contact.blocked_at.isoformat()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("somchai", "somchai"),
        ("0812345678", "08x-xxx-5678"),
        ("+66812345678", "+6x-xxx-5678"),
        ("somchai@example.org", "s•••@example.org"),
    ],
)
def test_a_user_name_that_is_an_address_is_not_written_down(db, name, written):
    change = record(None, UserFactory(username=name), None)

    assert change.changes["username"] == [None, written]
