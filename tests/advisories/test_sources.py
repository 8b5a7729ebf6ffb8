"""Every feed stands in docs/sources.md, with its address."""

from pathlib import Path

import pytest

from hullguard.advisories.feed import Feed
from hullguard.advisories.sources import FEEDS

PAGE = (Path(__file__).resolve().parents[2] / "docs/sources.md").read_text("utf-8")


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_a_feed_and_its_address_are_recorded_with_a_licence(feed: Feed) -> None:
    [row] = [line for line in PAGE.splitlines() if f"`{feed.url}`" in line]
    name, address, licence = row.strip("| ").split(" | ")
    assert f"`{feed.name}`" in name
    assert address
    assert licence
