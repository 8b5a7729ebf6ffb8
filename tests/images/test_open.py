"""What a target is, and what becomes of archives, layouts and folders that make no sense."""

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

from hullguard.images.cache import LayerCache
from hullguard.images.open import identify, opened
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.inventory.analyzer import Where
from hullguard.model import Budget, HullguardError, Image, Malformed, Misused, Unreachable
from image_builder import BuiltImage, Content, Link, nested_index, tar, write_layout

MUSL = b"P:musl\nV:1.2.4-r2\nA:x86_64\n\n"
ONE = BuiltImage([tar({"lib/apk/db/installed": MUSL})], tag="shop/cart:1")
TWO = BuiltImage([tar({"a": b"x"})], tag="shop/cart:2", architecture="arm64")


def no_registry(name: str, platform: str) -> OpenedImage:
    return OpenedImage(image=Image(name=f"{name} {platform}".strip()))


def images(target: object, platform: str = "") -> list[Image]:
    arguments = {"platform": platform, "budget": Budget(), "open_registry": no_registry}
    with opened(str(target), **arguments) as found:  # type: ignore[arg-type]
        return [one.image for one in found]


def test_an_existing_path_wins_over_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert identify("debian").kind == "registry"
    (tmp_path / "debian").mkdir()
    assert identify("debian").kind == "directory"
    assert identify("registry:debian").kind == "registry"


