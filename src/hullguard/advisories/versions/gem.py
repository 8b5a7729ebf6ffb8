"""The order of RubyGems' versions (source: documentation of `Gem::Version`).

A version is a row of runs of digits or of letters, `-` stands for `.pre.`, and other characters
only separate. The end counts as zeros without end; letters sort before numbers, so any letter
makes a pre-release; zeros at the end and before the first letter do not count. What is no valid
version is read the same way; one without digits or letters is version 0.
"""

import re

from hullguard.advisories.versions.sortable import ZERO, falling, number, rising

_LETTERS, _END, _NUMBER = "1", "2", "3"
_runs = re.compile("[0-9]++|[A-Za-z]++").findall


def key(version: str) -> tuple[str, ...]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples.

    Zeros are not kept but counted with what follows them: letters after many zeros come nearer
    to the end, from below, and a number after many zeros comes nearer to it from above.
    """
    coded = []
    zeros = 0
    lettered = False
    for run in _runs(version.replace("-", ".pre.")):
        if not run.isdigit():
            coded.append(_LETTERS + rising(zeros if lettered else 0) + run)
            lettered = True
        elif (value := number(run)) == ZERO:
            zeros += 1
            continue
        else:
            coded.append(_NUMBER + falling(zeros) + value)
        zeros = 0
    return (*coded, _END)
