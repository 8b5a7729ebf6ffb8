"""What people see in a terminal. The files in `screens/` are whole screens, to be read."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from hullguard.model import (
    Asset,
    FamilyState,
    Finding,
    Gap,
    GapKind,
    Image,
    Inventory,
    Package,
    Report,
    State,
    Status,
)
from hullguard.report.options import Options, Screen
from hullguard.report.table import render
from report_samples import (
    CART,
    CLEAN,
    EMPTY,
    HEALTH,
    LODASH,
    LOG4SHELL,
    NOW,
    OFFLINE,
    ROOT,
    TODAY,
    TORN,
    VIM,
    excepted,
    flaw,
    layered,
    report,
)

SCREENS = Path(__file__).parent / "screens"


def shown(*reports: Report, width: int = 80, every: bool = False) -> str:
    return "".join(render(reports, Options(generated=NOW, every=every, screen=Screen(width=width))))


@pytest.mark.parametrize(
    ("width", "name"), [(80, "cart-80.txt"), (120, "cart-120.txt"), (0, "cart-piped.txt")]
)
def test_a_scan_reads_as_the_screen_kept_here(width: int, name: str) -> None:
    assert shown(CART, width=width) == (SCREENS / name).read_text("utf-8")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 140, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(CART, CLEAN, EMPTY, width=width).splitlines())) <= width


def test_all_is_well_in_one_sentence() -> None:
    assert shown(CLEAN) == (
        "shop/cart:1.4    debian 11 · linux/amd64 · 4 layers · 5 packages    3f1c09d4e1b7\n"
        "advisories from today 14:00: debian, kev, maven, npm\n"
        "\n"
        "  Nothing known is wrong with this image. 5 of 5 packages were checked.\n"
    )


def test_what_was_not_seen_stands_before_everything_else_and_there_is_no_all_clear() -> None:
    assert shown(report(gaps=(OFFLINE, TORN))) == (
        "shop/cart:1.4    debian 11 · linux/amd64 · 4 layers · 5 packages    3f1c09d4e1b7\n"
        "  ! 12 npm packages: not checked, no npm advisories here (offline). Fetch them:\n"
        "    hullguard db update npm\n"
        "  ! layer 4: gzip data stops after 12.4 MB, its packages may be missing\n"
        "advisories from today 14:00: debian, kev, maven, npm\n"
        "\n"
        "  Nothing is known to be wrong with what was checked; what was not stands above.\n"
    )


def test_an_image_without_packages_is_not_called_clean() -> None:
    assert shown(EMPTY) == (
        "shop/tiny:1    linux/arm64 · 1 layer · 0 packages                   eeeeeeeeeeee\n"
        "\n"
        "  No packages were found in this image, so there was nothing to check.\n"
    )


def test_packages_that_no_advisories_were_asked_about_are_not_called_clean() -> None:
    assert "None of the 5 packages was checked" in shown(replace(CLEAN, database=()))


def test_checks_stand_beside_the_vulnerabilities_the_worst_first() -> None:
    text = shown(report(HEALTH, ROOT, replace(ROOT, id="2")))
    assert "  No vulnerability is known. 5 of 5 packages were checked.\n" in text
    assert "  Beside vulnerabilities: runs as root (2 times) · has no health check\n" in text


def test_what_nobody_has_rated_is_counted_at_the_top() -> None:
    text = shown(report(flaw(VIM, "CVE-2026-1000", "unknown")))
    assert "  1 unknown      1 in all, 0 with a fix\n" in text
    assert "  1 is unknown: nobody has rated it yet. No update removes any of them yet.\n" in text


def test_scores_that_are_not_here_are_not_called_missing_everywhere() -> None:
    gap = Gap("", "the scores of 2026 are not here", GapKind.UNRATED)
    text = shown(report(flaw(VIM, "CVE-2026-1000", "unknown"), gaps=(gap,)))
    assert "  1 is unknown: not all scores are here. No update removes any of them yet.\n" in text


def many() -> Report:
    packages = [layered("deb", f"lib{letter}", "1.0", 1) for letter in "abcdefgh"]
    flaws = [
        flaw(package, f"CVE-2026-10{place}{number}", "high", "1.1")
        for place, package in enumerate(packages)
        for number in (1, 2)
    ]
    return report(*flaws, flaw(VIM, "CVE-2026-2000", "medium"))


def test_the_first_screen_names_the_worst_and_how_much_is_left() -> None:
    text = shown(many())
    assert "  The first six of 8 updates remove 12 of them:\n" in text
    assert "  … 2 more updates; --all shows every one\n" in text
    assert "  All of them come with the base image: try a newer one.\n" in text
    assert "  … 9 more, 8 of them high or worse; --all shows every one\n" in text
    assert "hullguard image scan shop/cart:1.4 --all           to see every one\n" in text


def test_every_row_is_shown_when_asked_for_and_in_a_pipe() -> None:
    for text in (shown(many(), every=True), shown(many(), width=0)):
        assert text.count("CVE-2026-") == 17 + 1  # and one in the command that explains it
        assert "--all" not in text


def test_one_row_stands_for_all_packages_of_a_source() -> None:
    assert shown(CART).count("CVE-2022-4450") == 1


def test_what_no_update_fixes_says_why() -> None:
    words = {
        Status.AFFECTED: "not fixed yet",
        Status.WONT_FIX: "won't fix",
        Status.FIX_DEFERRED: "deferred",
        Status.END_OF_LIFE: "end of life",
        Status.UNDER_INVESTIGATION: "being looked into",
        Status.UNKNOWN: "not known",
    }
    for status, word in words.items():
        finding = flaw(VIM, "CVE-2026-1000", "high", status=status)
        [row] = [line for line in shown(report(finding)).splitlines() if "  CVE-2026-1000" in line]
        assert row.endswith(word)


def test_a_fix_of_an_older_branch_alone_is_no_update() -> None:
    finding = flaw(LODASH, "CVE-2026-1000", "high", "3.9.9", status=Status.AFFECTED)
    text = shown(report(finding))
    assert "UPDATE" not in text
    assert text.count("not fixed yet") == 1


def test_a_malicious_package_is_to_be_removed() -> None:
    finding = flaw(LODASH, "MAL-2026-1", "critical", status=Status.AFFECTED)
    assert "malicious: remove" in shown(report(finding))


def test_excepted_findings_are_counted() -> None:
    text = shown(report(excepted(LOG4SHELL, "not reachable (ann)")))
    assert (
        "  Nothing known is wrong with this image but what is excepted. 5 of 5 packages\n"
        "  were checked.\n"
        "\n"
        "  Note: exceptions cover 1 finding; --all names them.\n"
    ) in text


def test_what_was_left_out_or_has_expired_is_said_and_there_is_no_all_clear() -> None:
    text = shown(report(notes=("CVE-2020-1 expired in May", "2 findings left out by --severity")))
    assert (
        "  No finding is listed for this image; mind the notes below. 5 of 5 packages\n"
        "  were checked.\n"
        "\n"
        "  Note: CVE-2020-1 expired in May\n"
        "  Note: 2 findings left out by --severity\n"
    ) in text


def test_excepted_findings_are_named_with_their_reason_when_asked_for() -> None:
    text = shown(report(excepted(LOG4SHELL, "not reachable (ann)")), width=120, every=True)
    assert (
        "  EXCEPTED        SEVERITY  PACKAGE                              REASON\n"
        "  CVE-2021-44228  critical  org.apache.logging.log4j:log4j-core  not reachable (ann)\n"
    ) in text


def test_several_reports_end_with_a_total_that_counts_each_cve_once() -> None:
    text = shown(CART, replace(CART, target="shop/cart:1.3"), report(gaps=(TORN,)))
    assert (
        "3 targets together\n"
        "  3 critical   3 high   2 medium   1 low   1 unknown\n"
        "  10 in all, 8 with a fix\n"
        "  ! 1 of them could not be seen completely.\n"
        "\n"
        "● exploited in the wild (CISA KEV)\n"
        "Next:  hullguard explain CVE-2021-44228"
    ) in text


def test_a_long_target_has_the_facts_on_a_line_of_their_own() -> None:
    target = "registry.example/team/shop/cart@sha256:3f1c09d4e1b7"
    first, second, *_ = shown(replace(CLEAN, target=target)).splitlines()
    assert first == target + "                 3f1c09d4e1b7"
    assert second == "  debian 11 · linux/amd64 · 4 layers · 5 packages"


def test_advisories_of_different_ages_are_told_apart_the_oldest_first() -> None:
    old = FamilyState(family="npm", data_date="2026-02-20T00:00:00Z")
    unknown = FamilyState(family="own")
    recent = FamilyState(family="deb", fetched="2026-03-01T23:59:00Z")
    text = shown(replace(CLEAN, database=(recent, old, unknown)), width=0)
    assert (
        "advisories from an unknown day: own; from 2026-02-20 (10 days ago): npm; "
        "from yesterday 23:59: deb\n"
    ) in text


def test_a_judgement_as_of_another_day_says_so() -> None:
    assert "kev, maven, npm. Judged as of 2025-12-24\n" in shown(
        replace(CLEAN, judged_at="2025-12-24T00:00:00Z")
    )


def test_many_gaps_do_not_push_the_answer_away() -> None:
    gaps = tuple(Gap(f"srv/{number}.jar", "is no zip file") for number in range(40))
    text = shown(report(gaps=gaps))
    assert text.count("  ! ") == 10
    assert "  ! 31 more things were not seen; --all names them.\n" in text
    assert shown(report(gaps=gaps), every=True).count("  ! ") == 40


def test_a_check_that_could_not_be_made_is_not_passed_over() -> None:
    unread = replace(ROOT, state=State.UNREADABLE)
    assert "  ! Image runs as root: could not be judged\n" in shown(report(unread))


def test_a_directory_has_no_layers_and_names_the_file_that_told_of_the_package() -> None:
    lock = Package(type="npm", name="lodash", version="4.17.4", path="web/package-lock.json")
    folder = Report(
        target=".",
        asset=Asset(kind="directory", uid="/src", name="."),
        subject=Image(name="."),
        inventory=Inventory(packages=(lock,)),
        findings=(flaw(lock, "CVE-2021-23337", "high", "4.17.21"),),
        database=(FamilyState(family="npm", fetched=TODAY),),
    )
    text = shown(folder)
    assert text.startswith(".    1 package\nadvisories")
    assert "  lodash  4.17.4 → 4.17.21  1 high   web/package-lock.json\n" in text


def test_a_target_that_a_shell_would_take_apart_is_quoted_in_the_commands() -> None:
    odd = replace(many(), target="my image; rm -rf.tar")
    assert "hullguard image scan 'my image; rm -rf.tar' --all" in shown(odd)


def test_colour_adds_codes_and_nothing_else() -> None:
    options = Options(generated=NOW, screen=Screen(width=80, colour=True))
    text = "".join(render([CART], options))
    assert "\x1b[1;31m●\x1b[0m" in text
    assert "\x1b[1;31mcritical\x1b[0m" in text
    codes = ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[35m", "\x1b[1;31m")
    for code in codes:
        text = text.replace(code, "")
    assert text == shown(CART)


def hostile() -> Finding:
    package = layered(
        "npm",
        "evil\x1b[2J\u202egpj.exe",
        "1\r\n0",
        3,
        created_by="RUN printf '\x1b]0;owned\x07'",
    )
    return flaw(package, "CVE-2026-\x9b31m", "high", "2\x7f")


def test_escape_sequences_of_an_image_are_shown_and_not_obeyed() -> None:
    text = shown(report(hostile()), width=0)
    assert r"evil\x1b[2J\u202egpj.exe  1\r\n0 → 2\x7f" in text
    assert r"printf '\x1b]0;owned\x07'" in text
    assert r"CVE-2026-\x9b31m" in text
    assert not set(text) & set("\x1b\x07\r\x7f\x9b\u202e")
