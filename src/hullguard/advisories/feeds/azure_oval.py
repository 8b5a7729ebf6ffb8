"""Azure Linux' and CBL-Mariner's OVAL files, one a release.

Source: github.com/microsoft/AzureLinuxVulnerabilityData; OVAL 5.11, where a definition's criteria
name tests, a test an object (a package) and states (a bound of its version). Here each definition
is one flaw in one source package, with one or two tests joined by AND.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element

import msgspec

from hullguard.advisories.feed import Document, Row, Stamp
from hullguard.advisories.markup import elements
from hullguard.advisories.severities import severity_of
from hullguard.model import Advisory, Affected, Budget, Gap, Malformed, Range, Status

_NOBODY = "(no id)"  # other than what a missing reference gives
_ROOT = re.compile(rb"<(?:\w+:)?oval_definitions\b")
_NOT_APPLICABLE = "not applicable"  # "either no longer is or was never": says nothing of versions
_TAGS = {"azl": "azurelinux", "cm": "mariner"}  # in the release of every package
_TAG = re.compile(r".*\.(azl|cm)(\d+)\b")  # the last one: 3.2.0.azl2-3.azl3 is of release 3
_NAMES = {"azurelinux": "azurelinux", "cbl-mariner": "mariner"}
_NAME = re.compile(r"(azurelinux|cbl-mariner)-(\d+\.\d+)")


class _Definition(msgspec.Struct):
    id: str
    flaw: str
    title: str
    severity: str
    date: str
    tests: list[str]
    operator: str


class _Bound(msgspec.Struct):
    operation: str
    version: str


class _Oval(msgspec.Struct):
    """A file taken apart: the definitions stand first in it, what they refer to behind them."""

    date: str = ""
    definitions: list[_Definition] = []
    tests: dict[str, tuple[str, list[str]]] = {}  # objects' and states' ids
    packages: dict[str, str] = {}
    bounds: dict[str, _Bound] = {}


def recognises(name: str, head: bytes) -> bool:
    """Tell OVAL of Microsoft's distributions by the names in its start, or its own."""
    is_ours = b"Azure Linux" in head or b"CBL-Mariner" in head or _NAME.search(name)
    return bool(is_ours and _ROOT.search(head))


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield the file's date, an advisory a flaw, and a gap for each definition without sense.

    Raises:
        Malformed: the document is no such OVAL.
        BudgetSpent: there is more inside than is allowed.
    """
    oval = _Oval()
    for element in elements(document.stream, frozenset(_TAKE), document.name, budget):
        budget.spend(document.name, entries=element.tag == "definition")
        _TAKE[element.tag](element, oval)
    if oval.date:
        yield Stamp(oval.date)
    flaws: dict[str, list[tuple[_Definition, Affected]]] = {}
    for definition in oval.definitions:
        try:
            affected = _affected(definition, oval, document.name)
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        flaws.setdefault(definition.flaw, []).append((definition, affected))
    yield from (_advisory(flaw, found) for flaw, found in flaws.items())


def _advisory(flaw: str, found: list[tuple[_Definition, Affected]]) -> Advisory:
    rows = tuple(affected for _, affected in found)
    return Advisory(
        id=flaw,
        source=rows[0].ecosystem.partition(":")[0],
        affected=rows,
        severity=min((row.severity for row in rows), key=lambda severity: severity.rank),
        title=found[0][0].title,
        published=min(definition.date for definition, _ in found),
    )


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _take_date(element: Element, oval: _Oval) -> None:
    oval.date = element.text or ""


def _take_definition(element: Element, oval: _Oval) -> None:
    if _text(element, "metadata/patchable").lower() == _NOT_APPLICABLE:
        return
    reference = element.find("metadata/reference")
    criteria = element.find("criteria")
    definition = _Definition(
        id=element.get("id", ""),
        flaw=reference.get("ref_id", "") if reference is not None else "",
        title=_text(element, "metadata/title"),
        severity=_text(element, "metadata/severity"),
        date=_text(element, "metadata/advisory_date"),
        tests=[each.get("test_ref", "") for each in element.iterfind(".//criterion")],
        operator=criteria.get("operator", "AND") if criteria is not None else "",
    )
    oval.definitions.append(definition)


def _take_test(element: Element, oval: _Oval) -> None:
    found = element.find("object")
    states = [each.get("state_ref", "") for each in element.iterfind("state")]
    name = found.get("object_ref", "") if found is not None else ""
    oval.tests[element.get("id", _NOBODY)] = (name, states)


def _take_object(element: Element, oval: _Oval) -> None:
    oval.packages[element.get("id", _NOBODY)] = _text(element, "name")


def _take_state(element: Element, oval: _Oval) -> None:
    evr = element.find("evr")
    if evr is not None:
        version = (evr.text or "").strip().removeprefix("0:").lstrip()  # "0: 1.20.10-1.azl3" exists
        bound = _Bound(evr.get("operation", ""), version)
        oval.bounds[element.get("id", _NOBODY)] = bound


_TAKE: dict[str, Callable[[Element, _Oval], None]] = {
    "timestamp": _take_date,
    "definition": _take_definition,
    "rpminfo_test": _take_test,
    "rpminfo_object": _take_object,
    "rpminfo_state": _take_state,
}


def _affected(definition: _Definition, oval: _Oval, name: str) -> Affected:
    """Resolve what a definition refers to.

    Raises:
        Malformed: it is not about bounds of one package's version.
    """
    where = f"{name}, {definition.id}"
    if not definition.flaw or definition.operator != "AND" or not definition.tests:
        raise Malformed(where, "names no flaw, or no tests that must all hold")
    try:
        objects, states = zip(*(oval.tests[test] for test in definition.tests), strict=True)
        [package] = {oval.packages[each] for each in objects}
        bounds = [oval.bounds[each] for group in states for each in group]
        range_ = _range(bounds)
    except (KeyError, ValueError):
        raise Malformed(where, "does not lead to bounds of one package's version") from None
    return Affected(
        ecosystem=_ecosystem(bounds, where),
        name=package,
        status=Status.FIXED if range_.fixed else Status.AFFECTED,
        ranges=(range_,),
        severity=severity_of(definition.severity),
    )


def _range(bounds: Iterable[_Bound]) -> Range:
    """Join bounds; "greater than" becomes "from", since no package is just that version.

    Raises:
        KeyError: there is an operation that has no place in a range.
        ValueError: two bounds say the same, or there is no upper one.
    """
    ends = [(_ENDS[bound.operation], bound.version) for bound in bounds]
    named = dict(ends)
    if len(named) < len(ends) or not named.keys() & {"fixed", "last_affected"}:
        raise ValueError
    return Range(**named)


_ENDS = {
    "less than": "fixed",
    "less than or equal": "last_affected",
    "greater than": "introduced",
    "greater than or equal": "introduced",
}


def _ecosystem(bounds: Iterable[_Bound], where: str) -> str:
    """Tell the release by what every package's own release ends with, else by the file's name.

    Raises:
        Malformed: neither tells.
    """
    for bound in bounds:
        if tag := _TAG.match(bound.version):
            return f"{_TAGS[tag[1]]}:{tag[2]}.0"
    if name := _NAME.search(where):
        return f"{_NAMES[name[1]]}:{name[2]}"
    raise Malformed(where, "does not tell which release of the distribution it is about")
