"""Pictures for the sample sessions: plain shapes, so that nobody is on them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = 1200, 900
SKY, HILL, FIELD = "#dbeef0", "#9cc9a4", "#c9dfa8"
EARTH, DARK_EARTH, LEAF = "#8a5a3b", "#6b432b", "#2f8f5b"
PAPER, INK, WOOD = "#fffdf5", "#3a4a52", "#b98a5a"
TEAL, ORANGE, PURPLE, GOLD = "#1f8a8c", "#e0762f", "#7a5aa6", "#f4b81e"
CLOTHES = TEAL, ORANGE, PURPLE, GOLD, LEAF

type Drawing = ImageDraw.ImageDraw


def draw(name: str) -> bytes:
    """Return the picture of that name ("heap", "chart", "plots") as PNG."""
    image = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(image)
    _land(pen)
    PICTURES[name](pen)
    output = BytesIO()
    # Small files do not matter here: whoever stores it encodes it anew.
    image.save(output, "PNG", compress_level=1)
    return output.getvalue()


def _land(pen: Drawing) -> None:
    pen.ellipse((-300, 330, 800, 1100), fill=HILL)
    pen.ellipse((500, 380, 1500, 1100), fill=HILL)
    pen.rectangle((0, 600, *SIZE), fill=FIELD)


def _heap(pen: Drawing) -> None:
    """People round a heap of compost."""
    _row(pen, 470, [250, 430, 610, 790, 970])
    pen.pieslice((330, 480, 870, 1000), 180, 360, fill=DARK_EARTH)
    pen.pieslice((390, 530, 760, 940), 180, 360, fill=EARTH)
    for x, y in [(470, 640), (560, 590), (650, 650), (720, 610), (600, 690)]:
        pen.ellipse((x, y, x + 34, y + 18), fill=LEAF)
    _row(pen, 680, [150, 330, 880, 1050])


def _chart(pen: Drawing) -> None:
    """A flip chart, and people before it."""
    pen.line((420, 640, 360, 860), fill=WOOD, width=18)
    pen.line((780, 640, 840, 860), fill=WOOD, width=18)
    pen.rectangle((350, 110, 850, 660), fill=PAPER, outline=WOOD, width=14)
    for number, width in enumerate([300, 380, 340, 250, 360]):
        y = 190 + 70 * number
        pen.ellipse((395, y - 12, 419, y + 12), fill=CLOTHES[number])
        pen.line((440, y, 440 + width, y), fill=INK, width=8)
    pen.line((400, 560, 520, 610, 640, 560, 800, 600), fill=TEAL, width=14)
    _row(pen, 660, [120, 280, 930, 1090])


def _plots(pen: Drawing) -> None:
    """Beds of vegetables along a fence."""
    for x in range(30, SIZE[0], 90):
        pen.rectangle((x, 430, x + 22, 640), fill=WOOD)
    pen.rectangle((0, 490, SIZE[0], 512), fill=WOOD)
    for bed, y in enumerate([620, 710, 800]):
        pen.rounded_rectangle((60, y, 1140, y + 62), radius=28, fill=EARTH)
        for x in range(110, 1110, 85):
            crown = LEAF if (bed + x) % 2 else TEAL
            pen.ellipse((x, y - 34, x + 52, y + 26), fill=crown)
    _row(pen, 360, [880, 1040])


def _row(pen: Drawing, y: int, places: list[int]) -> None:
    for number, x in enumerate(places):
        _person(pen, x, y, CLOTHES[(number + y) % len(CLOTHES)])


def _person(pen: Drawing, x: int, y: int, clothes: str) -> None:
    """A head and shoulders, nobody's face."""
    pen.pieslice((x - 75, y + 62, x + 75, y + 262), 180, 360, fill=clothes)
    pen.rectangle((x - 75, y + 160, x + 75, y + 205), fill=clothes)
    pen.ellipse((x - 42, y - 20, x + 42, y + 64), fill=clothes, outline=PAPER, width=5)


PICTURES: dict[str, Callable[[Drawing], None]] = {
    "heap": _heap,
    "chart": _chart,
    "plots": _plots,
}
