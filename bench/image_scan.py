"""How long scans of images take, and how much memory, beside the tools people use instead.

Usage, from the checkout: `PYTHONPATH=src:tests python -m bench.image_scan --db DIR`
(see `bench/README.md`). Prints one table in Markdown; every figure is the median of runs in which
the tools take turns. Nothing is a figure that did not end as it should with what it should find.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from bench.large_image import Sample, samples

_INCOMPLETE = 3  # hullguard: not every package was covered by the database at hand
_NO_PACKAGES = frozenset({"binary", "linux-kernel", "linux-kernel-module"})  # syft lists files, too
_SHARE = 0.8  # of the packages that the tool with the most has listed


class Run(msgspec.Struct, frozen=True):
    """What one process and its children cost."""

    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: float  # MB: resident memory of the largest process
    code: int


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A program to measure. `command` takes a layout, the file to write and a cache folder."""

    name: str
    does: str
    command: Callable[[Path, Path, Path], Sequence[str]]
    codes: frozenset[int]
    count: Callable[[Path], tuple[int, int]]  # packages and vulnerabilities in what it wrote
    has_cache: bool = True
    has_verdict: bool = False


class Figures(msgspec.Struct, frozen=True):
    """The runs of one tool over one image."""

    tool: Tool
    packages: int
    vulnerabilities: int
    cold: list[Run]
    warm: list[Run]


class Unfair(Exception):
    """A run that is worth no figure: a tool that dies early looks fast."""


def require(fact: bool, why: str) -> None:  # noqa: FBT001 - the fact is what it is about
    """Insist on something.

    Raises:
        Unfair: it is not so.
    """
    if not fact:
        raise Unfair(why)


