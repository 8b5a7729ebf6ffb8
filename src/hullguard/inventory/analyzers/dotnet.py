""".NET applications: `NAME.deps.json` lists the packages that were published with the program.

A library counts if it is a package, the runtime (a `runtimepack`) or the application itself, and if
files of it are there: many old packages only stand for what newer runtimes contain. (Source:
dotnet/sdk, documentation/specs/runtime-configuration-file.md.)
"""

from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.documents import shaped
from hullguard.inventory.json_text import read_small_json
from hullguard.inventory.named import named
from hullguard.model import MIB, Budget, Gap, Package

_LARGEST = 8 * MIB
_KINDS = frozenset({"package", "project", "runtimepack"})
_RUNTIME_PACK = "runtimepack."
_FILES = ("runtime", "runtimeTargets", "native", "resources")


class _Library(msgspec.Struct):
    kind: str = msgspec.field(name="type")


class _Target(msgspec.Struct):
    name: str = ""


class _Dependencies(msgspec.Struct):
    libraries: dict[str, msgspec.Raw]
    targets: dict[str, dict[str, dict[str, msgspec.Raw]]] = {}
    target: _Target = msgspec.field(name="runtimeTarget", default_factory=_Target)


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every library whose files were published, and a gap for each without a version.

    Raises:
        Malformed: the file is no such list at all.
        BudgetSpent: nothing is left.
    """
    content = read_small_json(file, _Dependencies, _LARGEST)
    published = content.targets.get(content.target.name, {})
    for key, raw in content.libraries.items():
        budget.spend(file.path, entries=1)
        if _has_files(published.get(key)):
            yield from _outcome(key, raw, file.path)


def _outcome(key: str, raw: msgspec.Raw, path: str) -> Iterator[Found | Gap]:
    name, _, version = key.partition("/")
    library = shaped(raw, _Library, f"{path}, library {key[:80]!r}")
    if isinstance(library, Gap):
        yield library
    elif library.kind not in _KINDS:
        return
    elif name and version:
        name = name.removeprefix(_RUNTIME_PACK)
        yield named(Package(type="nuget", name=name, version=version, path=path))
    else:
        yield Gap(path, f"has a library {key[:80]!r} without a version")


def _has_files(files: dict[str, msgspec.Raw] | None) -> bool:
    """Tell whether something of a library lies there; one that is not told of counts as there."""
    return files is None or any(kind in files for kind in _FILES)
