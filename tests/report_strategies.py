"""Reports as nobody would write them: any text, any order, any combination."""

from hypothesis import strategies as st

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

NASTY = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\r\n",
    "\u202eexe.txt",
    "\u2066",
    "\u200b",
    "\ud800",
    "\x00",
    "\x7f",
    "שלום",
    "名前",
    "e\u0301",
    "../../etc/passwd",
    "<b>&amp;</b>",
    "pkg:npm/a b@1",
    "https://[::1/",
    "{0}",
    "x" * 1_100,
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.lists(st.sampled_from(NASTY[:-1]), max_size=3).map("".join),
)
versions = st.one_of(st.sampled_from(("1.0", "1.2", "2.0-1", "1:2.0-1", "v1.0.0")), texts)
digests = st.one_of(st.sampled_from(("sha256:" + "1" * 64, "sha256:" + "2" * 64, "")), texts)
times = st.one_of(
    st.sampled_from(("2026-03-02T14:00:00Z", "0001-01-01T00:00:00+14:00", "soon", "")), texts
)
some_texts = st.lists(texts, max_size=3).map(tuple)
licences = st.one_of(
    st.sampled_from(("MIT", "MIT AND (Apache-2.0 OR BSD-3-Clause)", "GPLv2+", "LicenseRef-x", "")),
    texts,
)
packages = st.builds(
    Package,
    type=st.one_of(st.sampled_from(("deb", "rpm", "apk", "npm", "pypi", "maven")), texts),
    name=st.one_of(st.sampled_from(("openssl", "g:a", "@s/n")), texts),
    version=versions,
    arch=texts,
    source=texts,
    source_version=versions,
    licence=licences,
    scope=st.one_of(st.sampled_from(("", "dev")), texts),
    path=texts,
    hashes=st.lists(
        st.one_of(st.sampled_from(("sha1:" + "a" * 40, "SHA-256:" + "B" * 64)), texts), max_size=3
    ).map(tuple),
    vendor=texts,
    purl=st.one_of(st.sampled_from(("pkg:npm/a@1", "pkg:deb/debian/b@1%2B1", "")), texts),
    owned_by=texts,
    layer=digests,
    created_by=st.one_of(st.just("RUN |1 A=b /bin/sh -c make # buildkit"), texts),
)
scores = st.builds(
    Score,
    source=texts,
    vector=st.one_of(st.sampled_from(("CVSS:3.1/AV:N", "CVSS:4.0/AV:N", "AV:N/AC:L", "")), texts),
    score=st.floats(),
    severity=st.sampled_from(Severity),
)
vulnerabilities = st.builds(
    Vulnerability,
    package=packages,
    ids=some_texts,
    status=st.sampled_from(Status),
    fixed_in=st.lists(versions, max_size=3).map(tuple),
    severity_source=texts,
    scores=st.lists(scores, max_size=2).map(tuple),
    epss=st.one_of(st.none(), st.floats(0, 1)),
    kev=st.booleans(),
    kev_due=times,
    sources=some_texts,
    cwes=st.one_of(st.just(("CWE-79", "CWE-0", "none")), some_texts),
    published=times,
    note=texts,
)
rules = st.builds(
    Rule,
    id=st.one_of(st.sampled_from(("CVE-2026-1000", "GHSA-aaaa-bbbb-cccc", "KP-IMG-013")), texts),
    title=texts,
    kind=st.one_of(st.sampled_from(("vulnerability", "check")), texts),
    severity=st.sampled_from(Severity),
    what=texts,
    why=texts,
    fix=texts,
    references=st.one_of(st.just(("https://a.example/%zz?q=ü#x#y", "ftp://b")), some_texts),
)
assets = st.builds(
    Asset,
    kind=st.one_of(st.just("image"), texts),
    uid=digests,
    name=texts,
    labels=st.dictionaries(texts, texts, max_size=2),
)
details = st.dictionaries(
    texts,
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
        lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(texts, inner)),
        max_leaves=4,
    ),
    max_size=2,
)
findings = st.builds(
    Finding,
    id=texts,
    rule=rules,
    asset=assets,
    locator=texts,
    severity=st.sampled_from(Severity),
    evidence=st.one_of(st.none(), vulnerabilities),
    detail=details,
    fix=texts,
    state=st.sampled_from(State),
    exception=texts,
    first_seen=times,
)
gaps = st.builds(Gap, where=texts, why=texts, kind=st.sampled_from(GapKind), advice=texts)
images = st.builds(
    Image,
    name=texts,
    config_digest=digests,
    manifest_digests=st.lists(digests, max_size=2).map(tuple),
    tags=some_texts,
    platform=texts,
    layers=st.lists(st.builds(Layer, diff_id=digests, created_by=texts), max_size=3).map(tuple),
    raw_config=st.one_of(
        st.just({"history": [{"created_by": 7, "empty_layer": "no"}, None]}),
        st.just({"history": 1}),
        st.just({}),
    ),
)
reports = st.builds(
    Report,
    target=texts,
    asset=assets,
    subject=images,
    inventory=st.builds(
        Inventory,
        packages=st.lists(packages, max_size=3).map(tuple),
        distro=st.one_of(
            st.none(),
            st.just(Distro(id="debian", version="12")),
            st.builds(Distro, id=texts, version=texts, codename=texts, name=texts),
        ),
        gaps=st.lists(gaps, max_size=1).map(tuple),
    ),
    findings=st.lists(findings, max_size=4).map(tuple),
    passed=st.dictionaries(texts, st.integers(0, 9), max_size=2),
    gaps=st.lists(gaps, max_size=2).map(tuple),
    database=st.lists(
        st.builds(FamilyState, family=texts, fetched=times, data_date=times), max_size=2
    ).map(tuple),
    exception_notes=some_texts,
    judged_at=times,
)
several = st.lists(reports, min_size=1, max_size=2)
