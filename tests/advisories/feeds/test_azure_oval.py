"""OVAL of Azure Linux and CBL-Mariner: from definitions through tests to bounds of versions."""

import pytest
from hypothesis import given

from feed_rows import advisories, damaged, gaps, is_refused_politely, rows
from hullguard.advisories.feed import Stamp
from hullguard.advisories.feeds import azure_oval
from hullguard.model import Advisory, Affected, Gap, Malformed, Range, Severity, Status

OVAL = b"""\
<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"
  xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5"
  xmlns:linux-def="http://oval.mitre.org/XMLSchema/oval-definitions-5#linux">
  <generator>
    <oval:product_name>Azure Linux OVAL Definition Generator</oval:product_name>
    <oval:timestamp>2024-10-10T12:04:24Z</oval:timestamp>
  </generator>
  <definitions>
    <definition class="vulnerability" id="def:1" version="1">
      <metadata>
        <title>CVE-2024-6874 affecting package cmake for versions less than 3.30.3-2</title>
        <reference ref_id="CVE-2024-6874" source="CVE"/>
        <patchable>true</patchable>
        <advisory_date>2024-10-01T18:58:50Z</advisory_date>
        <severity>Medium</severity>
      </metadata>
      <criteria operator="AND">
        <criterion comment="earlier" test_ref="tst:1"/>
      </criteria>
    </definition>
  </definitions>
  <tests>
    <linux-def:rpminfo_test id="tst:1">
      <linux-def:object object_ref="obj:1"/>
      <linux-def:state state_ref="ste:1"/>
    </linux-def:rpminfo_test>
    <linux-def:rpminfo_test id="tst:2">
      <linux-def:object object_ref="obj:1"/>
      <linux-def:state state_ref="ste:2"/>
    </linux-def:rpminfo_test>
  </tests>
  <objects>
    <linux-def:rpminfo_object id="obj:1">
      <linux-def:name>cmake</linux-def:name>
    </linux-def:rpminfo_object>
  </objects>
  <states>
    <linux-def:rpminfo_state id="ste:1">
      <linux-def:evr datatype="evr_string" operation="less than">0:3.30.3-2.azl3</linux-def:evr>
    </linux-def:rpminfo_state>
    <linux-def:rpminfo_state id="ste:2">
      <linux-def:evr datatype="evr_string" operation="greater than">0:3.0.azl3</linux-def:evr>
    </linux-def:rpminfo_state>
  </states>
</oval_definitions>
"""
CRITERION = b'<criterion comment="earlier" test_ref="tst:1"/>'


def only(data: bytes, name: str = "feed") -> Affected:
    [advisory] = advisories(azure_oval, data, name)
    [affected] = advisory.affected
    return affected


def test_a_definition_is_a_flaw_in_a_package_up_to_a_fix() -> None:
    assert rows(azure_oval, OVAL) == [
        Stamp("2024-10-10T12:04:24Z"),
        Advisory(
            id="CVE-2024-6874",
            source="azurelinux",
            affected=(
                Affected(
                    ecosystem="azurelinux:3.0",
                    name="cmake",
                    status=Status.FIXED,
                    ranges=(Range(fixed="3.30.3-2.azl3"),),
                    severity=Severity.MEDIUM,
                ),
            ),
            severity=Severity.MEDIUM,
            title="CVE-2024-6874 affecting package cmake for versions less than 3.30.3-2",
            published="2024-10-01T18:58:50Z",
        ),
    ]


def test_a_blank_behind_the_epoch_is_no_part_of_the_version() -> None:
    assert only(OVAL.replace(b"0:3.30", b"0: 3.30")).ranges == (Range(fixed="3.30.3-2.azl3"),)


def test_up_to_a_version_and_with_it_there_is_no_fix() -> None:
    affected = only(OVAL.replace(b"less than", b"less than or equal"))
    assert affected.ranges == (Range(last_affected="3.30.3-2.azl3"),)
    assert affected.status is Status.AFFECTED


