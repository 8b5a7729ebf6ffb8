"""Licences as the language ecosystems write them, joined to one text."""

from collections.abc import Iterable

_LONGEST = 200  # characters; some packages put the whole licence into the field


def one_of(names: Iterable[str]) -> str:
    """Join licences of which the user may choose one: an SPDX expression if the names are SPDX."""
    distinct = _distinct(names)
    if len(distinct) == 1:
        return distinct[0]
    return " OR ".join(f"({name})" if " AND " in name else name for name in distinct)


def listed(names: Iterable[str]) -> str:
    """Join licences where the ecosystem does not say whether all or one of them apply."""
    return ", ".join(_distinct(names))


def _distinct(names: Iterable[str]) -> list[str]:
    cleaned = (" ".join(name.split())[:_LONGEST] for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))
