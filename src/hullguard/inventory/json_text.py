"""JSON that others wrote, decoded into what is asked for, with an error that people can read."""

from typing import TypeVar

import msgspec

from hullguard.inventory.analyzer import File
from hullguard.model import MIB, Malformed

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # some editors put it first, and the tools skip it

Kind = TypeVar("Kind")


def decode_json(data: bytes | msgspec.Raw, kind: type[Kind], where: str) -> Kind:
    """Decode a whole text, or one record that was left as `Raw`.

    Raises:
        Malformed: the text is no JSON, is nested absurdly deep, or has another shape.
    """
    if isinstance(data, bytes):
        data = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Malformed(where, f"has an unexpected form: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(where, f"is no JSON: {error}") from None
    except RecursionError:
        raise Malformed(where, "is nested too deep") from None


def read_small_json(file: File, kind: type[Kind], most: int) -> Kind:
    """Decode a file of a kind that is never large.

    Decoded, hostile JSON takes fifty times its size in memory, so the general limit is too high
    for files of which an image has thousands.

    Raises:
        Malformed: it is larger than `most` bytes, no JSON, or has another shape.
    """
    if len(file.data) > most:
        raise Malformed(file.path, f"is larger than {most // MIB} MiB, which no such file is")
    return decode_json(file.data[:], kind, file.path)
