"""What `hullguard image scan` and `sbom` do with what was chosen on the command line."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import structs

from hullguard.advisories.supply import Supply
from hullguard.cli.image_targets import layer_progress, reports_on
from hullguard.cli.late_updater import LateUpdater
from hullguard.cli.progress import Progress, progress
from hullguard.cli.sentence import sentence
from hullguard.cli.settings import Settings
from hullguard.images.cache import LayerCache
from hullguard.images.judge import asset_of
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.images.scan import scan
from hullguard.model import Budget, Inventory, Misused, Report, Severity, Unreachable
from hullguard.report.formats import write
from hullguard.report.options import Kind, Options, Screen
from hullguard.report.screen import look_at
from hullguard.report.summary import gaps_of
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.select import Selection, reaches, select

DONE, FOUND, INCOMPLETE = 0, 1, 3
Chosen = Mapping[str, Any]


def run(targets: Sequence[str], settings: Settings, chosen: Chosen) -> int:
    """Scan, write the report and return the exit code.

    Raises:
        HullguardError: a target cannot be had at all, or the request makes no sense.
    """
    now = datetime.now(UTC)
    exceptions = _exceptions(chosen["exception_files"], now)
    with ExitStack() as stack:
        show = stack.enter_context(progress(quiet=chosen["quiet"]))
        cache = _cache(stack, chosen)
        supply = _supply(chosen, settings, show, now)

        def judge(image: OpenedImage, budget: Budget) -> Report:
            return scan(
                image,
                supply=supply,
                cache=cache,
                exceptions=exceptions,
                budget=budget,
                now=now,
                on_bytes=layer_progress(show, image),
            )

        reports = reports_on(targets, chosen, show, judge)
    asked = Selection(severities=chosen["severities"], ignore_unfixed=chosen["ignore_unfixed"])
    shown = [select(report, asked) for report in reports]
    _write(shown, chosen, Options(generated=_local(now), every=chosen["every"]))
    return _exit_code(reports, shown, chosen["fail_on"])


def run_sbom(targets: Sequence[str], settings: Settings, chosen: Chosen) -> int:
    """List, write the bill of materials and return the exit code.

    Raises:
        HullguardError: a target cannot be had at all, or the request makes no sense.
    """
    del settings
    now = datetime.now(UTC)
    with ExitStack() as stack:
        show = stack.enter_context(progress(quiet=chosen["quiet"]))
        cache = _cache(stack, chosen)

        def collect(image: OpenedImage, budget: Budget) -> Report:
            return _listed(image, read_image(image, cache, budget, layer_progress(show, image)))

        reports = reports_on(targets, chosen, show, collect)
    _write(reports, chosen, Options(generated=_local(now), kind=Kind.SBOM))
    for gap in (gap for report in reports for gap in report.gaps):
        print(sentence(gap), file=sys.stderr)  # noqa: T201 - the document tells it to machines only
    return _exit_code(reports, reports, None)


def _listed(image: OpenedImage, inventory: Inventory) -> Report:
    return Report(
        target=image.image.name,
        asset=asset_of(image),
        subject=image.image,
        inventory=inventory,
        gaps=inventory.gaps,
    )


def _cache(stack: ExitStack, chosen: Chosen) -> LayerCache:
    cache = LayerCache(chosen["cache_dir"])
    stack.callback(cache.close)
    return cache


def _supply(chosen: Chosen, settings: Settings, show: Progress, now: datetime) -> Supply:
    db = chosen["db"]
    updater = LateUpdater(db, settings, show, chosen["ca_file"])
    return Supply(
        db,
        now=now,
        max_age=timedelta(hours=chosen["max_age"]),
        fetcher=None if chosen["offline"] else updater,
    )


def _exceptions(files: Sequence[Path], now: datetime) -> ExceptionList:
    if not files:
        return ExceptionList()
    from hullguard.triage.exceptions import read_exceptions  # noqa: PLC0415 - brings PyYAML along

    lists = [read_exceptions(path, _read(path), now.date()) for path in files]
    return ExceptionList(
        exceptions=tuple(entry for one in lists for entry in one.exceptions),
        notes=tuple(note for one in lists for note in one.notes),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Unreachable(f"{path}: {fault.strerror}") from None


def _exit_code(reports: Sequence[Report], shown: Sequence[Report], fail_on: str | None) -> int:
    if any(gaps_of(report) for report in reports):
        return INCOMPLETE
    if fail_on and any(reaches(report.findings, Severity(fail_on)) for report in shown):
        return FOUND
    return DONE


def _local(now: datetime) -> datetime:
    return now.astimezone()


def _write(reports: Sequence[Report], chosen: Chosen, asked: Options) -> None:
    with _destination(chosen["output"]) as (stream, screen):
        write(chosen["format_"], reports, structs.replace(asked, screen=screen), stream)


@contextmanager
def _destination(path: Path | None) -> Iterator[tuple[BinaryIO, Screen]]:
    """Open the file, or standard output with its width and colours."""
    if path is None:
        yield sys.stdout.buffer, look_at(sys.stdout, os.environ)
        sys.stdout.buffer.flush()
        return
    try:
        with path.open("wb") as file:
            yield file, Screen()
    except OSError as fault:
        raise Misused(f"{path}: cannot be written ({fault.strerror})") from None
