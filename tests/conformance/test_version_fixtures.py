"""Version orders beside the vectors of osv-scalibr, every line both ways round."""

import re
from collections.abc import Iterator

import pytest

from corpora import corpus, record_agreement
from hullguard.advisories.versions import SCHEMES, compare

SCHEME_OF = {
    "alpine-versions": "apk",
    "alpine-versions-generated": "apk",
    "cran-versions": "dotted",
    "cran-versions-generated": "dotted",
    "debian-versions": "dpkg",
    "debian-versions-generated": "dpkg",
    "hackage-versions": "dotted",
    "maven-versions": "maven",
    "maven-versions-generated": "maven",
    "nuget-versions": "nuget",
    "packagist-versions": "composer",
    "packagist-versions-generated": "composer",
    "pub-versions": "pub",
    "pypi-versions": "pep440",
    "pypi-versions-generated": "pep440",
    "redhat-versions": "rpm",
    "rubygems-versions": "gem",
    "rubygems-versions-generated": "gem",
    "semver-versions": "semver",
}
SIGNS = {"<": -1, "=": 0, ">": 1}

PINNED = {
    "Maven before 3.9 told a qualifier after a dot from one after a hyphen (MNG-7644); "
    "the specification says that they are the same": (
        "maven-versions-generated",
        re.compile(r"\.[A-Za-z]"),
        20,
    ),
    "PHP's version_compare on the bare text; Composer compares what it has normalised, "
    "so that missing numbers are zeros": (
        "packagist-versions-generated",
        re.compile(r"^v?\d+(?:\.\d+)?(?:-beta4)? < v?\d+\.\d+(?:\.0)?-"),
        6,
    ),
    "PHP knows no upper-case ALPHA and BETA; Composer does": (
        "packagist-versions-generated",
        re.compile("ALPHA|BETA"),
        3,
    ),
    "PHP does not know `stable`; Composer drops it": (
        "packagist-versions-generated",
        re.compile("-stable"),
        1,
    ),
    "PHP's version_compare on the bare text, by hand": (
        "packagist-versions",
        re.compile(r"^1\.0\.0 > 1\.0$"),
        1,
    ),
    "PHP's `#` equals both 1.2.3 and 1.2.3.1, which differ: no order can hold that": (
        "packagist-versions",
        re.compile(r"^1\.2\.3\.# = 1\.2\.3\.1$"),
        1,
    ),
}
"""Why lines of a file differ: (file, what all of these lines look like, how many differ)."""


def lines(name: str) -> Iterator[tuple[str, str, str]]:
    path = corpus("vulnerabilities/version-fixtures.tar.zst") / "version-fixtures" / f"{name}.txt"
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith(("#", "//")):
            left, sign, right = line.split()
            yield left, sign, right


def test_every_file_of_the_vectors_is_compared() -> None:
    folder = corpus("vulnerabilities/version-fixtures.tar.zst") / "version-fixtures"
    assert {path.stem for path in folder.iterdir()} == SCHEME_OF.keys()
    assert set(SCHEME_OF.values()) == SCHEMES.keys()


@pytest.mark.parametrize("name", SCHEME_OF)
def test_the_order_agrees_with_every_line(name: str) -> None:
    scheme = SCHEME_OF[name]
    total, wrong = 0, []
    for left, sign, right in lines(name):
        total += 1
        expected = SIGNS[sign]
        if (compare(scheme, left, right), compare(scheme, right, left)) != (expected, -expected):
            wrong.append(f"{left} {sign} {right}")
    record_agreement(f"version-fixtures/{name} ({scheme})", total - len(wrong), total)
    for file, looks, count in PINNED.values():
        if file == name:
            assert len([line for line in wrong if looks.search(line)]) == count
            wrong = [line for line in wrong if not looks.search(line)]
    assert wrong == []
