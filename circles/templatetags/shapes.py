"""The small drawings of the design: icons, role marks, faces, seats round a table.

SVG attributes only, no style: the content security policy allows nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from circles import thai
from circles.models import User
from circles.permissions import Permission, Role, holds
from circles.reports import Seating

register = template.Library()

# Hat: the design's word for its shape and colour.
SHAPES = {
    Role.KHUN_UA: "uea",
    Role.KHUN_AMNUAY: "amnuay",
    Role.KHUN_KIJ: "kit",
    Role.KHUN_LIKHIT: "likhit",
}

HATS = {
    Role.KHUN_UA: gettext_lazy("Khun Ua"),
    Role.KHUN_AMNUAY: gettext_lazy("Khun Amnuay"),
    Role.KHUN_KIJ: gettext_lazy("Khun Kij"),
    Role.KHUN_LIKHIT: gettext_lazy("Khun Likhit"),
}

ICONS = {
    "home": "M4 11 12 4l8 7v9h-5.5v-6h-5v6H4z",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "flag": "M6 21V4M6 4h11l-2.5 4L17 12H6",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "back": "M15 5.5 8.5 12l6.5 6.5",
    "forward": "m9 5.5 6.5 6.5L9 18.5",
    "down": "m6 9 6 6 6-6",
    "send": "M21 3 3 10.5l7 3 3 7z",
    "pencil": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z",
    "calendar": "M4 5h16v15.5H4zM4 10h16M8 2.5v4M16 2.5v4",
    "chart": "M4 20V10M10 20V4M16 20v-7M21 20H3",
    "mail": "M3 5.5h18V19H3zM3.5 7l8.5 6.5L20.5 7",
    "warning": "M12 3 2 20.5h20zM12 9.500v5M12 17.500v.2",
    "story": "M4 4.500h16v11.500h-8L7 20v-4H4z",
    "tea": "M6 4h12l-1.500 16h-9zM6.600 10h10.800",
    "camera": "M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 9.500a3.500 3.500 0 1 0 .1 0",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7v5.5l3.5 2",
    "people": "M9 4.5a3.5 3.5 0 1 0 .1 0M3 20c0-9 12-9 12 0M16 5q3 3 0 6M18 14q3 2 3 6",
    "more": "M4 6.500h16M4 12h16M4 17.500h16",
    "print": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "key": "M15.500 4a5 5 0 1 0 .1 0M11.800 12.500 4 20.300h3.500v-2.500h2.500v-2.500",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon; it always stands beside words and is hidden from readers."""
    return format_html(
        '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        ICONS[name],
    )


@register.filter
def shape(role: str) -> str:
    """Return the design's word for the hat *role*: "uea", "amnuay", "kit", "likhit"."""
    return SHAPES[Role(role)]


@register.filter
def hat(role: str) -> str:
    """Return the hat's name alone: "Khun Ua"; in Thai คุณเอื้อ."""
    return str(HATS[Role(role)])


@register.simple_tag
def mark(role: str) -> SafeString:
    """Draw the small sign of a hat, to stand before its word."""
    return format_html(
        '<svg class="mark mark--{}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        SHAPES[Role(role)],
        _figure(role, 10, 10, 7.8, ""),
    )


@register.simple_tag
def role_word(role: str, count: int | None = None) -> SafeString:
    """Draw the hat's mark and its name; with *count* also how many people."""
    words = hat(role)
    if count is not None:
        people = ngettext("%(name)s, %(n)s person", "%(name)s, %(n)s people", count)
        words = people % {"name": words, "n": count}
    return format_html(
        '<span class="role role--{}">{}{}</span>',
        SHAPES[Role(role)],
        mark(role),
        words,
    )


@register.simple_tag
def face(role: str, name: str) -> SafeString:
    """Draw a person's face: the hat's shape with the initial."""
    return format_html(
        '<svg class="face face--{}" viewBox="0 0 48 48" aria-hidden="true">{}'
        '<text x="24" y="30">{}</text></svg>',
        SHAPES[Role(role)],
        _figure(role, 24, 24, 18.6, ""),
        thai.initial(name),
    )


@register.simple_tag
def own_circles(user: User) -> bool:
    """Return whether *user* may have circles of their own, or figures alone."""
    return not user.current_assignments or holds(user, Permission.VIEW_NAMES)


