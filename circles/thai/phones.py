"""Thai telephone numbers: one way to store them, one way to show them."""

import re

from circles.thai.text import clean_name, thai_digits_to_arabic

# What people put between the digits.
_BETWEEN = re.compile(r"[\s().\-–—/]")
_COUNTRY = re.compile(r"^(?:\+|00)66(?:0(?=[1-9]))?")
# 06x, 08x, 09x have ten digits; a line in a house (02…, 075…) has nine.
_NUMBER = re.compile(r"0(?:[689][0-9]{8}|[2-57][0-9]{7})")
# Longer than any number with all that people write round it.
MAX_PHONE_LENGTH = 40


def clean_phone(text: str) -> str | None:
    """Return the digits of a Thai number: "+66 81-234-5678" is "0812345678".

    Thai digits, blanks, dashes, brackets and dots are understood, and +66, 0066 or
    66 before it.  None for whatever is no Thai number.
    """
    if len(text) > MAX_PHONE_LENGTH:
        return None
    digits = _BETWEEN.sub("", thai_digits_to_arabic(clean_name(text)))
    digits = _COUNTRY.sub("0", digits)
    if len(digits) in {10, 11} and digits.startswith("66"):
        digits = f"0{digits[2:]}"
    return digits if _NUMBER.fullmatch(digits) else None


def show_phone(digits: str) -> str:
    """Return stored *digits* as people read them: "081-234-5678", "075-123-456",
    "02-123-4567".  What is no Thai number is returned as it is."""
    if not _NUMBER.fullmatch(digits):
        return digits
    first = 2 if digits.startswith("02") else 3
    return f"{digits[:first]}-{digits[first : first + 3]}-{digits[first + 3 :]}"
