"""What we find in images of real root file systems, beside what the package managers list there.

The rules of comparison are those of `docs/reference/inventory.md`; how the image is made tells
`images_real`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from command_line import run_hullguard
from hullguard.images.cache import LayerCache
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.model import Budget, Image, Inventory, Package
from images_real import (
    DEBIAN_PYTHON,
    FORMS,
    LIBRARIES,
    PIP,
    PROGRAMS,
    SHOP,
    SHOP_STEPS,
    RealImage,
    alpine_image,
    rpm_image,
    shop_image,
)
from language_trees import GO_BUILDS, maven_jars
from package_listings import (
    MERGED,
    Versions,
    apk_list,
    dpkg_list,
    go_list,
    maven_list,
    npm_list,
    pep503,
    pip_list,
    rpm_list,
    rpm_query,
)

pytestmark = pytest.mark.integration


def no_registry(_reference: str, _platform: str) -> OpenedImage:
    raise AssertionError("this is no image in a registry")


def read(place: Path) -> tuple[Image, Inventory]:
    """Read the one image at a place; everything must have been seen."""
    budget = Budget()
    with opened(str(place), platform="", budget=budget, open_registry=no_registry) as [image]:
        inventory = read_image(image, LayerCache(None), budget)
    assert [str(gap) for gap in inventory.gaps] == []
    return image.image, inventory


@pytest.fixture(scope="module")
def shop() -> RealImage:
    return shop_image()


@pytest.fixture(scope="module")
def inventory(shop: RealImage) -> Inventory:
    return read(shop.form("gzip"))[1]


def versions(packages: Iterable[Package]) -> Versions:
    return {(package.name, package.version) for package in packages}


def of_type(inventory: Inventory, type_: str, below: str = "") -> list[Package]:
    """Return the packages of a type that lie below a folder or inside a file."""
    return [p for p in inventory.packages if p.type == type_ and p.path.startswith(below)]


def test_debians_packages_are_those_that_dpkg_query_lists(
    shop: RealImage, inventory: Inventory
) -> None:
    found = versions(of_type(inventory, "deb"))
    assert found == dpkg_list(shop.root)
    assert "python3-idna" in dict(found)
    assert not {"python3-six", "adduser"} & dict(found).keys()  # removed; adduser left its settings
    assert len(found) > 80


@pytest.mark.parametrize(("folder", "count"), [(PIP, 12), (DEBIAN_PYTHON, 1)])
def test_python_packages_are_those_that_pip_lists(
    shop: RealImage, inventory: Inventory, folder: str, count: int
) -> None:
    found = {
        (pep503(name), version) for name, version in versions(of_type(inventory, "pypi", folder))
    }
    assert found == pip_list(shop.root / folder)
    assert len(found) == count
    assert "requests" not in dict(found)


def test_npm_packages_are_those_that_npm_lists(shop: RealImage, inventory: Inventory) -> None:
    found = versions(of_type(inventory, "npm", SHOP))
    assert found == npm_list(shop.root / SHOP)
    assert ("lodash", "4.17.4") in found
    assert "axios" not in dict(found)


def test_java_archives_are_those_that_maven_resolved(inventory: Inventory) -> None:
    resolved = maven_list(maven_jars()) | MERGED
    removed = {("org.apache.logging.log4j:log4j-core", "2.14.1")}
    inside = of_type(inventory, "maven", f"{LIBRARIES}/app.jar!/")
    loose = [each for each in of_type(inventory, "maven", LIBRARIES) if each not in inside]
    assert versions(inside) == resolved
    assert versions(loose) == resolved - removed


@pytest.mark.parametrize("build", sorted(GO_BUILDS.keys() - {"mips", "stripped"}))
def test_go_modules_are_those_that_go_lists(
    shop: RealImage, inventory: Inventory, build: str
) -> None:
    path = f"{PROGRAMS}/{build}"
    found = versions(p for p in of_type(inventory, "golang") if p.path == path)
    assert found == go_list(shop.root / path)
    assert ("golang.org/x/text", "v0.3.0") in found


def test_what_a_later_layer_removed_is_not_listed(inventory: Inventory) -> None:
    assert of_type(inventory, "golang", f"{PROGRAMS}/mips") == []


def test_nothing_is_listed_beside_what_the_tools_list(inventory: Inventory) -> None:
    places = {"deb": "var/lib/dpkg/status", "npm": SHOP, "maven": LIBRARIES, "golang": PROGRAMS}
    for type_, place in places.items():
        assert of_type(inventory, type_) == of_type(inventory, type_, place)
    python = (*of_type(inventory, "pypi", PIP), *of_type(inventory, "pypi", DEBIAN_PYTHON))
    assert sorted(python, key=str) == sorted(of_type(inventory, "pypi"), key=str)
    assert {package.type for package in inventory.packages} == {*places, "pypi"}


STEP_OF = {"npm": "COPY shop", "maven": "COPY lib", "golang": "COPY bin"}


def test_every_package_is_known_by_the_step_that_brought_it(
    shop: RealImage, inventory: Inventory
) -> None:
    made_layers = [step.command for step in SHOP_STEPS if step.change]
    diff_ids = {layer.created_by: layer.diff_id for layer in read(shop.form("none"))[0].layers}
    assert list(diff_ids) == made_layers
    for package in inventory.packages:
        assert package.created_by.startswith(step_of(package)), package
        assert package.layer == diff_ids[package.created_by]


def step_of(package: Package) -> str:
    """Tell by how the image is made what brought a package.

    The last step wrote dpkg's database and npm's list anew, and brought none of what they list.
    """
    if package.name == "python3-idna" or package.path.startswith(DEBIAN_PYTHON):
        return "RUN dpkg"
    if package.type == "deb":
        return "ADD rootfs"
    return STEP_OF.get(package.type, "RUN pip")


def test_a_python_package_that_debian_brought_is_owned_by_debians(inventory: Inventory) -> None:
    owners = {p.path.split("/idna-")[0]: p.owned_by for p in inventory.packages if p.name == "idna"}
    assert owners.keys() == {PIP, DEBIAN_PYTHON}
    assert owners[PIP] == ""
    assert owners[DEBIAN_PYTHON].startswith("pkg:deb/debian/python3-idna@3.3")
    assert [p.name for p in inventory.packages if p.owned_by] == ["idna"]


def plain(inventory: Inventory) -> list[dict[str, Any]]:
    """Return the packages as JSON has them."""
    return [msgspec.to_builtins(package) for package in inventory.packages]


@pytest.mark.parametrize("form", FORMS)
def test_the_command_lists_the_same_for_every_form_of_an_image(
    shop: RealImage, inventory: Inventory, form: str, tmp_path: Path
) -> None:
    options = ("--format", "json", "--offline", "--db", tmp_path / "db", "--cache-dir", tmp_path)
    done = run_hullguard("image", "scan", shop.form(form), *options)
    assert (done.code, done.err) == (3, "")  # without advisories, nothing was judged
    assert done.report["target"] == "example.test/shop:1.4"
    assert done.report["inventory"]["packages"] == plain(inventory)
    assert {gap["kind"] for gap in done.report["gaps"]} == {"not_covered"}


def test_a_bill_of_materials_names_every_package(
    shop: RealImage, inventory: Inventory, tmp_path: Path
) -> None:
    done = run_hullguard("image", "sbom", shop.form("oci.tar"), "--cache-dir", tmp_path)
    assert (done.code, done.err) == (0, "")
    named = [part["purl"] for part in done.document["components"] if "purl" in part]
    assert sorted(set(named)) == sorted({package.purl for package in inventory.packages})


def test_the_root_file_system_itself_holds_the_same(shop: RealImage, inventory: Inventory) -> None:
    _, found = read(shop.root)
    without_layers = [
        msgspec.structs.replace(package, layer="", created_by="") for package in inventory.packages
    ]
    assert list(found.packages) == without_layers


def test_an_images_rpms_are_those_that_rpm_lists() -> None:
    image = rpm_image()
    _, found = read(image.form("zstd"))
    assert versions(found.packages) == rpm_list(image.root)
    assert "gpg-pubkey" in rpm_query(image.root, r"%{NAME}\n")
    assert "1:3.0.7-6.el9_2" in {package.version for package in found.packages}
    assert found.distro is not None
    assert found.distro.id == "almalinux"


def test_an_alpine_images_packages_are_those_that_apk_lists() -> None:
    image = alpine_image()
    _, found = read(image.form("gzip"))
    assert versions(found.packages) == apk_list(image.root)
    assert len(found.packages) > 50
