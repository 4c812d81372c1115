from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django import forms
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.fields import ThaiDateField, ThaiTextField, ThaiTimeField, tomorrow

# 00.30 of 23 November in Bangkok
NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
HELD_ON = date(2005, 8, 25)


class MeetingForm(forms.Form):
    held_on = ThaiDateField()
    next_on = ThaiDateField(
        required=False, earliest=HELD_ON, latest=lambda: date(2005, 12, 31)
    )
    begins_at = ThaiTimeField(required=False)
    story = ThaiTextField(required=False, widget=forms.Textarea)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False), override("en"):
        yield


def posted(**typed):
    return MeetingForm({"held_on": "25/8/48", **typed})


def outcome(field, text):
    try:
        return field.clean(text)
    except forms.ValidationError as refused:
        return refused


def refusal(field, typed):
    error = posted(**{field: typed}).errors.as_data()[field][0]
    return error.code, *error.messages


def test_a_form_as_a_field_officer_types_it():
    form = posted(next_on="1 ก.ย. 48", begins_at="9.00", story=" ปุ๋ย\r\nหมัก ")

    assert form.is_valid()
    assert form.cleaned_data == {
        "held_on": HELD_ON,
        "next_on": date(2005, 9, 1),
        "begins_at": time(9),
        "story": "ปุ๋ย\nหมัก",
    }


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_what_is_not_required_may_stay_empty(blank):
    form = posted(next_on=blank, begins_at=blank, story=blank)

    assert form.is_valid()
    assert form.cleaned_data["next_on"] is form.cleaned_data["begins_at"] is None
    assert form.cleaned_data["story"] == ""


@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_required_day_is_asked_for(blank):
    assert refusal("held_on", blank)[0] == "required"


def test_a_day_is_shown_in_the_buddhist_era():
    form = MeetingForm(initial={"held_on": HELD_ON, "next_on": NOW})

    with override("th"):
        assert 'value="25 ส.ค. 2548"' in str(form["held_on"])
        assert 'value="23 พ.ย. 2569"' in str(form["next_on"])
    assert 'value="25 Aug BE 2548"' in str(form["held_on"])
    assert 'class="inp inp--date"' in str(form["held_on"])
    assert 'autocomplete="off"' in str(form["held_on"])
    assert 'type="text"' in str(form["held_on"])


@pytest.mark.parametrize("typed", ["31/2/2569", "เมื่อ <วาน>", "25/8/48"])
def test_what_was_typed_stays(typed):
    form = posted(held_on=typed, begins_at="9 โมง")

    assert form["held_on"].value() == typed
    assert 'value="9 โมง"' in str(form["begins_at"])


def test_an_absurdly_long_day_is_refused_without_repeating_it_all():
    form = posted(held_on="1" * 1_000_000, begins_at=" " * 1_000_000)

    assert refusal("held_on", "1" * 1_000_000)[0] == "unreadable"
    assert form["held_on"].value() == "1" * 100 + "…"
    assert len(form.as_p()) < 10_000
    assert refusal("held_on", form["held_on"].value())[0] == "unreadable"


def test_the_last_day_allowed_is_tomorrow_in_bangkok():
    assert tomorrow() == date(2026, 11, 24)
    assert posted(held_on="24/11/69").is_valid()
    assert refusal("held_on", "25/11/69") == (
        "too_late",
        "25 Nov BE 2569 is too late. The last day allowed is 24 Nov BE 2569.",
    )


def test_the_first_day_allowed_is_in_2540():
    assert posted(held_on="1/1/2540").is_valid()
    assert refusal("held_on", "31/12/2539") == (
        "too_early",
        "31 Dec BE 2539 is too early. The first day allowed is 1 Jan BE 2540.",
    )


def test_a_form_may_set_other_limits():
    assert posted(next_on="25/8/48").is_valid()
    assert posted(next_on="31/12/48").is_valid()
    assert refusal("next_on", "24/8/48")[0] == "too_early"
    assert refusal("next_on", "1/1/49")[0] == "too_late"


def test_the_words_of_the_parser_reach_the_form():
    assert refusal("held_on", "31/02/2569")[0] == "no_such_day"
    assert refusal("held_on", "22/11/2026")[0] == "ce_year"
    assert refusal("begins_at", "9 โมง")[0] == "unreadable_time"


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (HELD_ON, "25 ส.ค. 2548", False),
        (HELD_ON, "2005-08-25", False),
        (HELD_ON, HELD_ON, False),
        (HELD_ON, "26 ส.ค. 2548", True),
        (HELD_ON, "", True),
        (HELD_ON, "เมื่อวาน", True),
        (None, "", False),
        (None, "25/8/48", True),
        (NOW, "23/11/69", False),
        (NOW, NOW, False),
    ],
)
def test_a_day_has_changed_only_when_another_day_was_typed(initial, typed, changed):
    assert ThaiDateField().has_changed(initial, typed) is changed


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (time(9), "9:00", False),
        (time(9, 0, 30, 5), "09.00", False),
        (time(9), time(9), False),
        (time(9), "09.01", True),
        (time(9), "9 โมง", True),
        (None, "", False),
    ],
)
def test_a_time_has_changed_only_when_another_time_was_typed(initial, typed, changed):
    assert ThaiTimeField().has_changed(initial, typed) is changed


def test_a_time_is_shown_with_a_point():
    form = MeetingForm(initial={"begins_at": time(9)})

    assert 'value="09.00"' in str(form["begins_at"])


@pytest.mark.parametrize("text", ["ป\ufffdย", "\ufffd" * 50, "ก\ud800"])
def test_text_that_arrived_damaged_is_refused(text):
    assert refusal("story", text) == (
        "broken_text",
        "Part of this text arrived damaged. Please type it again.",
    )


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x1b", "\x7f"])
def test_control_characters_are_refused(character):
    assert refusal("story", f"ปุ๋ย{character}") == (
        "control_characters",
        "This text contains characters that cannot be shown. Please type it again.",
    )


def test_line_ends_and_tabs_are_welcome():
    form = posted(story="ก\tข\r\nค\rง\nจ")

    assert form.is_valid()
    assert form.cleaned_data["story"] == "ก\tข\nค\nง\nจ"


def test_a_text_that_is_too_long_is_told_both_numbers():
    assert posted(story="ก" * 5000).is_valid()
    assert posted(story="ก\r\n" * 2500).is_valid()
    assert refusal("story", "ก" * 1_000_000) == (
        "max_length",
        "This text has 1000000 characters. It may have 5000 at most.",
    )


def test_a_text_may_have_another_length():
    assert ThaiTextField(max_length=None).clean("ก" * 9000) == "ก" * 9000
    assert ThaiTextField(max_length=3).clean(" กขค ") == "กขค"


def test_a_text_that_is_not_required_may_be_null():
    assert ThaiTextField(required=False, empty_value=None).clean("") is None


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=50))
def test_any_text_is_stored_as_it_will_be_shown_or_refused(text):
    field = ThaiTextField(required=False)
    stored = outcome(field, text)

    if isinstance(stored, forms.ValidationError):
        assert stored.code in {"broken_text", "control_characters"}
    else:
        assert field.clean(stored) == stored
        assert not field.has_changed(stored, text)


@settings(deadline=None)
@given(st.dates(date(1997, 1, 1), date(2026, 11, 24)))
def test_a_day_that_is_shown_can_be_sent_back(day):
    field = ThaiDateField()

    assert field.clean(field.prepare_value(day)) == day
    assert not field.has_changed(day, field.prepare_value(day))
    assert field.has_changed(day + timedelta(days=1), field.prepare_value(day))
