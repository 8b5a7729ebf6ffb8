"""Layers over one another: held against a file system into which they are unpacked one by one."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.cache import LayerCache
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.model import Budget, Image, Inventory, Layer
from image_builder import sha256
from raw_tar import DEVICE, FOLDER, HARDLINK, SYMLINK, archive, entry
from unpacked import Device, File, FileSystem, Folder, Impossible, Link

WANTED = ".egg-info"  # a file of this name tells of a package wherever it lies
OPAQUE = ".wh..wh..opq"


@dataclass(frozen=True)
class Op:
    """One entry of a layer."""

    kind: str
    path: str
    target: str = ""


FOLDERS = ("a", "b", "a/b", "b/a", "p.egg-info")
FILES = (*(f"{folder}/p.egg-info" for folder in FOLDERS), "p.egg-info", "q.egg-info", "a/f")
PATHS = st.sampled_from(FOLDERS + FILES)
TARGETS = ("a", "/b", "../b", ".", "/", "../../../a/b", "b/../a", "p.egg-info", "/q.egg-info", "no")
OPS = st.one_of(
    st.builds(Op, st.just("file"), st.sampled_from(FILES)),
    st.builds(Op, st.just("file"), st.sampled_from(FILES)),
    st.builds(Op, st.sampled_from(["folder", "device", "whiteout", "opaque"]), PATHS),
    st.builds(Op, st.just("symlink"), PATHS, st.sampled_from(TARGETS)),
    st.builds(Op, st.just("hardlink"), PATHS, st.sampled_from(FILES)),
)
IMAGES = st.lists(st.lists(OPS, min_size=2, max_size=8), min_size=2, max_size=4)


class Unpacker:
    """Unpacks one layer after the other, and writes down those entries that could be unpacked."""

    def __init__(self) -> None:
        self.system = FileSystem()
        self.tars: list[bytes] = []
        self._number = 0

    def layer(self, ops: Sequence[Op]) -> None:
        """Unpack a layer: what it takes away goes first, wherever its markers stand."""
        for op in ops:
            with contextlib.suppress(Impossible):
                if op.kind == "whiteout":
                    self.system.remove(op.path)
                elif op.kind == "opaque":
                    self.system.empty(op.path)
        self.tars.append(archive(*self._entries(ops)))

    def _entries(self, ops: Sequence[Op]) -> Iterator[bytes]:
        seen: dict[str, str] = {}  # real path: path as written
        frozen: set[str] = set()  # real paths that hard links of this layer lead to
        for op in ops:
            if op.kind in {"whiteout", "opaque"}:
                yield _marker(op)
                continue
            with contextlib.suppress(Impossible):
                real = self.system.real(op.path)
                if self._tangled(op, real, seen) or real in frozen:
                    continue
                yield self._unpack(op)
                seen[real] = op.path
                if op.kind == "hardlink":
                    frozen.add(self.system.real(op.target))

    def _tangled(self, op: Op, real: str, seen: dict[str, str]) -> bool:
        """Leave out what no tool writes: what contradicts its own layer, and (of what nobody
        wants) entries that do not name the folder that they are in by its own name."""  # noqa: D205, D209
        if seen.get(real, op.path) != op.path:
            return True
        if self.system.is_link(real) and any(path != name for path, name in seen.items()):
            return True
        below = (real + "/", op.path + "/")
        if op.kind != "folder" and any(path.startswith(below) for path in (*seen, *seen.values())):
            return True
        nobody_wants = op.kind in {"folder", "device"} or not op.path.endswith(WANTED)
        return nobody_wants and op.kind not in {"symlink", "hardlink"} and real != op.path

    def _unpack(self, op: Op) -> bytes:
        match op.kind:
            case "file":
                self._number += 1
                self.system.put(op.path, File(self._number))
                return entry(op.path, b"Name: p\nVersion: %d\n\n" % self._number)
            case "folder":
                self.system.put(op.path, Folder())
                return entry(op.path + "/", kind=FOLDER)
            case "device":
                self.system.put(op.path, Device())
                return entry(op.path, kind=DEVICE)
            case "symlink":
                self.system.put(op.path, Link(op.target))
                return entry(op.path, kind=SYMLINK, link=op.target)
            case _:
                if f"{self.system.real(op.target)}/".startswith(self.system.real(op.path) + "/"):
                    raise Impossible  # what stands at the path is removed first
                self.system.hard_link(op.path, op.target)
                return entry(op.path, kind=HARDLINK, link=op.target)


def _marker(op: Op) -> bytes:
    folder, slash, name = op.path.rpartition("/")
    return entry(f"{op.path}/{OPAQUE}" if op.kind == "opaque" else f"{folder}{slash}.wh.{name}")


def read(tars: Sequence[bytes]) -> Inventory:
    layers = tuple(Layer(diff_id=sha256(data)) for data in tars)
    opened = OpenedImage(image=Image(name="x", layers=layers), blob=lambda n: iter([tars[n]]))
    return read_image(opened, LayerCache(None), Budget())


@settings(max_examples=400, deadline=None)
@given(IMAGES)
def test_what_is_visible_is_what_unpacking_layer_by_layer_leaves(image: list[list[Op]]) -> None:
    unpacker = Unpacker()
    for ops in image:
        unpacker.layer(ops)
    expected = {number for name, number in unpacker.system.files() if name.endswith(WANTED)}
    assert {int(package.version) for package in read(unpacker.tars).packages} == expected
