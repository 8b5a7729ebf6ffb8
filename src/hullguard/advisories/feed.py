"""The seam between upstream formats and the database.

A *feed* is one upstream address; a *family* is what is fetched, stored and judged together
(named after the purl type, or the distribution); a *format* is the module that reads it.
"""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import msgspec

from hullguard.model import Advisory, Budget, Gap, Score


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One upstream address.

    `url` may hold `{release}`, `{repository}` or `{year}`; `[feeds.NAME] url` in the
    configuration replaces it, with the same placeholders.
    """

    name: str
    family: str
    url: str
    format: str  # a module of `hullguard.advisories.feeds`


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One upstream file. `stream` is seekable and already decompressed (zip files as they are)."""

    name: str  # its path or address, for messages and for recognising it
    stream: BinaryIO


class Exploited(msgspec.Struct, frozen=True, kw_only=True):
    """A row of CISA's catalogue of known exploited vulnerabilities."""

    cve: str
    added: str  # dates, YYYY-MM-DD
    due: str = ""
    ransomware: bool = False


class Likelihood(msgspec.Struct, frozen=True, kw_only=True):
    """A row of EPSS: the probability of exploitation within 30 days, 0.0 to 1.0."""

    cve: str
    epss: float
    percentile: float


class Rated(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a CVE is rated, by every source that its record holds; no scores: nobody rated it."""

    cve: str
    scores: tuple[Score, ...] = ()
    cwes: tuple[str, ...] = ()
    ssvc: dict[str, str] = {}  # decision point: value
    title: str = ""
    published: str = ""
    modified: str = ""
    rejected: bool = False


class Stamp(msgspec.Struct, frozen=True):
    """The date that a document states of itself, RFC 3339."""

    date: str


Row = Advisory | Exploited | Likelihood | Rated | Stamp | Gap


class Format(Protocol):
    """What a module of `hullguard.advisories.feeds` offers."""

    def recognises(self, name: str, head: bytes) -> bool:
        """Tell from a file's name and its first 4 KiB, decompressed, whether it is ours."""

    def read(self, document: Document, budget: Budget) -> Iterator[Row]:
        """Yield the rows; a broken record is a `Gap`.

        Raises:
            Malformed: the file as a whole makes no sense.
        """
