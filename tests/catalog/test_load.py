"""The loader: no YAML at a scan's start, and edits of a checkout count at once."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hullguard.catalog import load
from hullguard.catalog.compile import compiled
from hullguard.model import Severity


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    load.rules.cache_clear()
    yield
    load.rules.cache_clear()


def cached(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "hullguard" / "catalogue").glob("*"))


def test_rules_are_found_by_their_ids() -> None:
    rule = load.rules()["KP-IMG-013"]
    assert (rule.id, rule.title) == ("KP-IMG-013", "Image runs as root")
    assert (rule.kind, rule.severity) == ("check", Severity.MEDIUM)
    assert rule.frameworks["cis-docker"] == ("4.1",)


def test_a_checkout_is_compiled_once_and_kept_privately(tmp_path: Path) -> None:
    first = load.rules()
    [kept] = cached(tmp_path)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    written = kept.stat().st_mtime_ns
    load.rules.cache_clear()
    assert load.rules() == first
    assert kept.stat().st_mtime_ns == written


def test_nothing_parses_yaml_once_it_is_kept() -> None:
    code = "import sys, hullguard.catalog.load as it; it.rules(); print('yaml' in sys.modules)"
    command = [sys.executable, "-c", code]
    told = [subprocess.run(command, capture_output=True, check=True) for _ in range(2)]
    assert [each.stdout.strip() for each in told] == [b"True", b"False"]


def test_a_broken_file_in_the_cache_is_compiled_anew(tmp_path: Path) -> None:
    load.rules()
    [kept] = cached(tmp_path)
    kept.write_bytes(b"\xc1")
    load.rules.cache_clear()
    assert "KP-IMG-013" in load.rules()
    assert kept.read_bytes() == compiled(load.CHECKS)


def test_a_folder_that_others_may_write_to_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "hullguard" / "catalogue"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert "KP-IMG-013" in load.rules()
    assert cached(tmp_path) == []


def test_a_cache_that_cannot_be_written_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert "KP-IMG-013" in load.rules()


def test_an_edit_counts_at_once_and_the_old_file_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load.rules()
    [old] = cached(tmp_path)
    source = (load.CHECKS / "images" / "KP-IMG-013.yaml").read_text(encoding="utf-8")
    edited = tmp_path / "checks"
    edited.mkdir()
    (edited / "KP-IMG-013.yaml").write_text(
        source.replace("Image runs as root", "Edited"), encoding="utf-8"
    )
    monkeypatch.setattr(load, "CHECKS", edited)
    load.rules.cache_clear()
    assert [rule.title for rule in load.rules().values()] == ["Edited"]
    assert old not in cached(tmp_path)


def test_what_a_wheel_brings_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "compiled.msgpack"
    shipped.write_bytes(b"\x80")
    monkeypatch.setattr(load, "SHIPPED", shipped)
    assert load.rules() == {}
    assert cached(tmp_path) == []
