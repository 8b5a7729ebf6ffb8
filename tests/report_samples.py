"""Reports written by hand, for the tests of every output format."""

from datetime import UTC, datetime

from msgspec.structs import replace

from hullguard.model import (
    Asset,
    Distro,
    FamilyState,
    Finding,
    Gap,
    GapKind,
    Image,
    Inventory,
    Layer,
    Package,
    Report,
    Rule,
    Score,
    Severity,
    State,
    Status,
    Vulnerability,
)

NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
TODAY = "2026-03-02T14:00:00Z"

LAYERS = (
    ("sha256:" + "1" * 64, "/bin/sh -c #(nop) ADD file:" + "a" * 64 + " in / "),
    ("sha256:" + "2" * 64, "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit"),
    ("sha256:" + "3" * 64, "RUN |1 TOKEN=hunter2 /bin/sh -c npm ci --omit=dev # buildkit"),
    ("sha256:" + "4" * 64, "COPY app.jar /srv/app.jar # buildkit"),
)
IMAGE = Image(
    name="shop/cart:1.4",
    config_digest="sha256:3f1c09d4e1b7" + "0" * 52,
    manifest_digests=("sha256:77aa" + "0" * 60,),
    tags=("shop/cart:1.4",),
    platform="linux/amd64",
    layers=tuple(Layer(diff_id=diff_id, created_by=line) for diff_id, line in LAYERS),
)
ASSET = Asset(kind="image", uid=IMAGE.config_digest, name=IMAGE.name)
DEBIAN = Distro(id="debian", version="11", codename="bullseye", name="Debian GNU/Linux 11")
DATABASE = (
    FamilyState(family="debian", fetched=TODAY, coverage=("debian:11",), advisories=31_000),
    FamilyState(family="maven", fetched=TODAY, coverage=("maven",)),
    FamilyState(family="npm", fetched=TODAY, coverage=("npm",)),
    FamilyState(family="kev", fetched=TODAY),
)


def layered(package_type: str, name: str, version: str, layer: int, **more: object) -> Package:
    """Return a package that the layer, counted from 1, brought; `more` are its other fields."""
    diff_id, line = LAYERS[layer - 1]
    package = Package(
        type=package_type,
        name=name,
        version=version,
        layer=diff_id,
        created_by=line,
        purl=f"pkg:{package_type}/{name}@{version}",
    )
    return replace(package, **more)


LIBSSL = layered(
    "deb",
    "libssl1.1",
    "1.1.1n-0+deb11u3",
    1,
    source="openssl",
    arch="amd64",
    purl="pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11",
    path="var/lib/dpkg/status",
)
OPENSSL = layered(
    "deb",
    "openssl",
    "1.1.1n-0+deb11u3",
    1,
    arch="amd64",
    purl="pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11",
    path="var/lib/dpkg/status",
)
VIM = layered(
    "deb",
    "vim-tiny",
    "2:8.2.2434-3+deb11u1",
    2,
    source="vim",
    arch="amd64",
    purl="pkg:deb/debian/vim-tiny@2%3A8.2.2434-3%2Bdeb11u1?arch=amd64&distro=debian-11",
    path="var/lib/dpkg/status",
)
LODASH = layered(
    "npm",
    "lodash",
    "4.17.4",
    3,
    path="app/node_modules/lodash/package.json",
    licence="MIT",
    hashes=("sha1:" + "ab" * 20,),
)
LOG4J = layered(
    "maven",
    "org.apache.logging.log4j:log4j-core",
    "2.14.1",
    4,
    purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    path="srv/app.jar",
    licence="The Apache Software License, Version 2.0",
)
PACKAGES = (LIBSSL, OPENSSL, VIM, LODASH, LOG4J)


def flaw(package: Package, cve: str, severity: str, *fixed_in: str, **more: object) -> Finding:
    """Return an open finding of a vulnerability; `more` are fields of its evidence."""
    status = Status.FIXED if fixed_in else Status.AFFECTED
    evidence = Vulnerability(package=package, ids=(cve,), status=status, fixed_in=fixed_in)
    return Finding(
        id=f"{cve}-{package.name}".lower(),
        rule=Rule(
            id=cve,
            title=f"A flaw in {package.source or package.name}",
            kind="vulnerability",
            severity=Severity(severity),
            references=(f"https://security.example/{cve}",),
        ),
        asset=ASSET,
        locator=f"{package.purl.partition('@')[0]}#{package.path}",
        severity=Severity(severity),
        evidence=replace(evidence, **more),
    )


