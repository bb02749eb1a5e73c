"""Numbers as people say them -> digits: "thirty-five", "3½", "one and a half years", "half a year", "a fortnight"."""

import re

UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
SMALL = {word: n for n, word in enumerate(re.findall(r"\w+", UNITS), 1)}
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ROUND = {word: 10 * n for n, word in enumerate(re.findall(r"\w+", TENS), 2)}
NTH = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS = {word: n for n, word in enumerate(re.findall(r"\w+", NTH), 1)}
FRACTIONS = {"½": 0.5, "1/2": 0.5, "¼": 0.25, "1/4": 0.25, "¾": 0.75, "3/4": 0.75}

_WORD = re.compile(rf"\b(?:({'|'.join(ROUND)})(?:[- ]({'|'.join(list(SMALL)[:9])}))?|({'|'.join(SMALL)}))\b")
_WHOLE_AND_PART = re.compile(r"(?<![\d.])(\d{1,3}) ?([½¼¾]|(?<= )[13]/[24])(?!\d)")
_PART = re.compile(r"[½¼¾]")
_HALF = re.compile(r"\bhalf an? (?=[a-z])")
_AND_A_HALF = re.compile(r"\b(\d{1,3}|an?)(?: ([a-z]+))? and a half\b")


def in_digits(text: str) -> str:
    """Of small letters, single spaces; "a" and "an" stay where they count a unit."""
    text = _WORD.sub(_digits, text)
    text = _WHOLE_AND_PART.sub(lambda found: f"{int(found[1]) + FRACTIONS.get(found[2], 0):g}", text)
    text = _PART.sub(lambda found: f"{FRACTIONS[found[0]]:g}", text)
    text = _HALF.sub("0.5 ", text)
    text = _AND_A_HALF.sub(_one_more_half, text)
    return re.sub(r"\b(?:a|1) fortnight\b", "2 weeks", text)


def _digits(found: re.Match[str]) -> str:
    return str(SMALL[found[3]] if found[3] else ROUND[found[1]] + SMALL.get(found[2] or "", 0))


def _one_more_half(found: re.Match[str]) -> str:
    return f"{(int(found[1]) if found[1].isdecimal() else 1) + 0.5:g} {found[2] or ''}".strip()
