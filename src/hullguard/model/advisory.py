"""What is known to be wrong with software."""

from enum import StrEnum

import msgspec

from hullguard.model.severity import Severity


class Status(StrEnum):
    """What an advisory says of one package (of one release, for distributions)."""

    FIXED = "fixed"
    AFFECTED = "affected"
    WONT_FIX = "wont_fix"
    FIX_DEFERRED = "fix_deferred"
    END_OF_LIFE = "end_of_life"
    NOT_AFFECTED = "not_affected"
    UNDER_INVESTIGATION = "under_investigation"
    UNKNOWN = "unknown"


class Range(msgspec.Struct, frozen=True, omit_defaults=True):
    """Versions from `introduced` (inclusive; empty: from the first) up to a bound.

    At most one of `fixed` (exclusive) and `last_affected` (inclusive) is set;
    neither: every later version is affected.
    """

    introduced: str = ""
    fixed: str = ""
    last_affected: str = ""


class Affected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One package that an advisory speaks of, in one ecosystem (or release of one).

    A range's `fixed` is a fix to show only where `status` is `fixed`; where it is `affected`,
    the bound is just where the source's knowledge ends. A status of `unknown` means that the
    source names the package but no version of it: nothing can be judged by it.
    """

    ecosystem: str  # "debian:11", "alpine:3.19", "pypi", "npm", "maven", "golang"
    name: str  # normalised; a source package where the ecosystem counts in sources
    status: Status = Status.AFFECTED
    ranges: tuple[Range, ...] = ()  # empty with empty versions: every version
    versions: tuple[str, ...] = ()  # versions affected one by one
    fixed: str = ""  # the fix to show where no range tells it
    severity: Severity = Severity.UNKNOWN  # the source's own word on this package
    arches: tuple[str, ...] = ()  # empty: all
    module: str = ""  # rpm modularity, "name:stream", "*": some stream; empty: not modular
    note: str = ""  # the source's reason for the status, in a word or two


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rating of one source."""

    source: str  # "nvd", "ghsa", "cisa-adp", "redhat"
    vector: str = ""  # CVSS:3.1/AV:N/...; CVSS 2 vectors have no prefix
    score: float = 0.0  # base score, 0.0 to 10.0
    severity: Severity = Severity.UNKNOWN


class Advisory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record of one feed."""

    id: str
    source: str  # the feed: "osv-pypi", "debian", "alpine"
    affected: tuple[Affected, ...]
    aliases: tuple[str, ...] = ()  # other names of the very same flaw
    fixes: tuple[str, ...] = ()  # of an erratum: its flaws, each a finding of its own
    severity: Severity = Severity.UNKNOWN  # the source's own word
    scores: tuple[Score, ...] = ()
    title: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    cwes: tuple[str, ...] = ()
    published: str = ""  # RFC 3339
    modified: str = ""
    withdrawn: str = ""
