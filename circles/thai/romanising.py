"""Thai names in Latin letters, roughly as road signs have them: for a user name that
somebody can change, not for a document."""

import re

from circles.thai.text import clean_name

_FIRST = {
    **dict.fromkeys("ก", "k"),
    **dict.fromkeys("ขฃคฅฆ", "kh"),
    **dict.fromkeys("ง", "ng"),
    **dict.fromkeys("จฉชฌ", "ch"),
    **dict.fromkeys("ซศษส", "s"),
    **dict.fromkeys("ญย", "y"),
    **dict.fromkeys("ฎด", "d"),
    **dict.fromkeys("ฏต", "t"),
    **dict.fromkeys("ฐฑฒถทธ", "th"),
    **dict.fromkeys("ณน", "n"),
    **dict.fromkeys("บ", "b"),
    **dict.fromkeys("ป", "p"),
    **dict.fromkeys("ผพภ", "ph"),
    **dict.fromkeys("ฝฟ", "f"),
    **dict.fromkeys("ม", "m"),
    **dict.fromkeys("ร", "r"),
    **dict.fromkeys("ลฬ", "l"),
    **dict.fromkeys("ว", "w"),
    **dict.fromkeys("หฮ", "h"),
    **dict.fromkeys("อ", ""),
}
_LAST = {
    **dict.fromkeys("กขคฆ", "k"),
    **dict.fromkeys("ง", "ng"),
    **dict.fromkeys("จชซฌฎฏฐฑฒดตถทธศษส", "t"),
    **dict.fromkeys("ญณนรลฬ", "n"),
    **dict.fromkeys("บปพภฟ", "p"),
    **dict.fromkeys("ม", "m"),
    **dict.fromkeys("ย", "i"),
    **dict.fromkeys("ว", "o"),
}
_SILENT = re.compile("[ดตท]?(?<=[ดตท])ร\u0e4c|[ก-ฮ][\u0e34-\u0e39]?\u0e4c")
_TONES = re.compile("[\u0e48-\u0e4b\u0e4d\u0e4e\u0e3aฯๆ]")
_SIGN = "[ะัาำ\u0e34-\u0e39็]"  # of a vowel, after its consonant
_END = f"(?!{_SIGN}|รร)"  # a consonant with a vowel of its own ends nothing
# What begins a syllable; a silent ห or อ before another; สร and ทร sound like ส.
_ONSET = r"(?:ห(?=[งญนมยรลว])|อ(?=ย))?(?P<c>(?:[กขคตปพผ][รลว]|[ทสศ]ร)(?=\S)|[ก-ฮ])"
# A single consonant that is left needs the one before it: มานพ is ma-nop.
_CODA = (
    rf"(?P<coda>(?:[กขคงจชญณดตถทธนบปพภมยรลวฎฏฐฬ]|[สศษ](?=\s|\Z)){_END}"
    r"(?![ก-ฮ](?:\s|\Z)))?"
)
# Each way to write a vowel, the longer ones first: before, after, what it sounds like.
_OPEN = (
    *(("เ", "าะ", "o"), ("เ", "า", "ao"), ("เ", "ย(?![ะัา])", "oei"), ("เ", "ะ", "e")),
    *(("แ", "ะ", "ae"), ("โ", "ะ", "o"), ("[ไใ]", "ย?", "ai"), ("", "ะ", "a")),
    ("", "ำ", "am"),
)
_CLOSING = (
    *(("เ", "ียะ?", "ia"), ("เ", "ือะ?", "uea"), ("เ", "อะ?", "oe"), ("เ", "ิ", "oe")),
    *(("เ", "็?", "e"), ("แ", "็?", "ae"), ("โ", "", "o"), ("", "ัวะ?", "ua")),
    *(("", "[ัา]", "a"), ("", "[ิี]", "i"), ("", "ือ?|ึ", "ue"), ("", "[ุู]", "u")),
    *(("", "็?อ", "o"), ("", f"ว(?=[ก-ฮ]{_END})", "ua")),
    *(("", f"รร(?=[ก-ฮ]{_END})", "a"), ("", "รร", "an")),
)
_SYLLABLES = [
    (re.compile(f"{before}{_ONSET}(?:{after}){coda}(?!{_SIGN})"), sound)
    for vowels, coda in ((_OPEN, "(?P<coda>(?!))?"), (_CLOSING, _CODA))
    for before, after, sound in vowels
]
_CLOSED = re.compile(rf"{_ONSET}(?P<coda>[ก-ฮ]{_END})(?![ก-ฮ](?:\s|\Z))")
_ALONE = re.compile("(?P<c>[ก-ฮ])")


def romanised(name: str) -> str:
    """Return *name* in small Latin letters: "สมหญิง ใจงาม" is "somying chaingam".

    Roughly: Thai does not write down all that is spoken.  What is neither Thai nor
    Latin is left out.
    """
    text = _TONES.sub("", _SILENT.sub("", clean_name(name).lower()))
    sound, at = "", 0
    while at < len(text):
        step, heard = _syllable(text, at)
        sound, at = sound + heard, at + step
    return " ".join(sound.split())


def _syllable(text: str, at: int) -> tuple[int, str]:
    for pattern, vowel in _SYLLABLES:
        if found := pattern.match(text, at):
            return found.end() - at, _spoken(found["c"], vowel, found["coda"])
    if found := _CLOSED.match(text, at):
        return found.end() - at, _spoken(found["c"], "o", found["coda"])
    if found := _ALONE.match(text, at):
        return found.end() - at, _spoken(found["c"], "a", None)
    plain = text[at]
    return 1, plain if plain.isascii() and (plain.isalnum() or plain == " ") else ""


def _spoken(onset: str, vowel: str, coda: str | None) -> str:
    if len(onset) == 2 and onset[0] in "ทสศ":
        onset = "ส"
    first = "".join(_FIRST.get(one, "") for one in onset)
    last = _LAST.get(coda, "") if coda else ""
    return first + vowel + (last if not vowel.endswith(last[:1] or "-") else "")
