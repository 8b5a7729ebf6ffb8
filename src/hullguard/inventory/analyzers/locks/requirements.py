"""pip's requirements files (source: pip, docs/html/reference/requirements-file-format.md).

Only a pin says what gets installed: `==` or `===` with a whole version, or a wheel, whose file
name tells it (PEP 427). A range is a wish, resolved anew at every installation, so it is no
package here; it is no gap either, since nearly every source tree has some.

A file that another one includes (`-r`) is read on its own if the table wants it by its name;
one that it does not want is a gap. Constraints (`-c`) install nothing.
"""

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_text
from hullguard.inventory.table import ANALYZERS
from hullguard.model import Budget, Gap, GapKind, Malformed

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_OPTIONS = re.compile(r"\s-.*")  # of one requirement: --hash and the like
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)")
_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?")
_SPECIFIER = re.compile(r"(~=|!=|<=|>=|<|>|===?)\s*(\S+)")
_WHEEL_PARTS = (5, 6)  # name, version, perhaps a build number, three tags
_PATTERNS = next(row.patterns for row in ANALYZERS if row.module == __name__)


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield what a requirements file pins.

    Raises:
        Malformed: it is no text, or no line of it is a requirement or an option.
    """
    return packages("pypi", file, budget, _pins(file.path, read_text(file)))


def _pins(path: str, text: str) -> Iterator[Pin | Gap]:
    strange: list[int] = []
    understood = False
    for number, line in _lines(text):
        if include := _INCLUDE.match(line):
            yield from _unwanted(path, number, include[1])
        elif not line.startswith("-"):
            try:
                yield from _pinned(line)
            except Malformed:
                strange.append(number)
                continue
        understood = True
    if strange and not understood:
        raise Malformed(path, "is no requirements file: it has neither requirements nor options")
    if strange:
        lines = f"{len(strange)} lines are" if strange[1:] else "1 line is"
        yield Gap(f"line {strange[0]}", f"{lines} no requirement that pip would accept")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, without comments; a backslash joins two."""
    begun: list[str] = []
    for number, line in enumerate((*text.splitlines(), ""), start=1):
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            begun.append(line[:-1])
            continue
        whole = _COMMENT.sub("", " ".join((*begun, line))).strip()
        begun.clear()
        if whole:
            yield number, whole


def _pinned(line: str) -> Iterator[Pin]:
    """Yield the pin of a line, if it is one.

    Raises:
        Malformed: the line is no requirement.
    """
    wanted = _OPTIONS.sub("", line).partition(";")[0].strip()
    name = _NAME.match(wanted)
    rest = wanted[name.end() :].strip() if name else ""
    if name and rest.startswith("@"):
        yield from _wheel(rest[1:], name[1])
    elif not name or "/" in wanted or wanted.endswith(".whl"):
        yield from _wheel(wanted, "")
    else:
        versions = _exact(rest.strip("() ,"))
        yield from (Pin(name[1], version) for version in versions[:1])


def _exact(specifiers: str) -> list[str]:
    """Return the versions that are asked for with `==` or `===`, wildcards left out."""
    exact = []
    for text in specifiers.split(",") if specifiers else ():
        specifier = _SPECIFIER.fullmatch(text.strip())
        if not specifier:
            raise Malformed(specifiers, "is no list of versions")
        if specifier[1].startswith("==") and not {"*", "$"} & {*specifier[2]}:
            exact.append(specifier[2])  # $: a variable of the environment
    return exact


def _wheel(address: str, name: str) -> Iterator[Pin]:
    """Yield the pin that the file name of a wheel is; other addresses tell no version."""
    if not re.match(r"[A-Za-z0-9+.~/\\]", address.strip()):
        raise Malformed(address, "is no address")
    last = re.split(r"[?#]", address.strip(), maxsplit=1)[0].rpartition("/")[2]
    parts = unquote(last).removesuffix(".whl").split("-")
    if last.endswith(".whl") and len(parts) in _WHEEL_PARTS:
        yield Pin(name or parts[0], parts[1])


def _unwanted(path: str, number: int, include: str) -> Iterator[Gap]:
    """Yield a gap if nobody will read the included file."""
    included = posixpath.normpath(posixpath.join(posixpath.dirname(path), include))
    if "://" in include or not any(PurePosixPath(included).match(each) for each in _PATTERNS):
        why = f"includes {include}, which is not read: it is not called {' or '.join(_PATTERNS)}"
        yield Gap(f"line {number}", why, GapKind.INCOMPLETE)