def check(id_: str, title: str, severity: str) -> Finding:
    """Return an open finding of a check on the image's configuration."""
    rule = Rule(
        id=id_,
        title=title,
        kind="check",
        severity=Severity(severity),
        what="The configuration names no user.",
        why="A process that breaks out is root on the node.",
        fix="Add `USER 10001` to the Dockerfile.",
    )
    return Finding(
        id=f"{id_}-0".lower(),
        rule=rule,
        asset=ASSET,
        locator="config/User",
        severity=Severity(severity),
        detail={"user": ""},
    )


LOG4SHELL = flaw(
    LOG4J,
    "CVE-2021-44228",
    "critical",
    "2.15.0",
    "2.12.2",
    "2.3.1",
    kev=True,
    kev_due="2021-12-24",
    ransomware=True,
    epss=0.97482,
    epss_percentile=0.99981,
    severity_source="ghsa",
    ids=("CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"),
    scores=(
        Score(
            source="nvd",
            vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
            score=10.0,
            severity=Severity.CRITICAL,
        ),
    ),
    cwes=("CWE-502", "CWE-917"),
    sources=("osv-maven",),
    published="2021-12-10T00:40:56Z",
)
FLAWS = (
    LOG4SHELL,
    flaw(LOG4J, "CVE-2021-45046", "critical", "2.16.0", "2.12.2", epss=0.9434),
    flaw(LOG4J, "CVE-2021-44832", "medium", "2.17.1", "2.12.4", "2.3.2", epss=0.0242),
    flaw(LIBSSL, "CVE-2022-4450", "high", "1.1.1n-0+deb11u4", epss=0.0011),
    flaw(OPENSSL, "CVE-2022-4450", "high", "1.1.1n-0+deb11u4", epss=0.0011),
    flaw(LIBSSL, "CVE-2023-2650", "medium", "1.1.1n-0+deb11u5", epss=0.9201),
    flaw(OPENSSL, "CVE-2023-2650", "medium", "1.1.1n-0+deb11u5", epss=0.9201),
    flaw(VIM, "CVE-2022-3134", "high", epss=0.0004, status=Status.WONT_FIX),
    flaw(VIM, "CVE-2023-4738", "unknown", status=Status.UNDER_INVESTIGATION),
    flaw(LODASH, "CVE-2019-10744", "critical", "4.17.12", epss=0.0204),
    flaw(LODASH, "CVE-2021-23337", "high", "4.17.21", epss=0.0085),
    flaw(LODASH, "CVE-2018-3721", "low", "4.17.5", epss=0.0009),
)
ROOT = check("KP-IMG-013", "Image runs as root", "medium")
HEALTH = check("KP-IMG-014", "Image has no health check", "low")


def report(*findings: Finding, gaps: tuple[Gap, ...] = (), notes: tuple[str, ...] = ()) -> Report:
    """Return a report on `shop/cart:1.4` with these findings."""
    return Report(
        target="shop/cart:1.4",
        asset=ASSET,
        subject=IMAGE,
        inventory=Inventory(packages=PACKAGES, distro=DEBIAN),
        findings=findings,
        passed={"KP-IMG-015": 1},
        gaps=gaps,
        database=DATABASE,
        exception_notes=notes,
        judged_at=TODAY,
    )


def excepted(finding: Finding, reason: str) -> Finding:
    """Return the finding as somebody signed it off."""
    return replace(finding, state=State.EXCEPTED, exception=reason)


CART = report(*FLAWS, ROOT, HEALTH)
CLEAN = report()
OFFLINE = Gap(
    "12 npm packages",
    "not checked, no npm advisories here (offline)",
    GapKind.NOT_COVERED,
    "Fetch them: hullguard db update npm",
)
TORN = Gap(
    "layer 4",
    "gzip data stops after 12.4 MB, its packages may be missing",
    GapKind.INCOMPLETE,
)
EMPTY = Report(
    target="shop/tiny:1",
    asset=Asset(kind="image", uid="sha256:" + "e" * 64, name="shop/tiny:1"),
    subject=Image(
        name="shop/tiny:1",
        config_digest="sha256:" + "e" * 64,
        platform="linux/arm64",
        layers=(Layer(diff_id="sha256:" + "f" * 64, created_by="COPY tiny / # buildkit"),),
    ),
    inventory=Inventory(),
)
