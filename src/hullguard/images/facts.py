"""What one layer told, whatever layers lie below it: the unit of the cache."""

import msgspec

from hullguard.inventory.facts import FileFacts
from hullguard.model import Gap


class LayerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one walk over one layer. All paths are clean and relative to the root."""

    files: tuple[FileFacts, ...] = ()
    symlinks: dict[str, str] = {}  # path: target as written
    hardlinks: dict[str, str] = {}  # path: the file's other name
    whiteouts: tuple[str, ...] = ()  # paths removed from lower layers
    opaque: tuple[str, ...] = ()  # folders whose lower content is hidden
    occupied: bytes = b""  # 8-byte hashes of every path that is no folder
    folders: bytes = b""  # 8-byte hashes of every path that is one
    entries: int = 0
    gaps: tuple[Gap, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the layer and its files were read to their end; only then may it be cached."""
        return not self.gaps and all(facts.complete for facts in self.files)
