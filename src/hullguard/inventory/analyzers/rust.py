"""Rust programs built with `cargo auditable`: the section `.dep-v0` lists every crate inside.

It holds JSON, compressed by zlib: `{"packages": [{"name", "version", "source", "kind", ...}]}`.
(Source: the project rust-secure-code/cargo-auditable, PARSING.md and its JSON schema.)
"""

import zlib
from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.documents import shaped
from hullguard.inventory.elf import find_section, read_elf
from hullguard.inventory.json_text import decode_json
from hullguard.inventory.named import named
from hullguard.model import MIB, Budget, Gap, Malformed, Package

_LARGEST = 8 * MIB  # the limit that the format's own readers keep, packed and unpacked
_NOT_INSIDE = frozenset({"build", "dev"})


class _Crates(msgspec.Struct):
    packages: list[msgspec.Raw]


class _Crate(msgspec.Struct):
    name: str
    version: str
    kind: str = "runtime"


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the crates inside a program, itself included; what only built it is left out.

    Raises:
        Malformed: the section is no such list, or larger than 8 MiB.
        BudgetSpent: nothing is left.
    """
    elf = read_elf(file.data)
    section = find_section(elf, b".dep-v0") if elf else None
    if section is None:
        return
    packed = file.data[section.offset : section.offset + min(section.size, _LARGEST)]
    crates = decode_json(_unpacked(packed, file.path, budget), _Crates, file.path)
    for number, raw in enumerate(crates.packages):
        budget.spend(file.path, entries=1)
        yield from _outcome(raw, f"{file.path}, crate {number}", file.path)


def _unpacked(packed: bytes, where: str, budget: Budget) -> bytes:
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise Malformed(where, f"its list of crates cannot be unpacked: {error}") from None
    budget.spend(where, bytes_=len(text))
    if not inflate.eof:
        raise Malformed(where, "its list of crates is cut short, or larger than 8 MiB")
    return text


def _outcome(raw: msgspec.Raw, where: str, path: str) -> Iterator[Found | Gap]:
    crate = shaped(raw, _Crate, where)
    if isinstance(crate, Gap):
        yield crate
    elif crate.kind not in _NOT_INSIDE:
        yield named(Package(type="cargo", name=crate.name, version=crate.version, path=path))
