"""Refuses names and versions that cannot be any, before they reach reports and look-ups."""

from hullguard.inventory.analyzer import Found
from hullguard.model import Gap, Package

_SHOWN = 80  # characters of a refused name


def named(package: Package) -> Found | Gap:
    """Return what was found, or the gap it leaves: names are printable and went through decoding.

    An empty version is allowed, since it says that nobody can tell it; an empty name is not.
    """
    for text in (package.name, package.version or "0"):
        if not text or not text.isprintable() or "\N{REPLACEMENT CHARACTER}" in text:
            return Gap(
                package.path,
                f"tells of a package {package.name[:_SHOWN]!a}, version"
                f" {package.version[:_SHOWN]!a}: no such name or version can be",
            )
    return Found(package)
