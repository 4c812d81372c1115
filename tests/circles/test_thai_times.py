from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from circles.thai import parse_thai_time


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("09.00", time(9)),
        ("9.00", time(9)),
        ("9:00", time(9)),
        ("0900", time(9)),
        ("13.30 น.", time(13, 30)),
        ("13.30น", time(13, 30)),
        ("1330 น.", time(13, 30)),
        ("๐๙.๓๐ น.", time(9, 30)),
        (" 09 . 00 ", time(9)),
        ("00.00", time(0)),
        ("23.59", time(23, 59)),
    ],
)
def test_a_time_is_read_however_it_is_typed(text, found):
    assert parse_thai_time(text) == found


@pytest.mark.parametrize(
    "text", ["", "9", "900", "24.00", "09.60", "9.0", "9 โมง", "-1.00", "09.00" * 999]
)
def test_a_time_that_cannot_be_read_is_answered_with_examples(text):
    with pytest.raises(ValidationError) as refused:
        parse_thai_time(text)

    assert refused.value.code == "unreadable_time"
    with override("en"):
        message = "This time cannot be read. Type it like 09.00 or 13.30."
        assert refused.value.messages == [message]


def test_every_minute_is_read_as_it_is_shown():
    for minute in range(24 * 60):
        moment = time(*divmod(minute, 60))
        for text in (f"{moment:%H.%M}", f"{moment:%H:%M}", f"{moment:%H%M}"):
            assert parse_thai_time(text) == moment
