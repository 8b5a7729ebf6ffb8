r"""Installed Ruby gems: `specifications/*.gemspec`, and `specifications/default/` for Ruby's own.

A gemspec is a Ruby program, and it is never run: RubyGems writes the installed ones in one form,
`s.name = "rack".freeze`, and a few older forms occur. (Source: RubyGems,
lib/rubygems/specification.rb, `to_ruby`.)
"""

import re
from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.licence import listed
from hullguard.inventory.named import named
from hullguard.model import MIB, Budget, Gap, Malformed, Package

_LARGEST = MIB
_FIELD = re.compile(r"^[ \t]*\w+\.(name|version|licenses?)[ \t]*=(?!=)(.{0,2000})", re.MULTILINE)
_CONSTANT = re.compile(r"^[ \t]*([A-Z]\w*)[ \t]*=(?!=)(.{0,200})", re.MULTILINE)
_TEXT = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'"""
    r"""|%[qQ]?(?:\{([^}]*)\}|<([^>]*)>|\(([^)]*)\)|\[([^\]]*)\]))(?:\.freeze)?"""
)
_OPENING = re.compile(r"\s*(?:Gem::Version\.(?:new|create)[ (]|\[)?")
_COMPUTED = "#{"


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the gem, without the platform that its file name may end in.

    Raises:
        Malformed: name or version are missing, or computed by the program.
        BudgetSpent: nothing is left.
    """
    budget.spend(file.path, entries=1)
    source = file.data[:_LARGEST].decode(errors="replace")
    fields = dict(reversed(_FIELD.findall(source)))  # the first of each counts
    constants = dict(_CONSTANT.findall(source))
    name, version = (_value(fields.get(key, ""), constants) for key in ("name", "version"))
    for key, value in (("name", name), ("version", version)):
        if not value:
            raise Malformed(file.path, f"is a gem specification that does not write its {key} out")
    licences = _texts(fields.get("licenses") or fields.get("license") or "")
    yield named(
        Package(type="gem", name=name, version=version, licence=listed(licences), path=file.path)
    )


def _value(written: str, constants: dict[str, str]) -> str:
    """Return the text that stands there, or that the constant has which stands there."""
    texts = _texts(written) or _texts(constants.get(written.partition("#")[0].strip(), ""))
    return texts[0] if texts and _COMPUTED not in texts[0] else ""


def _texts(written: str) -> list[str]:
    """Return the string literals that a line starts with, in all of Ruby's usual quotes."""
    texts = []
    at = _end(_OPENING.match(written))
    while literal := _TEXT.match(written, at):
        texts.append("".join(part for part in literal.groups() if part))
        at = literal.end()
        if not written.startswith(",", at):
            break
        at += 1
    return texts


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
