"""OSV records: a bucket's `all.zip`, or one JSON file a record.

Source: OSV schema 1.7 (ossf.github.io/osv-schema). Besides what the schema defines, this reads
what GitHub (`database_specific.severity`, `cwe_ids`, `last_known_affected_version_range`),
RustSec (`informational`), Go (`custom_ranges`) and AlmaLinux (flaws in `related`, the severity
in the summary) put into their records.
"""

from collections.abc import Iterator
from itertools import chain

from msgspec import structs

from hullguard.advisories.archive import members
from hullguard.advisories.cvss import rating
from hullguard.advisories.feed import Document, Row
from hullguard.advisories.feeds import osv_schema as osv
from hullguard.advisories.feeds.osv_affected import affected_by, lowest_fixes
from hullguard.advisories.json_records import decoded, keys_in
from hullguard.advisories.severities import severity_of
from hullguard.model import Advisory, Affected, Budget, Gap, Malformed, Score, Severity

_ZIP = b"PK"
_TELLING = {b"affected", b"details", b"modified", b"schema_version"}
_INDEXES = "index/"  # of Go's own vulndb.zip: no records

_MALWARE = "MAL"
_BUG_FIX = "bugfix"
_NEVER = "0001-"  # Go's records get their date when they are published
_RATERS = {"bit": "bitnami", "jlsec": "julia", "mal": "openssf", "pysec": "pypa"}
_HARMLESS = frozenset({"notice", "unmaintained"})  # RustSec's `informational`
_ERRATA = frozenset({"ALBA", "ALEA", "ALSA"})
_NO_SECURITY = frozenset({"ALBA", "ALEA"})  # bug fixes and enhancements


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - a record may have any name
    """Tell zip archives of JSON files, and objects with no other keys than a record may have."""
    if head.startswith(_ZIP):
        return b".json" in head  # the names of members stand before each
    keys = keys_in(head)
    return keys <= osv.TOP_LEVEL and bool(keys & _TELLING)


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield an advisory a record, and a gap for each that cannot be understood.

    Raises:
        Malformed: the file is neither a zip archive of records nor one record.
        BudgetSpent: there is more inside than is allowed.
    """
    start = document.stream.read(len(_ZIP))
    document.stream.seek(0)
    if start != _ZIP:
        budget.spend(document.name, entries=1)
        yield advisory(decoded(osv.DECODER, document.stream.read(), document.name))
        return
    found = 0
    for row in _archived(document, budget):
        found += 1
        yield row
    if not found:
        raise Malformed(document.name, "holds no OSV records")


def _archived(document: Document, budget: Budget) -> Iterator[Row]:
    for member in members(document.stream, document.name, budget):
        if isinstance(member, Gap):
            yield member
            continue
        name, data = member
        if name.startswith(_INDEXES):
            continue
        try:
            yield advisory(decoded(osv.DECODER, data, f"{document.name}, {name}"))
        except Malformed as error:
            yield Gap(error.where, error.why)


def advisory(record: osv.Record) -> Advisory:
    """Return what a record says in our terms."""
    is_erratum = _database(record) in _ERRATA
    affected = tuple(affected_by(record))
    aliases, fixes = _names(record, is_erratum=is_erratum)
    if is_erratum:
        affected = tuple(lowest_fixes(affected))
    if _database(record) in _NO_SECURITY and not fixes:
        affected = tuple(structs.replace(row, note=_BUG_FIX) for row in affected)
    kind = affected[0].ecosystem.partition(":")[0] if affected else _database(record).lower()
    own = record.database_specific
    return Advisory(
        id=record.id,
        source=f"osv-{kind}",
        affected=affected,
        aliases=aliases,
        fixes=fixes,
        severity=_severity(record, affected),
        scores=tuple(dict.fromkeys(_scores(record))),
        title=record.summary,
        text=record.details,
        references=tuple(dict.fromkeys(each.url for each in record.references or () if each.url)),
        cwes=tuple(_texts(own.cwe_ids)) if own else (),
        published=record.published,
        modified="" if record.modified.startswith(_NEVER) else record.modified,
        withdrawn=record.withdrawn or "",
    )


def _database(record: osv.Record) -> str:
    return record.id.partition("-")[0]


def _names(record: osv.Record, *, is_erratum: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the record's aliases, and the flaws that it fixes if it is no flaw itself.

    AlmaLinux lists the flaws of an erratum as related. A record with one CVE upstream is the same
    flaw seen by somebody else, one with several collects them.
    """
    names = dict.fromkeys(name.strip() for name in record.aliases or ())
    upstream = dict.fromkeys(record.upstream or ())
    flaws = tuple(name for name in upstream if name.startswith("CVE-"))
    if is_erratum:
        related = (name for name in record.related or () if name.startswith("CVE-"))
        return tuple(names), tuple(dict.fromkeys((*flaws, *related)))
    if len(flaws) > 1:
        return tuple(names), flaws
    return tuple(name for name in names | upstream if name != record.id), ()


def _severity(record: osv.Record, affected: tuple[Affected, ...]) -> Severity:
    if _database(record) == _MALWARE:
        return Severity.CRITICAL
    if record.database_specific and isinstance(record.database_specific.severity, str):
        return severity_of(record.database_specific.severity)
    if _database(record) in _ERRATA:
        word = severity_of(record.summary.partition(":")[0])  # "Important: openssl security update"
        is_security = _database(record) not in _NO_SECURITY
        return word if is_security or word is not Severity.UNKNOWN else Severity.INFO
    harmless = any(row.note in _HARMLESS for row in affected)
    return Severity.INFO if harmless else Severity.UNKNOWN


def _scores(record: osv.Record) -> Iterator[Score]:
    database = _database(record).lower()
    own = (severity for each in record.affected or () for severity in each.severity or ())
    for severity in chain(record.severity or (), own):
        rater = severity.source.lower() or _RATERS.get(database, database)
        if severity.type.startswith("CVSS"):
            score = rating(rater, severity.score)
            if score:
                yield score
        else:  # Ubuntu's words
            yield Score(source=rater, severity=severity_of(severity.score))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))
