"""CISA's catalogue of known exploited vulnerabilities.

Source: www.cisa.gov, known_exploited_vulnerabilities_schema.json.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from hullguard.advisories.feed import Document, Exploited, Row, Stamp
from hullguard.advisories.json_records import decoded, keys_in
from hullguard.advisories.names import CVE_ID
from hullguard.model import Budget, Gap, Malformed


class _Entry(msgspec.Struct, rename="camel"):
    cve: Annotated[str, msgspec.Meta(pattern=CVE_ID)] = msgspec.field(name="cveID")
    date_added: str
    due_date: str = ""
    known_ransomware_campaign_use: str = ""  # "Known" or "Unknown"


class _Catalogue(msgspec.Struct, rename="camel"):
    date_released: str
    vulnerabilities: list[msgspec.Raw]


_CATALOGUE = msgspec.json.Decoder(_Catalogue)
_ENTRY = msgspec.json.Decoder(_Entry)


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - mirrors name it as they like
    """Tell the catalogue by its keys."""
    return {b"catalogVersion", b"dateReleased"} <= keys_in(head)


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield the catalogue's date and its entries, and a gap for each broken one.

    Raises:
        Malformed: the document is no catalogue.
        BudgetSpent: there is more inside than is allowed.
    """
    catalogue = decoded(_CATALOGUE, document.stream.read(), document.name)
    yield Stamp(catalogue.date_released)
    for number, raw in enumerate(catalogue.vulnerabilities, start=1):
        budget.spend(document.name, entries=1)
        try:
            entry = decoded(_ENTRY, raw, f"{document.name}, entry {number}")
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        yield Exploited(
            cve=entry.cve,
            added=entry.date_added,
            due=entry.due_date,
            ransomware=entry.known_ransomware_campaign_use == "Known",
        )
