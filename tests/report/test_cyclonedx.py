"""CycloneDX 1.6, checked by the strict validator of cyclonedx-python-lib."""

import json
from functools import cache
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from hullguard.model import Inventory, Package, Report, Score, Status
from hullguard.report.cyclonedx import render
from hullguard.report.options import Kind, Options
from report_samples import (
    CART,
    CLEAN,
    DEBIAN,
    EMPTY,
    LIBSSL,
    LODASH,
    LOG4J,
    LOG4SHELL,
    NOW,
    OFFLINE,
    OPENSSL,
    ROOT,
    VIM,
    excepted,
    flaw,
    layered,
    report,
)
from report_strategies import several

Json = dict[str, Any]


def document(*reports: Report, kind: Kind = Kind.SCAN) -> Json:
    decoded: Json = json.loads(b"".join(render(reports, Options(generated=NOW, kind=kind))))
    return decoded


@cache
def validator() -> JsonStrictValidator:
    return JsonStrictValidator(SchemaVersion.V1_6)


def fault(document: Json) -> str:
    """Return the first thing the validator does not accept; empty if it accepts all."""
    found = validator().validate_str(json.dumps(document))
    return str(found or "")


def listed(*packages: Package) -> list[Json]:
    """Return the components of these packages alone."""
    judged = replace(CLEAN, inventory=Inventory(packages=packages))
    components: list[Json] = document(judged)["components"]
    return components


def facts(component: Json) -> dict[str, str]:
    return {each["name"]: each["value"] for each in component["properties"]}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "reports",
    [
        (),
        (CART,),
        (EMPTY,),
        (CART, EMPTY, CART),
        (report(excepted(LOG4SHELL, "no"), ROOT, gaps=(OFFLINE,)),),
    ],
)
def test_the_validator_finds_nothing_wrong(reports: tuple[Report, ...], kind: Kind) -> None:
    assert fault(document(*reports, kind=kind)) == ""


@given(several)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_validator_finds_nothing_wrong_with_any_report(reports: list[Report]) -> None:
    assert fault(document(*reports)) == ""


def test_the_validator_reports_a_bad_file() -> None:
    bad = document(CART)
    bad["components"][0]["type"] = "thing"
    assert "'thing' is not one of" in fault(bad)


def test_every_reference_names_a_part_of_the_document_once() -> None:
    bom = document(CART, replace(CART, target="again"))
    refs = [component["bom-ref"] for component in bom["components"]]
    used = [ref for each in bom["dependencies"] for ref in (each["ref"], *each["dependsOn"])]
    affected = [each["ref"] for flaw in bom["vulnerabilities"] for each in flaw["affects"]]
    assert len(refs) == len(set(refs)) == 2 * 7
    assert sorted(used) == sorted(refs)
    assert set(affected) < set(refs)


def test_one_target_is_what_the_document_is_about() -> None:
    root = document(CART)["metadata"]["component"]
    assert (root["type"], root["name"], root["version"]) == (
        "container",
        "shop/cart:1.4",
        CART.subject.config_digest,
    )
    assert root["purl"] == (
        f"pkg:oci/cart@{CART.subject.manifest_digests[0]}?repository_url=shop/cart"
    )


def test_a_component_tells_what_the_package_told() -> None:
    [component] = listed(LODASH)
    assert component == {
        "type": "library",
        "bom-ref": "pkg:npm/lodash@4.17.4",
        "name": "lodash",
        "version": "4.17.4",
        "hashes": [{"alg": "SHA-1", "content": "ab" * 20}],
        "licenses": [{"expression": "MIT"}],
        "purl": "pkg:npm/lodash@4.17.4",
        "evidence": {"occurrences": [{"location": LODASH.path}]},
        "properties": [
            {"name": "hullguard:type", "value": "npm"},
            {"name": "hullguard:path", "value": LODASH.path},
            {"name": "hullguard:layer", "value": LODASH.layer},
            {"name": "hullguard:broughtBy", "value": "npm ci --omit=dev"},
        ],
    }


def test_group_and_name_are_two_things_where_the_ecosystem_says_so() -> None:
    scoped = replace(LODASH, name="@angular/core")
    assert [(each.get("group"), each["name"]) for each in listed(LOG4J, scoped, VIM)] == [
        (None, "vim-tiny"),
        ("org.apache.logging.log4j", "log4j-core"),
        ("@angular", "core"),
    ]


def test_the_epoch_stands_in_version_and_purl() -> None:
    [component] = listed(VIM)
    assert component["version"] == "2:8.2.2434-3+deb11u1"
    assert "@2%3A8.2.2434-3%2Bdeb11u1?" in component["purl"]


def test_a_licence_in_the_packages_own_words_is_a_name() -> None:
    [component] = listed(LOG4J)
    assert component["licenses"] == [
        {"license": {"name": "The Apache Software License, Version 2.0"}}
    ]


def test_source_and_owner_are_told() -> None:
    owned = replace(LODASH, owned_by="pkg:deb/debian/node-lodash@4.17.4")
    python, openssl = listed(owned, LIBSSL)[::-1]
    assert facts(python)["hullguard:ownedBy"] == "pkg:deb/debian/node-lodash@4.17.4"
    assert facts(openssl)["hullguard:source"] == "openssl"


