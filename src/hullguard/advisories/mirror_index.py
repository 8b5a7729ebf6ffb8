"""What a mirror holds: `index.json`, signed by `index.json.sig`; docs/reference/database.md."""

from datetime import datetime
from typing import Annotated

import msgspec

from hullguard.advisories import shard
from hullguard.model import Malformed

INDEX = "index.json"
SIGNATURE = "index.json.sig"
SCHEMA = "hullguard/mirror/1"

_Time = Annotated[datetime, msgspec.Meta(tz=True)]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One shard, as a mirror hands it out: compressed with zstd."""

    file: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,200}\Z")]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]  # of the file
    size: Annotated[int, msgspec.Meta(ge=0, le=1 << 32)]  # bytes of the shard, unpacked
    fetched: _Time  # when the upstream was asked


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a mirror hands out, by the shard's path in the database."""

    schema: str = SCHEMA
    layout: int = shard.SCHEMA  # of the shards
    created: _Time
    shards: dict[str, Offer]


def read_index(document: bytes, where: str) -> Index:
    """Read an index whose signature has been checked.

    Raises:
        Malformed: it is no index, or speaks of shards that this version cannot read.
    """
    try:
        index = msgspec.json.decode(document, type=Index)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(where, f"is no index of a mirror ({error})") from None
    if (index.schema, index.layout) != (SCHEMA, shard.SCHEMA):
        raise Malformed(
            where,
            f"is for another version of hullguard ({index.schema}, layout {index.layout}; "
            f"here {SCHEMA}, layout {shard.SCHEMA}). Update the older of the two",
        )
    return index
