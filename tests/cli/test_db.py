"""`hullguard db`: what it prints, fetches and exits with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authorities import Authority
from fault_proxy import ALWAYS, replying
from hullguard.advisories.plan import FAMILIES
from hullguard.cli.main import main
from mirrors import Publisher
from servers import serving
from upstreams import Upstreams, fill, osv_record, osv_zip, upstreams

KEYS = ["schema", "tool", "generated", "folder", "families", "missing", "damaged", "gaps"]
FAMILY_KEYS = [
    "family",
    "fetched",
    "data_date",
    "advisories",
    "packages",
    "sources",
    "coverage",
    "gaps",
    "size",
    "outdated",
]
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "db"


@pytest.fixture
def sites(tmp_path: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstreams]:
    with upstreams() as sites:
        fill(sites)
        config = tmp_path / "config.toml"
        config.write_text(sites.config())
        monkeypatch.setenv("HULLGUARD_CONFIG", str(config))
        monkeypatch.setenv("HULLGUARD_DB", str(db))
        yield sites


def run(printed: Printed, *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["db", *arguments])
    told = printed.readouterr()
    return end.value.code, told.out, told.err


def document(printed: Printed, *arguments: str) -> dict[str, Any]:
    _, out, _ = run(printed, *arguments, "--format", "json")
    told: dict[str, Any] = json.loads(out)
    assert (told["schema"], list(told)) == ("hullguard/database/1", KEYS)
    assert all(list(family) == FAMILY_KEYS for family in told["families"])
    return told


@pytest.mark.usefixtures("sites")
def test_an_empty_database_says_what_to_do(capsys: Printed, db: Path) -> None:
    code, out, err = run(capsys, "status")
    assert (code, err) == (0, "")
    assert out.startswith(f"No advisories are in {db} yet.\n\nNot here: pypi, npm, maven,")
    assert out.endswith("Ahead of time: hullguard db update debian pypi\n")
    assert not db.exists()


def test_an_empty_database_is_not_brought_up_to_date_at_random(
    capsys: Printed, sites: Upstreams
) -> None:
    code, _, err = run(capsys, "update")
    assert code == 2
    assert "Name what you need: hullguard db update debian pypi" in err
    assert sites.asked_paths() == []


def test_families_are_fetched_and_shown(capsys: Printed, sites: Upstreams) -> None:
    code, out, err = run(capsys, "update", "debian", "alpine:3.19", "cve:2024")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["FAMILY", "alpine", "cve", "debian"]
    assert out.splitlines()[3].endswith("10, 11, 12")
    assert len(sites.asked_paths()) == 6


def test_without_a_name_everything_that_is_there_is_asked_for_again(
    capsys: Printed, sites: Upstreams
) -> None:
    run(capsys, "update", "kev", "pypi")
    sites.asked()
    code, out, _ = run(capsys, "update")
    assert code == 0
    assert len(out.splitlines()) == 3
    assert all("if-none-match" in seen.headers for seen in sites.asked())


@pytest.mark.usefixtures("sites")
def test_the_state_is_a_document_for_machines(capsys: Printed, db: Path) -> None:
    run(capsys, "update", "debian", "kev")
    told = document(capsys, "status")
    debian, kev = told["families"]
    assert told["folder"] == str(db)
    assert debian["coverage"] == ["debian:10", "debian:11", "debian:12"]
    assert (debian["advisories"], debian["packages"], debian["outdated"]) == (3, 3, False)
    assert debian["size"] == sum(path.stat().st_size for path in db.glob("*/debian.db"))
    assert len(debian["sources"]) == 3
    assert kev["data_date"] == "2026-05-01T12:00:00Z"
    assert sorted([*told["missing"], "debian", "kev"]) == sorted(FAMILIES)


@pytest.mark.usefixtures("sites")
def test_what_has_aged_is_marked_with_the_command_that_renews_it(capsys: Printed) -> None:
    run(capsys, "update", "kev")
    code, out, _ = run(capsys, "status", "--max-age", "0")
    assert code == 0
    assert "! To be renewed: kev. Do it: hullguard db update kev\n" in out


@pytest.mark.usefixtures("sites")
def test_damage_is_said_and_ends_with_3(capsys: Printed, db: Path) -> None:
    run(capsys, "update", "kev")
    (db / "match/kev.db").write_bytes(b"no database at all, but long enough to be looked at" * 99)
    code, out, _ = run(capsys, "status")
    assert code == 3
    assert "! kev cannot be read" in out
    assert document(capsys, "status")["damaged"] == ["kev"]


def test_a_family_that_cannot_be_fetched_ends_with_3_and_one_sentence(
    capsys: Printed, sites: Upstreams
) -> None:
    sites.proxy.add("/storage.googleapis.com/", replying(403), ALWAYS)
    code, out, err = run(capsys, "update", "pypi", "kev")
    assert code == 3
    assert [line.split()[0] for line in out.splitlines()] == ["FAMILY", "kev"]
    assert len(err.splitlines()) == 1
    assert err.startswith("hullguard: pypi advisories: could not be fetched: 127.0.0.1")
    assert [gap["where"] for gap in document(capsys, "update", "pypi")["gaps"]] == [
        "pypi advisories"
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["update", "debain"], "Did you mean debian?"),
        (["update", "cve"], "Name the years, as in cve:2024"),
        (["update", "--offline", "kev"], "This needs the network"),
        (["build", "--offline", "--from", "https://x.example/all.zip"], "This needs the network"),
        (["build", "--from", "http://x.example/all.zip"], "is not an https:// address"),
        (["build"], "Missing option '--from'"),
    ],
)
@pytest.mark.usefixtures("sites")
def test_wrong_usage_ends_with_2(capsys: Printed, arguments: list[str], told: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.usefixtures("sites")
def test_files_become_a_database(capsys: Printed, tmp_path: Path, db: Path) -> None:
    (tmp_path / "pypi.zip").write_bytes(osv_zip([osv_record("PYSEC-1", "PyPI", "cart", "2.0")]))
    (tmp_path / "README").write_text("Downloaded by hand.")
    code, out, err = run(capsys, "build", "--from", str(tmp_path / "pypi.zip"))
    assert (code, err) == (0, "")
    assert out.splitlines()[1].split()[:5] == ["pypi", "1", "1", "built", "here"]
    first = (db / "match/pypi.db").read_bytes()
    run(capsys, "build", "--from", f"file://{tmp_path}/pypi.zip")
    assert (db / "match/pypi.db").read_bytes() == first


def test_a_database_built_from_files_is_not_taken_for_what_was_fetched(
    capsys: Printed, sites: Upstreams, tmp_path: Path
) -> None:
    run(capsys, "update", "pypi")
    (tmp_path / "pypi.zip").write_bytes(osv_zip([osv_record("PYSEC-1", "PyPI", "cart", "2.0")]))
    run(capsys, "build", "--from", str(tmp_path / "pypi.zip"))
    assert document(capsys, "status")["families"][0]["fetched"] == ""
    sites.asked()
    run(capsys, "update")
    [seen] = sites.asked()
    assert "if-none-match" not in seen.headers


@pytest.mark.usefixtures("sites")
def test_what_can_be_read_is_built_and_the_rest_said(capsys: Printed, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "pypi.zip").write_bytes(osv_zip([osv_record("PYSEC-1", "PyPI", "cart", "2.0")]))
    (folder / "other.json").write_text('{"unheard": "of"}')
    code, out, err = run(capsys, "build", "--from", str(folder))
    assert code == 3
    assert "pypi" in out
    assert err == "hullguard: other.json: holds data in no format known here\n"


@pytest.mark.usefixtures("sites")
def test_a_folder_without_data_ends_with_3(capsys: Printed, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/README").write_text("Nothing here.")
    code, _, err = run(capsys, "build", "--from", str(tmp_path / "docs"))
    assert code == 3
    assert "holds nothing in a format known here" in err


@pytest.mark.usefixtures("sites")
def test_upstream_files_can_be_named_by_their_addresses(
    capsys: Printed, tmp_path: Path, db: Path
) -> None:
    authority = Authority(tmp_path)
    archive = osv_zip([osv_record("PYSEC-1", "PyPI", "cart", "2.0")])
    with serving(lambda handler: handler.answer(200, {}, archive), authority.issue("web")) as url:
        origin = ["--from", f"{url}/osv/PyPI/all.zip", "--ca-file", str(authority.file)]
        code, _, err = run(capsys, "build", *origin)
        assert (code, err) == (0, "")
        first = (db / "match/pypi.db").read_bytes()
        run(capsys, "build", *origin, "--db", str(tmp_path / "again"))
    assert (tmp_path / "again/match/pypi.db").read_bytes() == first
    assert document(capsys, "status")["families"][0]["sources"] == ["PyPI/all.zip"]
    assert list((db / "incoming").iterdir()) == []


def test_configured_mirrors_are_asked_instead_of_the_sites(
    capsys: Printed, sites: Upstreams, tmp_path: Path
) -> None:
    publisher = Publisher(tmp_path / "publisher", sites.config())
    assert publisher.publish("kev").returncode == 0
    sites.asked()
    with serving(publisher.handle) as url:
        mirror = f'[[mirrors]]\nurl = "{url}/"\nkey = "{publisher.key}"\n'
        (tmp_path / "config.toml").write_text(sites.config() + mirror)
        code, out, err = run(capsys, "update", "kev")
        assert (code, err) == (0, "")
        assert out.splitlines()[1].split()[:2] == ["kev", "1"]
        code, _, err = run(capsys, "update", "pypi")
    assert code == 3
    assert "no mirror that is configured holds them" in err
    assert sites.asked_paths() == []
