"""What an image's config says about how it runs. Texts: `catalog/checks/images/`."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from hullguard.model import ImageConfig

_OFF = ("NONE",)  # HEALTHCHECK NONE: what the base image brought is switched off


class Fault(msgspec.Struct, frozen=True):
    """One place where a check fails."""

    locator: str  # a key of the config: "config.User"
    detail: dict[str, Any]  # what the check saw there


def runs_as_root(config: ImageConfig) -> Iterator[Fault]:
    """Find images that start as user 0: no user, `root`, or 0 in any spelling, whatever group."""
    user = config.user.partition(":")[0].strip()
    if user == "root" or not user.strip("0"):
        yield Fault("config.User", {"user": config.user})


def has_no_health_check(config: ImageConfig) -> Iterator[Fault]:
    """Find images that cannot be asked whether they work."""
    if config.healthcheck in ((), _OFF):
        yield Fault("config.Healthcheck", {"healthcheck": config.healthcheck})


CHECKS: dict[str, Callable[[ImageConfig], Iterator[Fault]]] = {
    "KP-IMG-013": runs_as_root,
    "KP-IMG-020": has_no_health_check,
}
