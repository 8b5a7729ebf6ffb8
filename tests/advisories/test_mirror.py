"""Ready-made shards from mirrors: genuine, whole and no older than before, or not used at all."""

import json
import shutil
from base64 import b64encode
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import msgspec
import pytest

from authorities import Authority
from fault_proxy import FaultProxy, corrupting, dropping, fault_proxy, replying
from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.presence import family_contents, years_here
from hullguard.advisories.update import Updater
from hullguard.model import GapKind, Misused
from hullguard.transport.client import Connection
from hullguard.transport.retry import Patience
from mirrors import Publisher
from registries import running_registry
from servers import serving
from upstreams import fill, kev, upstreams

HASTY = Patience(sleep=lambda _: None)


class Mirror(msgspec.Struct, frozen=True):
    """A mirror as it is configured."""

    url: str
    key: str


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    """Publish some families once for all tests; none of them changes it."""
    folder = tmp_path_factory.mktemp("published")
    with upstreams() as sites:
        fill(sites)
        publisher = Publisher(folder, sites.config())
        made = publisher.publish("debian", "kev", "alpine:3.19", "cve:2024")
        assert (made.returncode, made.stderr) == (0, "")
        yield publisher


@pytest.fixture
def publisher(published: Publisher, tmp_path: Path) -> Publisher:
    """Return a copy to spoil."""
    shutil.copytree(published.site, tmp_path / "site")
    spoiled = copy(published)
    spoiled.site = tmp_path / "site"
    return spoiled


@pytest.fixture
def web(publisher: Publisher) -> Iterator[FaultProxy]:
    with serving(publisher.handle) as url, fault_proxy(url) as proxy:
        yield proxy


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "db"


class Notes:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def advance(self, key: str, description: str, done: int, total: int | None) -> None:
        """Show no progress."""

    def finish(self, key: str) -> None:
        """Show no end of it."""

    def note(self, text: str) -> None:
        """Keep it."""
        self.notes.append(text)


def updater(db: Path, *mirrors: Mirror, show: Notes | None = None) -> Updater:
    return Updater(db, mirrors=mirrors, patience=HASTY, show=show)


