"""Several records with one id: what adds up, and who has the say."""

from hullguard.advisories.merge import merged
from hullguard.model import Advisory, Affected, Range, Severity, Status


def row(ecosystem: str, fix: str = "2", name: str = "a") -> Affected:
    return Affected(ecosystem=ecosystem, name=name, status=Status.FIXED, ranges=(Range(fixed=fix),))


def record(*rows: Affected, source: str = "test", modified: str = "", **more: object) -> Advisory:
    return Advisory(id="X-1", source=source, affected=rows, modified=modified, **more)  # type: ignore[arg-type]


def test_one_record_is_left_as_it_is() -> None:
    alone = record(row("pypi"))
    assert merged([alone]) is alone


def test_packages_of_different_releases_add_up() -> None:
    one = merged([record(row("alpine:3.18")), record(row("alpine:3.19"))])
    assert [each.ecosystem for each in one.affected] == ["alpine:3.18", "alpine:3.19"]


def test_what_two_files_say_alike_stands_once() -> None:
    assert merged([record(row("pypi")), record(row("pypi"))]).affected == (row("pypi"),)


def test_on_one_package_the_record_that_was_changed_last_has_the_say() -> None:
    old = record(row("pypi", "1"), row("pypi", "1", "b"), modified="2020-01-01T00:00:00Z")
    new = record(row("pypi", "2"), modified="2021-01-01T00:00:00Z")
    assert merged([old, new]).affected == (row("pypi", "2"), row("pypi", "1", "b"))


def test_debians_tracker_has_the_say_over_later_announcements() -> None:
    never = Affected(ecosystem="debian:12", name="a", status=Status.NOT_AFFECTED)
    tracked = record(never, source="debian", text="a flaw")
    announced = record(
        row("debian:12"), row("debian:9"), source="debian-dsa", modified="2030-01-01T00:00:00Z"
    )
    one = merged([announced, tracked])
    assert one.affected == (never, row("debian:9"))
    assert (one.source, one.text) == ("debian", "a flaw")


def test_what_one_record_leaves_out_the_other_tells() -> None:
    one = merged(
        [
            record(modified="2021-01-01T00:00:00Z", aliases=("A",), title="new", cwes=("CWE-1",)),
            record(
                published="2019-01-01T00:00:00Z",
                aliases=("B", "A"),
                title="old",
                text="told",
                severity=Severity.HIGH,
            ),
        ]
    )
    assert (one.aliases, one.title, one.text) == (("A", "B"), "new", "told")
    assert (one.severity, one.cwes) == (Severity.HIGH, ("CWE-1",))
    assert (one.published, one.modified) == ("2019-01-01T00:00:00Z", "2021-01-01T00:00:00Z")
