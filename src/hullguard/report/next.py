"""The commands that lead on from a report: every list ends with what explains or narrows it."""

import shlex
from collections.abc import Iterator, Mapping

from hullguard.report.layout import Line, span, width_of

_LEAD = "Next:  "
_SCAN = "hullguard image scan"


def next_commands(target: str, worst: str, width: int, *, more: bool) -> Iterator[Line]:
    """Yield the commands, each with a remark where there is room; commands are never cut.

    Args:
        target: what was scanned, as the user wrote it.
        worst: the rule id that stands first.
        width: of the terminal; 0: there is room for everything.
        more: some rows were not shown.
    """
    remarks = _commands(shlex.quote(span(target)[0]), shlex.quote(span(worst)[0]), more=more)
    yield from remarked(remarks, width)


def remarked(remarks: Mapping[str, str], width: int) -> Iterator[Line]:
    """Yield commands with their remarks."""
    longest = max(width_of(command) for command in remarks)
    lead = _LEAD
    for command, remark in remarks.items():
        fits = not width or len(_LEAD) + longest + 2 + len(remark) <= width
        text = f"{command}{' ' * (longest - width_of(command))}  " if fits else command
        yield ((lead, "faint"), (text, ""), (remark if fits else "", "faint"))
        lead = " " * len(_LEAD)


def _commands(target: str, worst: str, *, more: bool) -> dict[str, str]:
    every = {f"{_SCAN} {target} --all": "to see every one"} if more else {}
    return {
        f"hullguard explain {worst}": "what it is, what to do",
        **every,
        f"{_SCAN} {target} --fail-on high": "to stop a pipeline",
    }
