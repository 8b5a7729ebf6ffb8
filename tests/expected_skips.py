"""Which tests may skip on the project's own CI, where every part is there that can be.

Each line of the file `expected-skips` allows some: a pattern of test ids, blanks, and a pattern of
the reason that such a test gives. On CI (`CI=true`) a skip that no line allows is a failure;
elsewhere any test may skip, and says why at the end of the run.
"""

import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

import pytest

Rule = tuple[str, str]
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

_FILE = Path(__file__).with_name("expected-skips")
_MESSAGE = """Skipped on CI: {reason}

CI should have what this test needs: install it there. If that cannot be, add to
tests/expected-skips a line for this test and its reason."""


def judged(report: Report) -> Report:
    """Make the report of a skip one of a failure if this is CI and no line allows the skip."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = _reason(report.longrepr)
        if not is_allowed(report.nodeid, reason, rules(_FILE.read_text())):
            report.outcome = "failed"
            report.longrepr = _MESSAGE.format(reason=reason)
    return report


def rules(text: str) -> list[Rule]:
    """Return the patterns of ids and reasons; empty lines and those that start with # say nothing.

    Raises:
        pytest.UsageError: a line has no reason.
    """
    found = []
    for line in text.splitlines():
        test, _, reason = line.strip().partition(" ")
        if not test or test.startswith("#"):
            continue
        if not reason:
            raise pytest.UsageError(f"tests/expected-skips: {test} may skip, but for which reason?")
        found.append((test, reason.strip()))
    return found


def is_allowed(test: str, reason: str, rules: list[Rule]) -> bool:
    """Say whether a rule speaks of this test and this reason."""
    return any(fnmatchcase(test, ids) and fnmatchcase(reason, why) for ids, why in rules)


def _reason(longrepr: object) -> str:
    """Return what the test said: pytest keeps it as path, line and text."""
    text = longrepr[2] if isinstance(longrepr, tuple) else longrepr
    return str(text).removeprefix("Skipped: ")
