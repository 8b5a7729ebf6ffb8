"""Takes ready-made shards from mirrors, the next one where one fails.

Nothing of a mirror is used before the signature of its index is checked, nor a shard before its
hash is; an index older than the one used last is refused, so that nobody can hand out, signed
though it is, what hides newer advisories.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from hullguard.advisories.dates import instant_of
from hullguard.advisories.fetched import Answer, Fetched, read_fetched, write_fetched
from hullguard.advisories.mirror_index import INDEX, SIGNATURE, Index, Offer, read_index
from hullguard.advisories.mirror_places import Place, packed_name, place
from hullguard.advisories.plan import RATINGS, spoken_of
from hullguard.advisories.presence import family_contents, has_year
from hullguard.advisories.shard import open_shard, replace_file, writing
from hullguard.advisories.signing import check_key, check_signature
from hullguard.advisories.unpack import unpacked
from hullguard.advisories.upstream import Workshop, failure
from hullguard.advisories.upstream_ratings import note_years
from hullguard.model import (
    MIB,
    Budget,
    Gap,
    GapKind,
    HullguardError,
    Limits,
    Malformed,
    Unreachable,
)
from hullguard.transport.client import Connection


class Mirror(Protocol):
    """A mirror as it is configured: `[[mirrors]]`."""

    @property
    def url(self) -> str:
        """Where it is: https://HOST/FOLDER/ or oci://REGISTRY/REPOSITORY:TAG."""

    @property
    def key(self) -> str:
        """The Ed25519 public key that signs it, in base64."""


class _Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A mirror whose index is known to be genuine."""

    url: str
    place: Place
    index: Index


def update_from_mirrors(
    units: Sequence[str], mirrors: Sequence[Mirror], shop: Workshop, connection: Connection
) -> list[Gap]:
    """Bring families ("debian") and years of ratings ("cve-2024") up to date.

    Returns:
        What no mirror could provide. A mirror that failed while another helped is only noted.

    Raises:
        Misused: a mirror's address or key makes no sense.
    """
    keys = [check_key(mirror.key, mirror.url) for mirror in mirrors]
    left = list(units)
    fault: HullguardError = Unreachable("no mirror that is configured holds them")
    for mirror, key in zip(mirrors, keys, strict=True):
        if not left:
            break
        try:
            for unit in _take(mirror, key, tuple(left), shop, connection):
                left.remove(unit)
        except (Unreachable, Malformed) as error:
            fault = error
            shop.show.note(f"the mirror {mirror.url} is of no use now: {error}")
    return [_lacking(unit, fault, shop.db) for unit in left]


def _take(
    mirror: Mirror, key: bytes, units: Sequence[str], shop: Workshop, connection: Connection
) -> Iterator[str]:
    """Yield the units that a mirror holds, each when it is installed."""
    with place(mirror.url, shop.incoming, connection, shop.show) as opened:
        index = _index(opened, mirror.url, key, shop.db)
        for unit in units:
            if f"match/{unit}.db" in index.shards:
                _install(unit, _Opened(url=mirror.url, place=opened, index=index), shop)
                yield unit


def _index(opened: Place, url: str, key: bytes, db: Path) -> Index:
    """Return the mirror's index, when it is signed by the key and not older than the last."""
    document = opened.document(INDEX)
    check_signature(document, opened.document(SIGNATURE), key, url)
    index = read_index(document, url)
    created, name = instant_of(index.created), f"mirror-{hashlib.sha256(key).hexdigest()[:16]}"
    last = read_fetched(db, name)
    if last and created < last.at:
        raise Malformed(
            url, f"offers advisories of {created}, older than those used last, of {last.at}"
        )
    with writing(db):
        write_fetched(db, Fetched(family=name, at=created))
    return index


def _install(unit: str, mirror: _Opened, shop: Workshop) -> None:
    """Put a unit's shards into the database, the one that verdicts come from last."""
    offers = {
        path: offer
        for path in (f"details/{unit}.db", f"match/{unit}.db")
        if (offer := mirror.index.shards.get(path))
    }
    known = _known(unit, shop.db)
    for path, offer in offers.items():
        if path not in known or known[path].sha256 != offer.sha256:
            _put(shop.db / path, mirror.place.shard(offer), offer)
            shop.incoming.clear([packed_name(offer)])
    answers = {path: Answer(url=mirror.url, sha256=offer.sha256) for path, offer in offers.items()}
    _note(unit, instant_of(offers[f"match/{unit}.db"].fetched), answers, shop.db)


def _known(unit: str, db: Path) -> Mapping[str, Answer]:
    """Return which files a unit's shards were made of; nothing if they are not here."""
    year = _year(unit)
    is_here = has_year(db, year) if year else family_contents(db, unit)
    note = read_fetched(db, RATINGS if year else unit) if is_here else None
    return note.feeds if note else {}


def _note(unit: str, at: str, answers: Mapping[str, Answer], db: Path) -> None:
    if year := _year(unit):
        note_years(db, at, [year], answers)
        return
    with writing(db):
        write_fetched(db, Fetched(family=unit, at=at, feeds=dict(answers)))


def _put(target: Path, packed: Path, offer: Offer) -> None:
    def write(temporary: Path) -> None:
        with (
            packed.open("rb") as file,
            unpacked(file, offer.file, Budget(Limits(bytes=offer.size))) as stream,
            temporary.open("wb") as out,
        ):
            shutil.copyfileobj(stream, out, MIB)
        _check_shard(temporary, offer)

    with writing(target.parent.parent):
        replace_file(target, write)


def _check_shard(path: Path, offer: Offer) -> None:
    if path.stat().st_size != offer.size:
        raise Malformed(offer.file, f"unpacks to fewer than the {offer.size} bytes of the index")
    shard = open_shard(path)
    if shard is None:
        raise Malformed(offer.file, "holds no advisories that this version of hullguard can read")
    shard.close()


def _lacking(unit: str, fault: HullguardError, db: Path) -> Gap:
    if year := _year(unit):
        kind = GapKind.OUTDATED if has_year(db, year) else GapKind.UNRATED
        return failure(f"scores of {year}", fault, kind=kind)
    kind = GapKind.OUTDATED if family_contents(db, unit) else GapKind.NOT_COVERED
    return failure(spoken_of(unit), fault, kind=kind)


def _year(unit: str) -> int:
    """Return the year of ratings that a unit is; 0 for a family."""
    family, _, year = unit.partition("-")
    return int(year) if family == RATINGS and year.isdecimal() else 0
