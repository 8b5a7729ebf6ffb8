"""The checks of an image's config, and the examples in the catalogue that they are tested by."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hullguard.catalog.compile import entries
from hullguard.catalog.load import CHECKS as FOLDER
from hullguard.images.checks import CHECKS, Fault
from hullguard.images.config import image
from hullguard.model import ImageConfig

IMAGE_ENTRIES = {entry.id: entry for entry in entries(FOLDER) if "image" in entry.kinds}


def judged(check: str, document: dict[str, Any]) -> list[str]:
    """Return the locators of the faults in a raw config."""
    platform = {
        "os": "linux",
        "architecture": "amd64",
        "rootfs": {"type": "layers", "diff_ids": []},
    }
    data = msgspec.json.encode(platform | {"config": document["config"]})
    config = image(data, name="example", layers=[], where=check).config
    return [fault.locator for fault in CHECKS[check](config)]


def examples(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in IMAGE_ENTRIES.values():
        for document in entry.good if kind == "good" else entry.bad:
            yield entry.id, document


def test_every_text_about_images_has_a_check_and_every_check_a_text() -> None:
    assert set(CHECKS) == set(IMAGE_ENTRIES)


@pytest.mark.parametrize(("check", "document"), [*examples("good")])
def test_good_examples_pass(check: str, document: dict[str, Any]) -> None:
    assert judged(check, document) == []


@pytest.mark.parametrize(("check", "document"), [*examples("bad")])
def test_bad_examples_fail_where_they_say(check: str, document: dict[str, Any]) -> None:
    assert judged(check, document) == document["at"]


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_good_and_bad_examples(check: str) -> None:
    assert IMAGE_ENTRIES[check].good
    assert IMAGE_ENTRIES[check].bad


@pytest.mark.parametrize("user", ["", "0", "000", "0:1000", "root", "root:root", " 0 ", ":"])
def test_user_0_is_root_in_every_spelling(user: str) -> None:
    config = ImageConfig(user=user)
    assert list(CHECKS["KP-IMG-013"](config)) == [Fault("config.User", {"user": user})]


@pytest.mark.parametrize("user", ["1", "10", "1000:0", "nginx", "rootless", "0x0", "9" * 5000])
def test_other_users_are_not_root(user: str) -> None:
    assert list(CHECKS["KP-IMG-013"](ImageConfig(user=user))) == []


def test_a_health_check_that_is_switched_off_is_none() -> None:
    [fault] = CHECKS["KP-IMG-020"](ImageConfig(healthcheck=("NONE",)))
    assert fault.detail == {"healthcheck": ("NONE",)}


def test_texts_are_in_the_catalogue_folder_of_images() -> None:
    found = {path.stem for path in Path(FOLDER, "images").glob("*.yaml")}
    assert found == set(IMAGE_ENTRIES)
