"""Names that no file should have, from the image to what people and programs read of it."""

import json
import re
from pathlib import Path

import pytest

from command_line import Done, run_hullguard
from image_builder import BuiltImage
from layered import LEFT, MUSL, npm
from raw_tar import PIPE, archive, entry

CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]")
ESCAPE = "\x1b]0;owned\x07\x1b[2J\u202e"
NAMES = {
    b"\x1b[31mred": "escapes",
    b"new\nline": "line",
    b"\xff\xfe": "bytes",
    "\u202egnp.exe".encode(): "turned",
    b"<script>": "markup",
    b"x" * 250: "long",
    "ü\u0301\U0001f600".encode(): "beautiful",
}


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = [
        entry(b"app/node_modules/%s/package.json" % name, npm(package))
        for name, package in NAMES.items()
    ]
    broken = entry(b"app/node_modules/\x1b[2J/package.json", b'{"name": "\\u001b[2J\xff')
    pipe = entry(b"app/node_modules/\x07/package.json", kind=PIPE)
    escape = entry(b"../\x1b[2J", b"x")
    image = BuiltImage(
        [MUSL, archive(*wanted, broken, pipe, escape), LEFT],
        commands=[f"RUN {ESCAPE}", f"COPY {ESCAPE} /", "RUN npm ci"],
        config={
            "User": ESCAPE,
            "Env": [f"A={ESCAPE}", "\ud800"],
            "Labels": {ESCAPE: ESCAPE, "n": 10**30},
            "Cmd": [ESCAPE, {"a": 1}],
        },
        tag=f"shop/{ESCAPE}",
    )
    return image.layout(tmp_path_factory.mktemp("hostile") / "layout")


def scan(layout: Path, folder: Path, format_: str) -> Done:
    places = "--db", folder / "db", "--cache-dir", folder / "cache"
    return run_hullguard("image", "scan", layout, "--offline", "--format", format_, *places)


def harmless(done: Done) -> None:
    assert done.code == 3
    assert "Traceback" not in done.err
    assert not CONTROLS.search(done.out)
    assert not CONTROLS.search(done.err.encode())


@pytest.mark.parametrize("format_", ["json", "sarif", "cyclonedx", "spdx", "table"])
def test_nothing_that_an_image_holds_reaches_the_terminal_as_a_command(
    layout: Path, tmp_path: Path, format_: str
) -> None:
    done = scan(layout, tmp_path, format_)
    harmless(done)
    if format_ != "table":
        json.loads(done.out)


def test_every_package_is_reported_by_a_path_of_its_own(layout: Path, tmp_path: Path) -> None:
    report = scan(layout, tmp_path, "json").report
    packages = report["inventory"]["packages"]
    assert {each["name"] for each in packages} == {*NAMES.values(), "left", "musl"}
    paths = {each["name"]: each["path"] for each in packages}
    assert paths["bytes"] == "app/node_modules/\\xff\\xfe/package.json"
    assert paths["escapes"] == "app/node_modules/\x1b[31mred/package.json"
    gaps = " ".join(gap["where"] + gap["why"] for gap in report["gaps"])
    for sentence in ("is no JSON", "is a device, a pipe or a socket", "would leave the image"):
        assert sentence in gaps


def test_a_second_scan_from_the_cache_says_the_same(layout: Path, tmp_path: Path) -> None:
    first, second = (scan(layout, tmp_path, "json").report for _ in range(2))
    assert first["inventory"] == second["inventory"]


def test_a_bill_of_materials_names_what_is_missing_in_plain_text(layout: Path) -> None:
    done = run_hullguard("image", "sbom", layout)
    harmless(done)
    assert "would leave the image" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("no/\x1b[2J.tar",),
        ("x" * 5000,),
        ("./" + "x" * 5000,),
        ("LAYOUT", "--platform", "linux/\x1b[2J"),
    ],
)
def test_a_target_that_cannot_be_is_told_in_plain_text(
    layout: Path, arguments: tuple[str, ...]
) -> None:
    target, *rest = arguments
    target = str(layout) if target == "LAYOUT" else target
    done = run_hullguard("image", "sbom", target, *rest)
    assert done.code in {2, 3}
    assert "Traceback" not in done.err
    assert not CONTROLS.search(done.err.encode())
