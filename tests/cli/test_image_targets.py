"""Several targets of one command, and credentials for one registry."""

from pathlib import Path

import pytest

from hullguard.cli.image_targets import reports_on
from hullguard.cli.progress import Progress
from hullguard.cli.registry_access import RegistryAccess
from hullguard.images.opened import OpenedImage
from hullguard.model import Asset, Budget, Inventory, Misused, Report, Unreachable
from image_builder import BuiltImage, tar

CHOSEN = {
    "platform": "",
    "username": "",
    "password_stdin": False,
    "ca_file": None,
    "insecure": False,
    "quiet": True,
}
SHOW = Progress(quiet=True, on_terminal=False)


def listed(image: OpenedImage, budget: Budget) -> Report:
    del budget
    return Report(
        target=image.image.name,
        asset=Asset(kind="image", uid="1", name="1"),
        subject=image.image,
        inventory=Inventory(),
    )


def test_a_target_that_cannot_be_had_does_not_take_the_others_away(tmp_path: Path) -> None:
    archive = BuiltImage([tar({"a": b""})], tag="shop/cart:1").oci_archive(tmp_path / "a.tar")
    lost, found = reports_on([str(tmp_path / "none.tar"), str(archive)], CHOSEN, SHOW, listed)
    assert "could not be opened" in lost.gaps[0].why
    assert "there is no such file or folder" in lost.gaps[0].why
    assert (found.target, found.gaps) == ("shop/cart:1", ())


def test_the_only_target_that_cannot_be_had_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="there is no such file or folder"):
        reports_on([str(tmp_path / "none.tar")], CHOSEN, SHOW, listed)


def test_half_a_login_is_refused_only_where_a_registry_is_asked() -> None:
    with RegistryAccess(CHOSEN | {"username": "ann"}, SHOW):
        pass  # an archive needs no login
    half = RegistryAccess(CHOSEN | {"username": "ann"}, SHOW)
    with half as access, pytest.raises(Misused, match="belong together"):
        access.open("127.0.0.1:1/shop/cart:1", "")
