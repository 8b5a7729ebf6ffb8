"""Our own format of exceptions: a list, or `exceptions` with a list, in YAML or JSON.

Each entry has the fields of `FindingException` (except its origin):

    - match: {rule: CVE-2021-44228, package: log4j-core}
      kind: risk_accepted        # or false_positive
      reason: replaced by the end of the quarter
      author: ann@example.org
      expires: 2026-12-31        # the last day on which it holds
"""

from typing import Literal

import msgspec

from hullguard.model import FindingException, Malformed
from hullguard.triage.documents import entries
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import Source
from hullguard.triage.expiry import last_day
from hullguard.triage.match import KEYS


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    match: dict[str, str]
    kind: Literal["false_positive", "risk_accepted"]
    reason: str
    author: str = ""
    expires: str = ""


def read(source: Source) -> ExceptionList:
    """Read the exceptions.

    Raises:
        Malformed: an entry lacks something, or holds what is not known.
    """
    listed = source.root.get("exceptions") or source.root
    return ExceptionList(
        tuple(_exception(place, entry) for place, entry in entries(source.path, listed))
    )


def _exception(place: str, value: object) -> FindingException:
    try:
        entry = msgspec.convert(value, _Entry)
    except msgspec.ValidationError as error:
        raise Malformed(place, str(error)) from error
    _check(place, entry)
    return FindingException(
        match=entry.match,
        kind=entry.kind,
        reason=entry.reason.strip(),
        author=entry.author.strip(),
        expires=str(last_day(place, entry.expires)) if entry.expires else "",
        origin=place,
    )


def _check(place: str, entry: _Entry) -> None:
    if not entry.match:
        raise Malformed(place, "`match` is empty, which would except every finding")
    if unknown := sorted(entry.match.keys() - KEYS):
        raise Malformed(place, f"`match` knows no {unknown[0]}; it knows {', '.join(sorted(KEYS))}")
    if empty := [key for key, pattern in entry.match.items() if not pattern]:
        raise Malformed(place, f"`match` has nothing for {empty[0]}")
    if not entry.reason.strip():
        raise Malformed(place, "`reason` is empty; say why nothing is done about it")
    if entry.kind == "risk_accepted" and not (entry.author.strip() and entry.expires):
        raise Malformed(
            place,
            "an accepted risk needs `author`, who answers for it, and `expires`, a date",
        )
