"""Whose business a language package is that an operating-system package brought. Pure.

A distribution repairs flaws without changing a library's version, so its own advisories judge what
its packages bring. Packages of others (docker-ce, a vendor's agent) it knows nothing about: what
they bring is judged like any other library, or nobody would.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from hullguard.advisories.ecosystems import Query, query
from hullguard.model import Distro, Package

Known = Callable[[str, Iterable[str]], set[str] | None]
"""Returns which of some names a family's advisories have ever spoken of; None: it is not here."""


def disowned(
    packages: Sequence[Package], distro: Distro | None, known: Known
) -> tuple[Package, ...]:
    """Return the packages, without owners that the distribution's advisories do not know.

    Where the distribution has no advisories, or they are not here, owners stay: that the packages
    of the system were not checked is said anyway.
    """
    owned = {package.owned_by for package in packages if package.owned_by}
    owners = {
        package.purl: asked
        for package in packages
        if package.purl in owned and (asked := query(package, distro))
    }
    strangers = _strangers(owners, known)
    return tuple(
        structs.replace(package, owned_by="") if package.owned_by in strangers else package
        for package in packages
    )


def _strangers(owners: dict[str, Query], known: Known) -> set[str]:
    families: dict[str, set[str]] = {}
    for asked in owners.values():
        families.setdefault(asked.family, set()).add(asked.name)
    names = {family: known(family, sorted(some)) for family, some in families.items()}
    return {
        purl
        for purl, asked in owners.items()
        if (spoken_of := names[asked.family]) is not None and asked.name not in spoken_of
    }
