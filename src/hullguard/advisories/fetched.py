"""When a family was last fetched, and what the upstream said then: `fetched/FAMILY.json`.

It lies beside the shards, so that these hold nothing but what their sources say.
"""

from pathlib import Path

import msgspec

from hullguard.advisories.shard import replace_file


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an upstream said of one of its files; asked again, it may answer "not modified"."""

    url: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""  # of the file as sent


class Fetched(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One family's upstream files."""

    family: str
    at: str  # RFC 3339
    feeds: dict[str, Answer] = {}  # by name of the feed, with its placeholders: "cve-2024"


def read_fetched(db: Path, family: str) -> Fetched | None:
    """Return when a family was fetched; None where it never was, or the note is damaged."""
    try:
        return msgspec.json.decode(_path(db, family).read_bytes(), type=Fetched)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write_fetched(db: Path, fetched: Fetched) -> None:
    """Note when a family was fetched; call it within `shard.writing`."""
    text = msgspec.json.format(msgspec.json.encode(fetched))
    replace_file(_path(db, fetched.family), lambda path: _write(path, text))


def forget_fetched(db: Path, family: str) -> None:
    """Note that a family does not come from where it was fetched; call it within `writing`."""
    years = (db / "fetched").glob("cve-*.json") if family == "cve" else ()
    for path in (_path(db, family), *years):
        path.unlink(missing_ok=True)


def _write(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _path(db: Path, family: str) -> Path:
    return db / "fetched" / f"{family}.json"
