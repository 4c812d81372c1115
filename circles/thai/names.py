"""Ordering names as a Thai dictionary does, and the letter for a face."""

import re
import unicodedata

from circles.thai.text import clean_name, thai_digits_to_arabic

# A key is never longer: what comes later does not matter for the order of people.
SORT_KEY_LENGTH = 255

_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
# From weak to strong, as ICU has them: yamakkan, thanthakhat, maitaikhu, four tones,
# nikhahit.
_MARKS = "\u0e4e\u0e4c\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4d"
_TITLE = re.compile(
    r"\A(?:(?:[ก-ฮ]{1,3}\.\s*)+|(?:mr|mrs|ms|dr|prof)\.\s*)(?=\S)", re.I
)


def sort_key(name: str) -> str:
    """Return a key whose plain order is the order of a Thai dictionary.

    Word by word: letters first (a leading vowel counts behind its consonant), marks
    only where the letters are equal; digits before Thai before Latin, a shorter word
    before a longer one.  At most ``SORT_KEY_LENGTH`` characters, all of them 0-9 and
    a-f, so that every database and collation sorts them alike.
    """
    text = thai_digits_to_arabic(clean_name(name)).lower().replace("เเ", "แ")
    text = unicodedata.normalize("NFD", _LEADING_VOWEL.sub(r"\2\1", text))
    return "0".join(_word_key(word) for word in text.split())[:SORT_KEY_LENGTH]


def _word_key(word: str) -> str:
    letters, marks = "", ""
    for character in word:
        if character in _MARKS:
            marks += str(2 + _MARKS.index(character))
        elif weight := _weight(character):
            letters += weight
            marks += "1"
    return f"{letters}0{marks.rstrip('1')}"


def _weight(character: str) -> str:
    # The first digit tells the length: 2 a digit, 3-8 Thai, 9 Latin, a others.  0 is
    # left for the end of the letters, so that the shorter word comes first.
    if character in "0123456789":
        return f"2{character}"
    if character in "ฯๆ":
        return ""
    if "ก" <= character <= "ๅ":
        return f"{ord(character) - ord('ก') + 0x30:x}"
    if "a" <= character <= "z":
        return f"9{ord(character):x}"
    return f"a{ord(character):06x}" if character.isalpha() else ""


def initial(name: str) -> str:
    """Return the letter for *name*'s face: เกษตร is "ก", "Somchai" is "S", "" is "·".

    Skips vowels written before their consonant and titles with a dot (น.ส., ดร., Mr.).
    A name without letters shows its first digit.
    """
    text = _TITLE.sub("", clean_name(name))
    letters = [c for c in text if c.isalpha() and not "ฯ" <= c <= "๎"]
    return (letters or [c for c in text if c.isalnum()] or ["·"])[0].upper()[0]
