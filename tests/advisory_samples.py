"""Small upstream files, and databases built from them, for tests."""

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from hullguard.advisories.build import BuildResult, build
from hullguard.advisories.feed import Document

TODAY = datetime(2026, 11, 24, tzinfo=UTC)


def osv(
    id_: str, name: str = "django", ecosystem: str = "PyPI", **more: object
) -> dict[str, object]:
    """Return an OSV record of a package that is fixed in 2.0."""
    package = {"ecosystem": ecosystem, "name": name}
    events = [{"introduced": "0"}, {"fixed": "2.0"}]
    record: dict[str, object] = {
        "schema_version": "1.6.0",
        "id": id_,
        "modified": "2024-01-02T03:04:05Z",
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }
    return record | more


def osv_zip(*records: dict[str, object]) -> bytes:
    """Return an archive of records as an OSV bucket offers it."""
    archive = BytesIO()
    with ZipFile(archive, "w") as packed:
        for record in records:
            packed.writestr(f"{record['id']}.json", json.dumps(record))
    return archive.getvalue()


def tracker(status: str = "resolved", fixed: str = "1.1.1n-0+deb11u4") -> bytes:
    """Return Debian's tracker with one flaw of OpenSSL in Debian 11."""
    release = {"status": status, "urgency": "not yet assigned", "fixed_version": fixed}
    flaw = {"description": "A flaw in TLS.", "releases": {"bullseye": release}}
    return json.dumps({"openssl": {"CVE-2022-0778": flaw}}).encode()


def kev(*cves: str) -> bytes:
    """Return a catalogue of exploited CVEs."""
    rows = [
        {
            "cveID": cve,
            "dateAdded": "2021-12-10",
            "dueDate": "2021-12-24",
            "knownRansomwareCampaignUse": "Known",
        }
        for cve in cves
    ]
    head = {"title": "KEV", "catalogVersion": "1", "dateReleased": "2026-11-20T00:00:00Z"}
    return json.dumps({**head, "count": len(rows), "vulnerabilities": rows}).encode()


def epss(**scores: str) -> bytes:
    """Return EPSS scores; `CVE_2022_0778="0.5,0.9"`."""
    lines = [f"{cve.replace('_', '-')},{score}" for cve, score in scores.items()]
    head = "#model_version:v2025.03.14,score_date:2026-11-23T00:00:00Z\ncve,epss,percentile\n"
    return (head + "\n".join(lines) + "\n").encode()


def nvd(*cves: dict[str, object]) -> bytes:
    """Return a feed of NVD's."""
    head = {"format": "NVD_CVE", "version": "2.0", "timestamp": "2026-11-22T00:00:00.000"}
    return json.dumps({**head, "vulnerabilities": [{"cve": cve} for cve in cves]}).encode()


def nvd_cve(
    id_: str, score: float | None = None, modified: str = "2026-01-01T00:00:00.000"
) -> dict[str, object]:
    """Return one CVE of NVD's, rated or not."""
    cvss = {"vectorString": "CVSS:3.1/AV:N", "baseScore": score, "baseSeverity": ""}
    metric = {"source": "nvd@nist.gov", "type": "Primary", "cvssData": cvss}
    metrics = {"cvssMetricV31": [metric]} if score is not None else {}
    return {"id": id_, "vulnStatus": "Analyzed", "lastModified": modified, "metrics": metrics}


def document(name: str, data: bytes) -> Document:
    """Return an upstream file."""
    return Document(name=name, stream=BytesIO(data))


def built(folder: Path, **files: bytes) -> tuple[Path, BuildResult]:
    """Build a database from files, whose names have `__` for a dot, and return where it is."""
    upstream = folder / "upstream"
    upstream.mkdir(exist_ok=True)
    for name, data in files.items():
        (upstream / name.replace("__", ".")).write_bytes(data)
    db = folder / "db"
    return db, build([upstream], db)
