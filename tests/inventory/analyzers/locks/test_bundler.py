"""Bundler's lock file."""

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins

LOCK = """\
GIT
  remote: https://example.com/utils.git
  revision: 5904fc9a
  specs:
    hanami-utils (2.0.0.alpha1)
      concurrent-ruby (~> 1.0)

PATH
  remote: .
  specs:
    shop (0.1.0)
      rack (~> 2.0)

GEM
  remote: https://rubygems.org/
  specs:
    concurrent-ruby (1.1.7)
    nokogiri (1.13.3)
      racc (~> 1.4)
    nokogiri (1.13.3-x86_64-linux-musl)
    rack (2.2.3)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  hanami-utils!

BUNDLED WITH
   2.2.28
"""


def test_gems_of_registries_and_repositories_count_once_for_all_platforms() -> None:
    assert pins("bundler", LOCK) == [
        ("hanami-utils", "2.0.0.alpha1", ""),
        ("concurrent-ruby", "1.1.7", ""),
        ("nokogiri", "1.13.3", ""),
        ("rack", "2.2.3", ""),
    ]


def test_lines_may_end_as_on_windows() -> None:
    assert len(pins("bundler", LOCK.replace("\n", "\r\n"))) == 4


def test_a_gem_without_a_version_is_a_gap_and_the_next_one_is_read() -> None:
    text = "GEM\n  specs:\n    rack\n    rake (13.0)\n"
    assert gaps("bundler", text) == ["line 3: names no gem"]
    assert len(outcomes("bundler", text)) == 2


@pytest.mark.parametrize("data", ["", "source 'https://rubygems.org'\n", "<<<<<<< HEAD\n" + LOCK])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"is no Gemfile\.lock"):
        outcomes("bundler", data)
