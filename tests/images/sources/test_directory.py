"""Folders on disk, and what in them is no file, cannot be read, or changes under the reader."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hullguard.images.cache import LayerCache
from hullguard.images.read import read_image
from hullguard.images.sources.directory import open_directory
from hullguard.inventory.analyzer import Where
from hullguard.model import MIB, Budget, Gap, GapKind, Inventory, Limits
from layered import gaps, module, names, npm

AsNobody = Callable[[Path], AbstractContextManager[None]]
OS = b"ID=alpine\nVERSION_ID=3.19.1\n"
X = module("x")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root file system with one package; whatever else is in it must not lose that."""
    root = tmp_path / "root"
    put(root / "etc/os-release", OS)
    put(root / module("left"), npm("left"))
    (root / X).parent.mkdir()
    return root


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read(root: Path, limits: Limits | None = None) -> Inventory:
    return read_image(open_directory(root), LayerCache(None), Budget(limits))


def beside_left(root: Path) -> list[str]:
    inventory = read(root)
    assert names(inventory) == ["left"]
    return gaps(inventory)


def test_a_pipe_in_the_place_of_a_wanted_file_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / X)
    assert beside_left(root) == [f"{X}: is a device, a pipe or a socket, and no file"]


def test_a_socket_in_the_place_of_a_wanted_file_is_a_gap(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir((root / X).parent)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("package.json")
    assert beside_left(root) == [f"{X}: is a device, a pipe or a socket, and no file"]


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "../../../../../../etc/passwd"])
def test_links_are_never_followed_out_of_the_folder(root: Path, target: str) -> None:
    (root / X).symlink_to(target)
    (root / "var/lib/dpkg").mkdir(parents=True)
    (root / "var/lib/dpkg/status").symlink_to(target)
    assert beside_left(root) == []


def test_a_link_to_a_wanted_file_elsewhere_in_the_folder_is_followed(root: Path) -> None:
    put(root / "store/123", npm("x"))
    (root / X).symlink_to("/store/123")
    assert names(read(root)) == ["left", "x"]


def test_a_folder_that_links_lead_back_to_is_read_once(root: Path) -> None:
    (root / "app/node_modules/loop").symlink_to("..")
    (root / "app/self").symlink_to(".")
    assert beside_left(root) == []


def test_what_the_kernel_shows_is_left_out_at_the_root_only(root: Path) -> None:
    for folder in ("proc", "sys", "dev", "srv/proc"):
        name = folder.replace("/", "-")
        put(root / folder / module(name), npm(name))
    assert names(read(root)) == ["left", "srv-proc"]


def test_what_may_not_be_read_is_a_gap(root: Path, as_nobody: AsNobody) -> None:
    put(root / X, npm("x"))
    (root / X).chmod(0)
    (root / "srv").mkdir(mode=0)
    with as_nobody(root):
        assert beside_left(root) == [
            "srv: cannot be read (Permission denied)",
            f"{X}: cannot be read (Permission denied)",
        ]


def test_the_process_folder_is_no_trap() -> None:
    inventory = read(Path("/proc/self"), Limits(seconds=20))
    assert all(gap.kind is GapKind.UNREADABLE for gap in inventory.gaps)


def test_names_that_are_no_utf8_are_told_apart(root: Path) -> None:
    for name in (b"\xff", b"\xfe", b"\x1b[2J", b"new\nline"):
        put(root / module(os.fsdecode(name)), npm(name.hex()))
    assert names(read(root)) == ["1b5b324a", "6e65770a6c696e65", "fe", "ff", "left"]
    paths = {package.name: package.path for package in read(root).packages}
    assert paths["ff"] == "app/node_modules/\\xff/package.json"


def test_a_root_whose_own_name_is_no_utf8_is_read(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"\xff")
    put(root / "etc/os-release", OS)
    put(root / module("left"), npm("left"))
    assert beside_left(root) == []


def test_too_many_entries_end_in_a_gap_and_keep_what_was_read(root: Path) -> None:
    for number in range(50):
        put(root / f"a/{number}", b"")
    inventory = read(root, Limits(entries=30))
    assert names(inventory) == ["left"]
    [gap] = inventory.gaps
    why = "holds more entries than the limit allows. Packages may be missing"
    assert gap == Gap(str(root), why, GapKind.INCOMPLETE)


def test_a_folder_deeper_than_any_path_is_a_gap(root: Path) -> None:
    before = Path.cwd()
    os.chdir(root)
    try:
        for _ in range(25):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
    finally:
        os.chdir(before)
    [gap] = beside_left(root)
    assert gap.endswith("cannot be read (File name too long)")


def test_a_folder_that_is_gone_is_a_gap(tmp_path: Path) -> None:
    [gap] = gaps(read(tmp_path / "no"))
    assert gap == "the folder: cannot be read (No such file or directory)"


def program(size: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(size - 7)


def test_a_large_program_is_read_in_place(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "usr/bin/big", program(3 * MIB))
    (root / "usr/bin/big").chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")
    assert beside_left(root) == []


def test_a_source_tree_counts_by_its_lock_files(tmp_path: Path) -> None:
    put(tmp_path / "pnpm-lock.yaml", alias_bomb())
    put(tmp_path / "requirements.txt", b"six==1.16.0\n")
    inventory = read(tmp_path)
    assert open_directory(tmp_path).where is Where.SOURCE
    assert names(inventory) == ["six"]
    assert gaps(inventory) == ["pnpm-lock.yaml: unfolds to more than 5000000 nodes"]


def alias_bomb() -> bytes:
    """Return YAML of 500 bytes that stands for a billion nodes."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()
