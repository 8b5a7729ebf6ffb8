"""Azure Linux' and CBL-Mariner's OVAL: every definition, against a reading of its comments."""

import re
from xml.etree import ElementTree as ET

import pytest
import zstandard

from corpora import corpus, record_agreement
from feed_rows import rows
from hullguard.advisories.feed import Stamp
from hullguard.advisories.feeds import azure_oval
from hullguard.model import Advisory, Severity

DEFINITIONS = {"azurelinux-3.0": 1222, "cbl-mariner-1.0": 2252}
NOT_APPLICABLE = {"azurelinux-3.0": 1, "cbl-mariner-1.0": 78}
ECOSYSTEMS = {"azurelinux-3.0": "azurelinux:3.0", "cbl-mariner-1.0": "mariner:1.0"}

Bound = tuple[str, str, str, str, Severity]
"""A flaw, a package, a word for the bound, its version without the distribution's tag."""

_OVAL = "{http://oval.mitre.org/XMLSchema/oval-definitions-5}"
_FIXED = re.compile(r"Package (\S+) is earlier than +(\S+), affected by (\S+)")
_LAST = re.compile(r"Package (\S+) is installed with version (\S+) or earlier")
_TAG = re.compile(r"\.(azl|cm)\d+$")


def unpacked(name: str) -> bytes:
    packed = (corpus("vulnerabilities/oval") / f"{name}-oval.xml.zst").read_bytes()
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed)


def said(definition: ET.Element) -> Bound | None:
    """Read a definition by its comment, in which the generator repeats everything; else None."""
    if definition.findtext(f"{_OVAL}metadata/{_OVAL}patchable") == "Not Applicable":
        return None
    [criterion] = definition.iter(f"{_OVAL}criterion")
    [reference] = definition.iter(f"{_OVAL}reference")
    severity = Severity((definition.findtext(f".//{_OVAL}severity") or "").lower())
    comment, flaw = criterion.get("comment", ""), reference.get("ref_id", "")
    if fixed := _FIXED.match(comment):
        return flaw, fixed[1], "fixed", fixed[2], severity
    last = _LAST.match(comment)
    assert last
    return flaw, last[1], "last affected", last[2], severity


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_definition_is_read_or_not_applicable(name: str) -> None:
    text = unpacked(name)
    definitions = list(ET.fromstring(text).iter(f"{_OVAL}definition"))  # noqa: S314 - the corpus is known
    read = [said(definition) for definition in definitions]
    expected = sorted(bound for bound in read if bound)
    stamp, *advisories = rows(azure_oval, text)
    assert isinstance(stamp, Stamp)
    found = sorted(
        (
            advisory.id,
            row.name,
            "fixed" if range_.fixed else "last affected",
            _TAG.sub("", range_.fixed or range_.last_affected),
            row.severity,
        )
        for advisory in advisories
        if isinstance(advisory, Advisory)
        for row in advisory.affected
        for range_ in row.ranges
        if row.ecosystem == ECOSYSTEMS[name]
    )
    record_agreement(f"OVAL definitions, {name}", len(found), DEFINITIONS[name] - read.count(None))
    record_agreement(
        f"OVAL definitions, {name}, not applicable", read.count(None), NOT_APPLICABLE[name]
    )
    assert len(definitions) == DEFINITIONS[name]
    assert read.count(None) == NOT_APPLICABLE[name]
    assert found == expected
