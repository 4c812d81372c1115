"""The days that a circle's rhythm proposes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.cadence import HOLIDAYS, holiday, proposed_days

NOV_22 = date(2026, 11, 22)  # a Sunday


def proposed(last=NOV_22, every=14, **given):
    return proposed_days(last, every, **({"count": 3, "since": NOV_22} | given))


def test_the_rhythm_goes_on_from_the_last_meeting():
    assert proposed() == [date(2026, 12, 6), date(2026, 12, 20), date(2027, 1, 3)]


def test_an_interrupted_rhythm_keeps_its_day_of_the_week():
    days = proposed(last=date(2026, 8, 4), every=7)  # a Tuesday, months ago

    assert days == [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8)]


def test_today_may_be_proposed_and_the_last_meeting_may_not():
    assert proposed(last=date(2026, 11, 8))[0] == NOV_22
    assert proposed(last=NOV_22)[0] > NOV_22


def test_skips_are_replaced_by_later_days():
    days = proposed(skips={date(2026, 12, 6)})

    assert days == [date(2026, 12, 20), date(2027, 1, 3), date(2027, 1, 17)]


def test_nothing_is_proposed_beyond_the_limit():
    assert proposed(until=date(2026, 12, 19)) == [date(2026, 12, 6)]
    assert proposed(last=date(9999, 12, 30), since=NOV_22) == []


@given(
    last=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    since=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    every=st.sampled_from([7, 14, 28]),
)
def test_every_day_is_ahead_in_step_and_the_first_possible(last, since, every):
    days = proposed_days(last, every, count=6, since=since)

    assert len(days) == 6
    assert all(day >= since and day > last for day in days)
    assert {(day - last).days % every for day in days} == {0}
    before = days[0] - timedelta(days=every)
    assert before < since or before <= last


@pytest.mark.parametrize("day", [date(2027, 4, 14), date(2026, 12, 10)])
def test_holidays_of_a_fixed_date_are_named(day):
    assert holiday(day)


def test_other_days_are_no_holidays():
    assert len(HOLIDAYS) == 15
    assert holiday(NOV_22) == ""
