"""The wheel brings the compiled catalogue."""

import importlib.util
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hullguard.catalog.compile import compiled
from hullguard.catalog.load import CHECKS
from hullguard.model import Rule

ROOT = Path(__file__).resolve().parents[2]


def hook(directory: Path) -> Any:  # noqa: ANN401 - hatchling loads it from its path too
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CatalogueHook(str(ROOT), {}, None, None, str(directory), "wheel")


def test_a_wheel_gets_the_compiled_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))  # what the hook adds goes with it
    build: dict[str, Any] = {"force_include": {}}
    made = hook(tmp_path)
    made.initialize("standard", build)
    [(path, inside)] = build["force_include"].items()
    assert inside == "hullguard/catalog/compiled.msgpack"
    assert Path(path).read_bytes() == compiled(CHECKS)
    assert "KP-IMG-013" in msgspec.msgpack.decode(Path(path).read_bytes(), type=dict[str, Rule])
    made.finalize("standard", build, "")
    assert not Path(path).exists()


def test_an_editable_wheel_works_on_the_checkout(tmp_path: Path) -> None:
    build: dict[str, Any] = {"force_include": {}}
    made = hook(tmp_path)
    made.initialize("editable", build)
    made.finalize("editable", build, "")
    assert build == {"force_include": {}}
