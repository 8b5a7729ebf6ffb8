"""What is wrong with an image: the front door of `hullguard image scan`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol

from hullguard.advisories.supply import Judged
from hullguard.images.cache import LayerCache
from hullguard.images.judge import asset_of, judge_config, vulnerabilities
from hullguard.images.opened import OpenedImage
from hullguard.images.read import OnBytes, read_image
from hullguard.model import Budget, Distro, Package, Report
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.settle import settle


class Supply(Protocol):
    """Judges packages by the advisories it has, or can get."""

    def judge(self, packages: Sequence[Package], distro: Distro | None) -> Judged:
        """Return what is known to be wrong with the packages, and what could not be judged."""


def scan(  # noqa: PLR0913 - what it needs is handed in
    opened: OpenedImage,
    *,
    supply: Supply,
    cache: LayerCache,
    exceptions: ExceptionList,
    budget: Budget,
    now: datetime,
    on_bytes: OnBytes | None = None,
) -> Report:
    """Collect what an image holds, judge it, and settle what is reported.

    What could not be read or is not covered by the advisories ends up in the report's `gaps`,
    never in silence; a report with gaps makes the command exit with 3.

    Raises:
        Unreachable: the advisories cannot be had at all.
    """
    inventory = read_image(opened, cache, budget, on_bytes)
    judged = supply.judge(inventory.packages, inventory.distro)
    asset = asset_of(opened)
    config = judge_config(opened, asset)
    findings = chain(vulnerabilities(judged.matches, asset), config.findings)
    settled = settle(findings, exceptions.exceptions, now.date())
    return Report(
        target=opened.image.name,
        asked=opened.asked,
        asset=asset,
        subject=opened.image,
        inventory=inventory,
        findings=settled.findings,
        passed=config.passed,
        gaps=(*inventory.gaps, *judged.gaps),
        database=judged.states,
        notes=judged.notes,
        exception_notes=(*exceptions.notes, *settled.notes),
        judged_at=now.isoformat(),
    )
