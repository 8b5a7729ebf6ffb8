"""What waits between reading and writing."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from hullguard.advisories.draft import Draft
from hullguard.advisories.feed import Rated
from hullguard.model import Advisory, Affected


@pytest.fixture
def draft() -> Iterator[Draft]:
    draft = Draft("pypi")
    yield draft
    draft.close()


def advisory(id_: str, ecosystem: str = "pypi", **more: object) -> Advisory:
    affected = (Affected(ecosystem=ecosystem, name="a"),)
    return Advisory(id=id_, source="x", affected=affected, **more)  # type: ignore[arg-type]


def test_advisories_come_back_sorted_and_once_an_id(draft: Draft) -> None:
    for each in (advisory("X-2"), advisory("X-1", "alpine:3.19"), advisory("X-1", "alpine:3.18")):
        draft.add(each)
    first, second = draft.advisories()
    assert (first.id, second.id, draft.advisory_count) == ("X-1", "X-2", 2)
    assert [row.ecosystem for row in first.affected] == ["alpine:3.19", "alpine:3.18"]


def test_text_that_is_no_unicode_is_a_gap(draft: Draft) -> None:
    draft.add(advisory("X-1", title="\ud800"))
    assert str(draft.gaps[0]) == "'X-1': holds text that is no Unicode"
    assert draft.advisory_count == 0


def test_a_document_that_states_its_date_overrules_the_dates_of_its_records(draft: Draft) -> None:
    draft.add(advisory("X-1", modified="2026-01-02T03:04:05Z", published="2020-01-01T00:00:00Z"))
    assert draft.dates() == ("2026-01-02T00:00:00Z", "2020-01-01T00:00:00Z")
    draft.stamps.append("2026-02-01T00:00:00Z")
    assert draft.dates() == ("2026-02-01T00:00:00Z",)


def test_a_date_that_means_nothing_is_none(draft: Draft) -> None:
    draft.add(advisory("GO-2026-4337", modified="", published="soon"))
    assert draft.dates() == ()


def test_of_two_ratings_of_one_cve_the_one_changed_last_counts(draft: Draft) -> None:
    new, old = (Rated(cve="CVE-2020-1000", modified=day) for day in ("2026-02-01", "2026-01-01"))
    draft.add(new)
    draft.add(old)
    assert draft.rated == {"CVE-2020-1000": new}


def test_samples_are_spread_over_all_advisories(draft: Draft) -> None:
    for number in range(5_000):
        draft.add(advisory(f"X-{number}"))
    assert 1_000 < len(draft.samples()) <= 2_000


_WITHOUT_ROOM = """
import resource
from hullguard.advisories.draft import Draft
from hullguard.model import Advisory

resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
draft = Draft("pypi")
for number in range(100):
    draft.add(Advisory(id=f"X-{number}", source="x", affected=(), text="x" * 1_000_000))
"""


def test_no_room_for_temporary_files_is_told_with_what_to_do() -> None:
    command = [sys.executable, "-c", _WITHOUT_ROOM]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Unreachable: Advisories cannot be sorted" in ended.stderr
    assert "SQLITE_TMPDIR" in ended.stderr
