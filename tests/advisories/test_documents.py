"""From files and folders to documents: what is read, what is said of the rest."""

import gzip
import os
from io import BytesIO
from pathlib import Path

import pytest

from hullguard.advisories.documents import FORMATS, Skipped, documents, format_of, read
from hullguard.advisories.feed import Document, Likelihood, Stamp
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Malformed, Unreachable

EPSS = b"#model_version:v1,score_date:2026-11-23\ncve,epss,percentile\nCVE-1999-1,0.1,0.2\n"


def outcomes(origin: Path) -> list[tuple[str, bytes] | Gap | Skipped]:
    """Return what became of each file; of documents the name and content."""
    return [
        (each.name, each.stream.read()) if isinstance(each, Document) else each
        for each in documents(origin, Budget())
    ]


def test_a_folder_is_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/epss.csv", "a/epss.csv", "epss.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(EPSS)
    assert outcomes(tmp_path) == [
        ("a/epss.csv", EPSS),
        ("b/epss.csv", EPSS),
        ("epss.csv", EPSS),
    ]


def test_a_single_file_is_a_document(tmp_path: Path) -> None:
    file = tmp_path / "epss.csv"
    file.write_bytes(EPSS)
    assert outcomes(file) == [(str(file), EPSS)]


def test_compressed_files_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "epss.csv.gz").write_bytes(gzip.compress(EPSS))
    assert outcomes(tmp_path) == [("epss.csv.gz", EPSS)]


@pytest.mark.parametrize("name", ["x.json", "x.XML", "x.csv.gz", "x.txt", "x.zip"])
def test_data_that_no_format_knows_is_a_gap(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"rubbish")
    assert outcomes(tmp_path) == [Gap(name, "holds data in no format known here")]


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "list"])
def test_files_that_do_not_look_like_data_are_skipped_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"rubbish")
    assert outcomes(tmp_path) == [Skipped(name)]


def test_a_file_that_was_asked_for_is_never_skipped(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_bytes(b"rubbish")
    assert outcomes(file) == [Gap(str(file), "holds data in no format known here")]


def test_broken_compression_is_a_gap_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(EPSS)[:-5])
    (tmp_path / "b.csv").write_bytes(EPSS)
    assert outcomes(tmp_path) == [
        Gap("a.csv.gz", "compressed data stops early; fetch the file again"),
        ("b.csv", EPSS),
    ]


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "epss.csv").write_bytes(EPSS)
    (inside / "file.csv").symlink_to(outside / "epss.csv")
    (inside / "folder").symlink_to(outside)
    why = "is a link that leads out of the folder, so it was not followed"
    assert outcomes(inside) == [Gap("file.csv", why), Gap("folder", why)]


def test_links_that_stay_inside_lead_to_what_is_read_anyway(tmp_path: Path) -> None:
    (tmp_path / "epss.csv").write_bytes(EPSS)
    (tmp_path / "again.csv").symlink_to("epss.csv")
    (tmp_path / "round").symlink_to(".")
    assert outcomes(tmp_path) == [("epss.csv", EPSS)]


def test_what_is_no_file_is_a_gap_instead_of_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert outcomes(tmp_path) == [Gap("pipe.json", "is no ordinary file")]


def test_a_place_without_anything_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="there is no such file or folder"):
        outcomes(tmp_path / "nothing")


def test_a_spent_budget_ends_the_walk(tmp_path: Path) -> None:
    (tmp_path / "epss.csv").write_bytes(EPSS)
    with pytest.raises(BudgetSpent):
        list(documents(tmp_path, Budget(Limits(bytes=10))))


def test_a_document_is_read_by_the_format_that_knows_it() -> None:
    document = Document(name="x", stream=BytesIO(EPSS))
    assert list(read(document, Budget())) == [
        Stamp("2026-11-23"),
        Likelihood(cve="CVE-1999-1", epss=0.1, percentile=0.2),
    ]


def test_a_document_in_no_known_format_is_refused() -> None:
    with pytest.raises(Malformed, match="is in no format known here"):
        list(read(Document(name="x", stream=BytesIO(b"rubbish")), Budget()))


def test_every_format_can_be_asked() -> None:
    assert format_of("x", b"") is None
    assert len(FORMATS) == 8
