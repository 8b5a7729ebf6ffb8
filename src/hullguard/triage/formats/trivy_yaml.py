"""Trivy's `.trivyignore.yaml` (source: Trivy's documentation, *Filtering*, by finding ids).

Four lists, by kind of finding; an entry holds on one of its paths and one of its purls.
"""

from collections.abc import Iterator
from glob import escape
from itertools import product

import msgspec

from hullguard.model import FindingException, Malformed
from hullguard.triage.documents import entries
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import Source
from hullguard.triage.expiry import day_before
from hullguard.triage.purls import literal_purl

SECTIONS = ("vulnerabilities", "misconfigurations", "secrets", "licenses")


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    paths: list[str] = []
    purls: list[str] = []
    statement: str = ""
    expired_at: str = ""


def read(source: Source) -> ExceptionList:
    """Read the exceptions; an entry with several paths or purls becomes several of them.

    Raises:
        Malformed: an entry lacks its id, or holds what Trivy does not know.
    """
    return ExceptionList(
        tuple(
            exception
            for section in SECTIONS
            for place, entry in entries(source.path, source.root.get(section))
            for exception in _exceptions(place, entry)
        )
    )


def _exceptions(place: str, value: object) -> Iterator[FindingException]:
    try:
        entry = msgspec.convert(_without_absent(value), _Entry)
    except msgspec.ValidationError as error:
        raise Malformed(place, str(error)) from error
    if "" in (entry.id, *entry.paths, *entry.purls):
        raise Malformed(place, "an id, a path or a purl is empty")
    expires = day_before(place, entry.expired_at) if entry.expired_at else ""
    for path, purl in product(entry.paths or [""], entry.purls or [""]):
        match = {"rule": escape(entry.id), "path": path, "purl": literal_purl(purl)}
        yield FindingException(
            match={key: pattern for key, pattern in match.items() if pattern},
            kind="risk_accepted",
            reason=entry.statement.strip() or "listed in .trivyignore.yaml",
            expires=expires,
            origin=place,
        )


def _without_absent(value: object) -> object:
    """Leave out keys without a value: `paths:` alone is the same as no paths."""
    if not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if each not in ("", None)}
