"""Pictures that are small to send and long to read: refused before they are read."""

import io
import struct
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from circles.images import MAX_PARTS, clean_photo
from tests.factories_uploads import noise, picture

END = b"\xff\xd9"
# "The same once more, one bit finer", said of 27,306 blocks in fifteen bits.
SKIP = ("0" + "10" * 7, 27_306)


def progressive(side, mode="RGB"):
    return picture("JPEG", (side, side), mode=mode, color=128, progressive=True)


def empty_scan(side):
    """Return a scan that changes nothing and has every block looked through."""
    bits = SKIP[0] * -(-((side // 8) ** 2) // SKIP[1])
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    table = b"\xff\xc4\0\x14\x10\1" + b"\0" * 15 + b"\xe0"
    return table + b"\xff\xda\0\x08\1\1\0\1\x3f\x10" + data


def bomb(side, scans, mode="RGB"):
    picture = progressive(side, mode).removesuffix(END)
    return picture + empty_scan(side) * (scans - picture.count(b"\xff\xda")) + END


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + (body := kind + data) + crc(body)


def crc(body):
    return struct.pack(">I", zlib.crc32(body))


def after_first_bytes(jpeg, more):
    return jpeg[:2] + more + jpeg[2:]


def arithmetic():
    return picture("JPEG").replace(b"\xff\xc0", b"\xff\xc9")


def hidden_scans():
    """Return many scans behind a marker that is none and reads as if it hid them."""
    first = progressive(64).removesuffix(END)
    return first + b"\xff\x02\xf0\0" + empty_scan(64) * 101 + END


def slow_ones():
    jpeg, png = picture("JPEG"), picture("PNG")
    yield "101 scans", bomb(64, 101)
    yield "a megabyte of scans", bomb(7200, 8000, "L")
    yield "17 scans of 52 megapixels", bomb(7200, 17, "L")
    yield "scans behind a false marker", hidden_scans()
    yield "arithmetic coding", arithmetic()
    yield "empty comments", after_first_bytes(jpeg, b"\xff\xfe\0\2" * 2_500_000)
    yield "filling", after_first_bytes(jpeg, b"\xff" * 10_000_000)
    yield "filling to the end", b"\xff\xd8" + b"\xff" * 10_000_000
    yield "escaped filling", after_first_bytes(jpeg, b"\xff\0" * 5_000_000)
    yield "restarts", after_first_bytes(jpeg, b"\xff\xd0" * 5_000_000)
    yield "empty chunks", png[:33] + chunk(b"teSt") * 900_000 + png[33:]


@pytest.mark.parametrize(
    "content", [one for _name, one in slow_ones()], ids=dict(slow_ones())
)
def test_what_keeps_a_reader_busy_is_refused_at_once(content):
    began = time.perf_counter()

    with pytest.raises(ValidationError) as refusal:
        clean_photo(content)

    assert refusal.value.code == "unusual"
    assert time.perf_counter() - began < 0.5


def test_the_slowest_that_is_taken_is_fast():
    content = bomb(7200, 16, "L")
    began = time.perf_counter()

    assert clean_photo(content).width == 1600

    assert time.perf_counter() - began < 1.5, "half a second on a quiet machine"


def pictures_of_the_web():
    yield "progressive", noise((800, 600), progressive=True)
    yield "with restarts", noise((800, 600), restart_marker_blocks=1)
    yield "many scans of a small one", bomb(640, 100)
    # A film behind the picture is not looked through.
    yield "moving photo", picture("JPEG") + b"\xff\xda" * 5000
    yield "large notes", picture("JPEG", comment=b"\xff\xda" * 5000)
    yield "odd filling", after_first_bytes(picture("JPEG"), b"\xff" * 9)
    png = picture("PNG")
    yield "PNG in chunks", png[:33] + chunk(b"teSt") * (MAX_PARTS // 2) + png[33:]


@pytest.mark.parametrize(
    "content",
    [one for _name, one in pictures_of_the_web()],
    ids=dict(pictures_of_the_web()),
)
def test_what_cameras_and_tools_write_is_taken(content):
    assert Image.open(io.BytesIO(clean_photo(content).content)).format == "JPEG"
