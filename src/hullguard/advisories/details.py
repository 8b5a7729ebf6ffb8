"""Details shards: whole advisories, for texts, references and `hullguard explain`.

Rows are compressed one by one with a dictionary trained on the shard's own rows: a quarter of
the size of plain ones, and each can still be read alone.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hullguard.advisories.lookup import rows_with
from hullguard.model import Advisory

if TYPE_CHECKING:
    from zstandard import ZstdCompressionDict

_Decoded = TypeVar("_Decoded")

SAMPLES = 2_000
"""So many encoded advisories are enough to train on."""

_DICTIONARY_BYTES = 112_640
_FEWEST_SAMPLES = 500  # of fewer, a dictionary is larger than what it saves
_LEVEL = 9
_LARGEST = 64 << 20  # bytes of one advisory; what is larger is damage


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The part of an advisory that a report shows."""

    id: str
    title: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    cwes: tuple[str, ...] = ()
    published: str = ""


def encode_advisory(advisory: Advisory) -> bytes:
    """Return an advisory as msgpack, not compressed.

    Raises:
        UnicodeEncodeError: it holds half a surrogate pair.
    """
    return _encoder.encode(advisory)


def decode_advisory(data: bytes) -> Advisory:
    """Read what `encode_advisory` wrote."""
    return _advisory.decode(data)


def fill_details(
    connection: sqlite3.Connection, advisories: Iterable[Advisory], samples: Sequence[bytes]
) -> None:
    """Write advisories, sorted by id, and an index of their other names."""
    import zstandard  # noqa: PLC0415 - only where details are written or read

    dictionary = _trained(samples)
    compress = zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary).compress
    connection.execute("CREATE TABLE dictionary (bytes BLOB NOT NULL)")
    connection.execute("INSERT INTO dictionary VALUES (?)", (dictionary.as_bytes(),))
    connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, blob BLOB) WITHOUT ROWID")
    names: list[tuple[str, str]] = []

    def rows() -> Iterator[tuple[str, bytes]]:
        for advisory in advisories:
            names.extend((name, advisory.id) for name in {*advisory.aliases, *advisory.fixes})
            yield advisory.id, compress(encode_advisory(advisory))

    connection.executemany("INSERT INTO record VALUES (?, ?)", rows())
    connection.execute("CREATE TABLE name (name, id, PRIMARY KEY (name, id)) WITHOUT ROWID")
    connection.executemany("INSERT INTO name VALUES (?, ?)", sorted(names))


def read_texts(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Text]:
    """Return what reports show of advisories, by id; ids that are not here are left out.

    Call it, as all functions here that read, within `shard.telling_damage`.
    """
    return {text.id: text for text in _records(connection, ids, _text.decode)}


def read_advisories(connection: sqlite3.Connection, name: str) -> list[Advisory]:
    """Return every advisory that has this id or alias, or fixes this flaw, sorted by id."""
    found = connection.execute("SELECT id FROM name WHERE name = ?", (name,))
    ids = {name, *(id_ for (id_,) in found)}
    return sorted(_records(connection, ids, _advisory.decode), key=lambda advisory: advisory.id)


def _records(
    connection: sqlite3.Connection, ids: Iterable[str], decode: Callable[[bytes], _Decoded]
) -> Iterator[_Decoded]:
    import zstandard  # noqa: PLC0415 - only where details are written or read

    [[bytes_]] = connection.execute("SELECT bytes FROM dictionary")
    dictionary = zstandard.ZstdCompressionDict(bytes_)
    decompress = zstandard.ZstdDecompressor(dict_data=dictionary).decompress
    for (blob,) in rows_with(connection, "SELECT blob FROM record WHERE id IN ({})", ids):
        try:
            if zstandard.frame_content_size(blob) > _LARGEST:
                raise ValueError("a row claims an absurd size")
            yield decode(decompress(blob))
        except zstandard.ZstdError as error:
            raise ValueError(error) from None


def _trained(samples: Sequence[bytes]) -> "ZstdCompressionDict":
    import zstandard  # noqa: PLC0415 - only where details are written or read

    if len(samples) < _FEWEST_SAMPLES:
        return zstandard.ZstdCompressionDict(b"")
    return zstandard.train_dictionary(_DICTIONARY_BYTES, list(samples))


_encoder = msgspec.msgpack.Encoder()
_advisory = msgspec.msgpack.Decoder(Advisory)
_text = msgspec.msgpack.Decoder(Text)
