"""Reads whole text, JSON and TOML files within limits: bytes in, plain objects out.

What a format's own reader would leave to chance is decided here: nesting, keys of a thousand
parts, numbers of a million digits. A file beyond its limit is refused, not read in part.
YAML has a module of its own, `hullguard.inventory.yaml_documents`.
"""

import re
import tomllib
from typing import TypeVar

import msgspec

from hullguard.inventory.analyzer import File
from hullguard.inventory.json_text import decode_json
from hullguard.model import MIB, BudgetSpent, Gap, Malformed

Shape = TypeVar("Shape")

LARGEST = {"text": 64 * MIB, "JSON": 64 * MIB, "TOML": 16 * MIB, "YAML": 32 * MIB}
"""Bytes of one file. TOML is read by Python code, a thousandth of JSON's speed: the least."""

_KEY_PARTS = 64  # of a dotted TOML key, whose cost grows with the square of its parts
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"?|'[^']*'?""")  # without an end: to the line's end


def read_text(file: File) -> str:
    """Return the file as text: UTF-8, or UTF-16 with its mark; stray bytes become U+FFFD.

    Raises:
        Malformed: there are NUL characters in it, so it is no text.
        BudgetSpent: it is larger than a text may be.
    """
    data = whole(file, "text")
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace")
    if "\0" in text:
        raise Malformed(file.path, "is not a text file")
    return text


def read_json(file: File, shape: type[Shape]) -> Shape:
    """Return the file's one JSON value as an instance of `shape`.

    Raises:
        Malformed: it is not JSON, or not of that shape.
        BudgetSpent: it is larger than JSON may be.
    """
    return decode_json(whole(file, "JSON"), shape, file.path)


def read_toml(file: File, shape: type[Shape]) -> Shape:
    """Return the file's top-level table as an instance of `shape`.

    Raises:
        Malformed: it is not TOML, or not of that shape.
        BudgetSpent: it is larger than TOML may be.
    """
    try:
        text = whole(file, "TOML").decode("utf-8-sig")
        _refuse_long_keys(file.path, text)
        return msgspec.convert(tomllib.loads(text), shape)
    except msgspec.ValidationError as fault:
        raise Malformed(file.path, f"has an unexpected form: {fault}") from None
    except ValueError as fault:  # TOML's and UTF-8's own errors, and numbers without an end
        raise Malformed(file.path, f"is no TOML: {fault}") from None
    except RecursionError:
        raise Malformed(file.path, "is nested too deep") from None


def shaped(value: object, shape: type[Shape], where: str) -> Shape | Gap:
    """Return one record as an instance of `shape`, or the gap that it leaves.

    Args:
        value: a piece of what a reader returned: plain objects, or `msgspec.Raw` JSON.
        shape: a struct.
        where: the record's name, for the gap.
    """
    try:
        if isinstance(value, msgspec.Raw):
            return decode_json(value, shape, where)
        return msgspec.convert(value, shape)
    except Malformed as fault:
        return Gap(where, fault.why)
    except msgspec.ValidationError as fault:
        return Gap(where, f"has an unexpected form: {fault}")


def whole(file: File, kind: str) -> bytes:
    """Return the file's bytes.

    Args:
        file: what was found.
        kind: a key of `LARGEST`.

    Raises:
        BudgetSpent: there are more of them than a file of this kind may have.
    """
    limit = LARGEST[kind]
    if len(file.data) > limit:
        why = f"is larger than {limit // MIB} MiB, the most that is read of a {kind} file"
        raise BudgetSpent(file.path, why)
    return file.data[:]


def _refuse_long_keys(path: str, text: str) -> None:
    """Refuse `a.a.a.a... = 1`, which would keep tomllib busy for minutes."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _KEY_PARTS and _QUOTED.sub("", line).count(".") > _KEY_PARTS:
            raise Malformed(path, f"line {number} has a key of more than {_KEY_PARTS} parts")
