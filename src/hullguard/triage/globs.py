"""Patterns with `*`, `?` and `[...]`, for names and for paths."""

from fnmatch import fnmatchcase


def is_literal(pattern: str) -> bool:
    """Tell whether a pattern means one text only."""
    return not any(wildcard in pattern for wildcard in "*?[")


def path_matches(pattern: str, path: str) -> bool:
    """Match a path as shells with globstar do: `*` stays inside a folder, `**` goes through any.

    A slash at the beginning of either does not count. Takes time in the product of both
    lengths at most.
    """
    parts = pattern.lstrip("/").split("/")
    reached = _past_globstars({0}, parts)
    for name in path.lstrip("/").split("/"):
        stepped = set()
        for at in reached:
            if at < len(parts) and (parts[at] == "**" or fnmatchcase(name, parts[at])):
                stepped.add(at if parts[at] == "**" else at + 1)
        reached = _past_globstars(stepped, parts)
    return len(parts) in reached


def _past_globstars(reached: set[int], parts: list[str]) -> set[int]:
    """Add the places that are reached because `**` may stand for nothing."""
    grown = set(reached)
    for at in sorted(reached):
        step = at
        while step < len(parts) and parts[step] == "**":
            step += 1
            grown.add(step)
    return grown
