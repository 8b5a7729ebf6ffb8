"""A local server that answers as the sites do from which advisories come.

Behind it stands a file server with entity tags, conditions and ranges; in front of that the
fault-injecting proxy, which also notes what was asked for. Paths start with the site's name:
/security-tracker.debian.org/tracker/data/json.
"""

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from fault_proxy import FaultProxy, Seen, fault_proxy
from hullguard.advisories.sources import FEEDS
from servers import QuietHandler, serving

DATE = "Fri, 01 May 2026 12:00:00 GMT"

TRACKER = {
    "openssl": {
        "CVE-2023-0286": {
            "scope": "remote",
            "releases": {
                "bullseye": {
                    "status": "resolved",
                    "repositories": {"bullseye": "1.1.1n-0+deb11u4"},
                    "fixed_version": "1.1.1n-0+deb11u4",
                    "urgency": "not yet assigned",
                },
                "bookworm": {
                    "status": "resolved",
                    "repositories": {"bookworm": "3.0.8-1"},
                    "fixed_version": "3.0.8-1",
                    "urgency": "not yet assigned",
                },
            },
        },
        "CVE-2024-5535": {
            "scope": "remote",
            "releases": {
                "bullseye": {
                    "status": "open",
                    "repositories": {"bullseye": "1.1.1n-0+deb11u4"},
                    "urgency": "not yet assigned",
                }
            },
        },
    }
}
DSA = """\
[07 Feb 2023] DSA-5343-1 openssl - security update
\t{CVE-2022-4304 CVE-2023-0286}
\t[bullseye] - openssl 1.1.1n-0+deb11u4
"""
DLA = """\
[20 Feb 2023] DLA-3325-1 openssl - security update
\t{CVE-2022-4304 CVE-2023-0286}
\t[buster] - openssl 1.1.1n-0+deb10u4
"""


class Upstreams:
    """What the sites hand out, and what they were asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.proxy = FaultProxy("")

    def put(self, feed: str, content: bytes, **values: str) -> str:
        """Let a feed's address hand out something; the values fill its placeholders."""
        path = _path(feed)
        for placeholder, value in values.items():
            path = path.replace(f"{{{placeholder}}}", value)
        self.files[path] = content
        return path

    def addresses(self) -> dict[str, str]:
        """Return where every feed is, by its name."""
        return {feed.name: self.proxy.url + _path(feed.name) for feed in FEEDS}

    def config(self) -> str:
        """Return a configuration file that leads every feed here."""
        return "".join(
            f'[feeds.{name}]\nurl = "{address}"\n' for name, address in self.addresses().items()
        )

    def asked(self) -> list[Seen]:
        """Return the requests since this was last called."""
        seen, self.proxy.seen[:] = list(self.proxy.seen), []
        return seen

    def asked_paths(self) -> list[str]:
        """Return, sorted, the paths of the requests since these were last asked for."""
        return sorted(seen.path for seen in self.asked())

    def handle(self, handler: QuietHandler) -> None:
        """Answer as web servers do: conditions first, then ranges."""
        content = self.files.get(handler.path)
        if content is None:
            handler.answer(404, {}, b"not here")
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Last-Modified": DATE}
        asked = handler.headers
        if asked.get("If-None-Match") == tag or (
            "If-None-Match" not in asked and asked.get("If-Modified-Since") == DATE
        ):
            handler.answer(304, headers, b"")
        elif "Range" in asked and asked.get("If-Range") in {tag, DATE, None}:
            start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            handler.answer(206, headers, content[start:])
        else:
            handler.answer(200, headers, content)


@contextmanager
def upstreams() -> Iterator[Upstreams]:
    """Run the sites, with nothing on them yet."""
    sites = Upstreams()
    with serving(sites.handle) as behind, fault_proxy(behind) as proxy:
        sites.proxy = proxy
        yield sites


