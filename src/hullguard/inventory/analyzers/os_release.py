"""Which distribution this is: os-release, and the files that told it before os-release existed.

Sources: os-release(5) of systemd; lsb_release(1); the release packages of Red Hat, Oracle, CentOS,
SUSE, Alpine and Debian for their own one-line files.
"""

import re
from collections.abc import Callable, Iterator

from hullguard.inventory.analyzer import File
from hullguard.model import Budget, Distro, Gap, Malformed

_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'')
_ESCAPED = re.compile(r'\\([\\"$`])')
_CODENAME = re.compile(r"(?:\(|, )(\w+)")  # "7 (wheezy)"; "14.04, Trusty Tahr"
_LARGEST = 1 << 20  # bytes; real ones have fewer than a thousand

_RED_HAT_NAMES = (  # beginning of the sentence in redhat-release, ID that os-release would give
    ("red hat enterprise", "rhel"),
    ("oracle linux", "ol"),
    ("enterprise linux enterprise", "ol"),  # Oracle's first releases
    ("amazon linux", "amzn"),
)


def read(file: File, budget: Budget) -> Iterator[Distro | Gap]:
    """Yield the distribution that the file names, and a gap for each line that makes no sense.

    Raises:
        Malformed: the file is far larger than any of its kind, or binary.
        BudgetSpent: nothing is left.
    """
    if len(file.data) > _LARGEST:
        raise Malformed(file.path, "is too large to describe a distribution")
    budget.spend(file.path, entries=1, bytes_=len(file.data))
    text = file.data[:].decode(errors="replace").lstrip("\ufeff")
    if "\0" in text:
        raise Malformed(file.path, "holds binary data where the distribution's name belongs")
    if tell := _READERS.get(file.name):
        yield from tell(file.path, text)


def _os_release(path: str, text: str) -> Iterator[Distro | Gap]:
    fields: dict[str, str] = {}
    yield from _assignments(path, text, fields)
    if not fields:
        return  # an empty file says nothing: another one may
    identity = fields.get("ID", "").lower() or "linux"  # os-release(5): the default of ID
    yield Distro(
        id=identity,
        version=fields.get("VERSION_ID", "").strip(),
        codename=_codename(identity, fields),
        name=fields.get("PRETTY_NAME") or fields.get("NAME", ""),
        like=tuple(fields.get("ID_LIKE", "").lower().split()),
        cpe=fields.get("CPE_NAME", ""),
    )


def _codename(identity: str, fields: dict[str, str]) -> str:
    """Return VERSION_CODENAME, or what releases older than this field wrote into VERSION."""
    if codename := fields.get("VERSION_CODENAME"):
        return codename
    if identity == "alpine":
        return _alpine_codename(fields.get("VERSION_ID", ""))
    if identity in {"debian", "ubuntu"} and (old := _CODENAME.search(fields.get("VERSION", ""))):
        return old[1].lower()
    return ""


def _alpine_codename(version: str) -> str:
    """Tell Alpine's rolling branch from its releases, which have no code names."""
    return "edge" if "_alpha" in version else ""


def _assignments(path: str, text: str, fields: dict[str, str]) -> Iterator[Gap]:
    """Fill `fields` with what a shell would set; the last assignment of a name holds."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not (assignment := _ASSIGNMENT.fullmatch(line.rstrip())):
            continue
        name, raw = assignment.groups()
        fields[name], closed = _unquoted(raw)
        if not closed:
            yield Gap(f"{path}, line {number}", f"the quote in {name} is never closed")


def _unquoted(raw: str) -> tuple[str, bool]:
    """Undo shell quoting of a value; also tell whether an opening quote is closed."""
    if raw[:1] not in {'"', "'"}:
        return _ESCAPED.sub(r"\1", raw), True
    if quoted := _QUOTED.match(raw):
        double, single = quoted.groups()
        return (single if double is None else _ESCAPED.sub(r"\1", double)), True
    return raw[1:], False


def _lsb_release(path: str, text: str) -> Iterator[Distro | Gap]:
    fields: dict[str, str] = {}
    yield from _assignments(path, text, fields)
    if identity := fields.get("DISTRIB_ID"):
        yield Distro(
            id=identity.lower(),
            version=fields.get("DISTRIB_RELEASE", ""),
            codename=fields.get("DISTRIB_CODENAME", ""),
            name=fields.get("DISTRIB_DESCRIPTION", ""),
        )


def _redhat_release(_path: str, text: str) -> Iterator[Distro]:
    """Read a sentence such as `CentOS Linux release 7.9.2009 (Core)`."""
    for line in text.splitlines():
        name, release, rest = line.strip().partition(" release ")
        if release and name:
            yield Distro(
                id=_red_hat_id(name.lower()), version=rest.partition(" ")[0], name=line.strip()
            )
            return


def _red_hat_id(name: str) -> str:
    for beginning, identity in _RED_HAT_NAMES:
        if name.startswith(beginning):
            return identity
    return name.partition(" ")[0]  # "Rocky Linux", "AlmaLinux", "CentOS Stream", "Fedora"


def _suse_release(_path: str, text: str) -> Iterator[Distro]:
    """Read SUSE's sentence and, below it, `VERSION = 11` and `PATCHLEVEL = 4`."""
    name, _, rest = text.partition("\n")
    fields = {key.strip(): value.strip() for key, _, value in _pairs(rest)}
    if version := fields.get("VERSION"):
        level = fields.get("PATCHLEVEL", "0")
        yield Distro(
            id="opensuse" if name.lower().startswith("opensuse") else "sles",
            version=version if level == "0" else f"{version}.{level}",
            name=name.strip(),
        )


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    return (line.partition("=") for line in text.splitlines())


def _alpine_release(_path: str, text: str) -> Iterator[Distro]:
    if version := text.strip():
        codename = _alpine_codename(version)
        yield Distro(id="alpine", version=version, codename=codename, name=f"Alpine {version}")


def _debian_version(_path: str, text: str) -> Iterator[Distro]:
    """Read `11.6`, or `trixie/sid` before a release has its number.

    Point releases share one set of packages and advisories: VERSION_ID has been the first
    number alone since Debian 4.
    """
    version = text.strip()
    if version[:1].isdigit():
        major = version.partition(".")[0]
        yield Distro(id="debian", version=version if major in {"2", "3"} else major)
    elif version:
        yield Distro(id="debian", codename=version.partition("/")[0])


_READERS: dict[str, Callable[[str, str], Iterator[Distro | Gap]]] = {
    "os-release": _os_release,
    "lsb-release": _lsb_release,
    "redhat-release": _redhat_release,
    "centos-release": _redhat_release,
    "oracle-release": _redhat_release,
    "system-release": _redhat_release,
    "SuSE-release": _suse_release,
    "alpine-release": _alpine_release,
    "debian_version": _debian_version,
}
