"""Go programs: both layouts of the build information, and programs that say less or nothing."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elf_programs import BASE, FIRST, make_elf
from hullguard.inventory.analyzers.go import read
from hullguard.model import Malformed
from installed_files import gaps, outcomes, survive, versions

PATH = "usr/local/bin/cart"
MAGIC = b"\xff Go buildinf:"
FRAME = bytes(range(16))
MODULES = """\
path\texample.test/shop/cmd/cart
mod\texample.test/shop\tv1.4.0\th1:AAAA=
dep\tgolang.org/x/text\tv0.3.0\th1:BBBB=
dep\tgopkg.in/yaml.v2\tv2.2.2+incompatible\th1:CCCC=
build\t-compiler=gc
"""
FOUND = [
    ("stdlib", "1.21.3"),
    ("example.test/shop", "v1.4.0"),
    ("golang.org/x/text", "v0.3.0"),
    ("gopkg.in/yaml.v2", "v2.2.2+incompatible"),
]
FORMS = [(32, "<"), (32, ">"), (64, "<"), (64, ">")]


def counted(text: bytes) -> bytes:
    """Put the length before a text, seven bits a byte, the lowest first."""
    size, head = len(text), b""
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + text


def framed(modules: str) -> bytes:
    return FRAME + modules.encode() + FRAME if modules else b""


def in_line(go: str = "go1.21.3", modules: str = MODULES) -> bytes:
    """Return build information as Go writes it since 1.18."""
    return MAGIC + b"\x08\x02" + bytes(16) + counted(go.encode()) + counted(framed(modules))


def pointed_to(bits: int, order: str, go: str = "go1.17.13", modules: str = MODULES) -> bytes:
    """Return build information as Go wrote it before 1.18; it starts the first section."""
    letter, flags = {32: "I", 64: "Q"}[bits], order == ">"
    pair = struct.Struct(order + 2 * letter)
    headers_at = BASE + FIRST + 32
    texts = [go.encode(), framed(modules)]
    texts_at = headers_at + 2 * pair.size
    return (
        (MAGIC + bytes([bits // 8, flags]) + pair.pack(headers_at, headers_at + pair.size)).ljust(
            32, b"\0"
        )
        + pair.pack(texts_at, len(texts[0]))
        + pair.pack(texts_at + len(texts[0]), len(texts[1]))
        + b"".join(texts)
    )


def program(information: bytes) -> bytes:
    return make_elf({b".go.buildinfo": information})


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_modules_are_read_where_they_stand_in_line(bits: int, order: str) -> None:
    data = make_elf({b".go.buildinfo": in_line()}, bits=bits, order=order)
    assert versions(read, data, PATH) == FOUND


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_modules_are_read_where_pointers_lead_to_them(bits: int, order: str) -> None:
    data = make_elf({b".go.buildinfo": pointed_to(bits, order)}, bits=bits, order=order)
    assert versions(read, data, PATH) == [("stdlib", "1.17.13"), *FOUND[1:]]


@pytest.mark.parametrize("before", [0, 16, 4096])
def test_a_program_without_section_names_is_searched(before: int) -> None:
    data = make_elf({b".data": bytes(before) + in_line()}, stripped=True)
    assert versions(read, data, PATH) == FOUND


def test_the_magic_counts_only_at_an_address_that_is_a_multiple_of_16() -> None:
    decoy = MAGIC.rjust(24, b"x").ljust(48, b"x")
    assert versions(read, make_elf({b".data": decoy + in_line()}, stripped=True), PATH) == FOUND
    assert outcomes(read, make_elf({b".data": decoy}, stripped=True), PATH) == []


def test_a_program_with_sections_but_none_of_go_is_not_searched() -> None:
    assert outcomes(read, make_elf({b".data": in_line()}), PATH) == []


def test_a_replaced_module_is_listed_as_what_replaced_it() -> None:
    modules = (
        "path\tm\nmod\tm\tv1.0.0\t\ndep\tgithub.com/old/lib\tv1.0.0\n"
        "=>\tgithub.com/fork/lib\tv1.0.1\th1:AA=\n"
    )
    assert versions(read, program(in_line(modules=modules)), PATH)[2:] == [
        ("github.com/fork/lib", "v1.0.1")
    ]


@pytest.mark.parametrize("folder", ["./lib", "../lib", "/src/lib"])
def test_a_module_replaced_by_a_folder_keeps_its_name_and_has_no_version(folder: str) -> None:
    modules = f"path\tm\nmod\tm\tv1.0.0\ndep\tgithub.com/old/lib\tv1.0.0\n=>\t{folder}\t(devel)\n"
    assert versions(read, program(in_line(modules=modules)), PATH)[2:] == [
        ("github.com/old/lib", "")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "dep\tk8s.io/api\t(devel)\t",
        "dep\tk8s.io/api\tv0.0.0\n=>\t./staging/src/k8s.io/api\t(devel)\t",
        "dep\tk8s.io/api\tv0.0.0-00010101000000-000000000000\n=>\t../api\t(devel)\t",
    ],
)
def test_modules_of_the_programs_own_tree_are_the_program(line: str) -> None:
    modules = f"path\tm\nmod\tm\tv1.0.0\n{line}\ndep\tgolang.org/x/text\tv0.3.0\n"
    assert versions(read, program(in_line(modules=modules)), PATH)[1:] == [
        ("m", "v1.0.0"),
        ("golang.org/x/text", "v0.3.0"),
    ]


def test_files_built_by_name_have_no_module_of_their_own() -> None:
    modules = "path\tcommand-line-arguments\ndep\tgolang.org/x/text\tv0.3.0\n"
    assert versions(read, program(in_line(modules=modules)), PATH) == [
        ("stdlib", "1.21.3"),
        ("golang.org/x/text", "v0.3.0"),
    ]


def devel(flags: str, path: str = "example.test/shop") -> str:
    return f"path\t{path}\nmod\t{path}\t(devel)\t\nbuild\t-ldflags={flags}\n"


@pytest.mark.parametrize(
    ("flags", "version"),
    [
        ('"-s -w -X main.version=1.2.3"', "v1.2.3"),
        ("-X=main.Version=v1.2.3-rc.1", "v1.2.3-rc.1"),
        ("\"-X 'main.buildVersion=1.2.3' -X main.goVersion=1.20.1\"", "v1.2.3"),
        ('"-X \\"main.version=1.2.3\\" -X main.commit=abc"', "v1.2.3"),
        ("`-X main.version=1.2.3`", "v1.2.3"),
        ('"-X example.test/shop/internal/build.Version=1.2.3"', "v1.2.3"),
        ('"-X github.com/prometheus/common/version.Version=2.45.0"', "v2.45.0"),
        ('"-X k8s.io/component-base/version.gitVersion=v1.28.2"', "v1.28.2"),
        ('"-X main.version=1.2.3 -X k8s.io/component-base/version.gitVersion=v9.9.9"', "v1.2.3"),
        ('"-X main.version=1.2.3 -X main.Version=v1.2.3"', "v1.2.3"),
        ('"-X main.version=1.2.3 -X main.appVersion=4.5.6"', ""),
        ('"-X github.com/someone/else.version=1.2.3"', ""),
        ('"-X main.version=latest"', ""),
        ('"-X main.apiVersion=1.2.3"', ""),
        ('"-X"', ""),
        ("", ""),
    ],
)
def test_a_program_built_in_place_has_the_version_that_its_linker_was_told(
    flags: str, version: str
) -> None:
    found = versions(read, program(in_line(modules=devel(flags))), PATH)
    assert found[1] == ("example.test/shop", version)


def test_a_commit_is_no_version() -> None:
    modules = "path\tm\nmod\tm\t(devel)\t\nbuild\tvcs.revision=0123456789abcdef\n"
    assert versions(read, program(in_line(modules=modules)), PATH)[1] == ("m", "")


def test_a_version_that_the_toolchain_made_of_a_commit_is_kept() -> None:
    modules = "path\tm\nmod\tm\tv0.0.0-20250101120000-0123456789ab+dirty\t\n"
    assert versions(read, program(in_line(modules=modules)), PATH)[1] == (
        "m",
        "v0.0.0-20250101120000-0123456789ab+dirty",
    )


@pytest.mark.parametrize(
    ("go", "version"),
    [
        ("go1.21.3", "1.21.3"),
        ("go1.20", "1.20.0"),
        ("go1.21rc2", "1.21.0-rc.2"),
        ("go1.18beta1", "1.18.0-beta.1"),
        ("go1.21.3 X:boringcrypto", "1.21.3"),
        ("go1.20.10 (Red Hat 1.20.10-1.el9)", "1.20.10"),
        ("go1.21.3-acme", "1.21.3"),
        ("go1.16.7b7", "1.16.7"),
        ("devel go1.22-fe69121 Tue Nov 7", ""),
        ("go1.26-devel_0123abc", ""),
        ("devel +a1b2c3d Mon Jan 2", ""),
        ("go1", ""),
        ("gccgo", ""),
    ],
)
def test_the_standard_library_has_the_toolchains_version(go: str, version: str) -> None:
    assert versions(read, program(in_line(go=go)), PATH)[0] == ("stdlib", version)


def test_a_program_built_outside_of_modules_is_listed_by_its_import_path() -> None:
    modules = "path\tgithub.com/docker/distribution/cmd/registry\nbuild\t-compiler=gc\n"
    assert versions(read, program(in_line(modules=modules)), PATH) == [
        ("stdlib", "1.21.3"),
        ("github.com/docker/distribution/cmd/registry", ""),
    ]


def test_the_toolchains_own_programs_are_the_standard_library() -> None:
    modules = "path\tcmd/gofmt\nbuild\t-compiler=gc\n"
    assert versions(read, program(in_line(modules=modules)), PATH) == [("stdlib", "1.21.3")]
    silent = program(in_line(modules=""))
    assert versions(read, silent, "usr/local/go/pkg/tool/linux_amd64/compile") == [
        ("stdlib", "1.21.3")
    ]


def test_a_program_that_keeps_silent_about_its_modules_is_a_gap() -> None:
    assert gaps(read, program(in_line(modules="")), PATH) == [
        "usr/local/bin/cart: is a Go program that does not say which modules it was built from"
    ]


def test_a_packed_program_is_a_gap() -> None:
    packed = bytearray(make_elf({b".data": bytes(64)}, stripped=True))
    packed[0xEC:0xF0] = b"UPX!"
    assert gaps(read, bytes(packed), PATH) == [
        "usr/local/bin/cart: is packed with UPX, so what it was built from cannot be read"
    ]


def test_a_program_that_is_cut_short_is_a_gap() -> None:
    assert gaps(read, program(in_line())[:FIRST], PATH) == [
        "usr/local/bin/cart: is a program that is cut short, so what is inside may be missing"
    ]


@pytest.mark.parametrize(
    ("information", "why"),
    [
        (MAGIC + b"\x08\x02" + bytes(16) + b"\xff" * 12, "ends within a length"),
        (MAGIC + b"\x08\x02" + bytes(16) + b"\xff\xff\x7f", "points outside the program"),
        (MAGIC + b"\x08\x02" + bytes(16) + b"\xff\xff\xff\x7f", "claims to have 268435455 bytes"),
        (MAGIC + b"\x08\x02" + bytes(16) + b"\0\0", "names no Go version"),
        (MAGIC + b"\x03\x00" + bytes(16), "has pointers of 3 bytes"),
        (MAGIC + b"\x08\x00" + b"\x01" * 16, "points outside the program"),
        (MAGIC + b"\x08\x00" + bytes(16), "names no Go version"),
    ],
)
def test_build_information_that_makes_no_sense_is_refused(information: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=f"Go build information: {why}"):
        outcomes(read, program(information), PATH)


def test_other_programs_hold_nothing_of_go() -> None:
    assert outcomes(read, make_elf({b".text": b"x"}), PATH) == []
    assert outcomes(read, b"#!/bin/sh\n", PATH) == []


@given(st.binary(max_size=200))
def test_no_build_information_makes_it_raise(data: bytes) -> None:
    survive(read, program(MAGIC + data), PATH)


@given(st.text(max_size=200), st.text(max_size=20))
def test_no_module_text_makes_it_raise(modules: str, go: str) -> None:
    survive(read, program(in_line(go, modules + "\n")), PATH)


@given(st.sampled_from(FORMS), st.integers(FIRST, FIRST + 60), st.binary(min_size=1, max_size=8))
def test_no_damage_to_pointers_makes_it_raise(
    form: tuple[int, str], at: int, damage: bytes
) -> None:
    bits, order = form
    whole = make_elf({b".go.buildinfo": pointed_to(bits, order)}, bits=bits, order=order)
    survive(read, whole[:at] + damage + whole[at + len(damage) :], PATH)
