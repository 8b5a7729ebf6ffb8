"""Installed Ruby gems: specifications as RubyGems writes them, read but never run."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzers.ruby import read
from hullguard.model import Malformed
from installed_files import outcomes, packages, survive, versions

PATH = "usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.3.gemspec"
RACK = """\
# -*- encoding: utf-8 -*-
# stub: rack 2.2.3 ruby lib

Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.3"

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :x
  s.authors = ["Leah Neukirchen".freeze]
  s.description = "Sets\\ns.name = \\"other\\"".freeze
  s.licenses = ["MIT".freeze]
  s.rubygems_version = "3.2.22".freeze
end
"""


def test_name_version_and_licence_are_read() -> None:
    [package] = packages(read, RACK, PATH)
    assert (package.type, package.name, package.version) == ("gem", "rack", "2.2.3")
    assert (package.licence, package.path) == ("MIT", PATH)


def test_a_gem_of_one_platform_has_the_version_without_it() -> None:
    text = 's.name = "nokogiri".freeze\ns.version = "1.13.3"\ns.platform = "x86_64-linux".freeze\n'
    path = "usr/lib/ruby/gems/3.1.0/specifications/nokogiri-1.13.3-x86_64-linux.gemspec"
    assert versions(read, text, path) == [("nokogiri", "1.13.3")]


def test_the_gems_of_ruby_itself_are_gems_too() -> None:
    path = "usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec"
    assert versions(read, 's.name = "json"\ns.version = "2.6.1"\n', path) == [("json", "2.6.1")]


@pytest.mark.parametrize(
    "version",
    [
        '"1.2"',
        "'1.2'",
        '"1.2".freeze # of today',
        "%q{1.2}",
        "%q<1.2>.freeze",
        "%q(1.2)",
        "%Q[1.2]",
        'Gem::Version.new("1.2")',
        "Gem::Version.new '1.2'",
        'Gem::Version.create("1.2".freeze)',
        "VERSION",
        "VERSION # set above",
    ],
)
def test_a_version_is_read_in_every_usual_quote(version: str) -> None:
    text = (
        f"VERSION = '1.2'\nGem::Specification.new do |s|\n  s.name = 'a'\n  s.version = {version}"
    )
    assert versions(read, text, PATH) == [("a", "1.2")]


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        ('s.license = "MIT"', "MIT"),
        ('s.licenses = ["Ruby".freeze, "BSD-2-Clause".freeze]', "Ruby, BSD-2-Clause"),
        ('s.licenses = ["Ruby".freeze,"BSD-2-Clause"]', "Ruby, BSD-2-Clause"),
        ("s.licenses = []", ""),
        ("", ""),
    ],
)
def test_licences_are_listed(licences: str, expected: str) -> None:
    [package] = packages(read, f's.name = "a"\ns.version = "1"\n{licences}\n', PATH)
    assert package.licence == expected


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "name"),
        ('s.name = "a"\n', "version"),
        ('s.name = ""\ns.version = "1"\n', "name"),
        ('s.name = "a"\ns.version = Cart::VERSION\n', "version"),
        ('s.name = "a"\ns.version = "#{Cart::VERSION}"\n', "version"),
        ('s.name = "a"\ns.version = File.read("VERSION")\n', "version"),
        ('s.name = "a"\ns.version = \n"1"\n', "version"),
        ('s.name = "a"\n# s.version = "1"\n', "version"),
        ('s.name = "a"\ns.version == "1"\n', "version"),
    ],
)
def test_a_gem_that_computes_its_name_or_version_is_refused(text: str, missing: str) -> None:
    with pytest.raises(Malformed, match=f"does not write its {missing} out"):
        outcomes(read, text, PATH)


@pytest.mark.parametrize(
    "line", ['"\\"' * 400_000, " " * 1_000_000, "a" * 1_000_000, "%q{" * 300_000]
)
def test_long_lines_take_no_long_time(line: str) -> None:
    start = time.monotonic()
    survive(read, f"s.name = {line}\n{line}\ns.version = {line}".encode(), PATH)
    assert time.monotonic() - start < 2


@given(st.binary())
def test_no_bytes_make_it_raise(data: bytes) -> None:
    survive(read, data, PATH)
    survive(read, b"s.name = " + data + b"\ns.version = " + data, PATH)
