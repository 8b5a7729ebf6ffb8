"""Trivy's `.trivyignore` (source: Trivy's documentation, *Filtering*, by finding ids).

One id a line, with `exp:YYYY-MM-DD` after it where it is to end; `#` begins a comment.
"""

import re
from glob import escape

from hullguard.model import FindingException, Malformed
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import Source
from hullguard.triage.expiry import day_before

_EXPIRY = "exp:"
_is_id = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]*").fullmatch


def read(source: Source) -> ExceptionList:
    """Read the exceptions.

    Raises:
        Malformed: a line does not begin with an id, or its date is none.
    """
    listed = []
    for number, line in enumerate(source.data.decode(errors="replace").splitlines(), start=1):
        if words := line.lstrip("\ufeff").partition("#")[0].split():
            listed.append(_exception(f"{source.path}, line {number}", words))
    return ExceptionList(tuple(listed))


def _exception(place: str, words: list[str]) -> FindingException:
    rule, *options = words
    if not _is_id(rule):
        raise Malformed(place, f"`{rule}` is no id of a finding")
    expires = ""
    for option in options:
        if not option.startswith(_EXPIRY):
            raise Malformed(place, f"`{option}` is not known; only {_EXPIRY}YYYY-MM-DD is")
        expires = day_before(place, option.removeprefix(_EXPIRY))
    return FindingException(
        match={"rule": escape(rule)},
        kind="risk_accepted",
        reason="listed in .trivyignore",
        expires=expires,
        origin=place,
    )
