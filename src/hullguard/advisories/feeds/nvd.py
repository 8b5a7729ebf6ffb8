"""NVD's year feeds and its `modified` feed, and pages of its API: JSON 2.0.

Source: csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema. A year has 100 to 200 MB, so
it is read record by record.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from hullguard.advisories.feed import Document, Rated, Row, Stamp
from hullguard.advisories.json_records import decoded, keys_in, pages
from hullguard.advisories.names import CVE_ID
from hullguard.advisories.severities import severity_of
from hullguard.model import Budget, Gap, Malformed, Score, Severity

_FORMAT = "NVD_CVE"
_SOURCES = {  # of ratings; others by what NVD writes, an address or a UUID
    "nvd@nist.gov": "nvd",
    "134c704f-9b21-4f2e-91b3-4a467353bcc0": "cisa-adp",
}


class _Cvss(msgspec.Struct, rename="camel", gc=False):
    vector_string: str
    base_score: float
    base_severity: str = ""


class _Metric(msgspec.Struct, rename="camel", gc=False):
    source: str
    cvss_data: _Cvss
    base_severity: str = ""  # CVSS 2 has it here


class _SsvcData(msgspec.Struct, gc=False):
    options: list[dict[str, str]] = []


class _Ssvc(msgspec.Struct, rename="camel", gc=False):
    ssvc_data: _SsvcData


class _Metrics(msgspec.Struct, gc=False):
    v40: list[_Metric] = msgspec.field(default=[], name="cvssMetricV40")
    v31: list[_Metric] = msgspec.field(default=[], name="cvssMetricV31")
    v30: list[_Metric] = msgspec.field(default=[], name="cvssMetricV30")
    v2: list[_Metric] = msgspec.field(default=[], name="cvssMetricV2")
    ssvc: list[_Ssvc] = msgspec.field(default=[], name="ssvcV203")


class _Text(msgspec.Struct, gc=False):
    value: str


class _Weakness(msgspec.Struct, gc=False):
    description: list[_Text] = []


class _Cve(msgspec.Struct, rename="camel", gc=False):
    id: Annotated[str, msgspec.Meta(pattern=CVE_ID)]
    vuln_status: str = ""
    published: str = ""
    last_modified: str = ""
    metrics: _Metrics = msgspec.field(default_factory=_Metrics)
    weaknesses: list[_Weakness] = []


class _Item(msgspec.Struct, gc=False):
    cve: _Cve


class _Page(msgspec.Struct):
    format: str = ""
    timestamp: str = ""
    vulnerabilities: list[_Item] = []


_PAGE = msgspec.json.Decoder(_Page)


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - mirrors name it as they like
    """Tell a feed by its format's name."""
    return _FORMAT.encode() in head and {b"format", b"version"} <= keys_in(head)


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield the feed's date and how each CVE is rated, and a gap for each broken record.

    Raises:
        Malformed: the document is no feed, or stops early.
        BudgetSpent: there is more inside than is allowed.
    """
    name = document.name
    texts = pages(document.stream, "vulnerabilities", "cve", name, budget)
    head = decoded(_PAGE, next(texts), name)
    if head.format != _FORMAT or not head.timestamp:
        raise Malformed(name, "is no feed of NVD: it lacks the format's name or a date")
    yield Stamp(_utc(head.timestamp))
    yield from _rows(head, name, budget)
    broken: Malformed | None = None
    for number, text in enumerate(texts, start=1):
        if broken:
            yield Gap(broken.where, broken.why)
        broken = None
        try:
            yield from _rows(decoded(_PAGE, text, f"{name}, record {number}"), name, budget)
        except Malformed as error:
            broken = error
    if broken:  # the last page tells whether the document is complete
        raise broken


def _rows(page: _Page, name: str, budget: Budget) -> Iterator[Rated]:
    for item in page.vulnerabilities:
        budget.spend(name, entries=1)
        yield _rated(item.cve)


def _rated(cve: _Cve) -> Rated:
    metrics = cve.metrics
    kinds = (metrics.v40, metrics.v31, metrics.v30, metrics.v2)
    names = (text.value for weakness in cve.weaknesses for text in weakness.description)
    return Rated(
        cve=cve.id,
        scores=tuple(_score(metric) for kind in kinds for metric in kind),
        cwes=tuple(dict.fromkeys(name for name in names if name.startswith("CWE-"))),
        ssvc={
            point: value
            for ssvc in metrics.ssvc
            for option in ssvc.ssvc_data.options
            for point, value in option.items()
        },
        published=_utc(cve.published),
        modified=_utc(cve.last_modified),
        rejected=cve.vuln_status == "Rejected",
    )


def _score(metric: _Metric) -> Score:
    cvss = metric.cvss_data
    severity = severity_of(cvss.base_severity or metric.base_severity)
    return Score(
        source=_SOURCES.get(metric.source, metric.source),
        vector=cvss.vector_string,
        score=cvss.base_score,
        severity=Severity.from_score(cvss.base_score) if severity is Severity.UNKNOWN else severity,
    )


def _utc(time: str) -> str:
    """Say what NVD leaves out: its times are UTC."""
    return f"{time}Z" if time and not time.endswith("Z") else time