def test_the_same_package_in_two_places_is_two_components() -> None:
    other = replace(LODASH, path="b/package.json")
    refs = [component["bom-ref"] for component in listed(LODASH, other, LODASH)]
    assert refs == [
        "pkg:npm/lodash@4.17.4",
        "pkg:npm/lodash@4.17.4#b/package.json",
    ]


def test_packages_without_any_name_of_their_own_are_told_apart() -> None:
    packages = [replace(LODASH, arch=arch) for arch in ("a", "b", "c", "d")]
    refs = [component["bom-ref"] for component in listed(*packages)]
    assert refs == [
        "pkg:npm/lodash@4.17.4",
        f"pkg:npm/lodash@4.17.4#{LODASH.path}",
        f"pkg:npm/lodash@4.17.4#{LODASH.path}-2",
        f"pkg:npm/lodash@4.17.4#{LODASH.path}-3",
    ]


def test_the_distribution_is_a_component() -> None:
    assert document(CLEAN)["components"][0] == {
        "type": "operating-system",
        "bom-ref": document(CLEAN)["metadata"]["component"]["bom-ref"] + "#os",
        "name": "debian",
        "version": "11",
        "description": DEBIAN.name,
    }


def test_an_sbom_says_nothing_about_vulnerabilities() -> None:
    assert "vulnerabilities" not in document(CART, kind=Kind.SBOM)
    assert document(CLEAN)["vulnerabilities"] == []


def test_a_vulnerability_stands_once_with_all_it_affects() -> None:
    bom = document(
        report(*(flaw(each, "CVE-2022-4450", "high", "2") for each in (LIBSSL, OPENSSL)))
    )
    [vulnerability] = bom["vulnerabilities"]
    assert [each["ref"] for each in vulnerability["affects"]] == [LIBSSL.purl, OPENSSL.purl]
    assert vulnerability["recommendation"] == "Update libssl1.1 to 2. Update openssl to 2."


def test_a_vulnerability_tells_ratings_ids_and_weaknesses() -> None:
    [vulnerability] = document(report(LOG4SHELL))["vulnerabilities"]
    assert vulnerability["id"] == "CVE-2021-44228"
    assert vulnerability["source"] == {
        "name": "NVD",
        "url": "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
    }
    assert [each["id"] for each in vulnerability["references"]] == ["GHSA-jfh8-c2jp-5v3q"]
    assert [each["severity"] for each in vulnerability["ratings"]] == ["critical", "critical"]
    assert vulnerability["ratings"][1]["method"] == "CVSSv31"
    assert vulnerability["cwes"] == [502, 917]
    assert facts(vulnerability) == {
        "hullguard:status": "fixed",
        "hullguard:state": "open",
        "hullguard:fixedIn": "2.15.0, 2.12.2, 2.3.1",
        "hullguard:kev": "true",
        "hullguard:kevDue": "2021-12-24",
        "hullguard:epss": "0.97482",
    }


@pytest.mark.parametrize(
    ("vector", "method"),
    [
        ("CVSS:4.0/AV:N", "CVSSv4"),
        ("CVSS:3.0/AV:N", "CVSSv3"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSSv2"),
        ("", "other"),
    ],
)
def test_a_rating_names_its_method(vector: str, method: str) -> None:
    finding = flaw(VIM, "CVE-2026-1", "low", scores=(Score(source="nvd", vector=vector),))
    [vulnerability] = document(report(finding))["vulnerabilities"]
    assert vulnerability["ratings"][1]["method"] == method


def test_what_is_excepted_everywhere_says_why() -> None:
    twice = [excepted(flaw(each, "CVE-2026-1", "low"), "no (ann)") for each in (LIBSSL, OPENSSL)]
    [covered] = document(report(*twice))["vulnerabilities"]
    assert covered["analysis"] == {"detail": "no (ann)"}
    [open_] = document(report(twice[0], flaw(OPENSSL, "CVE-2026-1", "low")))["vulnerabilities"]
    assert "analysis" not in open_


def test_what_has_no_update_recommends_none() -> None:
    stuck = flaw(VIM, "CVE-2026-1", "low", "1.0", status=Status.AFFECTED)
    assert "recommendation" not in document(report(stuck))["vulnerabilities"][0]


def test_a_document_with_gaps_says_that_it_is_incomplete() -> None:
    bom = document(report(gaps=(OFFLINE,)), kind=Kind.SBOM)
    root = bom["metadata"]["component"]["bom-ref"]
    assert bom["compositions"] == [{"aggregate": "incomplete", "assemblies": [root]}]
    assert facts(bom["metadata"]) == {"hullguard:gap": str(OFFLINE)}
    assert "compositions" not in document(CLEAN)


def test_the_serial_number_follows_the_content_and_not_the_time() -> None:
    serial = document(CART)["serialNumber"]
    later = Options(generated=NOW.replace(year=2027))
    assert json.loads(b"".join(render([CART], later)))["serialNumber"] == serial
    assert document(CLEAN)["serialNumber"] != serial


def test_broken_hashes_are_left_out() -> None:
    hashes = ("sha1:zz", "sha256:" + "G" * 64, "SHA-256:" + "A" * 64, "none", "sha256:" + "a" * 64)
    [component] = listed(layered("npm", "a", "1", 1, hashes=hashes))
    assert component["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
