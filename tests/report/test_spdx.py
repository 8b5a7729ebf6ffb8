"""SPDX 2.3, checked by spdx-tools."""

import json
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from hullguard.model import Package, Report
from hullguard.report.options import Kind, Options
from hullguard.report.spdx import render
from report_samples import (
    CART,
    CLEAN,
    EMPTY,
    LIBSSL,
    LODASH,
    LOG4J,
    NOW,
    OFFLINE,
    OPENSSL,
    ROOT,
    VIM,
    flaw,
    report,
)
from report_strategies import several

Json = dict[str, Any]


def document(*reports: Report, kind: Kind = Kind.SCAN) -> Json:
    decoded: Json = json.loads(b"".join(render(reports, Options(generated=NOW, kind=kind))))
    return decoded


def faults(document: Json) -> list[str]:
    """Return what spdx-tools does not accept, as `pyspdxtools -i FILE` does."""
    with tempfile.NamedTemporaryFile("w", suffix=".spdx.json", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        try:
            parsed = parse_file(file.name)
        except SPDXParsingError as fault:
            return [str(fault.messages)]
    return [each.validation_message for each in validate_full_spdx_document(parsed)]


def package(name: str, *reports: Report, kind: Kind = Kind.SCAN) -> Json:
    [found] = [each for each in document(*reports, kind=kind)["packages"] if each["name"] == name]
    described: Json = found
    return described


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "reports", [(CART,), (EMPTY,), (CART, EMPTY, CART), (report(ROOT, gaps=(OFFLINE,)),)]
)
def test_spdx_tools_find_nothing_wrong(reports: tuple[Report, ...], kind: Kind) -> None:
    assert faults(document(*reports, kind=kind)) == []


@given(several)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_spdx_tools_find_nothing_wrong_with_any_report(reports: list[Report]) -> None:
    assert faults(document(*reports)) == []


def test_spdx_tools_report_a_bad_file() -> None:
    bad = document(CART)
    bad["packages"][1]["SPDXID"] = "openssl"
    bad["packages"][2]["licenseDeclared"] = "LicenseRef-nowhere"
    assert any("spdx_id must" in fault for fault in faults(bad))
    assert any("LicenseRef-nowhere" in fault for fault in faults(bad))


def test_the_document_describes_the_target_which_contains_the_packages() -> None:
    spdx = document(CLEAN)
    names = {each["SPDXID"]: each["name"] for each in spdx["packages"]}
    told = [
        (
            names.get(each["spdxElementId"], "-"),
            each["relationshipType"],
            names[each["relatedSpdxElement"]],
        )
        for each in spdx["relationships"]
    ]
    assert told == [
        ("-", "DESCRIBES", "shop/cart:1.4"),
        ("shop/cart:1.4", "CONTAINS", "debian"),
        ("shop/cart:1.4", "CONTAINS", "libssl1.1"),
        ("shop/cart:1.4", "CONTAINS", "openssl"),
        ("shop/cart:1.4", "CONTAINS", "vim-tiny"),
        ("shop/cart:1.4", "CONTAINS", "org.apache.logging.log4j:log4j-core"),
        ("shop/cart:1.4", "CONTAINS", "lodash"),
    ]


def test_a_package_tells_purl_version_with_epoch_and_origin() -> None:
    vim = package("vim-tiny", CART, kind=Kind.SBOM)
    assert vim["versionInfo"] == "2:8.2.2434-3+deb11u1"
    assert [each["referenceLocator"] for each in vim["externalRefs"]] == [VIM.purl]
    assert vim["sourceInfo"] == (
        f"built from vim; told by var/lib/dpkg/status; layer {VIM.layer}; "
        "brought by apt-get update && apt-get install -y curl"
    )


def test_a_licence_is_an_expression_or_its_own_words() -> None:
    spdx = document(CLEAN)
    declared = {each["name"]: each["licenseDeclared"] for each in spdx["packages"]}
    assert declared["lodash"] == "MIT"
    assert declared["openssl"] == "NOASSERTION"
    assert spdx["hasExtractedLicensingInfos"] == [
        {
            "licenseId": declared["org.apache.logging.log4j:log4j-core"],
            "name": LOG4J.licence,
            "extractedText": LOG4J.licence,
        }
    ]


def test_hashes_and_supplier_are_told() -> None:
    sold: Package = replace(LODASH, vendor="Lodash\nInc")
    inventory = replace(CLEAN.inventory, packages=(sold,))
    told = package("lodash", replace(CLEAN, inventory=inventory))
    assert told["checksums"] == [{"algorithm": "SHA1", "checksumValue": "ab" * 20}]
    assert told["supplier"] == "Organization: Lodash Inc"


def advisories(name: str, *reports: Report, kind: Kind) -> list[str]:
    told = package(name, *reports, kind=kind)
    return [
        each["referenceLocator"]
        for each in told["externalRefs"]
        if each["referenceCategory"] == "SECURITY"
    ]


def test_a_scan_names_the_advisories_and_an_sbom_does_not() -> None:
    assert advisories("openssl", CART, kind=Kind.SCAN) == [
        "https://nvd.nist.gov/vuln/detail/CVE-2022-4450",
        "https://nvd.nist.gov/vuln/detail/CVE-2023-2650",
    ]
    assert advisories("openssl", CART, kind=Kind.SBOM) == []


def test_an_advisory_of_another_package_is_not_named() -> None:
    judged = report(flaw(LIBSSL, "CVE-2026-1", "low"))
    assert OPENSSL in judged.inventory.packages
    assert advisories("openssl", judged, kind=Kind.SCAN) == []


def test_a_document_with_gaps_says_that_it_is_incomplete() -> None:
    assert document(report(gaps=(OFFLINE,)))["creationInfo"] == {
        "created": "2026-03-02T15:30:00Z",
        "creators": ["Tool: hullguard-0.1.0"],
        "comment": f"Not everything was seen. shop/cart:1.4: {OFFLINE}",
    }


def test_identifiers_stay_the_same_from_scan_to_scan() -> None:
    fewer = replace(CLEAN, inventory=replace(CLEAN.inventory, packages=(LODASH,)))
    assert package("lodash", fewer)["SPDXID"] == package("lodash", CLEAN)["SPDXID"]


def test_the_name_space_follows_the_content() -> None:
    spaces = {document(each)["documentNamespace"] for each in (CLEAN, CLEAN, EMPTY)}
    assert len(spaces) == 2
