"""What of an image stands while its layers are laid: wanted files and links, found by folder."""

from hullguard.images.path_hashes import among, numbered
from hullguard.inventory.facts import FileFacts

History = tuple[tuple[int, FileFacts], ...]
"""A layer's number, from 0, and what the file told there; from the layer that first brought it."""

Told = dict[str, History]
"""The histories of one file, by analyzer."""


class Standing:
    """Files and links by their path, which leads through no link.

    Removing costs as much as what is removed, and looking for what a layer replaces as much as
    the layer holds: no image can make either cost layers times files.
    """

    def __init__(self) -> None:
        self.files: dict[str, Told] = {}
        self.links: dict[str, str] = {}
        self.hardlinks: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, set[str]] = {}  # folder: paths of what stands directly in it
        self._hashed: dict[int, str] = {}  # also of what stands no more
        self._unhashed: list[str] = []

    def put_file(self, path: str, told: Told) -> None:
        """Let a file stand at the path, and nothing else."""
        self._clear(path)
        self.files[path] = told

    def put_link(self, path: str, target: str) -> None:
        """Let a symbolic link stand at the path, and nothing else."""
        self._clear(path)
        self.links[path] = target

    def put_hardlink(self, path: str, names: tuple[str, ...]) -> None:
        """Let a hard link to a file that told nothing stand at the path, and nothing else."""
        self._clear(path)
        self.hardlinks[path] = names

    def remove(self, path: str) -> None:
        """Take away what stands at the path and below it."""
        self.empty(path)
        self.remove_file(path)
        self._below.get(path.rpartition("/")[0], set()).discard(path)

    def empty(self, folder: str) -> None:
        """Take away what stands below the folder."""
        pending = [folder]
        while pending:
            for path in self._below.pop(pending.pop(), ()):
                self.remove_file(path)
                pending.append(path)

    def remove_file(self, path: str) -> None:
        """Take away the file or link at the path; what stands below it, a folder, stays."""
        self.files.pop(path, None)
        self.links.pop(path, None)
        self.hardlinks.pop(path, None)

    def among(self, hashes: bytes) -> list[str]:
        """Return those paths, and folders around them, whose hashes are in a row of hashes."""
        self._hashed |= numbered(self._unhashed)
        self._unhashed.clear()
        return among(self._hashed, hashes)

    def _clear(self, path: str) -> None:
        if path in self._below.get(path.rpartition("/")[0], ()):
            self.remove(path)
        self._enter(path)

    def _enter(self, path: str) -> None:
        while path:
            folder = path.rpartition("/")[0]
            self._unhashed.append(path)
            if folder in self._below:
                self._below[folder].add(path)
                return
            self._below[folder] = {path}
            path = folder
