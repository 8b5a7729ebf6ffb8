"""One target after the other: opened, reported on, and never lost because of another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hullguard.cli.progress import Progress
from hullguard.cli.registry_access import RegistryAccess
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.read import OnBytes
from hullguard.model import (
    Asset,
    Budget,
    Gap,
    GapKind,
    HullguardError,
    Image,
    Inventory,
    Malformed,
    Report,
    Unreachable,
)


def reports_on(
    targets: Sequence[str],
    chosen: Mapping[str, Any],
    show: Progress,
    report_on: Callable[[OpenedImage, Budget], Report],
) -> list[Report]:
    """Report on one target after the other; each has a budget of its own.

    Of several targets, one that cannot be had does not take the others' reports away.

    Raises:
        HullguardError: the only target cannot be had, or a target makes no sense.
    """
    reports: list[Report] = []
    with RegistryAccess(chosen, show) as registries:
        for target in targets:
            try:
                budget = Budget()
                with opened(
                    target,
                    platform=chosen["platform"],
                    budget=budget,
                    open_registry=registries.open,
                ) as images:
                    reports += (report_on(image, budget) for image in images)
            except (Malformed, Unreachable) as fault:
                if len(targets) == 1:
                    raise
                reports.append(_unseen(target, fault))
    return reports


def _unseen(target: str, fault: HullguardError) -> Report:
    why = str(fault).replace("\n", " ")
    return Report(
        target=target,
        asset=Asset(kind="image", uid=target, name=target),
        subject=Image(name=target),
        inventory=Inventory(),
        gaps=(Gap("", f"could not be opened: {why}", GapKind.INCOMPLETE),),
    )


def layer_progress(show: Progress, image: OpenedImage) -> OnBytes:
    """Return what shows how far the reading of an image's layers is."""
    layers = image.image.layers
    total = sum(layer.size for layer in layers)
    done = 0

    def on_bytes(number: int, count: int) -> None:
        nonlocal done
        done += count
        show.advance("layers", f"layer {number + 1} of {len(layers)}", done, total or None)

    return on_bytes