def test_a_family_comes_ready_made_and_dated_as_the_mirror_fetched_it(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    assert updater(db, Mirror(web.url, publisher.key)).update(["debian"]) == ()
    for shard in ("match/debian.db", "details/debian.db"):
        assert (db / shard).read_bytes() == (publisher.db / shard).read_bytes()
    note, theirs = read_fetched(db, "debian"), read_fetched(publisher.db, "debian")
    assert note
    assert theirs
    assert note.at == theirs.at
    assert len(web.paths(".zst")) == 2
    assert not list((db / "incoming").glob("*.zst*"))


def test_what_has_not_changed_is_not_fetched_again(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    mirror = Mirror(web.url, publisher.key)
    updater(db, mirror).update(["debian", "kev"])
    web.seen.clear()
    assert updater(db, mirror).update(["debian", "kev"]) == ()
    assert sorted(web.paths()) == ["/index.json", "/index.json.sig"]


def test_years_of_scores_come_from_a_mirror_too(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    mirror = Mirror(web.url, publisher.key)
    [gap] = updater(db, mirror).update_years([2024, 2023])
    assert years_here(db) == (2024,)
    assert read_fetched(db, "cve-2024")
    assert str(gap) == (
        "scores of 2023: could not be fetched: no mirror that is configured holds them"
    )
    assert gap.kind is GapKind.UNRATED


def test_a_family_that_no_mirror_holds_is_a_gap(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    [gap] = updater(db, Mirror(web.url, publisher.key)).update(["pypi", "kev"])
    assert (gap.where, gap.kind) == ("pypi advisories", GapKind.NOT_COVERED)
    assert family_contents(db, "kev")


def test_the_next_mirror_is_taken_where_one_fails_and_it_is_said(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    told = Notes()
    mirrors = (Mirror("http://127.0.0.1:9/", publisher.key), Mirror(web.url, publisher.key))
    assert updater(db, *mirrors, show=told).update(["debian"]) == ()
    assert family_contents(db, "debian")
    said = [note for note in told.notes if not note.startswith("waiting")]
    assert len(said) == 1
    assert said[0].startswith(
        "the mirror http://127.0.0.1:9/ is of no use now: 127.0.0.1:9 refuses"
    )


def test_a_mirror_that_fails_half_way_is_replaced_for_what_is_left(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    web.add("match-kev", replying(404), 1)
    mirrors = (Mirror(web.url, publisher.key), Mirror(f"{web.url}/./", publisher.key))
    assert updater(db, *mirrors).update(["debian", "kev"]) == ()
    assert len(web.paths("debian")) == 2
    assert family_contents(db, "kev")


@pytest.mark.parametrize("name", ["index.json", "index.json.sig"])
def test_a_changed_index_is_refused_before_anything_is_used(
    publisher: Publisher, web: FaultProxy, db: Path, name: str
) -> None:
    index = publisher.site / name
    content = index.read_bytes()
    index.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    [gap] = updater(db, Mirror(web.url, publisher.key)).update(["debian"])
    assert str(gap) == (
        f"debian advisories: could not be fetched: {web.url}: is not signed by the key that is "
        "configured for this mirror"
    )
    assert web.paths(".zst") == []
    assert not list(db.glob("*/*.db"))


def test_an_index_signed_by_somebody_else_is_refused(web: FaultProxy, db: Path) -> None:
    other = b64encode(b"\1" * 32).decode()
    [gap] = updater(db, Mirror(web.url, other)).update(["debian"])
    assert "is not signed by the key" in gap.why


def test_a_shard_that_is_not_what_the_index_says_is_refused(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    web.add("match-debian", corrupting(), 1)
    mirror = Mirror(web.url, publisher.key)
    [gap] = updater(db, mirror).update(["debian"])
    assert "is not what the mirror's index says (its sha256)" in gap.why
    assert not (db / "match/debian.db").exists()
    assert updater(db, mirror).update(["debian"]) == ()


def test_an_index_older_than_the_last_is_refused(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    mirror = Mirror(web.url, publisher.key)
    updater(db, mirror).update(["debian"])
    publisher.sign(publisher.index() | {"created": "2020-01-01T00:00:00Z"})
    [gap] = updater(db, mirror).update(["debian"])
    assert gap.kind is GapKind.OUTDATED
    assert "offers advisories of 2020-01-01T00:00:00Z, older than those used last" in gap.why


def test_shards_laid_out_for_another_version_are_refused(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    publisher.sign(publisher.index() | {"layout": 99})
    [gap] = updater(db, Mirror(web.url, publisher.key)).update(["debian"])
    assert "is for another version of hullguard" in gap.why


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("file", "../../../etc/passwd"),
        ("file", "http://elsewhere.example/x"),
        ("sha256", "abc"),
        ("size", -1),
        ("size", 1 << 60),
        ("fetched", "yesterday"),
        ("fetched", "2026-01-01T00:00:00"),
    ],
)
def test_an_index_of_nonsense_is_refused(
    publisher: Publisher, web: FaultProxy, db: Path, field: str, value: object
) -> None:
    index = publisher.index()
    index["shards"]["match/kev.db"][field] = value
    publisher.sign(index)
    [gap] = updater(db, Mirror(web.url, publisher.key)).update(["kev"])
    assert "is no index of a mirror" in gap.why


@pytest.mark.parametrize("size", [100, 10_000_000])
def test_a_shard_of_another_size_than_signed_is_refused(
    publisher: Publisher, web: FaultProxy, db: Path, size: int
) -> None:
    index = publisher.index()
    index["shards"]["match/kev.db"]["size"] = size
    publisher.sign(index)
    [gap] = updater(db, Mirror(web.url, publisher.key)).update(["kev"])
    assert "match-kev" in gap.why
    assert not (db / "match/kev.db").exists()


@pytest.mark.parametrize("key", ["", "c2hvcnQ=", "no base64 ÿ"])
def test_a_mirror_without_a_key_is_wrong_usage(db: Path, key: str) -> None:
    with pytest.raises(Misused, match="no usable key"):
        updater(db, Mirror("https://mirror.example/", key)).update(["kev"])


def test_a_mirror_at_an_impossible_address_is_wrong_usage(publisher: Publisher, db: Path) -> None:
    with pytest.raises(Misused, match="no address of a mirror"):
        updater(db, Mirror("ftp://mirror.example/", publisher.key)).update(["kev"])


def test_an_interrupted_shard_is_gone_on_with(
    publisher: Publisher, web: FaultProxy, db: Path
) -> None:
    web.add("match-kev", dropping(100), 1)
    web.add("match-kev", replying(500), 7)
    mirror = Mirror(web.url, publisher.key)
    assert len(updater(db, mirror).update(["kev"])) == 1
    assert updater(db, mirror).update(["kev"]) == ()


@pytest.mark.integration
def test_a_registry_can_be_a_mirror(published: Publisher, tmp_path: Path, db: Path) -> None:
    authority = Authority(tmp_path)
    tls = authority.issue("localhost")
    with running_registry(tmp_path) as plain, running_registry(tmp_path, tls=tls) as registry:
        published.push(plain, "hullguard/advisories", "1")
        mirror = Mirror(f"oci://{registry.host}/hullguard/advisories:1", published.key)
        connection = Connection(ca_file=authority.file)
        updater = Updater(db, mirrors=[mirror], connection=connection)
        assert updater.update(["debian", "alpine", "cve:2024"]) == ()
        for shard in ("match/debian.db", "details/alpine.db", "match/cve-2024.db"):
            assert (db / shard).read_bytes() == (published.db / shard).read_bytes()
        [gap] = Updater(
            db, mirrors=[Mirror(mirror.url + "x", mirror.key)], connection=connection
        ).update(["debian"])
        assert "has hullguard/advisories, but not with the tag 1x" in gap.why


def test_publishing_again_keeps_what_somebody_may_still_be_fetching(
    tmp_path: Path,
) -> None:
    with upstreams() as sites:
        publisher = Publisher(tmp_path, sites.config())
        names: list[set[str]] = []
        for cve in ("CVE-2021-1", "CVE-2021-2", "CVE-2021-3"):
            sites.put("kev", kev([cve]))
            assert publisher.publish("kev").returncode == 0
            names.append({path.name for path in publisher.site.glob("*.zst")})
    assert [len(some) for some in names] == [1, 2, 2]
    assert not names[0] & names[2]


def test_what_cannot_be_fetched_is_said_and_the_rest_published(tmp_path: Path) -> None:
    with upstreams() as sites:
        sites.put("kev", kev(["CVE-2021-1"]))
        publisher = Publisher(tmp_path, sites.config())
        made = publisher.publish("kev", "debian")
    assert made.returncode == 3
    assert "debian advisories: could not be fetched" in made.stderr
    assert list(publisher.index()["shards"]) == ["match/kev.db"]


def test_the_layout_names_every_file(published: Publisher) -> None:
    [top] = json.loads((published.layout / "index.json").read_text())["manifests"]
    blob = published.layout / "blobs/sha256" / top["digest"].removeprefix("sha256:")
    titles = [
        layer["annotations"]["org.opencontainers.image.title"]
        for layer in json.loads(blob.read_text())["layers"]
    ]
    assert titles[:2] == ["index.json", "index.json.sig"]
    assert len(titles) == 2 + len(published.index()["shards"])
