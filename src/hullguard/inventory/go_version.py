"""Which version a Go program has, where the linker does not say it outright.

A program built from its own folder calls itself `(devel)`. Its makers mostly tell the version by
`-ldflags "-X main.version=1.2.3"`, which the build information keeps (but for `-trimpath`).
"""

import re

from hullguard.inventory.go_build import DEVELOPMENT, BuildInfo, Module

_GO = re.compile(r"go(\d+)\.(\d+)(?:\.(\d+))?(?:(alpha|beta|rc)(\d+))?(?![\d.])")
_SET = re.compile(r"""-X[ =](?:'([^'=]+)=([^']*)'|"([^"=]+)=([^"]*)"|([^\s'"=]+)=(\S*))""")
_VERSION = re.compile(r"v?(\d+\.\d+(?:\.\d+)*(?:[-+.][0-9A-Za-z.+-]*)?)")
_NAMES = frozenset(
    {"version", "appversion", "buildversion", "gitversion", "releaseversion", "semver", "ver"}
)
_CONVENTIONS = (  # packages of others that hold the version of the program they are built into
    "github.com/prometheus/common/version",
    "k8s.io/component-base/version",
)


def standard_library(go: str) -> str:
    """Return the version of Go in the form of its advisories: `go1.21rc2` is `1.21.0-rc.2`.

    Additions of those who built the toolchain (`go1.21.3 X:boringcrypto`, `go1.21.3-acme`) are
    left out. A development build has no version, so the text is empty.
    """
    match = _GO.match(go)
    if not match or "devel" in go:
        return ""
    major, minor, patch, stage, number = match.groups()
    return f"{major}.{minor}.{patch or 0}" + (f"-{stage}.{number}" if stage else "")


def main_version(build: BuildInfo, main: Module) -> str:
    """Return the program's own version, or an empty text where it does not tell it.

    A commit (`vcs.revision`) is no version: put in a version's place, `v0.0.0-...` would be older
    than every fix.
    """
    if main.version != DEVELOPMENT:
        return main.version
    told = {
        name: value.removeprefix("v")
        for name, value in _told(build.settings.get("-ldflags", ""))
        if _VERSION.fullmatch(value)
    }
    for owners in (("main", main.path), _CONVENTIONS):
        versions = {version for name, version in told.items() if _belongs(name, owners)}
        if len(versions) == 1:
            return "v" + versions.pop()
    return ""


def _told(flags: str) -> list[tuple[str, str]]:
    """Return the variables that the linker was told to set: (package.Name, value)."""
    return [
        (one or two or three, first or second or third)
        for one, first, two, second, three, third in _SET.findall(flags)
    ]


def _belongs(name: str, owners: tuple[str, ...]) -> bool:
    """Tell whether a variable is called like a version and stands in one of these packages."""
    package, _, variable = name.rpartition(".")
    if variable.lower().replace("_", "") not in _NAMES:
        return False
    return any(package == owner or package.startswith(owner + "/") for owner in owners)
