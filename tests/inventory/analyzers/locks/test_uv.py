"""uv's lock file: what comes from elsewhere, and who needs it."""

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins

LOCK = """\
version = 1

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "requests", extra = ["socks"] },
]

[package.optional-dependencies]
charts = [{ name = "plot" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }, { name = "requests" }]

[[package]]
name = "requests"
version = "2.32.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "idna" }]

[package.optional-dependencies]
socks = [{ name = "pysocks" }]
unused = [{ name = "pytest" }]

[[package]]
name = "idna"
version = "3.10"
source = { registry = "https://index.example/simple" }

[[package]]
name = "pysocks"
version = "1.7.1"
source = { git = "https://example.com/pysocks.git" }

[[package]]
name = "plot"
version = "1.0"
source = { path = "plot-1.0-py3-none-any.whl" }
dependencies = [{ name = "idna" }]

[[package]]
name = "pytest"
version = "8.0"
source = { url = "https://example.com/pytest.tar.gz" }
dependencies = [{ name = "idna" }, { name = "pytest" }]
"""


def test_the_scope_is_told_by_who_needs_a_package() -> None:
    assert pins("uv", LOCK) == [
        ("requests", "2.32.0", ""),
        ("idna", "3.10", ""),
        ("pysocks", "1.7.1", ""),
        ("plot", "1.0", "optional"),
        ("pytest", "8.0", "dev"),
    ]


@pytest.mark.parametrize("source", ["virtual", "editable", "directory"])
def test_a_folder_of_the_tree_is_no_package(source: str) -> None:
    text = f'version = 1\n[[package]]\nname = "shop"\nsource = {{ {source} = "." }}\n'
    assert pins("uv", text) == []


def test_without_a_project_every_package_counts_as_needed() -> None:
    text = LOCK.replace('{ virtual = "." }', '{ registry = "https://index.example/simple" }')
    assert {scope for _, _, scope in pins("uv", text)} == {""}


def test_a_broken_entry_is_a_gap_and_the_others_are_read() -> None:
    text = LOCK + '[[package]]\nversion = "1"\n'
    assert [gap.partition(":")[0] for gap in gaps("uv", text)] == ["package[6]"]
    assert len(outcomes("uv", text)) == 6


@pytest.mark.parametrize("data", ["", "[", "package = []"])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"uv\.lock"):
        outcomes("uv", data)
