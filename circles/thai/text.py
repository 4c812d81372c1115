"""Cleaning what people type and paste, and folding it for search."""

import re
import unicodedata

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

# Zero-width space, non-joiner, word joiner, byte order mark, and bidi controls; soft
# hyphen, grapheme joiner, Mongolian and Khmer signs that nobody sees.
_INVISIBLE = re.compile(
    "[\u200b\u200c\u2060-\u2064\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
    "\u00ad\u034f\u17b4\u17b5\u180b-\u180f\ufff9-\ufffb]"
)
# Letters of other scripts that look like a blank: Hangul fillers, empty Braille.
_LOOKS_BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
# Nothing is seen of these alone, besides what Unicode counts as a format, a control
# or a blank: they choose how the character before them looks.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
# A zero-width joiner between two pictures stays: it makes one picture of them.
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_LONELY_JOINER = re.compile(f"(?<![{_PICTURE}])\u200d|\u200d(?![{_PICTURE}])")
# SARA AM typed in two halves, with or without a tone mark between them.
_SPLIT_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")


def clean_text(text: str) -> str:
    """Return *text* in NFC, without invisible characters and blanks at line ends; ""
    if nothing of it can be seen.

    Sara am typed in two halves is mended, line ends become ``\\n``.  The result looks
    like what was typed, and cleaning it again changes nothing.
    """
    text = _LOOKS_BLANK.sub(" ", _INVISIBLE.sub("", text))
    text = _LONELY_JOINER.sub("", text)
    text = _SPLIT_SARA_AM.sub("\\1\u0e33", unicodedata.normalize("NFC", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    # Mending may have brought marks together that NFC wants in another order.
    return unicodedata.normalize("NFC", text) if _is_seen(text) else ""


def _is_seen(text: str) -> bool:
    # Of most texts the first character is enough.
    return any(
        unicodedata.category(one) not in _UNSEEN and not _SELECTORS.match(one)
        for one in text.strip()
    )


def clean_name(text: str) -> str:
    """Return *text* cleaned, on one line, with single spaces and none at the ends."""
    return " ".join(clean_text(text).split())


def thai_digits_to_arabic(text: str) -> str:
    """Return *text* with ๐-๙ written 0-9."""
    return text.translate(_THAI_DIGITS)


_PREFIXES = (
    (re.compile(r"(?:ตำบล|ต\.)\s*"), "ต."),
    (re.compile(r"(?:อำเภอ|อ\.)\s*"), "อ."),
    (re.compile(r"(?:จังหวัด|จ\.)\s*"), "จ."),
    # A bare ม counts only where a word may begin: not at the end of "ผม 3 คน".
    (re.compile(r"(?:หมู่\s*ที่|หมู่|ม\.|(?<![ก-๙])ม)\s*([0-9]+)"), r" ม.\1 "),
    (re.compile(r"นครศรี\s*ฯ|เมืองคอน"), "นครศรีธรรมราช"),
)


def search_text(text: str) -> str:
    """Return the form of *text* in which it is stored for search and looked for.

    Lower case, Arabic digits, single spaces; "หมู่ที่ ๓" is "ม.3", ตำบล is "ต.", อำเภอ
    "อ.", จังหวัด "จ.", เมืองคอน and นครศรีฯ are นครศรีธรรมราช.  Apply it to both sides,
    then look for each word of the question in the stored text.
    """
    text = thai_digits_to_arabic(unicodedata.normalize("NFC", clean_name(text).lower()))
    text = text.replace("เเ", "แ")  # two strokes that look like one letter
    for pattern, unified in _PREFIXES:
        text = pattern.sub(unified, text)
    return " ".join(text.split())
