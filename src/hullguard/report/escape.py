"""Text from images and advisories, made harmless for the terminal that shows it.

Names, versions and history lines are written by whoever built the image. Printed raw, an escape
sequence in one could move the cursor, hide a line or rename the window, and a bidirectional
override could show a version that is not the one installed ("Trojan Source", CVE-2021-42574).
"""

import json
import re
import unicodedata

_TURNS = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI"})
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # printable, says Unicode, but nothing is seen
_UNSAFE_IN_JSON = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def safe(text: str) -> str:
    r"""Return the text with everything that does not simply print written as `\x1b`, `\u202e`.

    Letters of scripts that run from right to left count as such: between columns they would
    rearrange the line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def safe_json(data: bytes) -> bytes:
    r"""Write control and formatting characters inside JSON strings as `\u009b`: the same value.

    JSON itself asks for that only below U+0020 (source: RFC 8259, section 7); a terminal obeys
    more of them.
    """
    if data.isascii() and b"\x7f" not in data:
        return data
    return _UNSAFE_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], data.decode()).encode()


def _shown(character: str) -> str:
    seen = character.isprintable() and character not in _BLANK
    if seen and unicodedata.bidirectional(character) not in _TURNS:
        return character
    return character.encode("unicode_escape").decode()
