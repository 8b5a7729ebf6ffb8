"""Yarn's `yarn.lock`: the classic format of its own, and Berry's YAML.

Classic: an entry begins with its patterns (`"a@^1", a@^2:`), its fields follow two columns in
(source: yarn 1, src/lockfile/). Berry: YAML with `__metadata` on top; `resolution` tells what an
entry is, `linkType: soft` that it is a folder of the tree (source: yarn berry,
packages/yarnpkg-core/sources/Project.ts).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_text, shaped
from hullguard.inventory.yaml_documents import read_yaml
from hullguard.model import Budget, Gap, Malformed

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FIELD = re.compile(r'  "?(version|resolved)"? "?([^"\s]+)"?$')


class _Entry(msgspec.Struct, frozen=True, rename="camel"):
    """What is read of an entry of Berry's."""

    version: str = ""
    resolution: str = ""
    link_type: str = ""


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `yarn.lock`, aliases under their real names.

    Raises:
        Malformed: it is of neither format.
    """
    text = read_text(file)
    berry = text.startswith("__metadata:") or "\n__metadata:" in text
    pins = _berry(file) if berry else _classic(file.path, text)
    return packages("npm", file, budget, pins)


def _berry(file: File) -> Iterator[Pin | Gap]:
    lock = read_yaml(file)[0]
    if not isinstance(lock, dict):
        raise Malformed(file.path, "is no yarn.lock: it holds no entries")
    for key, value in lock.items():
        entry = shaped(value, _Entry, f"entry {key}")
        if isinstance(entry, Gap):
            yield entry
        elif key != "__metadata" and entry.link_type != "soft":
            yield Pin(_split(entry.resolution or key)[0], entry.version)


def _classic(path: str, text: str) -> Iterator[Pin | Gap]:
    for pattern, fields in _entries(path, text):
        if "version" in fields:
            name = _downloaded(fields.get("resolved", "")) or _asked_for(pattern)
            yield Pin(name, fields["version"])
        else:
            yield Gap(f"entry {pattern}", "has no version")


def _entries(path: str, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the first pattern and the fields of each entry."""
    pattern, fields = "", dict[str, str]()
    for number, line in enumerate(map(str.rstrip, text.split("\n")), start=1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("  "):
            if field := _FIELD.match(line):
                fields[field[1]] = field[2]
            continue
        if not line.endswith(":"):
            raise Malformed(path, f"is no yarn.lock: line {number} is neither entry nor field")
        if pattern:
            yield pattern, fields
        quoted = _QUOTED.match(line)
        pattern, fields = quoted[1] if quoted else line[:-1].partition(",")[0], {}
    if pattern:
        yield pattern, fields


def _downloaded(address: str) -> str:
    """Return the name in a registry's address: it tells the truth about aliases.

    `https://HOST/@scope/name/-/name-1.0.0.tgz`; other addresses give the empty text.
    """
    front, dash, _ = address.rpartition("/-/")
    if not dash or not address.startswith("http"):
        return ""
    front, _, name = unquote(front).rpartition("/")
    scope = front.rpartition("/")[2]
    return f"{scope}/{name}" if scope.startswith("@") else name


def _asked_for(pattern: str) -> str:
    """Return the name in `name@range` or `alias@npm:name@range`."""
    name, wanted = _split(pattern)
    real, real_range = _split(wanted.removeprefix("npm:"))
    return real if wanted.startswith("npm:") and real_range else name


def _split(text: str) -> tuple[str, str]:
    """Split `name@rest`; the name of a scoped package begins with an `@` of its own."""
    name, _, rest = text[1:].partition("@")
    return text[:1] + name, rest
