"""A file system in memory, into which layers are unpacked step by step: what squashing must match.

Rules: OCI image spec, layer.md. Parents that are links are followed inside the root, and parents
that are missing are made, as containerd does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINKS = 40


class Impossible(Exception):
    """Nothing could unpack this entry: a parent is no folder, or links lead in a circle."""


@dataclass(frozen=True)
class File:
    """A regular file, told apart by its number; hard links share it."""

    number: int


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True)
class Device:
    """Neither file nor folder."""


@dataclass
class Folder:
    """A folder and what is in it."""

    children: "dict[str, Node]" = field(default_factory=dict)


Node = File | Link | Device | Folder


class FileSystem:
    """Starts empty; layers are applied one after the other."""

    def __init__(self) -> None:
        """Make the root."""
        self.root = Folder()

    def put(self, path: str, node: Node) -> None:
        """Unpack an entry: a folder over a folder merges, all else replaces."""
        folder, _, name = path.rpartition("/")
        into = self._reach(folder, make=True)[0]
        if not (isinstance(node, Folder) and isinstance(into.children.get(name), Folder)):
            into.children[name] = node

    def hard_link(self, path: str, other: str) -> None:
        """Give a file or link a further name."""
        folder, _, name = other.rpartition("/")
        node = self._reach(folder, make=False)[0].children.get(name)
        if not isinstance(node, File | Link):
            raise Impossible
        self.put(path, node)

    def remove(self, path: str) -> None:
        """Apply a whiteout."""
        folder, _, name = path.rpartition("/")
        self._reach(folder, make=False)[0].children.pop(name, None)

    def empty(self, path: str) -> None:
        """Apply an opaque whiteout."""
        self._reach(path, make=False)[0].children.clear()

    def real(self, path: str) -> str:
        """Return a path with the links among its folders followed."""
        folder, _, name = path.rpartition("/")
        return "/".join((*self._reach(folder, make=False)[1], name))

    def is_link(self, path: str) -> bool:
        """Tell whether a symbolic link is at the path."""
        folder, _, name = path.rpartition("/")
        return isinstance(self._reach(folder, make=False)[0].children.get(name), Link)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield name and number of each file, under every name and link that it has."""
        pending = [("", self.root)]
        while pending:
            path, folder = pending.pop()
            for name, node in folder.children.items():
                if isinstance(node, Folder):
                    pending.append((f"{path}/{name}", node))
                elif (number := self._number(path, node)) is not None:
                    yield name, number

    def _number(self, folder: str, node: Node | None) -> int | None:
        """Return the number of a file, or of the one that a link in the folder leads to."""
        for _ in range(MOST_LINKS):
            if not isinstance(node, Link):
                break
            target = node.target if node.target.startswith("/") else f"{folder}/{node.target}"
            around, _, name = target.rpartition("/")
            try:
                into, parts = self._reach(around, make=False)
            except Impossible:
                return None
            folder, node = "/".join(parts), into.children.get(name)
        return node.number if isinstance(node, File) else None

    def _reach(self, path: str, *, make: bool) -> tuple[Folder, tuple[str, ...]]:
        """Follow a path, its last part included; return the folder there and its real path."""
        names: list[str] = []
        folders = [self.root]
        pending = path.split("/")[::-1]
        followed = 0
        while pending:
            part = pending.pop()
            if part == "..":
                del names[-1:], folders[1:][-1:]
                folders = folders[: len(names) + 1]
            elif part not in {"", "."}:
                node = folders[-1].children.get(part)
                if node is None and make:
                    node = folders[-1].children[part] = Folder()
                if isinstance(node, Folder):
                    names.append(part)
                    folders.append(node)
                    continue
                followed += 1
                if not isinstance(node, Link) or followed > MOST_LINKS:
                    raise Impossible
                if node.target.startswith("/"):
                    names, folders = [], [self.root]
                pending += node.target.split("/")[::-1]
        return folders[-1], tuple(names)