MAX_SEATS_DRAWN = 24
MIDDLE, TABLE_RADIUS, SEAT_RADIUS = 110, 90, 10


@register.simple_tag
def ring(seatings: Iterable[Seating], label: str, figure: str, unit: str) -> SafeString:
    """Draw the seats round the table, filled where taken; at most 24 of them.

    *label* says the same in words; *figure* and *unit* stand on the table.
    """
    seats = [
        (seating.role, number < seating.present_count)
        for seating in seatings
        for number in range(seating.seat_count)
    ][:MAX_SEATS_DRAWN]
    drawn = (
        (_figure(role, *_round_table(n, len(seats)), SEAT_RADIUS, _seat(role, taken)),)
        for n, (role, taken) in enumerate(seats)
    )
    return format_html(
        '<svg class="ring" viewBox="0 0 220 220" role="img" aria-label="{}">'
        '<circle class="table" cx="110" cy="110" r="62"/>{}'
        '<text class="n" x="110" y="116">{}</text>'
        '<text class="u" x="110" y="140">{}</text></svg>',
        label,
        format_html_join("", "{}", drawn),
        figure,
        unit,
    )


def _round_table(n: int, total: int) -> tuple[float, float]:
    angle = 2 * pi * n / total
    return MIDDLE + TABLE_RADIUS * sin(angle), MIDDLE - TABLE_RADIUS * cos(angle)


def _seat(role: str, taken: bool) -> str:
    return f"seat seat--{SHAPES[Role(role)]}{' is-in' if taken else ''}"


def _figure(role: str, x: float, y: float, r: float, classes: str) -> SafeString:
    """Return the hat's shape round (x, y): diamond, square, circle or triangle."""
    match Role(role):
        case Role.KHUN_UA:
            d = r * 1.25
            right = f"M{x:.1f} {y - d:.1f}L{x + d:.1f} {y:.1f}"
            left = f"L{x:.1f} {y + d:.1f}L{x - d:.1f} {y:.1f}Z"
            return format_html('<path class="{}" d="{}"/>', classes, right + left)
        case Role.KHUN_AMNUAY:
            a = r * 0.92
            return format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
                classes,
                *(f"{number:.1f}" for number in (x - a, y - a, 2 * a, 2 * a)),
            )
        case Role.KHUN_LIKHIT:
            d = r * 1.2
            path = f"M{x:.1f} {y - d:.1f}L{x + d:.1f} {y + d * 0.8:.1f}"
            return format_html(
                '<path class="{}" d="{}"/>', classes, f"{path}H{x - d:.1f}Z"
            )
        case _:
            return format_html(
                '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
                classes,
                *(f"{number:.1f}" for number in (x, y, r)),
            )


@register.inclusion_tag("_scene.html")
def celebration_scene(seatings: Iterable[Seating], number: int) -> dict[str, Any]:
    """Draw stone *number* with its flag, and the circle's people seated round it."""
    seats = [seating.role for seating in seatings for _n in range(seating.seat_count)][
        :MAX_SEATS_DRAWN
    ]
    people = [_person(role, n, len(seats)) for n, role in enumerate(seats)]
    return {
        "number": number,
        "back": [one for one in people if one["y"] < 262],
        "front": sorted(
            (one for one in people if one["y"] >= 262), key=lambda one: one["y"]
        ),
    }


def _person(role: str, n: int, total: int) -> dict[str, Any]:
    """Return where person *n* sits on the ellipse round the stone, which leaves
    the sixth part behind the stone free; nearer people are larger."""
    angle = pi / 6 + (n + 0.5) / total * 2 * pi * 5 / 6
    x, y = 360 + 192 * sin(angle), 276 - 54 * cos(angle)
    r = 6.9 + (y - 229) / 99 * 4.6
    return {
        "x": round(x, 1),
        "y": round(y, 1),
        "shade": (round(r * 1.31, 1), round(r * 0.42, 1)),
        "body": f"M{x - 1.64 * r:.1f} {y:.1f}C{x - 1.64 * r:.1f} {y - 2.18 * r:.1f}"
        f" {x + 1.64 * r:.1f} {y - 2.18 * r:.1f} {x + 1.64 * r:.1f} {y:.1f}Z",
        "shape": SHAPES[Role(role)],
        "head": _figure(role, x, y - 3.03 * r, r, f"cheer-{SHAPES[Role(role)]}"),
    }
