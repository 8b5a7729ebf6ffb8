"""Which ids name the same flaw.

A CVE is one finding, and one finding has one CVE: two CVEs are never taken for one flaw, however
the records that name both are chained. So a record that names several CVEs (an erratum that
fixes them, a GHSA written for two of them) speaks of several flaws and joins nothing; of two
records that are aliases of one another but name different CVEs, each stays with its own.
"""

import re
from collections.abc import Iterable

import msgspec

from hullguard.model import Advisory

_CVE = re.compile(r"CVE-([0-9]{4})-([0-9]{4,9})")


class Names(msgspec.Struct, frozen=True):
    """How one record names what it is about."""

    id: str
    aliases: frozenset[str] = frozenset()
    fixes: frozenset[str] = frozenset()

    @property
    def flaws(self) -> tuple[str, ...]:
        """The flaws of a record that speaks of several, each an id; empty: it is one flaw."""
        cves = {name for name in (self.id, *self.aliases) if is_cve(name)}
        if self.fixes or len(cves) > 1:
            return tuple(sorted(cves | self.fixes, key=id_order))
        return ()


def names_of(advisory: Advisory) -> Names:
    """Return how an advisory names what it is about."""
    return Names(advisory.id, frozenset(advisory.aliases), frozenset(advisory.fixes))


def is_cve(name: str) -> bool:
    """Tell whether a name is a CVE's."""
    return _CVE.fullmatch(name) is not None


def cve_number(name: str) -> int | None:
    """Return a CVE as one number that sorts as they do: year << 32 | number; None if none."""
    match = _CVE.fullmatch(name)
    return int(match[1]) << 32 | int(match[2]) if match else None


def id_order(name: str) -> tuple[bool, int, str]:
    """Sort CVEs first, by year and number, then everything else as text."""
    number = cve_number(name)
    return number is None, number or 0, name


class Clusters:
    """The ids of each flaw; grows while records are joined (union-find)."""

    def __init__(self, records: Iterable[Names] = ()) -> None:
        self._parents: dict[str, str] = {}
        self._cves: dict[str, str] = {}  # of a root
        self._stored: set[str] = set()
        single = sorted((record for record in records if not record.flaws), key=lambda r: r.id)
        for record in single:
            self._stored.add(record.id)
            self._join_all(record.id, filter(is_cve, record.aliases))
        for record in single:
            self._join_all(record.id, sorted(record.aliases))
        self._members: dict[str, tuple[str, ...]] = self._gathered()

    def ids(self, name: str) -> tuple[str, ...]:
        """Return every id of a flaw, given one of them; what it is reported under comes first.

        That is its CVE, else the first in the alphabet of the ids that have a record.
        """
        return self._members.get(self._root(name), (name,))

    def _join_all(self, name: str, others: Iterable[str]) -> None:
        for other in others:
            self._join(name, other)

    def _join(self, one: str, other: str) -> None:
        left, right = self._root(one), self._root(other)
        cves = {cve for root in (left, right) if (cve := self._cves.get(root) or _if_cve(root))}
        if left == right or len(cves) > 1:
            return
        self._parents[right] = left
        self._parents.setdefault(left, left)
        for cve in cves:
            self._cves[left] = cve

    def _root(self, name: str) -> str:
        parents = self._parents
        while (parent := parents.get(name, name)) != name:
            parents[name] = parents.get(parent, parent)  # halves the path for the next one
            name = parent
        return name

    def _gathered(self) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {}
        for name in self._parents:
            members.setdefault(self._root(name), []).append(name)
        return {root: tuple(sorted(names, key=self._place)) for root, names in members.items()}

    def _place(self, name: str) -> tuple[bool, bool, str]:
        return not is_cve(name), name not in self._stored, name


def _if_cve(name: str) -> str:
    return name if is_cve(name) else ""
