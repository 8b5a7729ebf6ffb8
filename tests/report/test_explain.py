"""What `hullguard explain` prints."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hullguard.advisories.explain import Explanation
from hullguard.advisories.feed import Exploited, Likelihood
from hullguard.model import Advisory, Affected, Range, Rule, Score, Severity, Status
from hullguard.report.explain import render_flaw, render_rule
from hullguard.report.options import Options, Screen
from report_samples import NOW
from report_strategies import rules, some_texts, texts

NARROW = Options(generated=NOW, screen=Screen(width=80))

ROOT = Rule(
    id="KP-IMG-013",
    title="Image runs as root",
    kind="check",
    severity=Severity.MEDIUM,
    what="The image's config names no user, so whatever it starts has user id 0 unless somebody "
    "says otherwise.",
    why="Root in a container is root on the node once something lets it out.",
    fix="End the build with `USER 10001`.",
    references=("https://docs.docker.com/reference/dockerfile/#user", "see also"),
    frameworks={"cis-docker": ("4.1",), "mitre": ("T1611",)},
)
LOG4SHELL = Explanation(
    rule=Rule(
        id="CVE-2021-44228",
        title="Remote code injection in Log4j",
        kind="vulnerability",
        severity=Severity.CRITICAL,
        what="# Summary\n\nLog4j versions prior to 2.16.0 run code that a message names.\n",
    ),
    ids=("CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"),
    severity_source="ghsa",
    scores=(Score(source="nvd", vector="CVSS:3.1/AV:N/AC:L", score=10.0),),
    exploited=Exploited(
        cve="CVE-2021-44228", added="2021-12-10", due="2021-12-24", ransomware=True
    ),
    likely=Likelihood(cve="CVE-2021-44228", epss=0.975, percentile=0.99998),
    cwes=("CWE-502", "CWE-917"),
    published="2021-12-10T00:40:56Z",
    records=(
        Advisory(
            id="CVE-2021-44228",
            source="debian",
            affected=(
                Affected(
                    ecosystem="debian:11",
                    name="apache-log4j2",
                    ranges=(Range(fixed="2.15.0-1~deb11u1"),),
                ),
                Affected(ecosystem="debian:9", name="apache-log4j2", status=Status.END_OF_LIFE),
            ),
        ),
        Advisory(
            id="GHSA-jfh8-c2jp-5v3q",
            source="osv-maven",
            affected=(
                Affected(
                    ecosystem="maven",
                    name="org.apache.logging.log4j:log4j-core",
                    ranges=(Range(introduced="2.13.0", fixed="2.15.0"), Range(fixed="2.3.1")),
                ),
                Affected(ecosystem="maven", name="a:b", ranges=(Range(last_affected="1.2"),)),
            ),
        ),
    ),
)


def test_a_rule_says_what_why_and_how_to_fix_it() -> None:
    assert "".join(render_rule(ROOT, NARROW)) == (
        "KP-IMG-013    Image runs as root\n"
        "\n"
        "  severity    medium\n"
        "  frameworks  cis-docker 4.1 · mitre T1611\n"
        "\n"
        "What:\n"
        "  The image's config names no user, so whatever it starts has user id 0 unless\n"
        "  somebody says otherwise.\n"
        "\n"
        "Why:\n"
        "  Root in a container is root on the node once something lets it out.\n"
        "\n"
        "Fix:\n"
        "  End the build with `USER 10001`.\n"
        "\n"
        "Read on:\n"
        "  https://docs.docker.com/reference/dockerfile/#user\n"
    )


def test_a_flaw_says_how_bad_how_likely_and_what_repairs_it() -> None:
    assert "".join(render_flaw(LOG4SHELL, NARROW)) == (
        "CVE-2021-44228    Remote code injection in Log4j\n"
        "\n"
        "  severity    critical, says ghsa\n"
        "  exploited   ● in the wild, known since 2021-12-10; CISA wants it fixed by\n"
        "              2021-12-24; used by ransomware\n"
        "  likelihood  97.5% within 30 days (EPSS), more than 99.9% of all CVEs\n"
        "  also        GHSA-jfh8-c2jp-5v3q\n"
        "  score       10.0 nvd CVSS:3.1/AV:N/AC:L\n"
        "  weakness    CWE-502, CWE-917\n"
        "  published   2021-12-10\n"
        "\n"
        "What:\n"
        "  # Summary\n"
        "\n"
        "  Log4j versions prior to 2.16.0 run code that a message names.\n"
        "\n"
        "  CONCERNS   PACKAGE                       FIXED IN          TOLD BY\n"
        "  debian 11  apache-log4j2                 2.15.0-1~deb11u1  CVE-2021-44228\n"
        "  debian 9   apache-log4j2                 end of life       CVE-2021-44228\n"
        "  maven      org.apache.log…4j:log4j-core  2.15.0, 2.3.1     GHSA-jfh8-c2jp-5v3q\n"
        "  maven      a:b                           after 1.2         GHSA-jfh8-c2jp-5v3q\n"
        "\n"
        "Read on:\n"
        "  https://nvd.nist.gov/vuln/detail/CVE-2021-44228\n"
        "\n"
        "Next:  hullguard image scan IMAGE    to see whether it concerns you\n"
    )


def test_a_flaw_without_a_title_is_named_once() -> None:
    bare = replace(LOG4SHELL, rule=replace(LOG4SHELL.rule, title="CVE-2021-44228", what=""))
    assert next(render_flaw(bare, NARROW)) == "CVE-2021-44228\n"


def test_a_rejected_cve_says_so() -> None:
    text = "".join(render_flaw(replace(LOG4SHELL, rejected=True), NARROW))
    assert "  rejected    by those who assigned the CVE: it is no flaw\n" in text


def test_a_long_list_is_cut_on_a_terminal_and_whole_in_a_pipe() -> None:
    kernel = Advisory(
        id="CVE-1",
        source="osv",
        affected=tuple(Affected(ecosystem=f"e{n}", name="linux") for n in range(50)),
    )
    many = replace(LOG4SHELL, records=(kernel,))
    assert "  … 30 more; --all shows every one\n" in "".join(render_flaw(many, NARROW))
    assert "".join(render_flaw(many, Options(generated=NOW))).count("  linux  ") == 50


flaws = st.builds(
    Explanation,
    rule=rules,
    ids=some_texts,
    severity_source=texts,
    likely=st.one_of(
        st.none(),
        st.builds(Likelihood, cve=texts, epss=st.floats(0, 1), percentile=st.floats(0, 1)),
    ),
    exploited=st.one_of(st.none(), st.builds(Exploited, cve=texts, added=texts, due=texts)),
    scores=st.lists(st.builds(Score, source=texts, vector=texts, score=st.floats())).map(tuple),
    records=st.lists(
        st.builds(
            Advisory,
            id=texts,
            source=texts,
            affected=st.lists(
                st.builds(
                    Affected,
                    ecosystem=texts,
                    name=texts,
                    ranges=st.lists(
                        st.builds(Range, fixed=texts, last_affected=texts), max_size=2
                    ).map(tuple),
                ),
                max_size=2,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@given(flaws)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_text_of_an_advisory_is_obeyed_by_a_terminal(flaw: Explanation) -> None:
    lines = [*render_flaw(flaw, NARROW), *render_rule(flaw.rule, NARROW)]
    assert all(line.removesuffix("\n").isprintable() for line in lines)
