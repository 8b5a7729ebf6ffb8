"""Whether an exception speaks of a finding.

Every key of `FindingException.match` has to hold. Patterns are those of `fnmatch`, upper and
lower case told apart, except that in a path `*` stays inside a folder and `**` does not, and
that a purl is compared part by part: without a version it means every version, and of the
qualifiers only those that it names count.
"""

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from hullguard.model import Finding, FindingException, Package
from hullguard.triage.globs import path_matches
from hullguard.triage.purls import parse_purl


def applies(exception: FindingException, finding: Finding) -> bool:
    """Tell whether all that the exception asks for holds; one that asks for nothing never does."""
    return bool(exception.match) and all(
        any(_MATCHERS[key](pattern, text) for text in _SUBJECTS[key](finding))
        if key in KEYS
        else False
        for key, pattern in exception.match.items()
    )


def purl_matches(pattern: str, purl: str) -> bool:
    """Tell whether a purl is meant by a pattern, which may leave out version and qualifiers."""
    wanted, found = parse_purl(pattern), parse_purl(purl)
    return (
        fnmatchcase(found.plain_path, wanted.plain_path)
        and (not wanted.version or fnmatchcase(found.plain_version, wanted.plain_version))
        and wanted.plain_qualifiers.items() <= found.plain_qualifiers.items()
    )


def rule_ids(finding: Finding) -> tuple[str, ...]:
    """Return every name that its rule goes by."""
    return (finding.rule.id, *finding.evidence.ids) if finding.evidence else (finding.rule.id,)


def _asset_names(finding: Finding) -> Iterator[str]:
    """Yield what its asset may be called: uid, name, the name without its tag, its digest."""
    yield finding.asset.uid
    yield finding.asset.name
    named, _, digest = finding.asset.name.partition("@")
    folder, slash, last = named.rpartition("/")
    yield f"{folder}{slash}{last.partition(':')[0]}"
    if digest:
        yield digest


def _of_package(take: Callable[[Package], str]) -> Callable[[Finding], Iterable[str]]:
    return lambda finding: (take(finding.evidence.package),) if finding.evidence else ()


def _package_names(finding: Finding) -> Iterator[str]:
    """Yield what a package is called: as installed, its source, a Maven artifact by itself."""
    if finding.evidence:
        package = finding.evidence.package
        yield package.name
        if package.source:
            yield package.source
        if package.type == "maven":
            yield package.name.rpartition(":")[2]


def _path(finding: Finding) -> Iterable[str]:
    return (finding.evidence.package.path if finding.evidence else finding.locator,)


def _status(finding: Finding) -> Iterable[str]:
    return (finding.evidence.status.value,) if finding.evidence else ()


_SUBJECTS: dict[str, Callable[[Finding], Iterable[str]]] = {
    "rule": rule_ids,
    "package": _package_names,
    "version": _of_package(lambda package: package.version),
    "type": _of_package(lambda package: package.type),
    "purl": _of_package(lambda package: package.purl),
    "path": _path,
    "asset": _asset_names,
    "status": _status,
    "environment": lambda finding: (finding.asset.environment,),
}

KEYS = frozenset(_SUBJECTS)
"""What an exception can ask for."""


def _glob(pattern: str, text: str) -> bool:
    return fnmatchcase(text, pattern)


_MATCHERS: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys(KEYS, _glob),
    "path": path_matches,
    "purl": purl_matches,
}
