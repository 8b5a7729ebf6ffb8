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
    if not any(part in links for part in ancestors(path)):
        return path
    folder, _, name = path.rpartition("/")
    try:
        real = resolve(folder, links)
    except Malformed:
        return path
    return f"{real}/{name}" if real else name


def ancestors(path: str) -> list[str]:
    """Return the folders that hold a path, the innermost first.

    >>> ancestors("usr/lib/apk")
    ['usr/lib', 'usr']
    """
    folders = []
    at = path.rfind("/")
    while at > 0:
        path = path[:at]
        folders.append(path)
        at = path.rfind("/")
    return folders
