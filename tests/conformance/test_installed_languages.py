"""Installed language packages out of four scanners' own test data.

Every case agrees, so there is no table of differences. Their cases of lock files are held against
our readers elsewhere, also where a `node_modules` folder lies beside the lock file: those scanners
read nothing but licences from it.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from corpora import corpus, record_agreement
from hullguard.inventory.analyzer import File, Found, Outcome
from hullguard.inventory.jar.properties import Coordinates, read_pom_properties
from hullguard.model import Budget, Gap, Malformed

TRIVY, FANAL, OSV, SYFT = "trivy-parsers", "trivy-fanal", "osv-scalibr", "syft-cataloger"
LANGUAGE = "extractor/filesystem/language/"

# corpus and beginning of the input's path: our analyzer, and the path it would see in an image
BUILT = {
    (TRIVY, "dotnet/core_deps/"): ("dotnet", "app/app.deps.json"),
    (TRIVY, "java/jar/"): ("java", "app/{name}"),
    (TRIVY, "nodejs/packagejson/"): ("node", "app/node_modules/it/package.json"),
    (TRIVY, "python/packaging/"): ("python", "lib/it.dist-info/METADATA"),
    (TRIVY, "ruby/gemspec/"): ("ruby", "lib/specifications/it.gemspec"),
    (FANAL, "language/dotnet/deps/"): ("dotnet", "app/app.deps.json"),
    (FANAL, "language/nodejs/pkg/"): ("node", "app/node_modules/it/package.json"),
    (FANAL, "language/python/packaging/"): ("python", "lib/{name}"),
    (FANAL, "language/ruby/gemspec/"): ("ruby", "lib/specifications/it.gemspec"),
    (OSV, f"{LANGUAGE}dotnet/depsjson/"): ("dotnet", "app/app.deps.json"),
    (OSV, f"{LANGUAGE}java/archive/"): ("java", "app/{name}"),
    (OSV, f"{LANGUAGE}javascript/packagejson/"): ("node", "app/node_modules/it/package.json"),
    (OSV, f"{LANGUAGE}python/wheelegg/"): ("python", "lib/it.dist-info/METADATA"),
    (OSV, f"{LANGUAGE}ruby/gemspec/"): ("ruby", "lib/specifications/it.gemspec"),
}
NOT_BUILT = {
    (SYFT, "java/testdata/jvm-installs/"): "a JDK's `release` file: JDKs come as system packages",
    (SYFT, "php/testdata/memcached-"): "PECL's registry: no advisories speak of PECL packages",
}
# Neither corpus holds a compiled program: Go and Rust are tested on ones that the tests build.


def cases() -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Yield corpus, case, analyzer and path for every case of a format that is built."""
    for (name, beginning), (analyzer, path) in BUILT.items():
        for case in listed(name):
            if case["input"].startswith(beginning):
                yield name, case, analyzer, path


def listed(name: str) -> list[dict[str, Any]]:
    """Return the corpus' own list of cases."""
    entries: list[dict[str, Any]] = json.loads((home(name) / "expected.json").read_bytes())
    return entries


def home(name: str) -> Path:
    return corpus(f"images/{name}.tar.zst")


def outcomes(analyzer: str, path: str, data: bytes) -> list[Outcome]:
    reader = import_module(f"hullguard.inventory.analyzers.{analyzer}")
    return list(reader.read(File(path=path, data=data), Budget()))


def found_in(analyzer: str, path: str, place: Path) -> set[tuple[str, str]] | None:
    """Return name and version of every package, or nothing where it was refused with a reason.

    A folder has one file that the analyzer wants.
    """
    if place.is_dir():
        [place] = (each for each in place.rglob("*") if each.name in {"METADATA", "PKG-INFO"})
    try:
        entries = outcomes(analyzer, path.format(name=place.name), place.read_bytes())
    except Malformed:
        return None
    found = {(e.package.name, e.package.version) for e in entries if isinstance(e, Found)}
    return None if not found and any(isinstance(e, Gap) for e in entries) else found


