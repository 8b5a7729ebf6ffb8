"""Every analyzer, one row each. Adding a format means adding a module and a row."""

from hullguard.inventory.analyzer import Analyzer, Where

_HERE = "hullguard.inventory.analyzers."
_LOCKS = _HERE + "locks."

ANALYZERS: tuple[Analyzer, ...] = (
    # operating systems
    Analyzer(
        name="os-release",
        version=1,
        module=_HERE + "os_release",
        where=Where.ANYWHERE,
        paths=(
            "etc/os-release",
            "usr/lib/os-release",
            "etc/oracle-release",
            "etc/centos-release",
            "etc/system-release",
            "etc/redhat-release",
            "etc/SuSE-release",
            "etc/alpine-release",
            "etc/lsb-release",
            "etc/debian_version",
        ),
    ),
    Analyzer(
        name="dpkg",
        version=1,
        module=_HERE + "dpkg",
        paths=("var/lib/dpkg/status",),
        folders=("var/lib/dpkg/status.d",),
    ),
    Analyzer(
        name="dpkg-files",
        version=1,
        module=_HERE + "dpkg_files",
        folders=("var/lib/dpkg/info",),
        endings=(".list",),
    ),
    Analyzer(
        name="dpkg-sums",
        version=1,
        module=_HERE + "dpkg_files",
        folders=("var/lib/dpkg/status.d",),
        endings=(".md5sums",),
    ),
    Analyzer(
        name="apk",
        version=1,
        module=_HERE + "apk",
        paths=("lib/apk/db/installed", "usr/lib/apk/db/installed"),
    ),
    Analyzer(
        name="rpm",
        version=1,
        module=_HERE + "rpm",
        folders=("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"),
        endings=("rpmdb.sqlite", "Packages.db", "Packages"),
        companions=("-wal",),
    ),
    Analyzer(
        name="rpm-manifest",
        version=1,
        module=_HERE + "rpm_manifest",
        paths=("var/lib/rpmmanifest/container-manifest-2",),
    ),
    # languages, installed
    Analyzer(
        name="python",
        version=1,
        module=_HERE + "python",
        suffixes=(
            ".dist-info/METADATA",
            ".egg-info/PKG-INFO",
            "EGG-INFO/PKG-INFO",
            ".egg-info",
            ".egg",
        ),
    ),
    Analyzer(
        name="node",
        version=1,
        module=_HERE + "node",
        names=("package.json",),
        within=("node_modules/",),
    ),
    Analyzer(
        name="java",
        version=1,
        module=_HERE + "java",
        suffixes=(".jar", ".war", ".ear", ".par"),
    ),
    Analyzer(name="go", version=1, module=_HERE + "go", programs=True),
    Analyzer(name="rust", version=1, module=_HERE + "rust", programs=True),
    Analyzer(
        name="ruby",
        version=1,
        module=_HERE + "ruby",
        suffixes=(".gemspec",),
        within=("specifications/",),
    ),
    Analyzer(
        name="php",
        version=1,
        module=_HERE + "php",
        suffixes=("/composer/installed.json",),
    ),
    Analyzer(name="dotnet", version=1, module=_HERE + "dotnet", suffixes=(".deps.json",)),
    # lock files
    Analyzer(
        name="requirements",
        version=1,
        module=_LOCKS + "requirements",
        where=Where.SOURCE,
        patterns=("requirements*.txt", "*requirements.txt", "requirements/*.txt"),
    ),
    Analyzer(
        name="pipfile",
        version=1,
        module=_LOCKS + "pipfile",
        where=Where.SOURCE,
        names=("Pipfile.lock",),
    ),
    Analyzer(
        name="poetry",
        version=1,
        module=_LOCKS + "poetry",
        where=Where.SOURCE,
        names=("poetry.lock",),
    ),
    Analyzer(name="uv", version=1, module=_LOCKS + "uv", where=Where.SOURCE, names=("uv.lock",)),
    Analyzer(name="pdm", version=1, module=_LOCKS + "pdm", where=Where.SOURCE, names=("pdm.lock",)),
    Analyzer(
        name="pylock",
        version=1,
        module=_LOCKS + "pylock",
        where=Where.SOURCE,
        patterns=("pylock.toml", "pylock.*.toml"),
    ),
    Analyzer(
        name="npm-lock",
        version=1,
        module=_LOCKS + "npm",
        where=Where.SOURCE,
        names=("package-lock.json", "npm-shrinkwrap.json"),
    ),
    Analyzer(
        name="yarn", version=1, module=_LOCKS + "yarn", where=Where.SOURCE, names=("yarn.lock",)
    ),
    Analyzer(
        name="pnpm",
        version=1,
        module=_LOCKS + "pnpm",
        where=Where.SOURCE,
        names=("pnpm-lock.yaml",),
    ),
    Analyzer(
        name="composer",
        version=1,
        module=_LOCKS + "composer",
        where=Where.SOURCE,
        names=("composer.lock",),
    ),
    Analyzer(
        name="bundler",
        version=1,
        module=_LOCKS + "bundler",
        where=Where.SOURCE,
        names=("Gemfile.lock", "gems.locked"),
    ),
    Analyzer(
        name="cargo",
        version=1,
        module=_LOCKS + "cargo",
        where=Where.SOURCE,
        names=("Cargo.lock",),
    ),
    Analyzer(
        name="gomod",
        version=1,
        module=_LOCKS + "gomod",
        where=Where.SOURCE,
        names=("go.mod",),
        siblings=("go.sum",),
    ),
)
