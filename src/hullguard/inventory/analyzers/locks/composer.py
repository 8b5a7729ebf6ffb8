"""Composer's `composer.lock` (source: composer, src/Composer/Package/Locker.php)."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, any_licence, listed, packages
from hullguard.inventory.documents import read_json
from hullguard.model import Budget, Gap


class _Lock(msgspec.Struct, frozen=True, rename="kebab"):
    packages: list[msgspec.Raw]
    packages_dev: list[msgspec.Raw] | None = None


class _Dist(msgspec.Struct, frozen=True):
    type: str = ""  # "path": a folder of the tree


class _Entry(msgspec.Struct, frozen=True):
    name: str
    version: str
    dist: _Dist | None = None
    license: Any = None


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `composer.lock`.

    Raises:
        Malformed: it is not JSON, or has no packages.
    """
    lock = read_json(file, _Lock)
    pins = listed("packages", lock.packages, _Entry, _pin)
    dev_pins = listed("packages-dev", lock.packages_dev or [], _Entry, _dev_pin)
    return packages("composer", file, budget, chain(pins, dev_pins))


def _pin(entry: _Entry) -> Pin | None:
    if entry.dist and entry.dist.type == "path":
        return None
    return Pin(entry.name, entry.version, licence=any_licence(entry.license))


def _dev_pin(entry: _Entry) -> Pin | None:
    pin = _pin(entry)
    return pin._replace(scope="dev") if pin else None
