"""Numbers of any length as text that sorts as they do.

Digits come from files nobody vouches for and may be thousands long, where `int` refuses; their
count and then the digits themselves order them without arithmetic. Python orders text by code
point, and UTF-8 keeps that order in bytes.
"""

_TOP = 0x10FFFF  # the last code point

ZERO = "\0"
"""What `number` gives for zero, and for no digits at all."""


def number(digits: str) -> str:
    """Return text that sorts, and ends, where the number does; leading zeros do not count."""
    significant = digits.lstrip("0")
    count = len(significant)
    if count < _TOP:
        return chr(count) + significant
    full, rest = divmod(count, _TOP)
    return chr(_TOP) * full + chr(rest) + significant


def falling(count: int) -> str:
    """Return one character that sorts lower the greater `count` is."""
    return chr(_TOP - min(count, _TOP))


def rising(count: int) -> str:
    """Return one character that sorts higher the greater `count` is."""
    return chr(min(count, _TOP))


def to_bytes(text: str) -> bytes:
    """Return bytes that sort as the text does, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")