def measure(command: Sequence[str]) -> Run:
    """Run a command to its end."""
    environment = {**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed programs have theirs
    launcher = (sys.executable, "-I", "-S", str(Path(__file__).with_name("one_run.py")))
    told = subprocess.run(  # noqa: S603 - the tools that are to be measured
        (*launcher, *command), env=environment, capture_output=True, check=True
    )
    return msgspec.json.decode(told.stdout, type=Run)


def hullguard(db: Path, format_: str = "table") -> Tool:
    """Return ours: it matches and reports, too."""

    def command(layout: Path, out: Path, cache: Path) -> Sequence[str]:
        where = ("--offline", f"--db={db}", f"--cache-dir={cache}", "--max-age=1000000")
        scan = ("image", "scan", str(layout), f"--format={format_}", f"--output={out}")
        return (sys.executable, "-P", "-m", "hullguard", *scan, *where)

    def count(out: Path) -> tuple[int, int]:
        [report] = json.loads(out.read_bytes())["reports"]
        unseen = [gap for gap in report["gaps"] if gap["kind"] in {"unreadable", "incomplete"}]
        require(not unseen, f"hullguard has not seen everything: {unseen}")
        flaws = [finding for finding in report["findings"] if finding["evidence"]]
        return len(report["inventory"]["packages"]), len(flaws)

    return Tool(
        name="hullguard",
        does="packages, matched and reported",
        command=command,
        codes=frozenset({0, _INCOMPLETE}),
        count=count,
        has_verdict=True,
    )


def syft(program: str) -> Tool:
    """Return Anchore's syft, which lists packages and keeps nothing."""

    def command(layout: Path, out: Path, _cache: Path) -> Sequence[str]:
        return (program, "scan", "--quiet", f"oci-dir:{layout}", f"--output=syft-json={out}")

    def count(out: Path) -> tuple[int, int]:
        listed = json.loads(out.read_bytes())["artifacts"]
        return sum(each["type"] not in _NO_PACKAGES for each in listed), 0

    return Tool(
        name="syft",
        does="packages only",
        command=command,
        codes=frozenset({0}),
        count=count,
        has_cache=False,
    )


def trivy(program: str) -> Tool:
    """Return Aqua's trivy; without its database it lists packages only."""

    def command(layout: Path, out: Path, cache: Path) -> Sequence[str]:
        how = ("--quiet", f"--cache-dir={cache}", "--format=cyclonedx", f"--output={out}")
        return (program, "image", f"--input={layout}", "--offline-scan", *how)

    def count(out: Path) -> tuple[int, int]:
        parts = json.loads(out.read_bytes())["components"]
        return sum("purl" in part for part in parts), 0

    return Tool(
        name="trivy", does="packages only", command=command, codes=frozenset({0}), count=count
    )


def main() -> None:
    """Measure and print."""
    chosen = _arguments()
    peers = {"syft": syft, "trivy": trivy}
    found = {name: getattr(chosen, name) or shutil.which(name) for name in peers}
    tools = [hullguard(chosen.db), *(peers[name](path) for name, path in found.items() if path)]
    rows = []
    for sample in samples(chosen.work):
        with tempfile.TemporaryDirectory(dir=chosen.work) as folder:
            rows += compare(sample, tools, hullguard(chosen.db, "json"), chosen.runs, Path(folder))
    print("\n".join(rows_of_table(rows)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(tempfile.gettempdir()) / "hullguard-bench"
    parser.add_argument("--db", type=Path, required=True, help="hullguard's advisory database")
    parser.add_argument("--work", type=Path, default=default, help="where images are kept")
    parser.add_argument("--runs", type=int, default=3, help="how often each tool has its turn")
    parser.add_argument("--syft", help="syft, where it is not on the path")
    parser.add_argument("--trivy", help="trivy, where it is not on the path")
    return parser.parse_args()


def compare(
    sample: Sample, tools: Sequence[Tool], counting: Tool, runs: int, folder: Path
) -> list[tuple[Sample, Figures]]:
    """Let the tools take turns over one image.

    Ours is counted in a run of its own, since the report that people read holds no list.
    """
    counts = {tool.name: _count(sample, tool, folder) for tool in (*tools[1:], counting)}
    most = max(packages for packages, _ in counts.values())
    for name, (packages, _) in counts.items():
        require(packages >= _SHARE * most, f"{name} listed {packages} packages, another {most}")
    figures = [Figures(tool, *counts[tool.name], [], []) for tool in tools]
    for turn in range(runs):
        for each in figures:
            cache = folder / f"cache-{each.tool.name}-{turn}"
            each.cold.append(_checked(sample, each.tool, folder / "out", cache))
            if each.tool.has_cache:
                each.warm.append(_checked(sample, each.tool, folder / "out", cache))
            shutil.rmtree(cache, ignore_errors=True)
    return [(sample, each) for each in figures]


def _count(sample: Sample, tool: Tool, folder: Path) -> tuple[int, int]:
    _checked(sample, tool, folder / "counted", folder / f"cache-{tool.name}")
    return tool.count(folder / "counted")


def _checked(sample: Sample, tool: Tool, out: Path, cache: Path) -> Run:
    """Measure a run that must end well and write something."""
    out.unlink(missing_ok=True)
    command = tool.command(sample.layout, out, cache)
    run = measure(command)
    require(run.code in tool.codes, f"exit code {run.code}: {' '.join(command)}")
    require(out.stat().st_size > 0, f"nothing was written: {' '.join(command)}")
    return run


def rows_of_table(rows: Sequence[tuple[Sample, Figures]]) -> list[str]:
    """Return the table in Markdown: seconds and MB, cold and warm."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"| {' | '.join(_COLUMNS.values())} |"]
    for sample, each in rows:
        image = f"{sample.name}, {sample.megabytes:.0f} MB"
        flaws = str(each.vulnerabilities) if each.tool.has_verdict else "not looked for"
        told = (image, each.tool.name, each.tool.does, str(each.packages), flaws)
        lines.append("| " + " | ".join((*told, *_medians(each.cold), *_medians(each.warm))) + " |")
    return lines


_TEXT, _FIGURE = "---", "---:"
_COLUMNS = {
    "image": _TEXT,
    "tool": _TEXT,
    "does": _TEXT,
    "packages": _FIGURE,
    "vulnerabilities": _FIGURE,
    "cold: wall s": _FIGURE,
    "cold: CPU s": _FIGURE,
    "cold: MB": _FIGURE,
    "warm: wall s": _FIGURE,
    "warm: CPU s": _FIGURE,
    "warm: MB": _FIGURE,
}


def _medians(runs: Sequence[Run]) -> tuple[str, str, str]:
    if not runs:
        return ("no cache", "", "")
    wall = statistics.median(run.wall for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    peak = statistics.median(run.peak for run in runs)
    return (f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}")


if __name__ == "__main__":
    main()