def agrees(name: str, case: dict[str, Any], analyzer: str, path: str) -> bool:
    found = found_in(analyzer, path, home(name) / case["input"])
    if case["error_expected"]:
        return found is None
    return found == {(package["name"], package["version"]) for package in case["packages"]}


def test_every_case_agrees() -> None:
    agreed: dict[str, int] = {}
    total: dict[str, int] = {}
    failing = []
    for name, case, analyzer, path in cases():
        total[name] = total.get(name, 0) + 1
        if agrees(name, case, analyzer, path):
            agreed[name] = agreed.get(name, 0) + 1
        else:
            failing.append((name, case["input"]))
    for name, count in total.items():
        record_agreement(f"installed languages: {name}", agreed.get(name, 0), count)
    assert failing == []


INSTALLED = (  # parts of paths that speak of an installed format
    "core_deps/",
    "dotnet/deps",
    "java/jar/",
    "java/archive/",
    "java/testdata/jvm",
    "packagejson/",
    "nodejs/pkg/",
    "python/packaging/",
    "wheelegg/",
    "gemspec/",
    "php/testdata/memcached",
    "gobinary/",
    "rustbinary/",
)


@pytest.mark.parametrize("name", [TRIVY, FANAL, OSV, SYFT])
def test_no_case_of_an_installed_format_is_left_unsaid(name: str) -> None:
    starts = tuple(start for corpus_name, start in {*BUILT, *NOT_BUILT} if corpus_name == name)
    inputs = [case["input"] for case in listed(name)]
    ours = [path for path in inputs if any(part in path for part in INSTALLED)]
    not_built = [start for corpus_name, start in NOT_BUILT if corpus_name == name]
    missing = [path for path in ours if path.startswith(tuple(not_built))]
    if missing:
        record_agreement(f"installed languages: {name}, formats not built", 0, len(missing))
    assert [path for path in ours if not path.startswith(starts)] == []


# Inputs that come without a list of what to find; the expectation was read off the input.
COMPOSER = {("asm89/stack-cors", "1.3.0"), ("behat/mink", "v1.8.1")}
READ_OFF = {
    (SYFT, "php/testdata/vendor/composer_1/installed.json"): ("php", COMPOSER),
    (SYFT, "php/testdata/vendor/composer_2/installed.json"): ("php", COMPOSER),
    (SYFT, "dotnet/testdata/deps-with-referenceassembly/MyApp.deps.json"): (
        "dotnet",
        {("MyApp", "1.0.0"), ("Newtonsoft.Json", "13.0.3")},
    ),
    (OSV, f"{LANGUAGE}java/archive/testdata/com.google.src.yolo-0.1.2.jar"): (
        "java",
        {("com.google.src:com.google.src.yolo", "0.1.2")},
    ),
    (OSV, f"{LANGUAGE}java/archive/testdata/empty.jar"): ("java", set()),
}


@pytest.mark.parametrize(("name", "input_"), READ_OFF)
def test_inputs_without_a_list_hold_what_can_be_read_off_them(name: str, input_: str) -> None:
    analyzer, expected = READ_OFF[name, input_]
    assert found_in(analyzer, "app/{name}", home(name) / input_) == expected


@pytest.mark.parametrize(
    ("input_", "expected"),
    [
        ("small", ("org.anchore", "example-java-app-maven", "0.1.0")),
        ("extra", ("org.anchore", "example-java-app-maven", "0.1.0")),
        ("colon-delimited", ("org.anchore", "example-java-app-maven", "0.1.0")),
        (
            "colon-delimited-with-equals",
            ("org.anchore", "example-java=app-maven", "0.1.0=something"),
        ),
        (
            "equals-delimited-with-colons",
            ("org.anchore", "example-java:app-maven", "0.1.0:something"),
        ),
    ],
)
def test_properties_are_read_with_every_separator(
    input_: str, expected: tuple[str, str, str]
) -> None:
    text = (home(SYFT) / f"java/testdata/pom/{input_}.pom.properties").read_text()
    assert read_pom_properties(text, "pom.properties") == Coordinates(*expected)
