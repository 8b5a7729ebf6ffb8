"""An image read whole: layers over one another, links, whiteouts, and what a fault comes to."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from hullguard.images.cache import LayerCache
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.model import Budget, Gap, GapKind, Inventory, Limits
from image_builder import BuiltImage, Content, Folder, Link, tar

OS = b'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n'
MUSL = b"P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\n"
ZLIB = b"P:zlib\nV:1.3-r1\nA:x86_64\n\n"
APK = "lib/apk/db/installed"
Members = Mapping[str, Content]


def no_registry(name: str, platform: str) -> OpenedImage:
    raise AssertionError(f"asked a registry for {name} {platform}")


def read(
    folder: Path,
    *layers: Members,
    cache: LayerCache | None = None,
    limits: Limits | None = None,
    **image: object,
) -> Inventory:
    built = BuiltImage([tar(layer) for layer in layers], **image)  # type: ignore[arg-type]
    path = built.layout(folder / "layout")
    budget = Budget(limits)
    with opened(str(path), platform="", budget=budget, open_registry=no_registry) as [one]:
        return read_image(one, cache or LayerCache(None), budget)


def names(inventory: Inventory) -> list[str]:
    return [package.name for package in inventory.packages]


def npm(name: str) -> bytes:
    return b'{"name": "%s", "version": "1.0.0"}' % name.encode()


def test_packages_of_a_layer_are_found_with_their_distribution(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"etc/os-release": OS, APK: MUSL + ZLIB})
    assert inventory.distro is not None
    assert (inventory.distro.id, names(inventory)) == ("alpine", ["musl", "zlib"])
    assert (
        inventory.packages[0].purl
        == "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1"
    )
    assert inventory.gaps == ()


def test_a_package_knows_the_layer_that_brought_it_and_its_command(tmp_path: Path) -> None:
    commands = ["ADD rootfs", "RUN apk add zlib", "RUN touch"]
    inventory = read(
        tmp_path, {APK: MUSL}, {APK: MUSL + ZLIB}, {APK: MUSL + ZLIB}, commands=commands
    )
    brought = {package.name: package.created_by for package in inventory.packages}
    assert brought == {"musl": "ADD rootfs", "zlib": "RUN apk add zlib"}


def test_a_package_that_went_and_came_back_was_brought_by_the_later_layer(tmp_path: Path) -> None:
    inventory = read(tmp_path, {APK: ZLIB}, {APK: MUSL}, {APK: ZLIB}, commands=["1", "2", "3"])
    assert [package.created_by for package in inventory.packages] == ["3"]


MODULE = "app/node_modules/left/package.json"


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        ({"app/node_modules/left/.wh.package.json": b""}, []),
        ({"app/node_modules/.wh.left": b""}, []),
        ({".wh.app": b""}, []),
        ({"app/.wh..wh..opq": b""}, []),
        ({"app/.wh..wh..opq": b"", MODULE: npm("new")}, ["new"]),
        ([(MODULE, npm("new")), ("app/node_modules/.wh..wh..opq", b"")], ["new"]),
        ({"app/node_modules": b"a file now"}, []),
        ({"app/node_modules": Link("elsewhere")}, []),
        ({"app/node_modules": Folder()}, ["left"]),
        ({MODULE: b"{}"}, []),
        ({"app/.wh..wh.plnk": b"", "app/.wh..wh.aufs": b""}, ["left"]),
        ({"app/node_modules/.wh.lef": b""}, ["left"]),
    ],
)
def test_upper_layers_hide_what_they_say(tmp_path: Path, upper: Members, left: list[str]) -> None:
    assert names(read(tmp_path, {MODULE: npm("left")}, upper)) == left


def test_a_package_database_behind_a_link_is_found(tmp_path: Path) -> None:
    layers: list[Members] = [
        {"etc/os-release": OS, "opt/db/installed": MUSL},
        {"lib/apk/db": Link("../../opt/db")},
    ]
    assert names(read(tmp_path, *layers)) == ["musl"]


def test_a_package_database_that_is_a_hard_link_is_found(tmp_path: Path) -> None:
    assert names(read(tmp_path, {"opt/copy": MUSL, APK: Link("opt/copy", hard=True)})) == ["musl"]


def test_merged_usr_is_one_folder(tmp_path: Path) -> None:
    layers: list[Members] = [{"lib": Link("usr/lib"), f"usr/{APK}": MUSL}, {f"{APK}": MUSL + ZLIB}]
    assert names(read(tmp_path, *layers)) == ["musl", "zlib"]


def test_links_in_a_circle_are_a_gap(tmp_path: Path) -> None:
    inventory = read(
        tmp_path, {"lib": Link("usr/lib"), "usr/lib": Link("../lib"), "etc/os-release": OS}
    )
    assert Gap(APK, "its symbolic links lead in a circle", GapKind.INCOMPLETE) in inventory.gaps


def test_a_path_that_leaves_the_image_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"../../etc/passwd": b"x", APK: MUSL})
    assert names(inventory) == ["musl"]
    assert [gap.kind for gap in inventory.gaps] == [GapKind.INCOMPLETE]
    assert "would leave the image" in inventory.gaps[0].why


def test_the_same_findings_whatever_the_compression(tmp_path: Path) -> None:
    for packer in ("gzip", "zstd", "none"):
        folder = tmp_path / packer
        folder.mkdir()
        assert names(read(folder, {APK: MUSL}, packer=packer)) == ["musl"]


def test_a_layer_read_before_is_not_read_again(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path / "cache")
    first = read(tmp_path, {"etc/os-release": OS, APK: MUSL}, cache=cache)
    for blob in (tmp_path / "layout" / "blobs" / "sha256").iterdir():
        if blob.read_bytes()[:2] == b"\x1f\x8b":
            blob.write_bytes(b"")
    with opened(
        str(tmp_path / "layout"), platform="", budget=Budget(), open_registry=no_registry
    ) as [image]:
        assert read_image(image, cache, Budget()) == first
    cache.close()


def test_an_incomplete_layer_is_not_cached(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path / "cache")
    small = Limits(entries=2)
    inventory = read(tmp_path, {APK: MUSL, "a": b"", "b": b""}, cache=cache, limits=small)
    assert "more entries" in inventory.gaps[0].why
    with opened(
        str(tmp_path / "layout"), platform="", budget=Budget(), open_registry=no_registry
    ) as [image]:
        assert read_image(image, cache, Budget()).gaps == ()
    cache.close()


def damaged(tmp_path: Path, change: bytes | None) -> Inventory:
    built = BuiltImage([tar({APK: MUSL}), tar({MODULE: npm("left")})])
    layout = built.layout(tmp_path / "layout")
    blob = layout / "blobs" / "sha256" / built.layer_digests[1][7:]
    if change is None:
        blob.unlink()
    else:
        blob.write_bytes(change)
    with opened(str(layout), platform="", budget=Budget(), open_registry=no_registry) as [image]:
        return read_image(image, LayerCache(None), Budget())


def test_a_layer_with_other_content_than_promised_is_not_trusted(tmp_path: Path) -> None:
    inventory = damaged(tmp_path, BuiltImage([tar({MODULE: npm("evil")})]).tars[0])
    assert "not to be trusted" in inventory.gaps[0].why
    assert inventory.gaps[0].kind is GapKind.INCOMPLETE


def test_a_truncated_layer_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    inventory = damaged(tmp_path, gzip.compress(tar({MODULE: npm("left")}))[:-30])
    assert names(inventory)[0] == "musl"
    assert "gzip data stops" in inventory.gaps[0].why


def test_a_missing_layer_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    inventory = damaged(tmp_path, None)
    assert names(inventory) == ["musl"]
    assert "No such file" in inventory.gaps[0].why


def test_a_broken_cache_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "layers.db").write_bytes(b"no database" * 500)
    cache = LayerCache(tmp_path / "cache")
    assert names(read(tmp_path, {APK: MUSL}, cache=cache)) == ["musl"]
    cache.close()
