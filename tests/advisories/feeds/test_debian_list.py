"""Debian's lists of advisories: which fix counts for which flaw."""

import pytest
from hypothesis import given

from feed_rows import advisories, damaged, gaps, is_refused_politely, rows
from hullguard.advisories.feeds import debian_list
from hullguard.model import Advisory, Affected, Gap, Range, Severity, Status

XORG = b"""\
[29 Mar 2023] DSA-5380-1 xorg-server - security update
	{CVE-2023-1393}
	[bullseye] - xorg-server 2:1.20.11-1+deb11u6
"""
APACHE = b"""\
[20 Mar 2023] DSA-5376-1 apache2 - security update
	{CVE-2006-20001 CVE-2022-36760}
	[bullseye] - apache2 2.4.56-1~deb11u1
	[buster] - apache2 <not-affected> (Vulnerable code not present)
	NOTE: https://httpd.apache.org/
"""


def test_an_advisory_is_told_under_its_flaw() -> None:
    assert advisories(debian_list, XORG) == [
        Advisory(
            id="CVE-2023-1393",
            source="debian-dsa",
            affected=(
                Affected(
                    ecosystem="debian:11",
                    name="xorg-server",
                    status=Status.FIXED,
                    ranges=(Range(fixed="2:1.20.11-1+deb11u6"),),
                ),
            ),
            title="DSA-5380-1 xorg-server",
            references=("https://security-tracker.debian.org/tracker/DSA-5380-1",),
            published="2023-03-29T00:00:00Z",
            modified="2023-03-29T00:00:00Z",
        )
    ]


def test_the_flaws_of_one_advisory_stay_apart() -> None:
    found = advisories(debian_list, APACHE)
    assert [(advisory.id, advisory.aliases) for advisory in found] == [
        ("CVE-2006-20001", ()),
        ("CVE-2022-36760", ()),
    ]


@pytest.mark.parametrize(
    ("text", "status", "note"),
    [
        (b"<not-affected> (Vulnerable code not present)", Status.NOT_AFFECTED, "Vulnerable code"),
        (b"<unfixed> (high)", Status.AFFECTED, "high"),
        (b"<end-of-life>", Status.END_OF_LIFE, ""),
        (b"<ignored> (Too intrusive)", Status.WONT_FIX, "Too intrusive"),
        (b"<postponed>", Status.FIX_DEFERRED, ""),
        (b"<undetermined>", Status.UNDER_INVESTIGATION, ""),
    ],
)
def test_a_word_in_place_of_a_version_is_a_status(text: bytes, status: Status, note: str) -> None:
    data = XORG.replace(b"2:1.20.11-1+deb11u6", text)
    [row] = advisories(debian_list, data)[0].affected
    assert (row.status, row.ranges) == (status, ())
    assert row.note.startswith(note)


def test_a_fix_may_have_a_remark() -> None:
    data = XORG.replace(b"deb11u6", b"deb11u6 (bug #322591; medium)")
    [row] = advisories(debian_list, data)[0].affected
    assert (row.ranges, row.note) == ((Range(fixed="2:1.20.11-1+deb11u6"),), "bug #322591; medium")


def test_a_regression_update_leaves_the_fix_of_the_flaw_alone() -> None:
    regression = b"""\
[30 Mar 2023] DSA-5380-2 xorg-server - regression update
	[bullseye] - xorg-server 2:1.20.11-1+deb11u7
"""
    bug_fix, flaw = advisories(debian_list, regression + XORG)
    assert (bug_fix.id, bug_fix.severity) == ("DSA-5380-2", Severity.INFO)
    assert bug_fix.affected[0].note == "bugfix"
    assert flaw.affected[0].ranges == (Range(fixed="2:1.20.11-1+deb11u6"),)


def test_a_later_advisory_that_names_the_flaw_again_has_the_fix() -> None:
    later = XORG.replace(b"29 Mar", b"30 Mar").replace(b"-1 xorg", b"-2 xorg")
    [advisory] = advisories(debian_list, later.replace(b"deb11u6", b"deb11u7") + XORG)
    [row] = advisory.affected
    assert row.ranges == (Range(fixed="2:1.20.11-1+deb11u7"),)
    assert (advisory.published, advisory.modified) == (
        "2023-03-29T00:00:00Z",
        "2023-03-30T00:00:00Z",
    )
    assert len(advisory.references) == 2


def test_what_was_once_fixed_had_the_flaw_whatever_a_later_advisory_says() -> None:
    later = XORG.replace(b"29 Mar", b"30 Mar").replace(b"2:1.20.11-1+deb11u6", b"<not-affected>")
    [advisory] = advisories(debian_list, later + XORG)
    [row] = advisory.affected
    assert row.status is Status.FIXED


def test_a_security_update_that_names_no_flaw_is_told_under_its_own_name() -> None:
    [advisory] = advisories(debian_list, XORG.replace(b"\t{CVE-2023-1393}\n", b""))
    assert (advisory.id, advisory.severity) == ("DSA-5380-1", Severity.UNKNOWN)
    assert advisory.affected[0].note == ""


def test_long_term_support_has_a_list_of_its_own() -> None:
    [advisory] = advisories(debian_list, XORG.replace(b"DSA", b"DLA"))
    assert advisory.source == "debian-dla"


def test_old_advisories_have_no_second_number_and_blanks_for_tabs() -> None:
    data = XORG.replace(b"DSA-5380-1", b"DSA-140").replace(b"\t", b"        ")
    assert advisories(debian_list, data)[0].title == "DSA-140 xorg-server"


def test_announcements_without_packages_are_left_out() -> None:
    assert rows(debian_list, b"[18 Apr 2018] DSA-4205-1 jessie end-of-life\n\tNOTE: end\n") == []


@pytest.mark.parametrize(
    "line", [b"\twhat is this", b"\t[zurg] - xorg 1.0", b"\t[bullseye] - xorg", b"rubbish"]
)
def test_a_line_that_says_nothing_known_is_a_gap(line: bytes) -> None:
    assert gaps(debian_list, XORG + line) == [
        Gap("feed, line 4", "is no line that a list of advisories may have")
    ]


def test_what_follows_a_broken_header_is_not_the_last_advisorys() -> None:
    header, flaws, advisory = rows(debian_list, XORG + b"[1 Apr 2023] BROKEN\n\t{CVE-2023-9}\n")
    assert isinstance(header, Gap)
    assert isinstance(flaws, Gap)
    assert isinstance(advisory, Advisory)
    assert advisory.id == "CVE-2023-1393"


@pytest.mark.parametrize(
    ("head", "known"), [(XORG, True), (APACHE[10:] + XORG, True), (b"[1] DSA-1", False)]
)
def test_a_list_is_known_by_its_headers(
    head: bytes,
    known: bool,  # noqa: FBT001 - a column
) -> None:
    assert debian_list.recognises("list", head) is known


@given(damaged(XORG + APACHE))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(debian_list, data)
