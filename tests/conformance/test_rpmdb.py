"""Five real rpm databases in four containers, beside what rpm itself lists of them."""

import json
from collections import Counter
from typing import Any

import pytest

from corpora import corpus, record_agreement
from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.rpm import read
from hullguard.model import Budget, Package

DATABASES = {
    "centos5-plain": "Packages",
    "libuuid": "Packages",
    "sle15-bci": "Packages.db",
    "fedora35": "rpmdb.sqlite",
    "cbl-mariner-2.0": "rpmdb.sqlite",
}
LEFT_OUT = {"gpg-pubkey": "a key that rpm trusts, kept as if it were a package: no software"}

Row = tuple[str, str, str, str, str, str, str, str]


@pytest.mark.parametrize("name", DATABASES)
def test_every_package_reads_as_rpm_lists_it(name: str) -> None:
    folder = corpus("images/rpmdb.tar.zst") / name
    listed = json.loads((folder / "expected.json").read_bytes())
    expected = Counter(_expected(row) for row in listed if row["name"] not in LEFT_OUT)
    data = (folder / DATABASES[name]).read_bytes()
    entries = list(read(File(path=f"var/lib/rpm/{DATABASES[name]}", data=data), Budget()))
    assert all(isinstance(entry, Found) for entry in entries)
    found = Counter(_found(entry.package) for entry in entries if isinstance(entry, Found))
    keys = [row for row in listed if row["name"] in LEFT_OUT]
    record_agreement(f"rpmdb: {name}", (expected & found).total(), expected.total())
    if keys:
        record_agreement(f"rpmdb: {name}, left out as keys", len(keys), len(keys))
    assert found == expected


def _expected(row: dict[str, Any]) -> Row:
    build = f"{row['version']}-{row['release']}"
    source = (row["source_rpm"] or "").removesuffix(".src.rpm").rsplit("-", 2)
    differs = "-".join(source[1:]) if "-".join(source[1:]) != build else ""
    return (
        row["name"],
        build if row["epoch"] is None else f"{row['epoch']}:{build}",
        row["arch"] or "",
        source[0],
        differs,
        row["modularity"] or "",
        row["license"] or "",
        row["vendor"] or "",
    )


def _found(package: Package) -> Row:
    return (
        package.name,
        package.version,
        package.arch,
        package.source,
        package.source_version,
        package.module,
        package.licence,
        package.vendor,
    )
