"""Four peers' test data for their feeds: upstream's formats are read, broken ones refused.

Most of these files are in forms that only the peers know, or of feeds that are not built here.
They are not applicable, each group for a named reason; nothing may crash on them all the same.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from corpora import corpus, record_agreement
from hullguard.advisories.documents import Skipped, documents, read
from hullguard.advisories.feed import Document
from hullguard.model import Budget, Gap, Malformed

TOOLS = ("claircore", "trivy-db", "vuln-list-update", "vunnel")

# Paths below the tool's folder; the first that matches counts.
REFUSED = (
    r"trivy-db/(bitnami|govulndb|julia|osv)/testdata/sad/.*\.json",
    r"trivy-db/k8svulndb/testdata/broken/.*\.json",
    r"vuln-list-update/(kevc|mariner)/testdata/sad/.*",
    r"vuln-list-update/debian/tracker/testdata/happy/data/DLA/list",  # has a malformed header
    r"vunnel/epss/test-fixtures/(invalid-header|missing-date)\.csv",
)
READ = {
    "alpine_secdb": (
        r"claircore/alpine/testdata/fetch/v3\.10/community\.json",
        r"vuln-list-update/alpine/testdata/[\w-]+\.json",
    ),
    "azure_oval": (
        r"vuln-list-update/mariner/testdata/happy/.*\.xml",
        r"vunnel/mariner/test-fixtures/.*\.xml",
    ),
    "debian_list": (
        r"vuln-list-update/debian/tracker/testdata/(happy|sad)/data/DSA/list",
        r"vunnel/debian/test-fixtures/input/DSA",
    ),
    "debian_tracker": (r"vunnel/debian/test-fixtures/input/debian\.json",),
    "epss": (
        r"claircore/enricher/epss/testdata/data\.csv",
        r"vunnel/epss/test-fixtures/example-1\.csv",
    ),
    "kev": (
        r"claircore/enricher/kev/testdata/.*\.json",
        r"vuln-list-update/kevc/testdata/happy/.*\.json",
        r"vunnel/kev/test-fixtures/valid-catalog-1\.json",
    ),
    "nvd": (
        r"claircore/enricher/cvss/testdata/feed\.json",
        r"vuln-list-update/nvd/testdata/fixtures/\w+Resp\.json",
        r"vuln-list-update/nvd/testdata/fixtures/respPage\w+\.json",
        r"vunnel/nvd/test-fixtures/[\w-]+\.json",
    ),
    "osv": (
        r"trivy-db/(aqua|bitnami|govulndb|julia|osv|seal)/testdata/happy/.*\.json",
        r"trivy-db/k8svulndb/testdata/happy[\w-]*/.*\.json",
        r"trivy-db/ghsa/testdata/happy/ghsa/.*\.json",
        r"vuln-list-update/(osvdev/testdata/\w+/all|seal/testdata/\w+)\.zip",
        r"vunnel/(alma|bitnami|govulndb|rocky)/test-fixtures/(?!snapshots).*\.json",
        r"vunnel/ubuntu/test-fixtures/osv.*\.json",
    ),
}
NOT_APPLICABLE = {
    "how a peer configures or stores it": r".*/(fixtures/[\w-]+\.yaml|eol/.*|legacy/.*|feed\.meta)",
    "what a peer makes of it": r".*/(golden|snapshots|want|normalized-cve-data)(/.*)?",
    "of a test that is not about feeds": r".*/(etc|test/acceptance|java|nodejs|utils)/.*",
    "a page or listing around a feed": r".*(\.html|last-update|last_updated\.json|hashes\.json)",
    "trivy's vuln-list: its own form of a feed": r"trivy-db/.*",
    "the secdb of a distribution that nobody asked for": r"vunnel/secureos/.*",
    "Alpine's YAML of before 2020": r"vunnel/alpine/.*\.yaml",
    "one entry of the catalogue, which CISA does not publish": r"vunnel/kev/.*",
    "AlmaLinux' errata.json, which its OSV archive replaces": r"vuln-list-update/alma/.*",
    "a feed that is not built here": (
        r"[\w-]+/(alpine-unfixed|amazon|arch|aws|bottlerocket|echo|eoldates|fedora|github|"
        r"hummingbird|openeuler|oracle|photon|redhat|rhel|rocky|rootio|sles|suse|ubuntu|debian)/.*"
    ),
}


@cache
def files(tool: str) -> dict[str, Path]:
    """Return the files of a tool by its name and their path below its own folder."""
    [folder] = corpus(f"vulnerabilities/feed-samples/{tool}.tar.zst").iterdir()
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {f"{tool}/{path.relative_to(folder).as_posix()}": path for path in found}


def group_of(name: str) -> tuple[str, str]:
    """Return what is to happen to a file, and as what or why."""
    for pattern in REFUSED:
        if re.fullmatch(pattern, name):
            return "refused", "broken on purpose"
    for format_, patterns in READ.items():
        if any(re.fullmatch(pattern, name) for pattern in patterns):
            return "read", format_
    for reason, pattern in NOT_APPLICABLE.items():
        if re.fullmatch(pattern, name):
            return "not applicable", reason
    return "forgotten", name


def gaps(path: Path) -> list[Gap]:
    """Return everything that is said against a file; documents and skipped files aside."""
    found: list[Gap] = []
    for each in documents(path, Budget()):
        if isinstance(each, Document):
            try:
                found += [row for row in read(each, Budget()) if isinstance(row, Gap)]
            except Malformed as error:
                found.append(Gap(error.where, error.why))
        elif not isinstance(each, Skipped):
            found.append(each)
    return found


@pytest.mark.parametrize("tool", TOOLS)
def test_upstream_formats_are_read_and_broken_ones_refused(tool: str) -> None:
    expected: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for name, path in files(tool).items():
        kind, detail = group_of(name)
        label = f"{kind}: {detail}"
        expected[label] += 1
        said = gaps(path)
        fine = {"read": not said, "refused": bool(said), "not applicable": True}
        agreed[label] += fine.get(kind, False)
    for label, total in expected.items():
        record_agreement(f"feed samples, {tool}, {label}", agreed[label], total)
    assert agreed == expected
