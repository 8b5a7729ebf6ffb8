"""What a report says of a flaw."""

import pytest

from hullguard.advisories.details import Text
from hullguard.advisories.entry import Entry
from hullguard.advisories.evidence import Known, Match, weigh
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.match import Hit
from hullguard.model import Package, Score, Severity, Status

DJANGO = Package(type="pypi", name="django", version="2.2")


def hit(*entries: Entry) -> Hit:
    return Hit(("CVE-2020-1000", "GHSA-a"), entries, Status.FIXED, ("2.2.1",))


def entry(id_: str = "GHSA-a", **more: object) -> Entry:
    return Entry(id_, "osv-pypi", Status.FIXED, **more)  # type: ignore[arg-type]


def told(known: Known, *entries: Entry) -> Match:
    return weigh(hit(*(entries or (entry(),))), known)(DJANGO)


def test_everything_that_is_known_stands_beside_the_package() -> None:
    match = told(
        Known(
            texts=(
                Text(
                    id="GHSA-a", title="XSS", text="Words.", cwes=("CWE-79",), published="2020-02"
                ),
                Text(id="PYSEC-1", title="xss", references=("https://b/",), published="2020-01"),
            ),
            exploited=Exploited(cve="", added="2021-01-01", due="2021-02-01", ransomware=True),
            likely=Likelihood(cve="", epss=0.5, percentile=0.9),
            rated=Rated(
                cve="CVE-2020-1000",
                scores=(Score(source="nvd", severity=Severity.HIGH),),
                cwes=("CWE-80", "CWE-79"),
            ),
        ),
        entry(note="no-dsa"),
    )
    found = match.vulnerability
    assert (found.package, found.ids) == (DJANGO, ("CVE-2020-1000", "GHSA-a"))
    assert (found.status, found.fixed_in) == (Status.FIXED, ("2.2.1",))
    assert (found.epss, found.epss_percentile) == (0.5, 0.9)
    assert (found.kev, found.kev_due, found.ransomware) == (True, "2021-02-01", True)
    assert (found.severity_source, match.severity) == ("nvd", Severity.HIGH)
    assert (found.cwes, found.published, found.note) == (("CWE-79", "CWE-80"), "2020-01", "no-dsa")
    assert (match.rule.id, match.rule.title, match.rule.what) == ("CVE-2020-1000", "XSS", "Words.")
    assert (match.rule.kind, match.rule.severity) == ("vulnerability", Severity.HIGH)
    assert match.rule.references == ("https://b/",)


def test_without_any_text_a_flaw_is_called_by_its_id() -> None:
    match = told(Known())
    assert match.rule.title == "CVE-2020-1000"
    assert match.vulnerability.epss is None
    assert not match.vulnerability.kev


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A flaw in TLS.\n\nMore about it.", "A flaw in TLS."),
        ("word " * 40, "word " * 22 + "word…"),
        ("x" * 200, "x" * 119 + "…"),
    ],
)
def test_a_flaw_without_a_title_is_called_by_the_start_of_its_text(text: str, title: str) -> None:
    assert told(Known(texts=(Text(id="CVE-2020-1000", text=text),))).rule.title == title


def test_errata_lend_their_title_only_where_nobody_tells_more_of_the_flaw() -> None:
    erratum = Text(id="ALSA-1", title="Important: openssl security update")
    assert told(Known(texts=(erratum,))).rule.title == erratum.title
    both = (erratum, Text(id="RUSTSEC-1", title="Infinite loop"))
    assert told(Known(texts=both)).rule.title == "Infinite loop"


def test_a_rejected_cve_says_so() -> None:
    match = told(Known(rated=Rated(cve="CVE-2020-1000", rejected=True)), entry(note="no-dsa"))
    assert match.vulnerability.note == "the CVE was rejected by those who assigned it"
