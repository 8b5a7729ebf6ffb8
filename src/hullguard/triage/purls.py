"""Package URLs as far as identity and exceptions need them (source: ECMA-427)."""

import re
from functools import lru_cache
from urllib.parse import unquote

import msgspec

_GLOBS = re.compile(r"[*\[]")


class Purl(msgspec.Struct, frozen=True):
    """A purl taken apart, its parts as they are written."""

    path: str  # type/namespace/name
    version: str
    qualifiers: tuple[tuple[str, str], ...]

    @property
    def plain_path(self) -> str:
        """Type, namespace and name without percent-encoding."""
        return unquote(self.path)

    @property
    def plain_version(self) -> str:
        """The version without percent-encoding; empty where the purl names none."""
        return unquote(self.version)

    @property
    def plain_qualifiers(self) -> dict[str, str]:
        """The qualifiers without percent-encoding."""
        return {key: unquote(value) for key, value in self.qualifiers}


@lru_cache(maxsize=4096)  # every finding of a package, and every exception, asks again
def parse_purl(text: str) -> Purl:
    """Take a purl apart; what is none is a path, whatever it holds. A subpath is left out."""
    whole, _, query = text.partition("#")[0].partition("?")
    whole = whole.removeprefix("pkg:").strip("/")
    path, at, version = whole.rpartition("@")
    if not at or "/" in version:  # the @ of a scope, as in npm/@scope/name
        path, version = whole, ""
    kind, slash, rest = path.partition("/")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    qualifiers = tuple((key.lower(), value) for key, _, value in pairs)
    return Purl(f"{kind.lower()}{slash}{rest}", version, qualifiers)


def literal_purl(purl: str) -> str:
    """Return a pattern that means this purl and no other; its `?` begins the qualifiers."""
    return _GLOBS.sub(r"[\g<0>]", purl)
