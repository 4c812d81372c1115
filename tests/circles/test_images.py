"""What a picture may be, and that nothing but its pixels comes through."""

import contextlib
import io
import random
import struct
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from circles.images import AIM_BYTES, MAX_UPLOAD_BYTES, clean_photo
from tests.factories_uploads import noise, picture

PAYLOAD = b"<script>alert('kmcity')</script>"


def cleaned(content):
    photo = clean_photo(content)
    image = Image.open(io.BytesIO(photo.content), formats=["JPEG"])
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == (photo.width, photo.height)
    return photo, image


def code_of(content):
    with pytest.raises(ValidationError) as refusal:
        clean_photo(content)
    assert str(refusal.value.messages[0])
    return refusal.value.code


def near(pixel, colour, by=12):
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def exif(orientation=1, **gps):
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = "PAYLOAD in the notes"
    if gps:
        notes.get_ifd(0x8825).update({1: "N", 2: (8.0, 25.0, 0.0), 3: "E"})
    return notes


def png_header(width, height):
    """Return a PNG that says how large it is and holds next to nothing."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def heic(brand=b"heic"):
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1" + b"\0" * 500


def moving(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, kind, save_all=True, append_images=frames[1:])
    return output.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_encoded_anew(kind):
    _photo, image = cleaned(picture(kind, (640, 480), color=(200, 30, 30)))

    assert image.size == (640, 480)
    assert near(image.getpixel((320, 240)), (200, 30, 30))


def test_a_large_one_becomes_small_and_light():
    photo, image = cleaned(noise((4000, 3000)))

    assert max(image.size) <= 1600
    assert len(photo.content) <= AIM_BYTES
    assert image.width / image.height == pytest.approx(4 / 3, abs=0.01)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_it_was_taken_is_gone(kind):
    content = picture(kind, exif=exif(gps=True))
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)

    photo, image = cleaned(content)

    assert not image.getexif()
    assert b"Exif" not in photo.content
    assert b"PAYLOAD" not in photo.content


@pytest.mark.parametrize(
    ("orientation", "corner"),
    list(enumerate([(0, 0), (1, 0), (1, 1), (0, 1)] * 2, start=1)),
)
def test_it_stands_upright(orientation, corner):
    """The red corner lies where the camera's note says that it belongs."""
    image = Image.new("RGB", (64, 32), "white")
    image.paste((255, 0, 0), (0, 0, 16, 8))
    output = io.BytesIO()
    image.save(output, "JPEG", quality=95, exif=exif(orientation))

    photo, upright = cleaned(output.getvalue())

    is_turned = orientation >= 5
    assert (photo.width, photo.height) == ((32, 64) if is_turned else (64, 32))
    x, y = (3 + corner[0] * (photo.width - 7), 3 + corner[1] * (photo.height - 7))
    assert near(upright.getpixel((x, y)), (255, 0, 0), by=60)


def hidden_payloads():
    jpeg = picture("JPEG", (300, 200))
    yield "behind the end", jpeg + PAYLOAD
    yield "a comment", picture("JPEG", (300, 200), comment=PAYLOAD)
    yield "a colour profile", picture("JPEG", (300, 200), icc_profile=PAYLOAD * 9)
    yield "XMP", picture("JPEG", (300, 200), xmp=PAYLOAD)
    length = struct.pack(">H", len(PAYLOAD) + 2)
    yield "the first segment", jpeg[:2] + b"\xff\xe9" + length + PAYLOAD + jpeg[2:]
    yield "a web picture", picture("WEBP", (300, 200), xmp=PAYLOAD)


@pytest.mark.parametrize(
    "content", [one for _name, one in hidden_payloads()], ids=dict(hidden_payloads())
)
def test_no_byte_of_a_hidden_page_survives(content):
    assert PAYLOAD in content

    photo, _image = cleaned(content)

    assert b"script" not in photo.content
    assert b"alert" not in photo.content


