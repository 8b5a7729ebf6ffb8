"""JSON as every machine-readable format writes it."""

from typing import Any

import msgspec

from hullguard.report.escape import safe_json

_DEPTH = 100


def encode(document: Any) -> bytes:  # noqa: ANN401 - whatever msgspec can encode
    r"""Return structs, dicts and lists as indented JSON, harmless for a terminal.

    What images say may hold half a surrogate pair (undecodable bytes of a path) or nest deeper
    than JSON is read anywhere: such text is written as `\ud800`, such depths as `"..."`.
    """
    try:
        plain = msgspec.json.format(msgspec.json.encode(document, enc_hook=str), indent=2)
    except (UnicodeError, RecursionError, TypeError):
        plain = msgspec.json.format(msgspec.json.encode(_tamed(document, 0)), indent=2)
    return safe_json(plain) + b"\n"


def _tamed(value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if depth > _DEPTH:
        return "..."
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {_whole(key): _tamed(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_tamed(item, depth + 1) for item in value]
    return value if isinstance(value, int | float | None) else _whole(value)


def _whole(value: object) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode()
