"""OCI layouts and docker archives whose documents and blobs are not what they should be."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.cache import LayerCache
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.images.sources.docker_archive import open_docker_archive
from hullguard.images.sources.layout import open_layout
from hullguard.images.sources.shelf import Folder
from hullguard.model import Budget, HullguardError, Inventory, Malformed
from image_builder import BuiltImage, sha256, write_layout
from layered import LEFT, MUSL, gaps, names
from odd_json import documents

MISSING = "Its packages may be missing"
ENCRYPTED = "application/vnd.oci.image.layer.v1.tar+gzip+encrypted"


class Memory:
    """Files in memory, as a shelf."""

    name = "memory"

    def __init__(self, files: dict[str, bytes]) -> None:
        """Hold the files by their paths."""
        self.files = files

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""
        return path in self.files

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""
        return len(self.files[path])

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content."""
        yield self.files[path]


def read(image: OpenedImage) -> Inventory:
    return read_image(image, LayerCache(None), Budget())


def two_layers(folder: Path) -> tuple[Path, Path]:
    """Write a layout of two layers; return it and the blob of the second."""
    image = BuiltImage([MUSL, LEFT], packer="none")
    layout = image.layout(folder / "layout")
    return layout, layout / "blobs" / "sha256" / image.layer_digests[1][7:]


def read_folder(layout: Path) -> Inventory:
    [image] = open_layout(Folder(layout), "")
    return read(image)


def lost(layout: Path) -> str:
    """Read the layout, of which the second layer alone is lost; return the gap."""
    inventory = read_folder(layout)
    assert names(inventory) == ["musl"]
    [gap] = gaps(inventory)
    return gap.replace(str(layout), "layout")


def test_a_pipe_in_the_place_of_a_layer_is_not_waited_for(tmp_path: Path) -> None:
    layout, blob = two_layers(tmp_path)
    blob.unlink()
    os.mkfifo(blob)
    assert lost(layout) == f"layer 2: it is a folder, a device or a pipe. {MISSING}"


@pytest.mark.parametrize("target", ["/dev/zero", "/proc", "/"])
def test_a_link_to_a_device_or_folder_in_the_place_of_a_layer_is_not_read(
    tmp_path: Path, target: str
) -> None:
    layout, blob = two_layers(tmp_path)
    blob.unlink()
    blob.symlink_to(target)
    assert lost(layout) == f"layer 2: it is a folder, a device or a pipe. {MISSING}"


def test_a_layer_that_is_a_link_to_itself_is_missing(tmp_path: Path) -> None:
    layout, blob = two_layers(tmp_path)
    blob.unlink()
    blob.symlink_to(blob)
    assert lost(layout) == f"layer 2: Too many levels of symbolic links. {MISSING}"


def test_a_pipe_in_the_place_of_a_document_is_missing(tmp_path: Path) -> None:
    layout, _ = two_layers(tmp_path)
    (layout / "index.json").unlink()
    os.mkfifo(layout / "index.json")
    with pytest.raises(Malformed, match=r"index\.json: is missing"):
        open_layout(Folder(layout), "")


def test_an_index_of_a_gibibyte_is_not_read(tmp_path: Path) -> None:
    layout, _ = two_layers(tmp_path)
    os.truncate(layout / "index.json", 1 << 30)
    with pytest.raises(Malformed, match="is absurdly large for a JSON document"):
        open_layout(Folder(layout), "")


def layout_with(folder: Path, **second: Any) -> Path:  # noqa: ANN401 - any JSON
    """Write a layout of two layers, the second of which is described otherwise."""
    image = BuiltImage([MUSL, LEFT], packer="none")
    manifest = json.loads(image.manifest)
    manifest["layers"][1] |= second
    data = json.dumps(manifest).encode()
    image.blobs[sha256(data)] = data
    index = {"manifests": [{"digest": sha256(data), "size": len(data)}]}
    return write_layout(folder / "layout", [image], index)


def test_a_layer_that_lies_elsewhere_names_the_place_and_nobody_goes_there(tmp_path: Path) -> None:
    absent = "sha256:" + "0" * 64
    layout = layout_with(tmp_path, digest=absent, urls=["http://169.254.169.254/latest"])
    where = "is not in the image, but at 'http://169.254.169.254/latest'"
    assert lost(layout) == f"layer 2: {where}. {MISSING}"


def test_a_layer_that_lies_elsewhere_too_is_read_from_the_image(tmp_path: Path) -> None:
    layout = layout_with(tmp_path, urls=["http://registry.example/layer"])
    assert names(read_folder(layout)) == ["left", "musl"]


def test_an_encrypted_layer_says_so(tmp_path: Path) -> None:
    layout = layout_with(tmp_path, mediaType=ENCRYPTED)
    why = f"is encrypted ({ENCRYPTED!r}): decrypt the image, then scan it"
    assert lost(layout) == f"layer 2: {why}. {MISSING}"


