"""The order of Composer's versions.

Sources: Composer, *Versions and constraints*; PHP manual, `version_compare`.

Numbers first, then, lowest first: other text by alphabet, `dev`, `alpha`, `beta`, `rc`, the
end, further numbers, `patch`; as in PHP the first letters tell (`dev`, `a`, `b`, `rc`, `p`).
Composer fills up to four numbers, so zeros at the end do not count; neither do `v` before a
version, `stable`, a build after `+`, and the difference of upper and lower case. `1.x` is newer
than every 1.N. A branch, `dev-NAME`, has no number and sorts before all versions, as does any
text that begins with none.
"""

import re
from itertools import dropwhile

from hullguard.advisories.versions.sortable import ZERO, number

_RANKS = {"dev": "1", "a": "2", "b": "3", "rc": "4", "p": "7"}
_word = re.compile("dev|a|b|rc|p").match
_NO_VERSION, _OTHER, _END, _NUMBER = "", "0", "5", "6"
_NEWEST = number("9999999")  # Composer's number for the x in `1.x`
_ANY = frozenset({"x", "*"})
_runs = re.compile("[0-9]++|[^0-9.+_#-]++").findall


def key(version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    text = version.strip().lower().partition("+")[0].removeprefix("v")
    ranked = [_rank(run) for run in _runs(text) if run != "stable"]
    words = [*dropwhile(lambda rank: rank.startswith(_NUMBER), ranked)]
    numbers = ranked[: len(ranked) - len(words)]
    if not numbers:
        words.insert(0, _NO_VERSION)
    while numbers and numbers[-1] == _NUMBER + ZERO:
        numbers.pop()
    return (tuple(numbers), (*words, _END))


def _rank(run: str) -> str:
    if "0" <= run[0] <= "9":
        return _NUMBER + number(run)
    if run in _ANY:
        return _NUMBER + _NEWEST
    word = _word(run)
    return _RANKS[word[0]] if word else _OTHER + run
