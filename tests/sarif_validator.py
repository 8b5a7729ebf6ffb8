"""Microsoft's SARIF validator, installed by npm once, outside the checkout."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_VERSION = "5.7.0"
_RULES = "Sarif;Ghas"  # the standard's, and what GitHub code scanning asks for


def sarif_faults(document: bytes, folder: Path) -> list[tuple[str, list[str]]]:
    """Return the errors that the validator finds: rule, and the places and values it names.

    Its exit code is 0 on bad files too, so only its log counts. Skips the test where npm is
    missing or cannot reach its registry.
    """
    source, log = folder / "in.sarif", folder / "log.sarif"
    source.write_bytes(document)
    arguments = ["validate", str(source), "--output", str(log), "--log", "ForceOverwrite"]
    command = [_validator(), *arguments, "--level", "Error", "--rule-kind", _RULES]
    subprocess.run(command, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(log.read_text("utf-8-sig"))
    results = [result for run in found["runs"] for result in run.get("results", [])]
    return [(each["ruleId"], each["message"]["arguments"]) for each in results]


@cache
def _validator() -> str:
    home = _cache() / f"sarif-multitool-{_VERSION}"
    if not home.exists():
        _install(home)
    if not (programs := _programs(home)):
        pytest.skip("the SARIF validator has no program for this platform")
    return str(programs[0])


def _install(home: Path) -> None:
    """Install into a scratch folder and move it: parallel runs do not see half of it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm for the SARIF validator")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, ignore_cleanup_errors=True) as scratch:
        wanted = f"@microsoft/sarif-multitool@{_VERSION}"
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", scratch, wanted]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
            pytest.skip(f"needs the SARIF validator, which npm could not install: {reason}")
        with contextlib.suppress(OSError):  # another run was faster
            Path(scratch).rename(home)


def _programs(home: Path) -> list[Path]:
    """Find the program itself: its wrapper goes through a shell, which ends at a semicolon."""
    return sorted(home.glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool"))


def _cache() -> Path:
    if os.geteuid() == 0:
        return Path("/var/cache/hullguard-tests")
    return Path(tempfile.gettempdir()) / f"hullguard-tests-{os.geteuid()}"
