"""Cargo's lock file."""

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins

REGISTRY = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'


def entry(name: str, source: str = REGISTRY) -> str:
    return f'[[package]]\nname = "{name}"\nversion = "1.0.0"\n{source}'


@pytest.mark.parametrize("version", ["", "version = 3\n", "version = 4\n"])
def test_what_has_a_source_is_a_package(version: str) -> None:
    text = (
        version + entry("memchr") + entry("syn", 'source = "git+https://x#00"\n') + entry("app", "")
    )
    assert pins("cargo", text) == [("memchr", "1.0.0", ""), ("syn", "1.0.0", "")]


def test_a_broken_entry_is_a_gap_and_the_next_one_is_read() -> None:
    text = "[[package]]\nname = 1\n" + entry("memchr")
    assert [gap.partition(":")[0] for gap in gaps("cargo", text)] == ["package[0]"]
    assert len(outcomes("cargo", text)) == 2


@pytest.mark.parametrize("data", ["", "this is not valid toml! (I think)", "[package]\n"])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"Cargo\.lock"):
        outcomes("cargo", data)
