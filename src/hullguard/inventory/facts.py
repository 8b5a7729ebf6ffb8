"""What one wanted file told, in the form that is cached with its layer."""

import msgspec

from hullguard.inventory.analyzer import Analyzer, File, Found, Owns, Read
from hullguard.inventory.wanted import might_hold_packages
from hullguard.model import Budget, BudgetSpent, Distro, Gap, GapKind, Malformed, Package


class Ownership(msgspec.Struct, frozen=True, array_like=True):
    """The files of one package that an analyzer might want too."""

    name: str
    arch: str
    paths: tuple[str, ...]


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one analyzer learned from one file."""

    path: str
    analyzer: str
    packages: tuple[Package, ...] = ()
    owned: tuple[Ownership, ...] = ()
    distros: tuple[Distro, ...] = ()
    gaps: tuple[Gap, ...] = ()


def learn(analyzer: Analyzer, read: Read, file: File, budget: Budget) -> FileFacts:
    """Run an analyzer over a file; whatever goes wrong becomes a gap of that file.

    Raises:
        BudgetSpent: nothing more may be read at all.
    """
    packages: list[Package] = []
    owned: list[Ownership] = []
    distros: list[Distro] = []
    gaps: list[Gap] = []
    try:
        for outcome in read(file, budget):
            if isinstance(outcome, Found):
                packages.append(outcome.package)
                if outcome.owns:
                    owned.append(
                        _ownership(outcome.package.name, outcome.package.arch, outcome.owns)
                    )
            elif isinstance(outcome, Owns):
                owned.append(_ownership(outcome.name, outcome.arch, outcome.paths))
            elif isinstance(outcome, Distro):
                distros.append(outcome)
            else:
                gaps.append(_placed(outcome, file.path))
    except BudgetSpent as spent:
        gaps.append(Gap(file.path, spent.why, GapKind.INCOMPLETE))
    except Malformed as fault:
        gaps.append(_placed(Gap(fault.where, fault.why), file.path))
    return FileFacts(
        path=file.path,
        analyzer=analyzer.name,
        packages=tuple(packages),
        owned=tuple(entry for entry in owned if entry.paths),
        distros=tuple(distros),
        gaps=tuple(gaps),
    )


def _ownership(name: str, arch: str, paths: tuple[str, ...]) -> Ownership:
    return Ownership(name, arch, tuple(path for path in paths if might_hold_packages(path)))


def _placed(gap: Gap, path: str) -> Gap:
    """Name the file in a gap that only names a record of it."""
    if path in gap.where:
        return gap
    where = f"{path}, {gap.where}" if gap.where else path
    return msgspec.structs.replace(gap, where=where)
