"""Go's `go.mod`, and `go.sum` beside it for modules before Go 1.17.

From 1.17 on go.mod lists every module that the build needs; before, only the direct ones, and
go.sum has the rest: a line for each module whose content was fetched, sorted, so that the last
one of a module is the newest (source: "Go Modules Reference"; golang.org/x/mod, modfile/;
cmd/go/internal/modfetch/fetch.go).

`toolchain go1.22.1` is the oldest toolchain that builds the module: its standard library counts.
The `go` line says only which version of the language is written, and counts for nothing.
"""

import re
from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_text
from hullguard.inventory.go_version import standard_library
from hullguard.model import Budget, Gap, Malformed

_TOKEN = re.compile(r'//.*|"(?:[^"\\]|\\.)*"|`[^`]*`|[(),]|(?:(?!//)[^\s(),])+')
_KNOWN = {"module", "require", "replace", "exclude", "retract", "go", "toolchain", "godebug"}
_GO = re.compile(r"(\d{1,4})\.(\d{1,4})")
_COMPLETE = (1, 17)  # from this version on go.mod is

Module = tuple[str, str]  # path, version


class _GoMod(msgspec.Struct):
    """What the directives say, put together while they are read."""

    go: tuple[int, int] = (1, 16)  # what Go assumes where nothing is said
    toolchain: str = ""
    required: list[Module] = []
    excluded: set[Module] = set()
    replaced: dict[Module, Module] = {}  # without a version: every one, or a local folder


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the modules that a `go.mod` requires, as they are replaced, and the standard library.

    Raises:
        Malformed: it holds none of the directives of a go.mod.
    """
    return packages("golang", file, budget, _pins(file))


def _pins(file: File) -> Iterator[Pin | Gap]:
    found = _GoMod()
    known = False
    for number, verb, values in _directives(read_text(file)):
        known = known or verb in _KNOWN
        if not _take(found, verb, values):
            yield Gap(f"line {number}", f"is no {verb} directive that go would accept")
    if not known:
        raise Malformed(file.path, "is no go.mod: it holds none of its directives")
    if library := standard_library(found.toolchain):
        yield Pin("stdlib", library)
    yield from _required(found)
    if found.go < _COMPLETE and "go.sum" in file.beside:
        yield from _fetched(found, File(path="go.sum", data=file.beside["go.sum"]))


def _directives(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield (line number, verb, values), one for each line of a block too."""
    block = ""
    for number, line in enumerate(text.split("\n"), start=1):
        tokens = [token for token in _TOKEN.findall(line) if not token.startswith("//")]
        tokens = [token.strip('"`') for token in tokens]
        if not tokens:
            continue
        if tokens[1:] == ["("]:
            block = tokens[0]
        elif tokens == [")"]:
            block = ""
        elif block:
            yield number, block, tokens
        else:
            yield number, tokens[0], tokens[1:]


def _take(found: _GoMod, verb: str, values: list[str]) -> bool:
    """Add a directive; tell whether it makes sense. Those without a case say nothing we need."""
    match verb, values:
        case "go", [version] if match := _GO.match(version):
            found.go = (int(match[1]), int(match[2]))
        case "toolchain", [name]:
            found.toolchain = name
        case "require", [path, version] if version.startswith("v"):
            found.required.append((path, version))
        case "exclude", [path, version]:
            found.excluded.add((path, version))
        case "replace", [path, "=>", other, *version] if len(version) <= 1:
            found.replaced[path, ""] = (other, "".join(version))
        case "replace", [path, old, "=>", other, *version] if len(version) <= 1:
            found.replaced[path, old] = (other, "".join(version))
        case (("go" | "toolchain" | "require" | "exclude" | "replace"), _):
            return False
    return True


def _required(found: _GoMod) -> Iterator[Pin]:
    for module in found.required:
        path, version = found.replaced.get(module) or found.replaced.get((module[0], "")) or module
        if version and module not in found.excluded:  # without one: a folder of the tree
            yield Pin(path, version)


def _fetched(found: _GoMod, sums: File) -> Iterator[Pin]:
    """Yield what go.sum has beyond go.mod.

    A module of which only the go.mod was fetched (`v1.2.3/go.mod`) took part in choosing
    versions, but is not built.
    """
    newest: dict[str, str] = {}
    for line in read_text(sums).split("\n"):
        match line.split():
            case [path, version, _] if not version.endswith("/go.mod"):
                newest[path] = version
    told = {path for path, _ in (*found.required, *found.replaced.values())}
    yield from (Pin(path, newest[path]) for path in newest if path not in told)