@pytest.mark.parametrize(
    ("target", "error", "sentence"),
    [
        ("", Misused, "the target is empty"),
        ("./nothing", Unreachable, "there is no such file or folder"),
        ("nothing.tar", Unreachable, "there is no such file or folder"),
        ("oci:nothing", Unreachable, "there is no such file or folder"),
        ("docker-archive:.", Misused, "promises a file"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(
    target: str, error: type[HullguardError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        identify(target)


def test_an_image_is_the_same_from_every_kind_of_container(tmp_path: Path) -> None:
    layout = ONE.layout(tmp_path / "layout")
    oci = ONE.oci_archive(tmp_path / "oci.tar")
    docker = ONE.docker_archive(tmp_path / "docker.tar")
    packed = tmp_path / "docker.tar.gz"
    packed.write_bytes(gzip.compress(docker.read_bytes()))
    targets = [
        layout,
        oci,
        docker,
        packed,
        f"oci:{layout}",
        f"oci:{oci}",
        f"docker-archive:{docker}",
    ]
    assert {images(target)[0].config_digest for target in targets} == {ONE.config_digest}
    assert {images(target)[0].tags for target in targets} == {("shop/cart:1",)}


def test_an_archive_comes_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Input:
        buffer = io.BytesIO(ONE.docker_archive(tmp_path / "a.tar").read_bytes())

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Input())
    assert images("-")[0].config_digest == ONE.config_digest


def test_every_image_of_an_archive_is_opened(tmp_path: Path) -> None:
    archive = ONE.docker_archive(tmp_path / "two.tar", TWO)
    assert [image.tags[0] for image in images(archive)] == ["shop/cart:1", "shop/cart:2"]


def test_a_layout_with_two_names_for_one_image_has_one_image(tmp_path: Path) -> None:
    again = BuiltImage(ONE.tars, tag="shop/cart:latest")
    layout = write_layout(tmp_path / "layout", [ONE, again])
    assert [image.tags for image in images(layout)] == [("shop/cart:1", "shop/cart:latest")]


def test_an_index_is_followed_to_the_platform_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "layout"
    index = nested_index(folder, [ONE, TWO])
    write_layout(folder / "x", [ONE, TWO]).joinpath("blobs/sha256")
    for blob in (folder / "x/blobs/sha256").iterdir():
        blob.rename(folder / "blobs/sha256" / blob.name)
    (folder / "oci-layout").write_text("{}")
    (folder / "index.json").write_text(json.dumps(index))
    [arm] = images(folder, "linux/arm64")
    assert (arm.config_digest, len(arm.index_digests)) == (TWO.config_digest, 1)
    assert images(folder, "linux/amd64")[0].config_digest == ONE.config_digest
    with pytest.raises(
        Misused, match=r"no image for the platform linux/s390x .*linux/amd64, linux/arm64"
    ):
        images(folder, "linux/s390x")


def test_attestations_are_no_images(tmp_path: Path) -> None:
    attestation = ONE.descriptor | {"platform": {"os": "unknown", "architecture": "unknown"}}
    index = {"manifests": [ONE.descriptor, attestation]}
    assert len(images(write_layout(tmp_path / "layout", [ONE], index))) == 1


def test_layers_of_an_old_docker_archive_may_be_links(tmp_path: Path) -> None:
    data = ONE.tars[0]
    manifest = json.dumps([{"Config": "c.json", "Layers": ["two/layer.tar"]}]).encode()
    members: dict[str, Content] = {
        "one/layer.tar": data,
        "two/layer.tar": Link("../one/layer.tar"),
        "c.json": ONE.config_bytes,
        "manifest.json": manifest,
    }
    archive = tmp_path / "old.tar"
    archive.write_bytes(tar(members))
    arguments = {"platform": "", "budget": Budget(), "open_registry": no_registry}
    with opened(str(archive), **arguments) as [image]:  # type: ignore[arg-type]
        inventory = read_image(image, LayerCache(None), Budget())
    assert [package.name for package in inventory.packages] == ["musl"]


def broken(tmp_path: Path, name: str, content: bytes) -> Path:
    layout = ONE.layout(tmp_path / "layout")
    (layout / name).write_bytes(content)
    return layout


def test_a_config_that_is_not_what_its_digest_promises_is_refused(tmp_path: Path) -> None:
    layout = broken(tmp_path, f"blobs/sha256/{ONE.config_digest[7:]}", b"{}")
    with pytest.raises(Malformed, match="not to be trusted"):
        images(layout)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        (b"", "is no image manifest or index"),
        (b"[" * 100_000, "is no image manifest or index"),
        (b"{}", "has no layers"),
        (b'{"manifests": [{"digest": "sha256:../../../../etc/passwd"}]}', "is no sha256 digest"),
        (b'{"manifests": [{"digest": "md5:abc"}]}', "is no sha256 digest"),
        (b'{"manifests": [{"digest": "sha256:abc"}]}', "is no sha256 digest"),
        (b'{"manifests": [{"digest": "sha256:%s"}]}' % (b"0" * 64), "is missing"),
        (b'{"manifests": []}', "holds no image"),
    ],
)
def test_an_index_that_makes_no_sense_is_refused(
    tmp_path: Path, index: bytes, sentence: str
) -> None:
    with pytest.raises(HullguardError, match=sentence):
        images(broken(tmp_path, "index.json", index))


def test_a_manifest_with_other_layers_than_its_config_is_refused(tmp_path: Path) -> None:
    manifest = json.dumps([{"Config": "c.json", "Layers": []}]).encode()
    archive = tmp_path / "a.tar"
    archive.write_bytes(tar({"c.json": ONE.config_bytes, "manifest.json": manifest}))
    with pytest.raises(Malformed, match="speaks of 1 layers, the manifest of 0"):
        images(archive)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x7fELF" + bytes(5000))
    with pytest.raises(Malformed, match="is no image archive: it is no tar file"):
        images(tmp_path / "a.bin")
    (tmp_path / "a.tar").write_bytes(tar({"readme": b"x"}))
    with pytest.raises(Malformed, match=r"holds neither manifest\.json nor index\.json"):
        images(tmp_path / "a.tar")


def test_a_folder_is_a_root_file_system_or_a_source_tree(tmp_path: Path) -> None:
    arguments = {"platform": "", "budget": Budget(), "open_registry": no_registry}
    (tmp_path / "lib/apk/db").mkdir(parents=True)
    with opened(str(tmp_path), **arguments) as [source]:  # type: ignore[arg-type]
        assert source.where is Where.SOURCE
    (tmp_path / "lib/apk/db/installed").write_bytes(MUSL)
    with opened(str(tmp_path), **arguments) as [root]:  # type: ignore[arg-type]
        inventory = read_image(root, LayerCache(None), Budget())
    assert [package.name for package in inventory.packages] == ["musl"]
