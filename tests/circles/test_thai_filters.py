from datetime import UTC, date, datetime, time

import pytest
from django.template import Context, Engine
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy, override
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.templatetags.thai import nowrap, register

DAY = date(2026, 11, 22)
AFTERNOON = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
FILTERS = [
    "thai_date",
    "thai_date_full",
    "thai_weekday_date",
    "thai_month",
    "thai_time",
    "thai_datetime",
    "fiscal_year",
    "initial",
    "nowrap",
]


def render(expression, **context):
    engine = Engine(libraries={"thai": "circles.templatetags.thai"})
    template = engine.from_string("{% load thai %}{{ " + expression + " }}")
    with override("th"):
        return template.render(Context(context))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("thai_date", DAY, "22 พ.ย. 2569"),
        ("thai_date", AFTERNOON, "22 พ.ย. 2569"),
        ("thai_date_full", DAY, "วันอาทิตย์ที่ 22 พฤศจิกายน พ.ศ. 2569"),
        ("thai_weekday_date", DAY, "อา. 22 พ.ย. 2569"),
        ("thai_month", DAY, "พ.ย. 69"),
        ("thai_time", time(0), "00.00 น."),
        ("thai_datetime", AFTERNOON, "22 พ.ย. 2569 14.30 น."),
        ("fiscal_year", date(2005, 10, 10), "2549"),
        ("initial", "เกษตร", "ก"),
        ("initial", "", "·"),
        ("nowrap", "ต.ท่าไร่", '<span class="nowrap">ต.ท่าไร่</span>'),
    ],
)
def test_a_filter_shows_its_value(name, value, shown):
    assert render(f"value|{name}", value=value) == shown


@pytest.mark.parametrize("name", FILTERS)
def test_nothing_is_shown_as_nothing(name):
    assert render(f"value|{name}", value=None) == ""


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "initial"])
def test_a_missing_value_is_shown_as_nothing(name):
    assert render(f"missing|{name}") == ""


def test_these_are_all_the_filters():
    assert set(register.filters) == set(FILTERS)


def test_a_filter_may_follow_another():
    shown = '<span class="nowrap">22 พ.ย. 2569</span>'

    assert render("value|thai_date|nowrap", value=DAY) == shown


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("วงคุณอำนวย ต.ท่าไร่", ["ต.ท่าไร่"]),
        ("วงปุ๋ย (ม.3 ต.ท่าไร่)", ["ม.3", "ต.ท่าไร่"]),
        ("วงปุ๋ย ม.3 บ้านบางหลวง ต.ท่าไร่", ["ม.3 บ้านบางหลวง", "ต.ท่าไร่"]),
        ("ม.3 บ้านบางหลวง", ["ม.3 บ้านบางหลวง"]),
        ("ม.3 บ้านซึ่งมีคนเล่าเรื่องปุ๋ยหมักชีวภาพ", ["ม.3"]),
        ("พบกัน 22 พ.ย. 2569", ["22 พ.ย. 2569"]),
        ("พบกัน อา. 22 พ.ย. 2569 14.30 น. ที่วัด", ["อา. 22 พ.ย. 2569 14.30 น."]),
        ("on Sun 22 Nov 2569 14.30 at the wat", ["Sun 22 Nov 2569 14.30"]),
        ("เริ่ม 09.00 น. เลิก 11.00 น.", ["09.00 น.", "11.00 น."]),
        ("ตั้งแต่ พ.ย. ถึง ธ.ค. มี 40 เรื่องที่ได้เรียนรู้", []),
        ("ต.ท่าไร่ซึ่งเป็นตำบลเป้าหมายของจังหวัด มาด้วย", []),
        ("สมชาย ใจดี", ["สมชาย ใจดี"]),
        ("ผู้ใหญ่เล่าเรื่องการทำปุ๋ยหมักชีวภาพจากใบไม้", []),
        ("", []),
    ],
)
def test_what_belongs_together_is_not_broken(text, parts):
    expected = text
    for part in parts:
        expected = expected.replace(part, f'<span class="nowrap">{part}</span>')

    assert nowrap(text) == expected
    assert isinstance(nowrap(text), SafeString)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>", '<span class="nowrap">&lt;b&gt;</span>'),
        ("ก & ต.<i>", 'ก &amp; <span class="nowrap">ต.&lt;i&gt;</span>'),
        ("'" * 31, "&#x27;" * 31),
    ],
)
def test_text_is_escaped(text, shown):
    assert nowrap(text) == shown
    assert render("text|nowrap", text=text) == shown


def test_safe_html_comes_back_untouched():
    html = mark_safe("<b>ต.ท่าไร่</b>")

    assert nowrap(html) is html


def test_a_lazy_text_is_a_text():
    assert nowrap(gettext_lazy("xyzzy")) == '<span class="nowrap">xyzzy</span>'


@settings(deadline=None)
@given(st.text("กตมบ้าน.3 <>&'\"/พย2569"))
def test_nothing_of_a_text_is_lost_or_let_through(text):
    html = nowrap(text)

    bare = html.replace('<span class="nowrap">', "").replace("</span>", "")
    assert "<" not in bare
    assert ">" not in bare
    unescaped = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    assert unescaped.replace("&#x27;", "'").replace("&amp;", "&") == text
    assert strip_tags(html) == bare
