"""What a server wants to see: the WWW-Authenticate header (source: RFC 9110, section 11.6.1)."""

import re
from collections.abc import Iterable, Iterator

import msgspec

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 (a grammar, not a secret)
_PARAMETER = re.compile(
    rf'[\s,]*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))(?=\s*(?:,|$))', re.DOTALL
)
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?=[\s,]|$)(?:\s+[0-9A-Za-z._~+/-]+=*(?=\s*(?:,|$)))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Challenge(msgspec.Struct, frozen=True):
    """One way to sign in; names are in lower case."""

    scheme: str
    parameters: dict[str, str]


def parse_challenges(values: Iterable[str]) -> list[Challenge]:
    """Read the values of every WWW-Authenticate header; what makes no sense ends its value."""
    return [challenge for value in values for challenge in _challenges(value)]


def _challenges(value: str) -> Iterator[Challenge]:
    position = 0
    while scheme := _SCHEME.match(value, position):
        parameters: dict[str, str] = {}
        position = scheme.end()
        while parameter := _PARAMETER.match(value, position):
            name, quoted, plain = parameter.groups()
            parameters[name.lower()] = plain or _ESCAPED.sub(r"\1", quoted)
            position = parameter.end()
        yield Challenge(scheme[1].lower(), parameters)
