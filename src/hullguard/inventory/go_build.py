"""What the Go linker writes into a program: the Go version and every module it was built from.

Two layouts: since Go 1.18 the texts stand in line, before they were pointed to. (Source: Go's
`debug/buildinfo` and `runtime/debug/mod.go`; programs of Linux, so ELF alone.)
"""

import struct
from collections.abc import Iterator

import msgspec

from hullguard.inventory.elf import Elf, Part, data_segment, find_section, has_sections, memory
from hullguard.model import MIB, Malformed

DEVELOPMENT = "(devel)"
"""The version of what was built from a source tree: the main module, and others beside it."""

MAGIC = b"\xff Go buildinf:"
_ALIGNED = 16  # the magic's address is a multiple of this
_HEADER = 32
_BIG_ENDIAN, _IN_LINE = 1, 2
_PLACEHOLDERS = frozenset({"v0.0.0", "v0.0.0-00010101000000-000000000000"})
_FRAME = 16  # bytes of a marker at each end of the module text
_LONGEST_COUNT = 10  # bytes of a varint
_LONGEST_TEXT = 4 * MIB  # the largest programs have 100 KB


class Module(msgspec.Struct, frozen=True):
    """One module; a version is empty where a folder stood in place of a released version."""

    path: str
    version: str


class BuildInfo(msgspec.Struct, frozen=True):
    """What one program was built from."""

    go: str  # "go1.21.3"
    path: str  # of its main package: "example.test/shop/cmd/cart"; empty where it says nothing
    main: Module | None  # absent where it was built outside of modules, as the toolchain is
    dependencies: tuple[Module, ...]  # without modules of the program's own source tree
    settings: dict[str, str]  # "-ldflags", "vcs.revision", ...


def read_build_info(elf: Elf) -> BuildInfo | None:
    """Return what the program says of its build, or nothing where Go did not make it.

    Raises:
        Malformed: the program has build information that makes no sense.
    """
    at = _find(elf)
    if at is None:
        return None
    texts = _in_line if elf.data[at + 15] & _IN_LINE else _pointed_to
    go, modules = texts(elf, at)
    if not go:
        raise Malformed("Go build information", "names no Go version")
    return _parsed(go.decode(errors="replace"), _unframed(modules).decode(errors="replace"))


def _find(elf: Elf) -> int | None:
    """Return where the information starts.

    The data segment is searched only where there are no section names to trust: it can be
    megabytes, and every program of an image comes by.
    """
    place = find_section(elf, b".go.buildinfo")
    if place is None and not has_sections(elf):
        place = data_segment(elf)
    return _find_in(elf, place) if place else None


def _find_in(elf: Elf, place: Part) -> int | None:
    end = min(place.offset + place.size, len(elf.data))
    at = elf.data.find(MAGIC, min(place.offset, end), end)
    while at >= 0:
        address = place.address + at - place.offset
        if address % _ALIGNED == 0 and at + _HEADER <= len(elf.data):
            return at
        at = elf.data.find(MAGIC, at + 1, end)
    return None


def _in_line(elf: Elf, at: int) -> tuple[bytes, bytes]:
    """Read two texts, each after its length."""
    go, at = _counted(elf, at + _HEADER)
    modules, _ = _counted(elf, at)
    return go, modules


def _counted(elf: Elf, at: int) -> tuple[bytes, int]:
    """Return a text whose length stands before it as a varint, and where the next one starts."""
    size = 0
    for place, byte in enumerate(elf.data[at : at + _LONGEST_COUNT]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that another byte follows
            start = at + place + 1
            return _whole(elf.data[start : start + size], size), start + size
    raise Malformed("Go build information", "ends within a length")


def _pointed_to(elf: Elf, at: int) -> tuple[bytes, bytes]:
    """Follow two pointers, each to an address and a length."""
    size, flags = elf.data[at + 14], elf.data[at + 15]
    letter = {4: "I", 8: "Q"}.get(size)
    if letter is None:
        raise Malformed("Go build information", f"has pointers of {size} bytes")
    pair = struct.Struct((">" if flags & _BIG_ENDIAN else "<") + 2 * letter)
    first, second = pair.unpack(elf.data[at + 16 : at + 16 + pair.size])
    return _text_at(elf, pair, first), _text_at(elf, pair, second)


def _text_at(elf: Elf, pair: struct.Struct, pointer: int) -> bytes:
    if not pointer:  # built outside of modules
        return b""
    header = _whole(memory(elf, pointer, pair.size), pair.size)
    address, size = pair.unpack(header)
    return _whole(memory(elf, address, size), size)


def _whole(text: bytes, size: int) -> bytes:
    if size > _LONGEST_TEXT:
        raise Malformed("Go build information", f"claims to have {size} bytes")
    if len(text) != size:
        raise Malformed("Go build information", "points outside the program")
    return text


def _unframed(modules: bytes) -> bytes:
    """Take off the markers at both ends; without them there is no module text."""
    if len(modules) > 2 * _FRAME and modules[-_FRAME - 1 : -_FRAME] == b"\n":
        return modules[_FRAME:-_FRAME]
    return b""


def _parsed(go: str, text: str) -> BuildInfo:
    path = ""
    main: Module | None = None
    dependencies: list[Module] = []
    settings: dict[str, str] = {}
    for kind, fields in _lines(text):
        match kind:
            case "path":
                path = fields[0]
            case "mod":
                main = Module(fields[0], fields[1])
            case "dep":
                dependencies.append(Module(fields[0], fields[1]))
            case "=>" if dependencies:
                dependencies[-1] = _replaced(dependencies[-1], Module(fields[0], fields[1]))
            case "build":
                key, _, value = fields[0].partition("=")
                settings[key] = _unquoted(value)
    others = tuple(module for module in dependencies if module.version != DEVELOPMENT)
    return BuildInfo(go, path, main, others, settings)


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each line's kind, and its fields: always at least two."""
    for line in text.split("\n"):
        kind, _, rest = line.partition("\t")
        yield kind, [*rest.split("\t"), ""]


def _replaced(module: Module, other: Module) -> Module:
    """Return what stands in a module's place: another one, or a folder's unknown state.

    A folder in place of a version that only fills the line is a part of the program's own tree.
    """
    if not other.path.startswith((".", "/")):
        return other
    return Module(module.path, DEVELOPMENT if module.version in _PLACEHOLDERS else "")


def _unquoted(value: str) -> str:
    """Undo Go's quoting of values with spaces, as far as flags need it."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(value) > 1 and value[0] == value[-1] == "`":
        return value[1:-1]
    return value
