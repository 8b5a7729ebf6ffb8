"""Microsoft's SARIF validator, installed by npm once, outside the checkout."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kept import kept, run

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
    run(_validator(), *arguments, "--level", "Error", "--rule-kind", _RULES, cwd=folder)
    found: dict[str, Any] = json.loads(log.read_text("utf-8-sig"))
    results = [result for run in found["runs"] for result in run.get("results", [])]
    return [(each["ruleId"], each["message"]["arguments"]) for each in results]


@cache
def _validator() -> str:
    home = kept(f"sarif-multitool-{_VERSION}", ["npm"], _install)
    if not (programs := _programs(home)):
        pytest.skip("the SARIF validator has no program for this platform")
    return str(programs[0])


def _install(home: Path) -> None:
    package = f"@microsoft/sarif-multitool@{_VERSION}"
    run("npm", "install", "--no-audit", "--no-fund", "--prefix", home, package, cwd=home)


def _programs(home: Path) -> list[Path]:
    """Find the program itself: its wrapper goes through a shell, which ends at a semicolon."""
    return sorted(home.glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool"))
