"""Numbers as tar headers write them: octal digits, base 256, and the decimals of PAX.

Source: POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
"""

from hullguard.model import Malformed

_BINARY = 0x80  # in the first byte: the rest is the number itself, not its digits
_TOO_LARGE = 1 << 62
_MOST_DIGITS = 18  # fit into 62 bits


def number(field: bytes, where: str) -> int:
    """Read a number field of a header.

    Raises:
        Malformed: it holds no number, a negative one, or one larger than any file.
    """
    if field[0] & _BINARY:
        value = int.from_bytes(field, "big") & ~(_BINARY << 8 * (len(field) - 1))
        if value >= _TOO_LARGE:  # negative ones too: their sign is a bit at the top
            raise Malformed(where, "a tar header holds a number larger than any file")
        return value
    try:
        value = int(field.split(b"\0", 1)[0].strip() or b"0", 8)
    except ValueError:
        value = -1
    if value < 0:
        raise Malformed(where, "a tar header holds a number that is none")
    return value


def decimal(text: str, where: str) -> int:
    """Read a number of a PAX record, or of a map of holes.

    Raises:
        Malformed: it is no number, or one larger than any file.
    """
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise Malformed(where, "a PAX header holds a number that is none")
    return int(text)
