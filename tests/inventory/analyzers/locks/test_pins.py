"""What all lock files have in common: pins told once each, and what bytes may do."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, any_licence, nearer, packages
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Malformed
from lock_files import NAMES, outcomes

FILE = File(path="app/some.lock", data=b"")

SAMPLES = {  # a small sound file of each format, to be damaged
    "bundler": "GEM\n  remote: https://x/\n  specs:\n    rack (2.2.3-java)\n      a (~> 1)\n",
    "cargo": 'version = 3\n[[package]]\nname = "a"\nversion = "1.0"\nsource = "git+x"\n',
    "composer": '{"packages":[{"name":"a/b","version":"v1","license":["MIT"]}],"packages-dev":[]}',
    "gomod": "module x\ngo 1.16\ntoolchain go1.22.1\nrequire (\n\ta.b/c v1.0.0 // indirect\n)\n"
    "replace a.b/c v1.0.0 => ../c\nexclude a.b/c v1.1.0\n",
    "npm": '{"lockfileVersion":1,"dependencies":{"a":{"version":"npm:b@1","dev":true,'
    '"dependencies":{"c":{"version":"git+x"}}}}}',
    "pdm": '[[package]]\nname = "a"\nversion = "1"\ngroups = ["default"]\npath = "x.whl"\n',
    "pipfile": '{"_meta":{},"default":{"a":{"version":"==1"}},"develop":{"b":{"path":"."}}}',
    "pnpm": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n"
    "        version: 1.0.0\npackages:\n  a@1.0.0: &x\n    resolution: {type: git}\n  b@1: *x\n"
    "snapshots:\n  a@1.0.0: {}\n",
    "poetry": '[[package]]\nname = "a"\nversion = "1"\n[package.source]\ntype = "git"\n',
    "pylock": 'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n',
    "requirements": "a[x]==1.0 \\\n --hash=x\n-r b.txt\nc @ https://x/c-1-py3-none-any.whl\n",
    "uv": 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "x" }\n'
    '[[package]]\nname = "r"\nsource = { virtual = "." }\ndependencies = [{ name = "a" }]\n',
    "yarn": '"a@npm:b@^1", c@2:\n  version "1.0"\n  resolved "https://x/@s/b/-/b-1.tgz#0"\n',
}


def test_a_package_is_told_once_per_version_in_the_scope_nearest_to_run_time() -> None:
    told = [Pin("a", "1", "dev"), Pin("b", "1"), Pin("a", "1", "optional"), Pin("a", "2", "dev")]
    found = [each for each in packages("npm", FILE, Budget(), told) if isinstance(each, Found)]
    assert [(each.package.name, each.package.version, each.package.scope) for each in found] == [
        ("a", "1", "optional"),
        ("b", "1", ""),
        ("a", "2", "dev"),
    ]
    assert {each.package.path for each in found} == {"app/some.lock"}


@pytest.mark.parametrize(
    "name", ["", "a b", "a\nb", "\x1b[31m", "a\0", "caf\N{REPLACEMENT CHARACTER}"]
)
def test_a_name_that_cannot_be_one_is_a_gap(name: str) -> None:
    [gap] = packages("npm", FILE, Budget(), [Pin(name, "1")])
    assert isinstance(gap, Gap)
    assert gap.where.isprintable()


def test_the_budget_is_spent_on_every_record() -> None:
    budget = Budget(Limits(entries=2))
    with pytest.raises(BudgetSpent):
        list(packages("npm", FILE, budget, [Pin("a", "1")] * 3))


def test_run_time_is_nearer_than_optional_and_that_is_nearer_than_dev() -> None:
    assert (nearer("dev", ""), nearer("optional", "dev")) == ("", "optional")


def test_licences_that_are_no_texts_are_left_out() -> None:
    assert any_licence(["MIT", 1, None]) == "MIT"


@pytest.mark.parametrize("module", NAMES)
@given(st.data())
def test_no_bytes_make_an_analyzer_raise_anything_but_malformed(
    module: str, data: st.DataObject
) -> None:
    sample = SAMPLES[module].encode()
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, len(sample)))
    piece = data.draw(
        st.binary(max_size=20) | st.sampled_from([sample, b"&a *a", b"\\ud800", b"[" * 2000])
    )
    with suppress(Malformed):
        outcomes(module, sample[:start] + piece + sample[end:])


@pytest.mark.parametrize("module", NAMES)
def test_the_samples_are_sound(module: str) -> None:
    assert any(isinstance(each, Found) for each in outcomes(module, SAMPLES[module]))