def test_odd_colours_come_out_right():
    cmyk = picture("JPEG", mode="CMYK", color=(0, 255, 255, 0))
    deep = picture("PNG", mode="I;16", color=32768)
    grey = picture("PNG", mode="L", color=128)
    palette = Image.new("P", (20, 20), 1)
    palette.putpalette([0, 0, 0, 10, 200, 10])
    output = io.BytesIO()
    palette.paste(0, (0, 0, 10, 20))
    palette.save(output, "PNG", transparency=0)

    assert near(cleaned(cmyk)[1].getpixel((5, 5)), (255, 0, 0))
    assert near(cleaned(deep)[1].getpixel((5, 5)), (128, 128, 128))
    assert near(cleaned(grey)[1].getpixel((5, 5)), (128, 128, 128))
    shown = cleaned(output.getvalue())[1]
    assert near(shown.getpixel((3, 10)), (255, 255, 255), by=20)
    assert near(shown.getpixel((16, 10)), (10, 200, 10), by=30)


def test_what_shines_through_lies_on_white():
    content = picture("PNG", mode="RGBA", color=(255, 0, 0, 0))

    assert near(cleaned(content)[1].getpixel((5, 5)), (255, 255, 255))


def test_a_phones_picture_with_a_depth_map_behind_it_is_taken():
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, "MPO", save_all=True, append_images=frames[1:])

    assert near(cleaned(output.getvalue())[1].getpixel((5, 5)), (255, 0, 0))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_notes_that_cannot_be_read_are_no_reason_to_refuse():
    content = picture("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")

    assert cleaned(content)[1].size == (64, 48)


def refused():
    jpeg = noise((400, 300))
    yield "nothing", b"", "empty"
    yield "60 MB", b"\xff\xd8\xff" + b"\0" * (60 * 1024 * 1024), "too_large"
    yield "one byte too many", jpeg + b"\0" * MAX_UPLOAD_BYTES, "too_large"
    yield "bomb", png_header(50_000, 50_000), "too_many_pixels"
    yield "half a bomb", png_header(10_000, 10_000), "too_many_pixels"
    yield "quarter of a bomb", png_header(5_000, 5_000), "too_many_pixels"
    yield "drawing", b"<?xml version='1.0'?>\n<svg xmlns='x'></svg>", "drawing"
    yield "bare drawing", b"\xef\xbb\xbf <SVG onload='alert(1)'/>", "drawing"
    yield "page", b"<!DOCTYPE html><script>1</script>", "web_page"
    yield "page as JPEG", b"<html>" + jpeg, "web_page"
    yield "HEIC", heic(), "heic"
    yield "HEIF", heic(b"mif1"), "heic"
    yield "AVIF", heic(b"avif"), "heic"
    yield "GIF", picture("GIF", mode="L", color=1), "not_a_picture"
    yield "TIFF", picture("TIFF"), "not_a_picture"
    yield "EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_picture"
    yield "text", "ไม่ใช่รูป".encode(), "not_a_picture"
    yield "moving PNG", moving("PNG"), "animated"
    yield "moving WEBP", moving("WEBP"), "animated"
    yield "half a JPEG", jpeg[: len(jpeg) // 2], "damaged"
    yield "a JPEG's beginning", jpeg[:12], "damaged"
    yield "half a PNG", png_header(100, 100)[:60], "damaged"
    yield "an empty PNG", png_header(100, 100), "damaged"
    yield "half a WEBP", picture("WEBP", (400, 300))[:40], "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [one[1:] for one in refused()],
    ids=[one[0] for one in refused()],
)
def test_everything_else_is_refused_in_words_and_at_once(content, code):
    began = time.perf_counter()

    assert code_of(content) == code
    assert time.perf_counter() - began < 1


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about odd notes
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_bytes_turned_over_are_never_an_error_of_ours(kind):
    content, dice = picture(kind, (80, 60)), random.Random(2549)  # noqa: S311 -- not a secret
    for _round in range(200):
        broken = bytearray(content)
        for _byte in range(4):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        with contextlib.suppress(ValidationError):
            clean_photo(bytes(broken))
