"""Go programs: the standard library, the program's own module, and every module inside.

Reads what `go version -m` prints (`inventory/go_build.py` has the layout); ELF files only, since
images hold programs of Linux.
"""

from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.elf import is_cut_short, read_elf
from hullguard.inventory.go_build import BuildInfo, Module, read_build_info
from hullguard.inventory.go_version import main_version, standard_library
from hullguard.inventory.named import named
from hullguard.model import Budget, Gap, Package

_NO_MODULE = ("cmd/", "command-line-arguments")  # the toolchain, and files built by name
_PACKED = b"UPX!"
_PACKER_WITHIN = 1024  # bytes: it stands behind the program headers, of which UPX leaves few


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield a program's modules, or nothing where Go did not make it.

    A packed program is a gap, whoever made it, and so is one that keeps silent about its modules:
    nobody can tell what is inside.

    Raises:
        Malformed: the program's build information makes no sense.
        BudgetSpent: nothing is left.
    """
    elf = read_elf(file.data)
    if elf is None:
        return
    build = read_build_info(elf)
    if build is not None:
        yield from _told(build, file, budget)
    elif not elf.sections and _PACKED in file.data[:_PACKER_WITHIN]:
        yield Gap(file.path, "is packed with UPX, so what it was built from cannot be read")
    elif is_cut_short(elf):
        yield Gap(file.path, "is a program that is cut short, so what is inside may be missing")


def _told(build: BuildInfo, file: File, budget: Budget) -> Iterator[Found | Gap]:
    for module in _modules(build):
        budget.spend(file.path, entries=1)
        yield named(
            Package(type="golang", name=module.path, version=module.version, path=file.path)
        )
    if not (build.path or build.main or _of_toolchain(file)):
        yield Gap(file.path, "is a Go program that does not say which modules it was built from")


def _modules(build: BuildInfo) -> Iterator[Module]:
    yield Module("stdlib", standard_library(build.go))
    if build.main is not None:
        yield Module(build.main.path, main_version(build, build.main))
    elif build.path and not build.path.startswith(_NO_MODULE):
        yield Module(build.path, "")  # built outside of modules: nothing tells the version
    yield from build.dependencies


def _of_toolchain(file: File) -> bool:
    """Tell whether this is Go's own tool; before Go 1.18 they said nothing but their version."""
    return "/pkg/tool/" in file.path or file.name in {"go", "gofmt"}