def test_tests_that_must_all_hold_make_one_range() -> None:
    both = CRITERION + CRITERION.replace(b"tst:1", b"tst:2")
    assert only(OVAL.replace(CRITERION, both)).ranges == (Range("3.0.azl3", "3.30.3-2.azl3"),)


def test_what_is_not_applicable_says_nothing() -> None:
    data = OVAL.replace(b"<patchable>true", b"<patchable>Not Applicable")
    assert rows(azure_oval, data) == [Stamp("2024-10-10T12:04:24Z")]


@pytest.mark.parametrize(
    ("version", "name", "ecosystem"),
    [
        (b"1-2.cm2", "x.xml", "mariner:2.0"),
        (b"3.2.0.azl2-3.azl3", "x.xml", "azurelinux:3.0"),
        (b"1-2.azl3", "cbl-mariner-1.0-oval.xml", "azurelinux:3.0"),
        (b"1-2", "mirror/cbl-mariner-1.0-oval.xml", "mariner:1.0"),
    ],
)
def test_the_release_is_told_by_the_packages_else_by_the_file(
    version: bytes, name: str, ecosystem: str
) -> None:
    assert only(OVAL.replace(b"3.30.3-2.azl3", version), name).ecosystem == ecosystem


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"3.30.3-2.azl3", b"3.30.3-2", "does not tell which release of the distribution"),
        (b'"tst:1"/>', b'"tst:9"/>', "does not lead to bounds of one package's version"),
        (b'"less than"', b'"pattern match"', "does not lead to bounds of one package's version"),
        (b'"less than"', b'"greater than"', "does not lead to bounds of one package's version"),
        (b'operator="AND"', b'operator="OR"', "names no flaw, or no tests that must all hold"),
        (b"ref_id", b"ref", "names no flaw, or no tests that must all hold"),
        (CRITERION, b"", "names no flaw, or no tests that must all hold"),
    ],
)
def test_a_definition_without_sense_is_a_gap(before: bytes, after: bytes, why: str) -> None:
    [gap] = gaps(azure_oval, OVAL.replace(before, after))
    assert gap.where == "feed, def:1"
    assert gap.why.startswith(why)


def test_two_packages_with_one_flaw_are_one_advisory_of_the_worse_severity() -> None:
    start, end = OVAL.index(b"    <definition "), OVAL.index(b"  </definitions>")
    second = OVAL[start:end].replace(b"Medium", b"Critical").replace(b"def:1", b"def:2")
    [advisory] = advisories(azure_oval, OVAL[:end] + second + OVAL[end:])
    assert len(advisory.affected) == 2
    assert advisory.severity is Severity.CRITICAL


def test_a_file_that_stops_early_is_refused() -> None:
    with pytest.raises(Malformed, match="is no well-formed XML"):
        rows(azure_oval, OVAL[:-30])


def test_a_document_type_is_refused_before_it_can_do_harm() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + OVAL
    with pytest.raises(Malformed, match="has a document type"):
        rows(azure_oval, bomb)


def test_an_empty_id_never_stands_for_a_missing_reference() -> None:
    data = OVAL.replace(b' id="tst:1"', b"").replace(b'test_ref="tst:1"', b"")
    assert isinstance(gaps(azure_oval, data)[0], Gap)


@pytest.mark.parametrize(
    ("name", "head", "known"),
    [
        ("x.xml", OVAL, True),
        ("azurelinux-3.0-oval.xml", b"<oval_definitions", True),
        ("com.oracle.elsa-all.xml", b"<oval_definitions", False),
        ("azurelinux-3.0-oval.xml", b"<html>", False),
    ],
)
def test_a_file_is_known_by_its_root_and_whose_it_is(
    name: str,
    head: bytes,
    known: bool,  # noqa: FBT001 - a column
) -> None:
    assert azure_oval.recognises(name, head) is known


@given(damaged(OVAL))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(azure_oval, data)
