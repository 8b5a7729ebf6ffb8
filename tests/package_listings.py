"""What package managers list of real installations, by the rules of `docs/reference/inventory.md`.

Every list is a set of (name, version).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rpm_packages
from kept import run
from language_trees import pip
from root_filesystems import run as run_as_root

Versions = set[tuple[str, str]]

MERGED = {("net.bytebuddy:byte-buddy-dep", "1.9.10")}
"""What Maven cannot know of: artifacts that were built into others, here into byte-buddy."""


def dpkg_list(root: Path) -> Versions:
    """Ask dpkg-query; packages of which only the configuration is left are gone."""
    format_ = "${db:Status-Status}\t${Package}\t${Version}\n"
    listed = run_as_root("dpkg-query", f"--admindir={root}/var/lib/dpkg", "-W", "-f", format_)
    rows = (line.split("\t") for line in listed.splitlines())
    return {(name, version) for state, name, version in rows if state == "installed"}


def rpm_list(root: Path) -> Versions:
    """Ask rpm; the epoch belongs to the version where there is one, and keys are no software."""
    rows = rpm_query(root, r"%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\n")
    builds = (row.split("\t") for row in rows)
    return {(name, version) for name, version in builds if name != "gpg-pubkey"}


def rpm_query(root: Path, format_: str) -> list[str]:
    """Return a line for everything that rpm lists."""
    place = ("--root", root, "--dbpath", rpm_packages.DATABASE)
    return run_as_root("rpm", *place, "-qa", "--qf", format_).splitlines()


def apk_list(root: Path) -> Versions:
    """Ask apk, whose lines begin with NAME-VERSION-rREVISION."""
    listed = run_as_root("chroot", root, "apk", "list", "--no-network", "--installed")
    builds = (line.split()[0].rsplit("-", 2) for line in listed.splitlines())
    return {(name, f"{version}-{revision}") for name, version, revision in builds}


def pip_list(folder: Path) -> Versions:
    """Ask pip about one folder; names are spelled as PEP 503 says."""
    rows = json.loads(pip("list", "--path", folder, "--format=json", cwd=folder))
    return {(pep503(row["name"]), row["version"]) for row in rows}


def pep503(name: str) -> str:
    """Spell a Python name as everybody's tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def npm_list(folder: Path) -> Versions:
    """Ask npm about an application's folder."""
    return set(_npm_packages(json.loads(run("npm", "ls", "--all", "--json", cwd=folder))))


def _npm_packages(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the packages of a tree; one that is optional and missing has no version."""
    for name, child in node.get("dependencies", {}).items():
        if "version" in child:
            yield name, child["version"]
        yield from _npm_packages(child)


def maven_list(folder: Path) -> Versions:
    """Read the lines of `group:artifact:jar:version:scope` that Maven left in `list.txt`."""
    lines = re.findall(
        r"^ +(\S+:\S+):jar:(\S+):(?:compile|runtime)",
        (folder / "list.txt").read_text(),
        re.MULTILINE,
    )
    return set(lines)


def go_list(program: Path) -> Versions:
    """Ask Go about a program; what comes from a folder or the program's own has no version."""
    first, *lines = run("go", "version", "-m", program, cwd=program.parent).splitlines()
    found = [("stdlib", first.rpartition(": go")[2])]
    for line in lines:
        kind, path, version, *_ = (*line.strip("\t").split("\t"), "", "")
        if kind == "=>" and path.startswith("."):
            found[-1] = (found[-1][0], "")
        elif kind == "=>":
            found[-1] = (path, version)
        elif kind in {"mod", "dep"}:
            found.append((path, version.replace("(devel)", "")))
    return set(found)
