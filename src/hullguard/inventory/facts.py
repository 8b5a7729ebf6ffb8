"""What one wanted file told, in the form that is cached with its layer."""

import msgspec

from hullguard.inventory.analyzer import Analyzer, File, Found, Outcome, Owns, Read
from hullguard.inventory.wanted import might_hold_packages
from hullguard.model import Budget, BudgetSpent, Distro, Gap, GapKind, Malformed, Package

BUG_ADVICE = "This is a mistake in hullguard: please report it with this line"
_MOST_GAPS = 100  # of one file
_OBJECT = 64  # bytes of memory that a text takes beside its characters, roughly


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
    stands_for: str = ""  # the wanted path whose file this is, if that is a link

    @property
    def complete(self) -> bool:
        """Whether the file was read to its end, however much of it made no sense."""
        return all(gap.kind is not GapKind.INCOMPLETE for gap in self.gaps)


def learn(analyzer: Analyzer, read: Read, file: File, budget: Budget) -> FileFacts:
    """Run an analyzer over a file; whatever goes wrong becomes a gap of that file."""
    told = _Told(file.path, budget)
    try:
        for outcome in read(file, budget):
            told.take(outcome)
    except BudgetSpent as spent:
        told.gap(Gap(file.path, spent.why, GapKind.INCOMPLETE))
    except Malformed as fault:
        told.gap(Gap(fault.where, fault.why))
    except OSError as fault:  # a file on disk that changes or fails under the reader
        told.gap(Gap(file.path, f"cannot be read ({fault.strerror or fault})", GapKind.INCOMPLETE))
    except Exception as bug:  # noqa: BLE001 - a mistake in one analyzer must not cost the scan of everything else; the gap names the error, so it is not hidden
        told.gap(_bug(analyzer, file, bug))
    return told.facts(analyzer)


class _Told:
    """What an analyzer has told of one file so far."""

    def __init__(self, path: str, budget: Budget) -> None:
        self._path = path
        self._budget = budget
        self._packages: list[Package] = []
        self._owned: list[Ownership] = []
        self._distros: list[Distro] = []
        self._gaps: list[Gap] = []
        self._more_gaps = 0

    def take(self, outcome: Outcome) -> None:
        """Keep what an analyzer yields; raises BudgetSpent."""
        if isinstance(outcome, Found):
            package = outcome.package
            self._budget.keep(self._path, _size(package))
            self._packages.append(package)
            if outcome.owns:
                self._own(package.name, package.arch, outcome.owns)
        elif isinstance(outcome, Owns):
            self._own(outcome.name, outcome.arch, outcome.paths)
        elif isinstance(outcome, Distro):
            self._distros.append(outcome)
        else:
            self.gap(outcome)

    def gap(self, gap: Gap) -> None:
        """Keep a gap; the more there are, the less anybody learns from one more."""
        if len(self._gaps) < _MOST_GAPS:
            self._gaps.append(_placed(gap, self._path))
        else:
            self._more_gaps += 1

    def facts(self, analyzer: Analyzer) -> FileFacts:
        """Return all that was told."""
        if self._more_gaps:
            why = f"{self._more_gaps} more of its records could not be read"
            self._gaps.append(Gap(self._path, why))
        return FileFacts(
            path=self._path,
            analyzer=analyzer.name,
            packages=tuple(self._packages),
            owned=tuple(self._owned),
            distros=tuple(self._distros),
            gaps=tuple(self._gaps),
        )

    def _own(self, name: str, arch: str, paths: tuple[str, ...]) -> None:
        if kept := tuple(path for path in paths if might_hold_packages(path)):
            self._budget.keep(self._path, sum(_OBJECT + len(path) for path in kept))
            self._owned.append(Ownership(name, arch, kept))


def _size(package: Package) -> int:
    """Return about how many bytes of memory a package takes, its texts above all."""
    texts = (package.name, package.version, package.source, package.licence, package.vendor)
    return 16 * _OBJECT + sum(map(len, texts))


def _bug(analyzer: Analyzer, file: File, bug: Exception) -> Gap:
    what = f"{type(bug).__name__}: {bug}"[:200]
    why = f"the analyzer {analyzer.name} failed on it ({what})"
    return Gap(file.path, why, GapKind.INCOMPLETE, BUG_ADVICE)


def _placed(gap: Gap, path: str) -> Gap:
    """Name the file in a gap that only names a record of it."""
    if path in gap.where:
        return gap
    where = f"{path}, {gap.where}" if gap.where else path
    return msgspec.structs.replace(gap, where=where)
