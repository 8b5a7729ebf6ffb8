"""Applies exceptions to findings. Pure: today is handed in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from hullguard.model import Finding, FindingException, State
from hullguard.triage.globs import is_literal
from hullguard.triage.match import applies, rule_ids

SHOWN = 10  # unused exceptions told one by one; a vendor's VEX file has hundreds

Numbered = tuple[int, FindingException]


class Settled(msgspec.Struct, frozen=True):
    """Every finding that came in, and what became of the exceptions."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]  # sentences about exceptions that have expired or matched nothing


def settle(
    findings: Iterable[Finding], exceptions: Sequence[FindingException], today: date
) -> Settled:
    """Mark the findings that an exception covers as excepted; none is dropped.

    Only open findings change. Of several exceptions the first in the list is shown; all that
    match count as used.
    """
    over = [each for each in exceptions if _is_over(each, today)]
    current = [each for each in exceptions if not _is_over(each, today)]
    by_rule = _by_rule(current)
    used: set[str] = set()
    settled = []
    for finding in findings:
        matching = [each for _, each in _candidates(by_rule, finding) if applies(each, finding)]
        used.update(map(_entry, matching))
        settled.append(_marked(finding, matching[0]) if matching else finding)
    unused = _once(each for each in current if _entry(each) not in used)
    return Settled(tuple(settled), (*_expiry_notes(_once(over)), *_unused_notes(unused)))


def _is_over(exception: FindingException, today: date) -> bool:
    return bool(exception.expires) and exception.expires < today.isoformat()


def _by_rule(exceptions: Iterable[FindingException]) -> dict[str, list[Numbered]]:
    """Sort exceptions by the one rule they are about; by "" where they may be about several."""
    by_rule: dict[str, list[Numbered]] = {}
    for numbered in enumerate(exceptions):
        pattern = numbered[1].match.get("rule", "")
        by_rule.setdefault(pattern if is_literal(pattern) else "", []).append(numbered)
    return by_rule


def _candidates(by_rule: dict[str, list[Numbered]], finding: Finding) -> list[Numbered]:
    names = {"", *rule_ids(finding)}
    found = (numbered for name in names for numbered in by_rule.get(name, ()))
    return sorted(found, key=lambda numbered: numbered[0])


def _marked(finding: Finding, exception: FindingException) -> Finding:
    if finding.state is not State.OPEN:
        return finding
    signed = [exception.author, f"until {exception.expires}" if exception.expires else ""]
    brackets = ", ".join(filter(None, signed))
    text = f"{exception.reason} ({brackets})" if brackets else exception.reason
    return msgspec.structs.replace(finding, state=State.EXCEPTED, exception=text)


def _once(exceptions: Iterable[FindingException]) -> list[FindingException]:
    """Keep one exception an entry: one of another tool's file may have become several."""
    return list({_entry(each): each for each in exceptions}.values())


def _entry(exception: FindingException) -> str:
    return exception.origin or repr(exception.match)


def _expiry_notes(exceptions: Iterable[FindingException]) -> Iterator[str]:
    for each in exceptions:
        yield f"{_named(each)} has expired on {each.expires} and no longer applies"


def _unused_notes(exceptions: Sequence[FindingException]) -> Iterator[str]:
    for each in exceptions[:SHOWN]:
        yield f"{_named(each)} matches nothing"
    if len(exceptions) > SHOWN:
        yield f"{len(exceptions) - SHOWN} more exceptions match nothing"


def _named(exception: FindingException) -> str:
    about = " ".join(exception.match.values())
    where = f"{exception.origin}: " if exception.origin else ""
    return f"{where}the exception for {about}"
