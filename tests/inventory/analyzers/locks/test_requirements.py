"""pip's requirements files: what is a pin, what is a wish, and what is neither."""

import pytest

from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


@pytest.mark.parametrize(
    ("line", "name", "version"),
    [
        ("django==2.2", "django", "2.2"),
        ("Django == 2.2", "Django", "2.2"),
        ("yolo===1.0.legacy", "yolo", "1.0.legacy"),
        ("zope.interface==5.0.0", "zope.interface", "5.0.0"),
        ("celery[redis, pytest]==4.4.7", "celery", "4.4.7"),
        ("celery [redis] (==4.4.7)", "celery", "4.4.7"),
        ("six==1.16.0 # a comment", "six", "1.16.0"),
        ('six==1.16.0; python_version < "3"', "six", "1.16.0"),
        ("six==1.16.0,>=1.0", "six", "1.16.0"),
        ("six==1.16.0 --hash=sha256:00 --hash=sha256:01", "six", "1.16.0"),
        ("six==1.16.0 -C setting", "six", "1.16.0"),
        ("six \\\n  ==1.16.0 \\\n  --hash=sha256:00", "six", "1.16.0"),
        ("six==1.16.0 \\", "six", "1.16.0"),
        ("torch==2.1.0+cu118", "torch", "2.1.0+cu118"),
        ("https://example.com/six-1.16.0-py2.py3-none-any.whl#sha256=00", "six", "1.16.0"),
        ("./wheels/six-1.16.0-1-py3-none-any.whl", "six", "1.16.0"),
        ("six-1.16.0-py3-none-any.whl", "six", "1.16.0"),
        (
            "torch @ https://x/torch-2.1.0%2Bcu118-cp311-cp311-linux_x86_64.whl",
            "torch",
            "2.1.0+cu118",
        ),
    ],
)
def test_a_pin_tells_the_version(line: str, name: str, version: str) -> None:
    assert pins("requirements", line) == [(name, version, "")]


@pytest.mark.parametrize(
    "line",
    [
        "django",
        "django>=2.2",
        "django~=2.2,!=2.2.1",
        "django==2.*",
        "django==${VERSION}",
        "django @ git+https://example.com/django.git@2.2",
        "git+https://example.com/django.git@2.2#egg=django",
        "https://example.com/django-2.2.tar.gz",
        "-e ./django",
        "-c constraints.txt",
        "--index-url https://example.com/simple",
        ".",
        "",
        "# django==2.2",
    ],
)
def test_a_wish_is_neither_a_package_nor_a_gap(line: str) -> None:
    assert pins("requirements", line) == []


def test_utf_16_with_its_mark_is_read() -> None:
    assert pins("requirements", "six==1.16.0\r\n".encode("utf-16")) == [("six", "1.16.0", "")]


def test_a_comment_in_another_encoding_does_no_harm() -> None:
    assert pins("requirements", b"# caf\xe9\nsix==1.16.0") == [("six", "1.16.0", "")]


def test_lines_that_pip_would_refuse_are_one_gap() -> None:
    text = "six==1.16.0\nfoo== --hash=x\nbar==1.0 and more\n"
    assert gaps("requirements", text) == [
        "line 2: 2 lines are no requirement that pip would accept"
    ]
    assert len(outcomes("requirements", text)) == 2


@pytest.mark.parametrize("data", ["== heading ==\n\nsome prose here.\n", "\0\0", "%PDF-1.4"])
def test_what_holds_no_requirement_at_all_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"requirements\.txt"):
        outcomes("requirements", data)


@pytest.mark.parametrize(
    ("path", "included"),
    [
        ("requirements.txt", "requirements/prod.txt"),
        ("requirements/dev.txt", "prod.txt"),
        ("requirements/dev.txt", "../requirements.txt"),
        ("app/dev-requirements.txt", "requirements-dev.in.txt"),
    ],
)
def test_an_included_file_that_is_read_on_its_own_is_no_gap(path: str, included: str) -> None:
    assert pins("requirements", f"-r {included}\n", path=path) == []


@pytest.mark.parametrize("included", ["deps.txt", "../deps/prod.txt", "https://x/requirements.txt"])
def test_an_included_file_that_nobody_reads_is_a_gap(included: str) -> None:
    [gap] = gaps("requirements", f"six==1.16.0\n--requirement={included}\n")
    assert gap.startswith(f"line 2: includes {included}, which is not read: it is not called")


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("requirements.txt", ["requirements"]),
        ("app/requirements-dev.txt", ["requirements"]),
        ("dev-requirements.txt", ["requirements"]),
        ("requirements/prod.txt", ["requirements"]),
        ("requirements/prod/notes.txt", []),
        ("docs/requirements.md", []),
        ("robots.txt", []),
    ],
)
def test_requirements_files_are_known_by_their_names(path: str, rows: list[str]) -> None:
    assert [row.name for row in Wanted(Where.SOURCE).by_path(path)] == rows
