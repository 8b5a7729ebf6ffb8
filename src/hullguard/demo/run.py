"""The demo: the sample image, scanned as any other, offline, as of the day of its advisories."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hullguard.advisories.supply import Supply
from hullguard.demo.database import database
from hullguard.demo.sample import sample
from hullguard.images.cache import LayerCache
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.scan import scan
from hullguard.model import Budget, Report, Unreachable
from hullguard.triage.exception_list import ExceptionList


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo shows."""

    report: Report
    date: datetime  # the day it was judged for
    coverage: tuple[str, ...]  # the ecosystems that its advisories speak of


def demo(cache: Path) -> Demo:
    """Scan the sample image; nothing but what ships with us and the cache is read.

    Args:
        cache: the folder of our caches; where it cannot be written, a temporary one will do.

    Raises:
        Malformed: the sample is damaged.
    """
    with ExitStack() as stack:
        shipped = stack.enter_context(sample())
        db = stack.enter_context(database(shipped, cache))
        budget = Budget()
        [image] = stack.enter_context(
            opened(str(shipped.image), platform="", budget=budget, open_registry=_no_registry)
        )
        report = scan(
            image,
            supply=Supply(db, now=shipped.date, max_age=timedelta(), fetcher=None),
            cache=LayerCache(None),
            exceptions=ExceptionList(),
            budget=budget,
            now=shipped.date,
        )
    return Demo(report=report, date=shipped.date, coverage=shipped.coverage)


def _no_registry(reference: str, platform: str) -> OpenedImage:
    raise Unreachable(f"{reference} ({platform}): the demo opens nothing but its own sample")
