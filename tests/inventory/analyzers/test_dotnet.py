""".NET applications: which libraries of a deps.json lie beside the program."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzers.dotnet import read
from hullguard.model import Malformed
from installed_files import gaps, outcomes, packages, survive, versions

PATH = "app/cart.deps.json"
TARGET = ".NETCoreApp,Version=v8.0/linux-x64"
LIBRARIES: dict[str, object] = {
    "cart/1.0.0": {"type": "project", "serviceable": False, "sha512": ""},
    "Newtonsoft.Json/12.0.1": {"type": "package", "serviceable": True},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0": {"type": "runtimepack"},
    "Microsoft.AspNetCore.Antiforgery/8.0.0.0": {"type": "referenceassembly"},
}
FILES: dict[str, object] = {"runtime": {"a.dll": {}}}


def deps(libraries: dict[str, object], files: dict[str, object] | None = None) -> str:
    target = {"runtimeTarget": {"name": TARGET, "signature": ""}, "targets": {TARGET: files or {}}}
    return json.dumps({**target, "libraries": libraries})


def test_packages_the_runtime_and_the_application_itself_are_listed() -> None:
    assert versions(read, deps(LIBRARIES), PATH) == [
        ("cart", "1.0.0"),
        ("Newtonsoft.Json", "12.0.1"),
        ("Microsoft.NETCore.App.Runtime.linux-x64", "8.0.0"),
    ]


def test_a_library_is_a_nuget_package_told_of_by_the_file() -> None:
    package = packages(read, deps(LIBRARIES), PATH)[1]
    assert (package.type, package.path, package.scope) == ("nuget", PATH, "")


@pytest.mark.parametrize("kind", ["runtime", "runtimeTargets", "native", "resources"])
def test_a_library_with_files_is_there(kind: str) -> None:
    text = deps({"a/1.0.0": {"type": "package"}}, {"a/1.0.0": {kind: {"a.dll": {}}}})
    assert versions(read, text, PATH) == [("a", "1.0.0")]


def test_a_library_without_files_was_not_published() -> None:
    files: dict[str, object] = {"System.IO/4.1.0": {"dependencies": {"a": "1"}}, "a/1.0.0": FILES}
    libraries: dict[str, object] = {key: {"type": "package"} for key in files}
    assert versions(read, deps(libraries, files), PATH) == [("a", "1.0.0")]


def test_a_library_that_the_target_keeps_silent_about_counts_as_there() -> None:
    assert versions(read, deps({"a/1.0.0": {"type": "package"}}), PATH) == [("a", "1.0.0")]


def test_a_library_without_a_version_is_a_gap_and_the_next_one_is_read() -> None:
    text = deps({"a": {"type": "package"}, "b/1.0.0": {"type": "package"}})
    assert gaps(read, text, PATH) == [f"{PATH}: has a library 'a' without a version"]
    assert len(outcomes(read, text, PATH)) == 2


def test_a_broken_library_is_a_gap_and_the_next_one_is_read() -> None:
    text = deps({"a/1.0.0": 3, "b/1.0.0": {"type": "package"}})
    assert gaps(read, text, PATH) == [
        f"{PATH}, library 'a/1.0.0': has an unexpected form: Expected `object`, got `int`"
    ]
    assert len(outcomes(read, text, PATH)) == 2


def test_a_mark_of_byte_order_is_skipped() -> None:
    assert len(versions(read, "\ufeff" + deps(LIBRARIES), PATH)) == 3


@pytest.mark.parametrize(
    "text", ["", "not\njson", "{}", "[]", '{"libraries": []}', '{"libraries": {"a/1": {}}']
)
def test_a_file_that_is_no_such_list_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match=PATH):
        outcomes(read, text, PATH)


@given(st.binary(), st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_content_makes_it_raise(data: bytes, key: str, value: object) -> None:
    survive(read, data, PATH)
    survive(read, deps({key: value}).encode(), PATH)
    survive(read, deps({key: {"type": "package"}}, {key: value}).encode(), PATH)
