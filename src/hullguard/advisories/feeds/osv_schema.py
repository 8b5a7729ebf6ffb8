"""The parts of an OSV record that we read, as structs (source: OSV schema 1.7).

Whatever the schema leaves to the databases (`database_specific`, `ecosystem_specific`) has the
type `object` where two databases might disagree about it.
"""

from typing import Annotated

import msgspec


class Event(msgspec.Struct, gc=False):
    """One of the four is set; `limit` bounds Git ranges only and is not read."""

    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None


class Range(msgspec.Struct, gc=False):
    """Events along SEMVER, ECOSYSTEM or GIT versions."""

    type: str = ""
    events: list[Event] = []
    repo: str = ""


class Named(msgspec.Struct, gc=False):
    """A package; GIT-only records have none."""

    ecosystem: str
    name: str


class Severity(msgspec.Struct, gc=False):
    """A vector; `source` is an extension of Julia's database."""

    type: str
    score: str
    source: str = ""


class AffectedDatabase(msgspec.Struct, gc=False):
    """`affected[].database_specific` of GitHub and RustSec."""

    last_known_affected_version_range: object = None
    informational: object = None


class AffectedEcosystem(msgspec.Struct, gc=False):
    """`affected[].ecosystem_specific` of Go: ranges along versions that Go does not know."""

    custom_ranges: list[Range] | None = None


class Affected(msgspec.Struct, gc=False):
    """One package and its versions."""

    package: Named | None = None
    ranges: list[Range] | None = None
    versions: list[str] | None = None
    severity: list[Severity] | None = None
    database_specific: AffectedDatabase | None = None
    ecosystem_specific: AffectedEcosystem | None = None


class Reference(msgspec.Struct, gc=False):
    """A link."""

    url: str = ""


class Database(msgspec.Struct, gc=False):
    """`database_specific` of GitHub, PSF and Bitnami."""

    severity: object = None
    cwe_ids: object = None


class Record(msgspec.Struct, gc=False):
    """One advisory."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    affected: list[Affected] | None = None
    aliases: list[str] | None = None
    related: list[str] | None = None
    upstream: list[str] | None = None
    summary: str = ""
    details: str = ""
    severity: list[Severity] | None = None
    references: list[Reference] | None = None
    database_specific: Database | None = None
    published: str = ""
    modified: str = ""
    withdrawn: str | None = None


TOP_LEVEL = frozenset(name.encode() for name in Record.__struct_fields__) | {
    b"schema_version",
    b"credits",
}
"""Every key that an OSV record may have at its top level."""

DECODER = msgspec.json.Decoder(Record)
