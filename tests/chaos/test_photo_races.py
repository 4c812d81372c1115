"""Photos that arrive at the same moment as each other, or as their session."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from circles.actions.uploads import store_photo
from circles.models import Photo
from circles.permissions import Role
from tests.chaos.test_races import PAIRS, Crowd
from tests.factories import CircleFactory, LearningSessionFactory, logged
from tests.factories_uploads import picture

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def circle(db):
    return CircleFactory()


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def storing(circle, author, **where):
    """Return an act that stores a photo and says how it went."""
    key, content = where.pop("key", None) or uuid.uuid4(), picture()

    def act():
        try:
            given = {"circle": circle, "author": author, "key": key}
            return store_photo(content, **given, **where).pk
        except ValidationError as refusal:
            return refusal.code

    return act


def test_one_photo_sent_ten_times_at_once_is_one_row_and_one_file(circle, facilitator):
    session, before = LearningSessionFactory(circle=circle), files()
    key = uuid.uuid4()

    with Crowd(10) as crowd:
        acts = [
            storing(circle, facilitator, session=session, key=key) for _n in range(10)
        ]
        numbers = crowd.at_once(*acts)

    assert len(set(numbers)) == Photo.objects.count() == 1
    assert len(files() - before) == 1


def test_of_twelve_at_once_by_two_people_six_are_stored(circle, facilitator, roles):
    session, before = LearningSessionFactory(circle=circle), files()
    colleague = roles.user(Role.KHUN_LIKHIT, circle)

    with Crowd(12) as crowd:
        acts = [
            storing(circle, author, session=session)
            for author in (facilitator, colleague)
            for _n in range(6)
        ]
        answers = crowd.at_once(*acts)

    assert answers.count("too_many") == 6
    assert session.photos.count() == 6
    assert len(files() - before) == 6


def test_a_photo_that_races_its_session_always_finds_it(circle, facilitator):
    with Crowd(3) as crowd:
        for _pair in range(PAIRS):
            form_key = uuid.uuid4()
            stores = [
                storing(circle, facilitator, form_key=form_key) for _n in range(2)
            ]
            crowd.at_once(
                *stores, lambda key=form_key: logged(circle, facilitator, key=key)
            )

    assert Photo.objects.count() == 2 * PAIRS
    assert not Photo.objects.filter(session=None).exists()
    for photo in Photo.objects.select_related("session__submission"):
        assert photo.form_key == photo.session.submission.key