@pytest.mark.parametrize("kind", ["application/vnd.in-toto+json", "application/wasm"])
def test_a_layer_that_holds_no_files_says_what_it_is(tmp_path: Path, kind: str) -> None:
    why = f"is no layer of files, but of the type {kind!r}"
    assert lost(layout_with(tmp_path, mediaType=kind)) == f"layer 2: {why}. {MISSING}"


@pytest.mark.parametrize("digest", ["", "sha256:../../../etc/passwd", "sha512:" + "a" * 128])
def test_a_layer_without_a_sha256_digest_says_so(tmp_path: Path, digest: str) -> None:
    assert lost(layout_with(tmp_path, digest=digest)) == f"layer 2: is no sha256 digest. {MISSING}"


def test_a_layer_with_other_bytes_than_its_digest_is_not_trusted(tmp_path: Path) -> None:
    layout, blob = two_layers(tmp_path)
    blob.write_bytes(LEFT + b"more")
    inventory = read_folder(layout)
    assert [gap.split(":")[0] for gap in gaps(inventory)] == ["layer 2", "layer 2"]
    assert all("not to be trusted" in gap for gap in gaps(inventory))


def test_a_broken_image_among_several_is_a_gap_of_the_others(tmp_path: Path) -> None:
    good, bad = BuiltImage([MUSL], tag="good"), BuiltImage([LEFT], tag="bad")
    layout = write_layout(tmp_path / "layout", [bad, good])
    (layout / "blobs" / "sha256" / bad.config_digest[7:]).write_bytes(b"{}")
    [image] = open_layout(Folder(layout), "")
    assert (image.image.tags, names(read(image))) == (("good",), ["musl"])
    [gap] = gaps(read(image))
    assert "not to be trusted" in gap


def test_a_broken_image_among_several_of_a_docker_archive_is_a_gap_of_the_others() -> None:
    good = BuiltImage([MUSL])
    manifest = [{"Config": "no.json", "Layers": []}, {"Config": "c.json", "Layers": ["l.tar"]}]
    files = {
        "manifest.json": json.dumps(manifest).encode(),
        "c.json": good.config_bytes,
        "l.tar": MUSL,
    }
    [image] = open_docker_archive(Memory(files))
    assert (names(read(image)), gaps(read(image))) == (["musl"], ["memory: no.json: is missing"])


@pytest.mark.parametrize("layers", [None, [], ["a"], ["a"] * 3])
def test_a_docker_archive_with_other_layers_than_its_config_is_refused(
    layers: list[str] | None,
) -> None:
    config = BuiltImage([MUSL, LEFT]).config_bytes
    manifest = json.dumps([{"Config": "c.json", "Layers": layers}]).encode()
    with pytest.raises(Malformed, match=r"speaks of 2 layers, the manifest of \d"):
        open_docker_archive(Memory({"manifest.json": manifest, "c.json": config}))


def open_all(opener: Any, files: dict[str, bytes]) -> None:  # noqa: ANN401 - one of two functions
    """Open and read everything, or fail with an error of ours."""
    with contextlib.suppress(HullguardError):
        for image in opener(files):
            read(image)


CONFIG = BuiltImage([MUSL]).config_bytes
DIGESTS = ("sha256:" + "a" * 64, sha256(MUSL), sha256(CONFIG))
DESCRIPTOR = ("digest", "size", "mediaType", "platform", "annotations", "urls", "os", *DIGESTS)


@settings(max_examples=150, deadline=None)
@given(
    documents("manifests", "config", "layers", *DESCRIPTOR),
    documents("rootfs", "diff_ids", "history", "config", *DIGESTS),
)
def test_no_layout_makes_it_raise_anything_but_our_errors(index: object, config: object) -> None:
    blobs = [MUSL, CONFIG, json.dumps(config).encode()]
    manifest = {"config": {"digest": sha256(blobs[2])}, "layers": index}
    blobs.append(json.dumps(manifest).encode())
    for top in (index, {"manifests": index}, {"manifests": [{"digest": sha256(blobs[3])}]}):
        files = {f"blobs/{sha256(blob).replace(':', '/')}": blob for blob in blobs}
        files["index.json"] = json.dumps(top).encode()
        open_all(lambda files: open_layout(Memory(files), ""), files)


@settings(max_examples=150, deadline=None)
@given(documents("Config", "Layers", "RepoTags", "c.json", "l.tar"))
def test_no_docker_archive_makes_it_raise_anything_but_our_errors(manifest: object) -> None:
    for top in (manifest, [manifest], [{"Config": "c.json", "Layers": manifest}]):
        files = {"manifest.json": json.dumps(top).encode(), "c.json": CONFIG, "l.tar": MUSL}
        open_all(lambda files: open_docker_archive(Memory(files)), files)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_but_our_errors(data: bytes) -> None:
    open_all(lambda files: open_layout(Memory(files), ""), {"index.json": data})
    open_all(lambda files: open_docker_archive(Memory(files)), {"manifest.json": data})
