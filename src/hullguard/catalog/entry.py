"""One check as it is written: its text, what it needs, and the examples that are its tests."""

from typing import Any

import msgspec

from hullguard.model import Rule, Severity


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of a file of `checks/`."""

    id: str  # KP-AREA-NNN, the file's name too
    title: str  # what is wrong, in a few words
    kinds: tuple[str, ...]  # what it judges: image, workload, ...
    severity: Severity
    needs: tuple[str, ...]  # the data it judges by: image-config, api, ...
    what: str
    why: str
    fix: str
    good: tuple[dict[str, Any], ...]  # raw documents that pass
    bad: tuple[dict[str, Any], ...]  # and that fail; `at` lists the locators of the faults
    patch: dict[str, Any] | None = None  # how the fix is written into a manifest
    references: tuple[str, ...] = ()
    frameworks: dict[str, tuple[str, ...]] = {}  # framework: the ids of its requirements


def rule(entry: Entry) -> Rule:
    """Return what a finding shows of a check, each text on one line."""
    return Rule(
        id=entry.id,
        title=entry.title,
        kind="check",
        severity=entry.severity,
        what=entry.what.strip(),
        why=entry.why.strip(),
        fix=entry.fix.strip(),
        references=entry.references,
        frameworks=entry.frameworks,
    )
