"""A picture decoded and encoded anew: nothing but its pixels comes through."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

MAX_UPLOAD_BYTES = 12 * 1024 * 1024
# Of a 50-megapixel camera.
MAX_PIXELS = 52_000_000
# PNG and WEBP are decoded at full size; only a JPEG can be read smaller at once.
MAX_PIXELS_WHOLE = 20_000_000
# Each scan of a JPEG visits every block of it, and an empty one is a few bytes long;
# cameras write one, the tools of the web about ten.
MAX_SCANS = 100
MAX_PIXELS_SCANNED = 16 * MAX_PIXELS
# Pillow reads part by part, and a part can be as good as empty.
MAX_PARTS = 10_000
MAX_FILLING = 1024
MAX_SIDE = 1600
AIM_BYTES = 250_000

# Smaller only when the lowest quality of a size is still too heavy.
_SIDES = (MAX_SIDE, 1280, 1024)
_QUALITIES = (82, 74, 66, 58)

_FORMATS = ["JPEG", "PNG", "WEBP"]
_ORIENTATION = 0x0112
# Neither an escaped FF nor a restart: those belong to the pixels.
_JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
# Lossless or arithmetic coding: no camera writes it, and it is slow to read.
_RARE_JPEG = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

# What Pillow's readers raise for a file that is cut off or lies about itself.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)

_REFUSALS = {
    "empty": _("This file is empty. Choose the picture again."),
    "too_large": _("This picture is larger than 12 MB. Choose a smaller one."),
    "heic": _(
        "This picture is HEIC, which not everybody can open. Choose “JPEG” or “most"
        " compatible” in the camera's settings, or send a screenshot of it."
    ),
    "drawing": _("This is a drawing (SVG), not a photo. Send a JPEG or PNG picture."),
    "web_page": _("This is a web page, not a picture, whatever its name says."),
    "not_a_picture": _("This is not a picture. Send JPEG, PNG or WEBP."),
    "animated": _("This picture moves. Send one that stands still."),
    "too_many_pixels": _("This picture has too many pixels. Choose a smaller one."),
    "unusual": _("This picture is packed in an unusual way. Send a screenshot of it."),
    "damaged": _("Part of this picture is missing. Choose it again."),
}

# A warning can be overlooked; a picture that unpacks to gigabytes may not be.
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class CleanPhoto:
    """A JPEG without metadata, its sides in pixels."""

    content: bytes
    width: int
    height: int


def clean_photo(file: BinaryIO | bytes) -> CleanPhoto:
    """Return the picture in *file*: upright, RGB, at most 1600 px, aiming at 250 KB.

    Believes the content, never a name.  Raises ValidationError with one of the codes
    empty, too_large, heic, drawing, web_page, not_a_picture, animated,
    too_many_pixels, unusual, damaged, and words that say what to do.
    """
    content = file if isinstance(file, bytes) else file.read(MAX_UPLOAD_BYTES + 1)
    if not content:
        _refuse("empty")
    if len(content) > MAX_UPLOAD_BYTES:
        _refuse("too_large")
    scans = _scans(content)
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            _check(image, scans)
            pixels = _pixels(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse("too_many_pixels")
    except UnidentifiedImageError:
        _refuse(_kind(content))
    except _BROKEN as error:
        if isinstance(error, ValidationError):
            raise
        _refuse("damaged")
    return _encode(pixels)


def _refuse(code: str) -> NoReturn:
    raise ValidationError(_REFUSALS[code], code=code)


def _kind(content: bytes) -> str:
    """Return the code that tells best what is not a picture."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    beginning = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in beginning and beginning.startswith((b"<svg", b"<?xml", b"<!")):
        return "drawing"
    if beginning.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script")):
        return "web_page"
    # A picture by its first bytes, and not readable.
    if beginning.startswith((b"\xff\xd8\xff", b"\x89png", b"riff")):
        return "damaged"
    return "not_a_picture"


def _scans(content: bytes) -> int:
    """Return how often a JPEG goes over its pixels, 1 for others; refuse (unusual)
    what would keep the readers busy, without reading a pixel."""
    if content.startswith(_PNG_SIGNATURE):
        _check_chunks(content)
    if not content.startswith(b"\xff\xd8\xff"):
        return 1
    scans, at = 0, 2
    for _part in range(MAX_PARTS):
        marker = _JPEG_MARKER.search(content, at)
        # Before the first scan Pillow goes through what lies between byte by byte.
        if (
            not scans
            and (marker.start() if marker else len(content)) - at > MAX_FILLING
        ):
            break
        if marker is None or marker[1][0] == _END_OF_IMAGE:
            return scans
        scans += marker[1][0] == _START_OF_SCAN
        if scans > MAX_SCANS or marker[1][0] in _RARE_JPEG:
            break
        at = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2])
    _refuse("unusual")


def _check_chunks(content: bytes) -> None:
    at = len(_PNG_SIGNATURE)
    for _part in range(MAX_PARTS):
        if at >= len(content):
            return
        # Its length and name, and four bytes to check it by.
        at += 12 + int.from_bytes(content[at : at + 4])
    _refuse("unusual")


def _check(image: Image.Image, scans: int) -> None:
    """Refuse by what the header says, before a single pixel is decoded."""
    # A phone's JPEG may carry a depth map behind it (MPO): its first picture counts.
    is_jpeg = image.format in {"JPEG", "MPO"}
    if image.width * image.height > (MAX_PIXELS if is_jpeg else MAX_PIXELS_WHOLE):
        _refuse("too_many_pixels")
    if image.width * image.height * scans > MAX_PIXELS_SCANNED:
        _refuse("unusual")
    if getattr(image, "is_animated", False) and not is_jpeg:
        _refuse("animated")


def _pixels(image: Image.Image) -> Image.Image:
    """Return a new picture, upright and small, that carries nothing else along."""
    turns = _TURNS.get(_orientation(image), [])
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.load()
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    for turn in turns:
        image = image.transpose(turn)
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        clean.paste(image, mask=image.getchannel("A"))
    else:
        clean.paste(_eight_bits(image).convert("RGB"))
    return clean


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        # Unreadable notes about a picture are no reason to refuse it.
        return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    # Converting would cut off at 255, which leaves a white sheet.
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    return image


def _encode(pixels: Image.Image) -> CleanPhoto:
    """Return the best of the tries that is light enough, else the lightest."""
    for photo in _tries(pixels):
        if len(photo.content) <= AIM_BYTES:
            break
    return photo


def _tries(pixels: Image.Image) -> Iterator[CleanPhoto]:
    for side in _SIDES:
        pixels.thumbnail((side, side))
        for quality in _QUALITIES:
            output = BytesIO()
            pixels.save(output, "JPEG", quality=quality, optimize=True)
            yield CleanPhoto(output.getvalue(), *pixels.size)
