"""Lock files beside the expectations of trivy, osv-scalibr and syft, every case of the formats.

Files are called otherwise in the corpora, so the folder tells the format. A case agrees if the
set of (name, version) is exactly theirs, or if both refuse it. Every other case stands in a
table below, under the reason for the difference, with all that differs.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from corpora import corpus, record_agreement
from hullguard.inventory.analyzer import Found
from hullguard.model import Malformed
from lock_files import NAMES, outcomes

FORMATS = {  # module: what the paths of its cases hold
    "bundler": ("ruby/bundler/", "gemfilelock/"),
    "cargo": ("rust/cargo/", "cargolock/", "rust/testdata/"),
    "composer": ("php/composer/", "composerlock/", "php/testdata/composer.lock"),
    "gomod": ("golang/mod/", "golang/sum/", "gomod/", "go-mod-fixtures/"),
    "npm": ("nodejs/npm/", "packagelockjson/", "testdata/pkg-lock"),
    "pdm": ("pdmlock/", "testdata/pdm-lock/"),
    "pipfile": ("pipfilelock/",),
    "pnpm": ("nodejs/pnpm/", "pnpmlock/", "testdata/pnpm-v", "testdata/pnpm-multi-doc/"),
    "poetry": ("python/poetry/", "poetrylock/", "python/testdata/poetry/", "post-apps/poetry"),
    "pylock": ("python/pylock/",),
    "requirements": ("python/pip/", "python/requirements/"),
    "uv": ("python/uv/", "python/testdata/uv/"),
    "yarn": (
        "nodejs/yarn/",
        "yarnlock/",
        "yarn-berry/",
        "yarn-dups/",
        "yarn-v1-deps/",
        "testdata/yarn/",
    ),
}

NOT_READ = {  # lock files and manifests that no analyzer reads yet: cases of all four corpora
    "bazelmaven/": 1,
    "bunlock/": 7,
    "nodejs/bun/": 2,
    "c/conan/": 1,
    "conanlock/": 6,
    "cpp/testdata/": 2,
    "conda/environment/": 5,
    "dart/": 7,
    "denojson/": 1,
    "nuget/": 5,
    "nugetcpm/": 1,
    "packagesconfig/": 3,
    "dotnet/packagesprops/": 1,
    "packages.lock.json": 1,
    "paketdependencies/": 1,
    "mixlock/": 1,
    "/mix/testdata/happy": 2,
    "erlang/testdata/": 1,
    "gleam/": 2,
    "java/gradle": 6,
    "java/pom": 11,
    "java/testdata/pom": 1,
    "haskell/": 1,
    "julia/": 5,
    "python/pyproject": 5,
    "renvlock/": 4,
    "rust/cargotoml/": 3,
    "swift/": 7,
}

DEVELOPERS = {  # what only developers need is told in its scope; the others leave it out: how many
    "javascript/testdata/pkg-lock": 1,
    "javascript/testdata/pkg-lock/nested-package-lock-1.json": 2,
    "javascript/testdata/pkg-lock/package-lock-2.json": 1,
    "javascript/testdata/pkg-lock/package-lock-3.json": 1,
    "javascript/testdata/pkg-lock/package-lock.json": 1,
    "nodejs/pnpm/testdata/pnpm-lock_many.yaml": 78,
    "php/testdata/composer.lock": 2,
}
NOT_BUILT = {  # a module of which go.sum has only the go.mod is not built: how many
    "golang/sum/testdata/gomod_trivy.sum": 335,
}
OTHER_REASONS = {  # - only they have it, + only we have it
    "the project, members of its workspace and folders of the tree are no packages": {
        "extractor/filesystem/language/javascript/packagelockjson/testdata/files.v2.json": {
            "-etag@1.8.0"
        },
        "extractor/filesystem/language/javascript/yarnlock/testdata/exclude-root.v2.lock": {
            "-@ws/ansi-regex@0.0.0-use.local"
        },
        "extractor/filesystem/language/ruby/gemfilelock/testdata/has-local-gem.lock": {
            "-backbone-on-rails@1.2.0.0"
        },
        "extractor/filesystem/language/rust/cargolock/testdata/two-packages-with-local.lock": {
            "-local-rust-pkg@0.1.0"
        },
        "golang/mod/testdata/replaced-with-local-path-and-version/go.mod": {
            "-github.com/org/repo@"
        },
        "golang/mod/testdata/replaced-with-local-path/go.mod": {"-github.com/org/repo@"},
        "golang/testdata/go-mod-fixtures/relative-replace/go.mod": {
            "-github.com/aws/aws-sdk-go-v2@"
        },
        "javascript/testdata/pkg-lock/array-license-package-lock.json": {"-tmp@1.0.0"},
        "javascript/testdata/pkg-lock/package-lock-2.json": {"-npm@6.14.6"},
        "javascript/testdata/pkg-lock/package-lock-3.json": {"-lock-v3-fixture@1.0.0"},
        "javascript/testdata/yarn-berry/yarn.lock": {"-c0n-fab_u.laTION@7.7.7"},
        "language/golang/mod/testdata/happy.txtar": {"-github.com/org/repo@"},
        "language/golang/mod/testdata/no-go-sum.txtar": {"-github.com/org/repo@"},
        "language/golang/mod/testdata/no-pkg-found.txtar": {"-github.com/org/repo@"},
        "language/golang/mod/testdata/vendor-dir-exists.txtar": {"-github.com/org/repo@"},
        "language/nodejs/yarn/testdata/yarn-licenses": {"-yarn-3-licenses@1.0.0"},
        "language/python/pylock/testdata/happy": {"-test-project@"},
        "language/rust/cargo/testdata/happy.txtar": {"-app@0.1.0"},
        "language/rust/cargo/testdata/no-cargo-toml.txtar": {"-app@0.1.0"},
        "language/rust/cargo/testdata/toml-workspace-glob.txtar": {
            "-member1@0.1.0",
            "-member2@0.1.0",
        },
        "language/rust/cargo/testdata/version-workspace-inherit.txtar": {"-myapp@2.0.0"},
        "language/rust/cargo/testdata/wrong-cargo-toml.txtar": {"-app@0.1.0"},
        "nodejs/npm/testdata/package-lock_v3_without_root_deps_field.json": {"-func1@1.0.0"},
        "nodejs/pnpm/testdata/pnpm-lock_v9.yaml": {"-package1@"},
        "python/testdata/uv/simple-deps/uv.lock": {"-testpkg@0.1.0"},
        "python/uv/testdata/uv_normal.lock": {"-normal@0.1.0"},
        "rust/testdata/path-deps/Cargo.lock": {"-app@1.0.0", "-telemetry@0.1.0"},
    },
    "only a pin says what gets installed, a range or a bare name does not": {
        "extractor/filesystem/language/python/requirements/testdata/no_version.txt": {
            "-GMPY2@",
            "-PyCrypto@",
            "-SymPy@",
        },
        "extractor/filesystem/language/python/requirements/testdata/with_versions.txt": {
            "-asdf@",
            "-combination-._-.also_-._valid@3.5",
            "-newspaper3k@0.2.2",
            "-pkg@1.2.3",
        },
    },
    "pip refuses the line, so it is a gap": {
        "extractor/filesystem/language/python/requirements/testdata/per_req_options.txt": {
            "-foo7@1.0 unexpected_text_before_options_stays_around"
        },
    },
    "a patched package is that package": {
        "nodejs/yarn/testdata/yarn_v2_happy.lock": {"+fsevents@2.1.3"},
    },
    "Cargo.lock does not tell what only developers need; trivy reads Cargo.toml too": {
        "language/rust/cargo/testdata/happy.txtar": {
            "+winapi@0.3.9",
            "+winapi-i686-pc-windows-gnu@0.4.0",
            "+winapi-x86_64-pc-windows-gnu@0.4.0",
        },
    },
    "a workspace may have several projects, and a file without one is readable": {
        "python/uv/testdata/uv_multiple_roots.lock": {"+asyncio@3.4.3"},
        "python/uv/testdata/uv_without_root.lock": {"+asyncio@3.4.3"},
    },
}


ALL_EXPLAINED = {*DEVELOPERS, *NOT_BUILT}.union(*OTHER_REASONS.values())
CORPORA = ("trivy-parsers", "trivy-fanal", "osv-scalibr", "syft-cataloger")


class Listed(msgspec.Struct, frozen=True):
    """A package of an expected.json."""

    name: str
    version: str


class Entry(msgspec.Struct, frozen=True):
    """A case of an expected.json."""

    input: str
    error_expected: bool
    packages: list[Listed]


class Case(NamedTuple):
    """A case, with the module that reads it."""

    module: str
    input: str
    path: Path
    packages: set[str]  # name@version
    refused: bool


class Told(NamedTuple):
    """What that module makes of it."""

    scopes: dict[str, str]  # by name@version
    refused: bool


@cache
def entries(name: str) -> tuple[Path, list[Entry]]:
    root = corpus(f"images/{name}.tar.zst")
    return root, msgspec.json.decode((root / "expected.json").read_bytes(), type=list[Entry])


def cases(name: str) -> Iterator[Case]:
    root, listed = entries(name)
    for entry in listed:
        for module, parts in FORMATS.items():
            if any(part in entry.input for part in parts):
                v = "v" if (name, module) == ("osv-scalibr", "gomod") else ""  # left out there
                packages = {f"{each.name}@{v}{each.version}" for each in entry.packages}
                yield Case(module, entry.input, root / entry.input, packages, entry.error_expected)


def files(case: Case) -> Iterator[tuple[bytes, dict[str, bytes]]]:
    """Yield the content of each lock file of a case, and what lies beside it."""
    name = NAMES[case.module]
    if case.path.suffix == ".txtar":
        parts = re.split(r"^-- (.+) --\n", case.path.read_text(), flags=re.MULTILINE)
        members = {key: text.encode() for key, text in zip(parts[1::2], parts[2::2], strict=True)}
        yield members[name], members
    elif case.path.suffix == ".sum":
        yield b"module x\n", {"go.sum": case.path.read_bytes()}
    elif case.path.is_dir():
        yield from ((each.read_bytes(), {}) for each in case.path.rglob(name))
    else:
        yield case.path.read_bytes(), {}


def tell(case: Case) -> Told:
    """Read all files of a case; it is refused if none of them could be read."""
    scopes: dict[str, str] = {}
    read = 0
    for data, beside in files(case):
        with suppress(Malformed):
            for each in outcomes(case.module, data, beside=beside):
                if isinstance(each, Found):
                    scopes[f"{each.package.name}@{each.package.version}"] = each.package.scope
            read += 1
    return Told(scopes, not read)


def differences(case: Case, told: Told) -> set[str]:
    """Return what differs and is not explained by a rule that counts."""
    extra = told.scopes.keys() - case.packages
    missing = case.packages - told.scopes.keys()
    if case.input in DEVELOPERS:
        dev = {each for each in extra if told.scopes[each] == "dev"}
        assert len(dev) == DEVELOPERS[case.input]
        extra -= dev
    if case.input in NOT_BUILT:
        built = set(re.findall(r"^(\S+) \S+(?<!/go\.mod) ", case.path.read_text(), re.MULTILINE))
        not_built = {each for each in missing if each.partition("@")[0] not in built}
        assert len(not_built) == NOT_BUILT[case.input]
        missing -= not_built
    return {f"-{each}" for each in missing} | {f"+{each}" for each in extra}


def explained(path: str) -> set[str]:
    return set().union(*(inputs.get(path, set()) for inputs in OTHER_REASONS.values()))


@pytest.mark.parametrize("name", CORPORA)
def test_every_difference_has_a_reason(name: str) -> None:
    agreed = total = 0
    for case in cases(name):
        told = tell(case)
        exact = set(told.scopes) == case.packages and told.refused == case.refused
        assert exact != (case.input in ALL_EXPLAINED), case.input
        assert differences(case, told) == explained(case.input), case.input
        agreed += exact
        total += 1
    record_agreement(f"lock files, {name}: exact (the others have a named reason)", agreed, total)


def test_no_explanation_is_left_over() -> None:
    assert {case.input for name in CORPORA for case in cases(name)} >= ALL_EXPLAINED


def test_formats_without_an_analyzer_are_counted() -> None:
    counted = Counter(
        part
        for name in CORPORA
        for entry in entries(name)[1]
        for part in NOT_READ
        if part in entry.input
    )
    assert counted == NOT_READ
    record_agreement("lock files and manifests of formats not read yet", 0, counted.total())
