"""Package URLs (source: ECMA-427, the purl specification, and its type definitions).

Always the canonical form: qualifiers sorted, everything percent-encoded but unreserved
characters and the colon, which the standard forbids to encode. So a Debian epoch reads
`@1:2.3-4`; rpm keeps its epoch in a qualifier of its own.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from hullguard.inventory.distro import distro_label
from hullguard.model import OS_TYPES, Distro, Package

_LOWERED = frozenset({"deb", "apk", "pypi", "npm", "composer", "hex", "bitnami", "alpm"})
# The definition of golang would lower names too; Go itself tells them apart, and so do we.
_NAMESPACES = {  # where the vendor has another name than os-release's ID
    "rhel": "redhat",
    "sles": "suse",
    "sled": "suse",
    "sle-micro": "suse",
    "sl-micro": "suse",
    "opensuse-leap": "opensuse",
    "opensuse-tumbleweed": "opensuse",
}
_SEPARATORS = re.compile(r"[-_.]+")
_PLAIN = re.compile(r"[A-Za-z0-9._~:-]*")  # most names and versions: nothing to encode
_OF_ONE_BUILD = frozenset({"distro", "epoch", "rpmmod", "upstream"})


def complete_purl(package: Package, distro: Distro | None) -> str:
    """Return the canonical purl; `distro` matters to operating-system packages alone.

    The source package is the qualifier `upstream`, as `name` or `name@version`, where it has
    another name or version.
    """
    namespace, name = _split(package)
    version = package.version
    qualifiers: dict[str, str] = {}
    if package.type in OS_TYPES:
        namespace = _NAMESPACES.get(distro.id, distro.id) if distro else ""
        version, qualifiers = _system_parts(package, distro)
    return _written(package.type, namespace, name, version, qualifiers)


def versionless_purl(purl: str) -> str:
    """Return the purl without its version and the qualifiers that change from build to build.

    The architecture stays: two architectures of one package are two packages.
    """
    whole, hash_sign, subpath = purl.partition("#")
    path, _, qualifiers = whole.partition("?")
    namespace, slash, name = path.rpartition("/")
    kept = [part for part in qualifiers.split("&") if _lasts(part)]
    return "".join(
        (namespace, slash, name.partition("@")[0], "?" if kept else "", "&".join(kept))
    ) + (hash_sign + subpath)


def _lasts(qualifier: str) -> bool:
    return bool(qualifier) and qualifier.partition("=")[0] not in _OF_ONE_BUILD


def _split(package: Package) -> tuple[str, str]:
    """Return namespace and name, in the spelling of the type."""
    name = package.name.lower() if package.type in _LOWERED else package.name
    namespace, _, last = _SPLITTERS.get(package.type, _at_last_slash)(name)
    return namespace, last


def _whole(name: str) -> tuple[str, str, str]:
    return "", "", name


def _at_last_slash(name: str) -> tuple[str, str, str]:
    return name.rpartition("/")


def _maven(name: str) -> tuple[str, str, str]:
    return name.rpartition(":")


def _pypi(name: str) -> tuple[str, str, str]:
    return _whole(_SEPARATORS.sub("-", name))  # PEP 503


_SPLITTERS: dict[str, Callable[[str], tuple[str, str, str]]] = {
    "maven": _maven,
    "pypi": _pypi,
    "deb": _whole,
    "apk": _whole,
    "rpm": _whole,
}


def _system_parts(package: Package, distro: Distro | None) -> tuple[str, dict[str, str]]:
    epoch, version = "", package.version
    if package.type == "rpm" and ":" in version:
        epoch, _, version = version.partition(":")
    return version, {
        "arch": package.arch,
        "distro": distro_label(distro) if distro else "",
        "epoch": epoch,
        "rpmmod": package.module,
        "upstream": _upstream(package),
    }


def _upstream(package: Package) -> str:
    source = package.source or package.name
    if package.source_version and package.source_version != package.version:
        return f"{source}@{package.source_version}"
    return source if source != package.name else ""


def _written(
    type_: str, namespace: str, name: str, version: str, qualifiers: dict[str, str]
) -> str:
    parts = [f"pkg:{type_}", *filter(None, namespace.split("/")), name]
    purl = "/".join([parts[0], *map(_encoded, parts[1:])])
    if version:
        purl += "@" + _encoded(version)
    filled = [f"{key}={_encoded(value)}" for key, value in sorted(qualifiers.items()) if value]
    return purl + ("?" + "&".join(filled) if filled else "")


def _encoded(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=":", errors="replace")
