"""What VEX statements claim, and what later ones take back."""

from collections.abc import Iterator
from glob import escape

import msgspec

from hullguard.model import FindingException
from hullguard.triage.match import purl_matches

Target = dict[str, str]
"""What a statement is about, as keys of `FindingException.match`."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """That a flaw, by any of its names, does no harm to a target."""

    place: str
    names: tuple[str, ...]
    target: Target
    reason: str
    author: str


class Claims:
    """The claims that stand, while statements are read in the order of their dates."""

    def __init__(self) -> None:
        self._standing: dict[int, Claim] = {}
        self._by_name: dict[str, set[int]] = {}
        self._made = 0

    def make(self, claim: Claim) -> None:
        """Let a claim stand until it is taken back."""
        self._standing[self._made] = claim
        for name in claim.names:
            self._by_name.setdefault(name, set()).add(self._made)
        self._made += 1

    def take_back(self, denied: Claim) -> None:
        """Strike whatever was claimed of the same flaw for a target that overlaps."""
        for number in set().union(*(self._by_name.get(name, ()) for name in denied.names)):
            standing = self._standing.get(number)
            if standing and _overlap(standing.target, denied.target):
                del self._standing[number]

    def exceptions(self) -> Iterator[FindingException]:
        """Yield what stands, one exception for each name of a flaw."""
        for claim in self._standing.values():
            for name in claim.names:
                yield FindingException(
                    match={"rule": escape(name), **claim.target},
                    kind="false_positive",
                    reason=claim.reason,
                    author=claim.author,
                    origin=claim.place,
                )


def _overlap(one: Target, other: Target) -> bool:
    """Tell whether two targets may have a package in common."""
    if "asset" in one and "asset" in other and one["asset"] != other["asset"]:
        return False
    if "purl" not in one or "purl" not in other:
        return True
    return purl_matches(one["purl"], other["purl"]) or purl_matches(other["purl"], one["purl"])
