"""Symbolic links inside an image: resolved against the image's own root, never outside it."""

from collections.abc import Mapping

from hullguard.model import Malformed

_MOST = 40  # links followed for one path, as Linux does (path_resolution(7))


def resolve(path: str, links: Mapping[str, str]) -> str:
    """Return where a path leads, its last part included.

    Raises:
        Malformed: the links lead in a circle.

    >>> resolve("lib/apk/db", {"lib": "usr/lib"})
    'usr/lib/apk/db'
    """
    pending = path.split("/")[::-1]
    done: list[str] = []
    followed = 0
    while pending:
        part = pending.pop()
        if part == "..":
            del done[-1:]
        elif part not in ("", "."):
            done.append(part)
            target = links.get("/".join(done))
            if target is not None:
                followed += 1
                if followed > _MOST:
                    raise Malformed(path, "its symbolic links lead in a circle")
                done = [] if target.startswith("/") else done[:-1]
                pending += target.split("/")[::-1]
    return "/".join(done)


def canonical(path: str, links: Mapping[str, str]) -> str:
    """Return the path with the links among its folders resolved; the same where they circle."""
    end = path.find("/")
    while end > 0 and path[:end] not in links:  # asked about every path: most lead through none
        end = path.find("/", end + 1)
    if end < 0:
        return path
    folder, _, name = path.rpartition("/")
    try:
        real = resolve(folder, links)
    except Malformed:
        return path
    return f"{real}/{name}" if real else name
