"""Which packages and versions an OSV record means (source: OSV schema 1.7, "Evaluation").

A version is affected if it is listed or lies in a range. Lists repeat what the ranges say for all
but 2 of 6,719 packages of PyPI's archive, so only what lies outside the ranges is kept of them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

from hullguard.advisories import versions
from hullguard.advisories.ecosystems import scheme_of
from hullguard.advisories.feeds import osv_schema as osv
from hullguard.advisories.feeds.osv_ranges import Order, outside, usable, version_ranges
from hullguard.advisories.names import normalised, osv_ecosystem
from hullguard.model import Affected, Status

_key = lru_cache(maxsize=1 << 16)(versions.key)  # 590,000 listed versions of PyPI are 33,000
_ONE_STREAM = re.compile(r"(?:[\w-]+(?::\d+)?: )*([\w.+-]+:[\w.+-]+) [a-z ,]+ update", re.ASCII)
_MODULAR = ".module_el"  # AlmaLinux: in the release of every package built for a module


def affected_by(record: osv.Record) -> Iterator[Affected]:
    """Yield a record's packages with their versions; Git commits are no versions.

    A record without any package is about the repositories of its Git ranges, in an ecosystem
    named after its database: CPython is "cpython" of "psf".
    """
    stream = _stream(record.summary or "")
    for entry in record.affected or ():
        if entry.package is not None:
            yield _of_package(entry, entry.package, stream)
        else:
            database = record.id.partition("-")[0].lower()
            for range_ in entry.ranges or ():
                name = range_.repo.rstrip("/").rpartition("/")[2]
                yield _unknown(database, name, "Git commits only")


def lowest_fixes(rows: Iterable[Affected]) -> Iterator[Affected]:
    """Join the rows of an erratum that name one package several times, once a build.

    Each build holds the fix, so whatever is at least as new as the lowest is fixed.
    """
    builds: dict[tuple[str, str, str], list[Affected]] = {}
    for row in rows:
        builds.setdefault((row.ecosystem, row.name, row.module), []).append(row)
    for same in builds.values():
        yield min(same, key=_fix) if len(same) > 1 else same[0]


def _fix(row: Affected) -> versions.Key:
    return _key(scheme_of(row.ecosystem), row.ranges[-1].fixed if row.ranges else "")


def _stream(title: str) -> str:
    """Return the module stream that an erratum of AlmaLinux is about; `*` where it names none.

    "Important: nodejs:18 security update" is about one, "virt:rhel and virt-devel:rhel ..." is not.
    """
    told = _ONE_STREAM.match(title)
    return told[1] if told else "*"


def _of_package(entry: osv.Affected, package: osv.Named, stream: str) -> Affected:
    ecosystem = osv_ecosystem(package.ecosystem)
    name = normalised(ecosystem, package.name)
    order: Order = partial(_key, scheme_of(ecosystem))
    ranges = tuple(version_ranges(entry, order))
    listed = tuple(outside(entry.versions or (), ranges, order))
    if not ranges and not listed:
        return _unknown(ecosystem, name, "no versions given")
    fixed = _fix_in_custom_versions(entry)
    return Affected(
        ecosystem=ecosystem,
        name=name,
        status=Status.FIXED if fixed or _tells_a_fix(entry.ranges) else Status.AFFECTED,
        ranges=ranges,
        versions=listed,
        fixed=fixed,
        module=stream if any(_MODULAR in each.fixed for each in ranges) else "",
        note=_informational(entry),
    )


def _unknown(ecosystem: str, name: str, note: str) -> Affected:
    return Affected(ecosystem=ecosystem, name=name, status=Status.UNKNOWN, note=note)


def _tells_a_fix(ranges: list[osv.Range] | None) -> bool:
    return any(event.fixed for each in usable(ranges) for event in each.events)


def _fix_in_custom_versions(entry: osv.Affected) -> str:
    """Return the last fix along versions that Go does not know, such as Grafana's own.

    Go's ranges are then "everything": it sees pseudo-versions alone, so the fix is only shown.
    """
    custom = entry.ecosystem_specific and entry.ecosystem_specific.custom_ranges
    fixes = [event.fixed for each in custom or () for event in each.events if event.fixed]
    return fixes[-1] if fixes and not _tells_a_fix(entry.ranges) else ""


def _informational(entry: osv.Affected) -> str:
    kind = entry.database_specific and entry.database_specific.informational
    return kind if isinstance(kind, str) else ""
