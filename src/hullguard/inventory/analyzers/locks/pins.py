"""What every lock file comes down to: pinned packages, told once each."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.documents import shaped
from hullguard.model import Budget, Gap, Package

Entry = TypeVar("Entry")

_RANK = {"": 0, "optional": 1, "dev": 2}  # what run time needs is not only a tool of developers


class Pin(NamedTuple):
    """One package that a lock file names."""

    name: str
    version: str  # empty: locked to a commit or an address, and no version is stated
    scope: str = ""
    licence: str = ""


def packages(
    kind: str, file: File, budget: Budget, pins: Iterable[Pin | Gap]
) -> Iterator[Found | Gap]:
    """Yield every gap, then every package once per version, in the scope that matters most.

    Args:
        kind: the purl type.
        file: the lock file.
        budget: what reading may cost.
        pins: what the file tells, in its order, repetitions included.

    Raises:
        BudgetSpent: there are more records than allowed.
    """
    kept: dict[tuple[str, str], Pin] = {}
    for pin in pins:
        budget.spend(file.path, entries=1)
        if isinstance(pin, Gap):
            yield pin
        elif not (_sound(pin.name) and _sound(pin.version or "0")):
            yield Gap(f"package {pin.name[:80]!a}", "has a name or version that cannot be one")
        else:
            key = (pin.name, pin.version)
            known = kept.get(key, pin)
            kept[key] = pin._replace(scope=nearer(known.scope, pin.scope))
    for pin in kept.values():
        yield Found(
            Package(
                type=kind,
                name=pin.name,
                version=pin.version,
                scope=pin.scope,
                licence=pin.licence,
                path=file.path,
            )
        )


def listed(
    what: str, entries: Iterable[object], shape: type[Entry], pin: Callable[[Entry], Pin | None]
) -> Iterator[Pin | Gap]:
    """Yield what `pin` makes of each entry of a list, and a gap for each that is not of `shape`.

    Args:
        what: the list's key in the file, for the gaps.
        entries: plain objects, or `msgspec.Raw` JSON.
        shape: a struct.
        pin: returns None for what is the user's own code.
    """
    for number, value in enumerate(entries):
        entry = shaped(value, shape, f"{what}[{number}]")
        if isinstance(entry, Gap):
            yield entry
        elif pinned := pin(entry):
            yield pinned


def any_licence(value: object) -> str:
    """Return a licence, or several to choose from, as one expression."""
    several = value if isinstance(value, list) else [value]
    return " OR ".join(each for each in several if isinstance(each, str))


def nearer(one: str, other: str) -> str:
    """Return the scope that is nearer to run time: what both need is what the nearer one needs."""
    return min(one, other, key=_RANK.__getitem__)


def _sound(text: str) -> bool:
    """Tell whether a name or version may be one: printable, without blanks, as it was written."""
    return bool(text) and text.isprintable() and not {" ", "\N{REPLACEMENT CHARACTER}"} & {*text}
