"""What `hullguard db update` and `build` do with what was chosen on the command line."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from hullguard.advisories.build import build
from hullguard.advisories.incoming import Incoming
from hullguard.advisories.plan import FAMILIES, Source, requested
from hullguard.advisories.presence import families_here
from hullguard.advisories.update import Updater
from hullguard.cli.db_status import show
from hullguard.cli.progress import Progress, progress
from hullguard.cli.sentence import sentence
from hullguard.cli.settings import Settings
from hullguard.model import Gap, GapKind, Misused
from hullguard.transport.client import Connection

Chosen = Mapping[str, Any]


def run_update(families: Sequence[str], settings: Settings, chosen: Chosen) -> int:
    """Bring families up to date, show them and return the exit code.

    Raises:
        Misused: there is no such family, nothing to bring up to date, or no network allowed.
    """
    _check_network(chosen)
    wanted = families or _everything_here(chosen["db"])
    with progress(quiet=chosen["quiet"]) as show_:
        updater = Updater(
            chosen["db"],
            addresses=settings.feeds,
            mirrors=settings.mirrors,
            connection=Connection(ca_file=chosen["ca_file"]),
            show=show_,
        )
        gaps = updater.update(wanted)
    _tell(gaps)
    return show(chosen["db"], chosen["as_"], only=requested(wanted), gaps=gaps)


def run_build(origins: Sequence[str], chosen: Chosen) -> int:
    """Build families from files, show them and return the exit code.

    Raises:
        Misused: an address makes no sense, or no network is allowed.
        Unreachable: an origin cannot be had, or the database cannot be written.
    """
    db: Path = chosen["db"]
    with progress(quiet=chosen["quiet"]) as show_, _local(origins, chosen, show_) as paths:
        built = build(
            paths,
            db,
            on_progress=lambda name, count: show_.advance("", f"{name}, record {count}", 0, None),
        )
    gaps = list(built.gaps)
    if not built.families and not gaps:
        places = ", ".join(origins)
        gaps.append(Gap(places, "holds nothing in a format known here", GapKind.NOT_COVERED))
    _tell(gaps)
    return show(db, chosen["as_"], only={each.family for each in built.families}, gaps=gaps)


def _everything_here(db: Path) -> Sequence[str]:
    here = [family for family in families_here(db) if family in FAMILIES]
    if not here:
        raise Misused(
            "Nothing is here yet that could be brought up to date. "
            "Name what you need: hullguard db update debian pypi\n"
            f"Families: {', '.join(FAMILIES)}."
        )
    return here


def _check_network(chosen: Chosen) -> None:
    if chosen["offline"]:
        raise Misused(
            "This needs the network, which --offline (or HULLGUARD_OFFLINE, or the "
            "configuration) forbids.\nFrom files: hullguard db build --from DIR"
        )


def _tell(gaps: Sequence[Gap]) -> None:
    for gap in gaps:
        print(sentence(gap), file=sys.stderr)  # noqa: T201 - an error, not the answer


@contextmanager
def _local(origins: Sequence[str], chosen: Chosen, show_: Progress) -> Iterator[list[Path]]:
    """Yield the origins as paths; what lies on the network is fetched first."""
    urls = [each for each in origins if each.partition("://")[0] in {"http", "https"}]
    paths = [_path(each) for each in origins if each not in urls]
    if not urls:
        yield paths
        return
    _check_network(chosen)
    connection = Connection(ca_file=chosen["ca_file"])
    with (
        Incoming(chosen["db"], connection, show_) as incoming,
        TemporaryDirectory(dir=incoming.folder) as folder,
    ):
        for url in urls:
            _fetch(url, Path(folder), incoming)
        yield [*paths, Path(folder)]


def _path(origin: str) -> Path:
    is_url = origin.startswith("file://")
    return Path(url2pathname(urlsplit(origin).path) if is_url else origin)


def _fetch(url: str, folder: Path, incoming: Incoming) -> None:
    """Put a file below the folder under its address: names tell formats and end up in shards."""
    name = f"from-{sha256(url.encode()).hexdigest()[:16]}"
    arrived = incoming.ask(Source(name=name, url=url, family="")).result().path
    parts = [part for part in urlsplit(url).path.split("/") if part not in {"", ".", ".."}]
    target = folder.joinpath(urlsplit(url).netloc, *parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    if arrived:
        arrived.replace(target)
    incoming.clear([name])
