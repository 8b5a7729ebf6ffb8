"""What a match shard stores of an advisory about one package: enough for a verdict, no more."""

from collections.abc import Iterable

import msgspec

from hullguard.model import Severity, Status


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Affected versions: from `introduced` on, up to `fixed` (exclusive) or `last` (inclusive).

    A bound of a dpkg, rpm or apk version is its byte key, so that a check is a comparison of
    bytes; of the other orders it is the text in UTF-8. Empty: no bound.
    """

    introduced: bytes = b""
    fixed: bytes = b""
    last: bytes = b""
    fix: str = ""  # the text of `fixed`, where that is a byte key

    @property
    def text(self) -> str:
        """The version that is not affected any more, as people write it."""
        return self.fix or self.fixed.decode(errors="replace")

    @property
    def is_open(self) -> bool:
        """Whether it has no upper bound."""
        return not (self.fixed or self.last)


Rating = tuple[str, str, float, Severity]
"""Source, vector, base score, severity: `hullguard.model.Score` without its keys."""


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One advisory, as far as it concerns one package.

    Its bounds are fixes to show only where `status` is `fixed`: `hullguard.model.Affected`.
    """

    id: str
    source: str
    status: Status
    spans: tuple[Span, ...] = ()  # empty with empty versions: every version
    versions: tuple[str, ...] = ()  # those that no span covers
    fix: str = ""  # a fix that no span tells
    flaws: tuple[tuple[str, ...], ...] = ()  # of each flaw its ids; empty: one, known by `id` alone
    severity: Severity = Severity.UNKNOWN
    ratings: tuple[Rating, ...] = ()
    arches: tuple[str, ...] = ()
    module: str = ""
    note: str = ""
    withdrawn: str = ""  # an instant of `hullguard.advisories.dates`

    @property
    def clusters(self) -> tuple[tuple[str, ...], ...]:
        """The ids of each flaw, what it is reported under first."""
        return self.flaws or ((self.id,),)

    @property
    def fixes(self) -> tuple[str, ...]:
        """Every bound that is a fix, as text; `fix`, which no span tells, is not among them."""
        if self.status is not Status.FIXED:
            return ()
        return tuple(span.text for span in self.spans if span.fixed)

    @property
    def affects_all(self) -> bool:
        """Whether every version is affected, so that none needs to be known."""
        if not self.spans:
            return not self.versions
        return any(span.is_open and not span.introduced for span in self.spans)

    @property
    def has_no_end(self) -> bool:
        """Whether every version from some one on is affected."""
        if not self.spans:
            return not self.versions
        return any(span.is_open for span in self.spans)


def encode_entry(entry: Entry) -> bytes:
    """Return one entry as msgpack."""
    return _encoder.encode(entry)


def encode_entries(encoded: Iterable[bytes]) -> bytes:
    """Return a list of already encoded entries as msgpack."""
    return _encoder.encode([msgspec.Raw(entry) for entry in encoded])


def decode_entries(data: bytes) -> list[Entry]:
    """Read what `encode_entries` wrote.

    Raises:
        msgspec.MsgspecError: the shard is damaged.
    """
    return _many.decode(data)


_encoder = msgspec.msgpack.Encoder()
_many = msgspec.msgpack.Decoder(list[Entry])
