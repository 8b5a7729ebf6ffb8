"""Grype's ignore rules, `ignore` in its configuration.

Source: grype's README, *Specifying matches to ignore*, and the comments of its configuration.

A rule holds where all of its fields do. A field that cannot be judged here makes its whole rule
inapplicable, which is said: without the field the rule would cover more than it did.
"""

import re
from collections.abc import Callable, Iterator
from glob import escape
from itertools import product
from typing import Any

from hullguard.model import FindingException, Malformed, Status
from hullguard.triage.documents import entries
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import Source

_TYPES = {  # syft's package types: purl types
    "apk": "apk",
    "bitnami": "bitnami",
    "deb": "deb",
    "dotnet": "nuget",
    "gem": "gem",
    "go-module": "golang",
    "java-archive": "maven",
    "npm": "npm",
    "php-composer": "composer",
    "python": "pypi",
    "rpm": "rpm",
    "rust-crate": "cargo",
}
_FIX_STATES = {
    "fixed": (Status.FIXED,),
    "not-fixed": (Status.AFFECTED, Status.FIX_DEFERRED),
    "wont-fix": (Status.WONT_FIX,),
    "unknown": (Status.UNKNOWN,),
}
_SAYS_NOTHING = frozenset({"reason", "include-aliases"})  # every alias counts here anyway
_is_name = re.compile(r"[A-Za-z0-9@/:._~+-]+").fullmatch  # grype takes names for patterns, too

Choices = dict[str, tuple[str, ...]]


class _Inapplicable(Exception):
    """A field cannot be judged; its text is the sentence's end."""


def read(source: Source) -> ExceptionList:
    """Read the rules as exceptions, and say of which ones nothing can be made.

    Raises:
        Malformed: a rule is not made of texts.
    """
    exceptions: list[FindingException] = []
    notes = []
    for place, rule in entries(source.path, source.root.get("ignore")):
        try:
            exceptions.extend(_exceptions(place, _fields(place, rule)))
        except _Inapplicable as reason:
            notes.append(f"{place}: the rule is not applied, since {reason}")
    return ExceptionList(tuple(exceptions), tuple(notes))


def _fields(place: str, rule: object) -> dict[str, str]:
    """Return the fields that have a value, those of the package with `package.` before them."""
    if not isinstance(rule, dict):
        raise Malformed(place, "expected a rule with fields such as `vulnerability`")
    package = rule.get("package") or {}
    if not isinstance(package, dict):
        raise Malformed(place, "expected fields such as `name` in `package`")
    fields: dict[str, Any] = {key: value for key, value in rule.items() if key != "package"}
    fields |= {f"package.{key}": value for key, value in package.items()}
    for key, value in fields.items():
        if not isinstance(value, str | bool):
            raise Malformed(place, f"expected a text for `{key}`")
    return {key: str(value) for key, value in fields.items() if value != ""}


def _exceptions(place: str, fields: dict[str, str]) -> Iterator[FindingException]:
    """Yield one exception for every combination of what its fields may mean."""
    choices: Choices = {}
    for field, value in fields.items():
        if field in _SAYS_NOTHING:
            continue
        if field not in _READERS:
            raise _Inapplicable(f"`{field}` cannot be judged here")
        key, patterns = _READERS[field](value)
        choices[key] = patterns
    if not choices:
        raise _Inapplicable("it asks for nothing")
    for patterns in product(*choices.values()):
        yield FindingException(
            match=dict(zip(choices, patterns, strict=True)),
            kind="risk_accepted",
            reason=fields.get("reason", "").strip() or "ignored in grype's configuration",
            origin=place,
        )


def _name(value: str) -> tuple[str, tuple[str, ...]]:
    """Read a package's name; grype leaves out the group of a Java package."""
    if not _is_name(value):
        raise _Inapplicable(f"`package.name` is the pattern `{value}`")
    return "package", (escape(value), f"*:{escape(value)}")


def _type(value: str) -> tuple[str, tuple[str, ...]]:
    if value not in _TYPES:
        raise _Inapplicable(f"the package type `{value}` is not known here")
    return "type", (_TYPES[value],)


def _fix_state(value: str) -> tuple[str, tuple[str, ...]]:
    if value not in _FIX_STATES:
        raise _Inapplicable(f"the fix state `{value}` is not known here")
    return "status", _FIX_STATES[value]


_READERS: dict[str, Callable[[str], tuple[str, tuple[str, ...]]]] = {
    "vulnerability": lambda value: ("rule", (escape(value),)),
    "package.name": _name,
    "package.version": lambda value: ("version", (escape(value),)),
    "package.type": _type,
    "package.location": lambda value: ("path", (value,)),
    "fix-state": _fix_state,
}
