"""OpenVEX documents (source: OpenVEX specification 0.2.0).

`not_affected` and `fixed` except a finding; `affected` and `under_investigation` do not, and
take back what was said earlier about the same product. A product is a package, or, as an `oci`
purl, an image, whose packages are `subcomponents`. Products without a purl, and packages inside
of packages, cannot be told here: statements about them are not applied, and said.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from glob import escape
from typing import Literal

import msgspec

from hullguard.model import Malformed
from hullguard.triage.documents import entries
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import Source
from hullguard.triage.formats.openvex_claims import Claim, Claims, Target
from hullguard.triage.purls import literal_purl, parse_purl

_EXCEPTING = frozenset({"not_affected", "fixed"})
_IMAGES = frozenset({"oci", "docker"})
_HUB = ("docker.io/library/", "docker.io/")  # what people leave out of an image's name


class _Component(msgspec.Struct, frozen=True):
    id: str = msgspec.field(default="", name="@id")
    identifiers: dict[str, str] = {}


class _Product(_Component, frozen=True):
    subcomponents: list[_Component | str] = []


class _Vulnerability(msgspec.Struct, frozen=True):
    name: str = ""
    id: str = msgspec.field(default="", name="@id")
    aliases: list[str] = []


class _Statement(msgspec.Struct, frozen=True):
    vulnerability: _Vulnerability | str
    status: Literal["not_affected", "affected", "fixed", "under_investigation"]
    products: list[_Product | str] = []
    subcomponents: list[_Component | str] = []  # stood here before version 0.2.0
    timestamp: str = ""
    supplier: str = ""
    justification: str = ""
    impact_statement: str = ""
    status_notes: str = ""


class _Untold(Exception):
    """A product cannot be told here; the text says why."""


def read(source: Source) -> ExceptionList:
    """Read the statements as exceptions, and say of which of them nothing can be made.

    Statements are taken in the order of their dates; those dated after `source.today` do not
    hold yet.

    Raises:
        Malformed: a statement lacks something, or its date is none.
    """
    standing = Claims()
    notes: list[str] = []
    for moment, place, statement in sorted(_dated(source), key=lambda row: row[0]):
        if moment.date() > source.today:
            notes.append(f"{place}: the statement is of {moment.date()} and does not hold yet")
            continue
        for told in _products(statement):
            try:
                targets = [*_targets(*told)]
            except _Untold as reason:
                notes.append(f"{place}: the statement is not applied, since {reason}")
                continue
            for target in targets:
                claim = _claim(source, place, statement, target)
                if statement.status in _EXCEPTING:
                    standing.make(claim)
                else:
                    standing.take_back(claim)
    return ExceptionList(tuple(standing.exceptions()), tuple(notes))


def _dated(source: Source) -> Iterator[tuple[datetime, str, _Statement]]:
    """Yield the statements with the moment of each: its own, or the document's."""
    inherited = _text(source, "timestamp")
    for place, entry in entries(source.path, source.root.get("statements")):
        try:
            statement = msgspec.convert(entry, _Statement)
        except msgspec.ValidationError as error:
            raise Malformed(place, str(error)) from error
        yield _moment(place, statement.timestamp or inherited), place, statement


def _moment(place: str, text: str) -> datetime:
    """Read a date with a time; one without a zone is taken as UTC, none at all as the first."""
    if not text:
        return datetime.min.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(place, f"`{text}` is no date with a time (RFC 3339)") from error


def _text(source: Source, key: str) -> str:
    node = source.root.get(key)
    return node.value if node and isinstance(node.value, str) else ""


def _products(statement: _Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the purl of each product, and those of its subcomponents; "" where there is none."""
    for product in statement.products or [""]:
        own = product.subcomponents if isinstance(product, _Product) else []
        yield _purl(product), tuple(_purl(part) for part in [*own, *statement.subcomponents])


def _purl(component: _Component | str) -> str:
    if isinstance(component, str):
        names = [component]
    else:
        names = [component.id, component.identifiers.get("purl", "")]
    return next((name for name in names if name.startswith("pkg:")), "")


def _targets(product: str, subcomponents: tuple[str, ...]) -> Iterator[Target]:
    if not product or "" in subcomponents:
        raise _Untold("it names a product or subcomponent that has no purl")
    if parse_purl(product).path.partition("/")[0] not in _IMAGES:
        if subcomponents:
            raise _Untold(f"what is inside of {product} cannot be told from what is beside it")
        yield {"purl": literal_purl(product)}
        return
    for asset in _images(product):
        yield from ({"asset": asset, "purl": literal_purl(each)} for each in subcomponents)
        if not subcomponents:
            yield {"asset": asset}


def _images(purl: str) -> Iterator[str]:
    """Yield what an image may be called (source: the definition of the purl type `oci`).

    A digest is the most that can be said of an image; else its repository, and its tag.
    """
    parsed = parse_purl(purl)
    qualifiers = parsed.plain_qualifiers
    if parsed.version:
        yield escape(parsed.plain_version)
        return
    repository = qualifiers.get("repository_url", "").removeprefix("https://").rstrip("/")
    tag = f":{qualifiers['tag']}" if "tag" in qualifiers else ""
    if not repository:
        name = escape(parsed.plain_path.partition("/")[2] + tag)
        yield from (name, f"*/{name}")
        return
    for prefix in ("", *(hub for hub in _HUB if repository.startswith(hub))):
        yield escape(repository.removeprefix(prefix) + tag)


def _claim(source: Source, place: str, statement: _Statement, target: Target) -> Claim:
    said = (statement.justification, statement.impact_statement, statement.status_notes)
    return Claim(
        place=place,
        names=_names(place, statement.vulnerability),
        target=target,
        reason=": ".join(filter(None, (statement.status, *said))),
        author=statement.supplier or _text(source, "author"),
    )


def _names(place: str, vulnerability: _Vulnerability | str) -> tuple[str, ...]:
    if isinstance(vulnerability, str):
        vulnerability = _Vulnerability(id=vulnerability)
    first = vulnerability.name or vulnerability.id.rstrip("/").rpartition("/")[2]
    names = tuple(dict.fromkeys(filter(None, (first, *vulnerability.aliases))))
    if not names:
        raise Malformed(place, "`vulnerability` has neither a name nor an @id")
    return names