def fill(sites: Upstreams) -> None:
    """Put a few literal advisories of some families on the sites."""
    sites.put("debian", json.dumps(TRACKER).encode())
    sites.put("debian-dsa", DSA.encode())
    sites.put("debian-dla", DLA.encode())
    sites.put("pypi", osv_zip([osv_record("PYSEC-2022-1", "PyPI", "django", "2.2.28")]))
    sites.put("npm", osv_zip([osv_record("GHSA-35jh-r3h4-6jhm", "npm", "lodash", "4.17.21")]))
    sites.put("kev", kev(["CVE-2023-0286"]))
    sites.put("epss", epss({"CVE-2023-0286": 0.5, "CVE-2024-5535": 0.01}))
    for release in ("v3.19", "v3.20", "edge"):
        for repository in ("main", "community"):
            content = secdb(release, repository)
            sites.put("alpine", content, release=release, repository=repository)
    for year in (2022, 2023, 2024):
        sites.put("cve", nvd({f"CVE-{year}-0001": 9.8}), year=str(year))
    sites.put("cve", nvd({"CVE-2024-0001": 5.0}), year="modified")


def kev(cves: Sequence[str]) -> bytes:
    """Write CISA's catalogue."""
    entry = {"dateAdded": "2024-01-02", "dueDate": "2024-01-23", "vendorProject": "", "product": ""}
    catalogue = {
        "title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": "2026.05.01",
        "dateReleased": "2026-05-01T12:00:00.0000Z",
        "count": len(cves),
        "vulnerabilities": [{"cveID": cve, **entry} for cve in cves],
    }
    return json.dumps(catalogue).encode()


def epss(scores: Mapping[str, float]) -> bytes:
    """Write EPSS' file."""
    lines = ["#model_version:v2025.03.14,score_date:2026-05-01T12:55:00Z", "cve,epss,percentile"]
    lines += [f"{cve},{score:.5f},{score:.5f}" for cve, score in scores.items()]
    return gzip.compress("\n".join([*lines, ""]).encode(), mtime=0)


def nvd(scores: Mapping[str, float]) -> bytes:
    """Write a feed of NVD's: JSON 2.0."""
    feed = {
        "resultsPerPage": len(scores),
        "startIndex": 0,
        "totalResults": len(scores),
        "format": "NVD_CVE",
        "version": "2.0",
        "timestamp": "2026-05-01T03:00:01.377",
        "vulnerabilities": [{"cve": _nvd_record(cve, score)} for cve, score in scores.items()],
    }
    return gzip.compress(json.dumps(feed).encode(), mtime=0)


def secdb(release: str, repository: str) -> bytes:
    """Write a file of Alpine's security database, with one fix in it."""
    database = {
        "apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}.apk",
        "archs": ["x86_64"],
        "reponame": repository,
        "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
        "distroversion": release,
        "packages": [
            {"pkg": {"name": f"{repository}-tool", "secfixes": {"1.2-r3": ["CVE-2023-1"]}}}
        ],
    }
    return json.dumps(database).encode()


def osv_record(id_: str, ecosystem: str, name: str, fixed: str) -> dict[str, Any]:
    """Write an OSV record with one fix."""
    return {
        "schema_version": "1.6.0",
        "id": id_,
        "modified": "2026-04-30T10:00:00Z",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}
                ],
            }
        ],
    }


def osv_zip(records: Sequence[Mapping[str, Any]]) -> bytes:
    """Write a bucket's archive of records."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            member = zipfile.ZipInfo(f"{record['id']}.json", (2026, 5, 1, 0, 0, 0))
            archive.writestr(member, msgspec.json.encode(record))
    return buffer.getvalue()


def _nvd_record(cve: str, score: float) -> dict[str, Any]:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    data = {"version": "3.1", "vectorString": vector, "baseScore": score, "baseSeverity": "HIGH"}
    metric = {"source": "nvd@nist.gov", "type": "Primary", "cvssData": data}
    return {
        "id": cve,
        "sourceIdentifier": "cve@example.org",
        "published": "2024-01-01T10:00:00.000",
        "lastModified": "2026-04-30T10:00:00.000",
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "A flaw."}],
        "metrics": {"cvssMetricV31": [metric]},
        "weaknesses": [],
        "references": [],
    }


def _path(feed: str) -> str:
    [url] = (row.url for row in FEEDS if row.name == feed)
    return url.removeprefix("https:/")
