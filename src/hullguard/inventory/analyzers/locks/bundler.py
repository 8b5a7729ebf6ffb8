"""Bundler's `Gemfile.lock` (source: bundler, lib/bundler/lockfile_parser.rb).

Sections begin in the first column. Those with a source have `specs:`, and four columns in the
gems, `name (version-platform)`; what a gem needs is listed six columns in.
"""

import re
from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_text
from hullguard.model import Budget, Gap, Malformed

_SOURCES = ("GEM", "GIT", "PLUGIN SOURCE")  # PATH holds folders of the tree
_SECTIONS = (*_SOURCES, "PATH", "PLATFORMS", "DEPENDENCIES", "CHECKSUMS", "RUBY VERSION")
_SECTION = re.compile(r"[A-Z]+( [A-Z]+)*")
_SPEC = re.compile(r" {4}([^\s()]+) \(([^\s()-]+)(?:-[^()]*)?\)!?")


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the gems of a `Gemfile.lock`, one for all its platforms.

    Raises:
        Malformed: there is a line in the first column that begins no section.
    """
    return packages("gem", file, budget, _pins(file.path, read_text(file)))


def _pins(path: str, text: str) -> Iterator[Pin | Gap]:
    section = ""
    for number, line in enumerate(map(str.rstrip, text.split("\n")), start=1):
        if line and not line.startswith(" "):
            section = line
            if not _SECTION.fullmatch(line):
                raise Malformed(path, f"is no Gemfile.lock: line {number} begins no section")
        elif section in _SOURCES and line.startswith("    ") and not line.startswith("     "):
            spec = _SPEC.fullmatch(line)
            yield Pin(spec[1], spec[2]) if spec else Gap(f"line {number}", "names no gem")
    if not section:
        raise Malformed(path, "is no Gemfile.lock: it has no sections")
