"""rpm's own database format, `Packages.db`: SUSE's since 2019.

Little-endian. A header (`RpmP`, version, generation, pages of slots) takes the room of the first
two slots; a slot (`Slot`, package, block, blocks; blocks of 16 bytes) points to a blob (`BlbS`,
package, generation, length) whose data is a package header (source: rpm's
lib/backend/ndb/rpmpkg.c).
"""

import struct
from collections.abc import Iterator

from hullguard.inventory.analyzer import Buffer
from hullguard.model import Budget, Gap, Malformed

MAGIC = b"RpmP"

_HEADER = struct.Struct("<4sIII")
_SLOT = struct.Struct("<4sIII")
_BLOB = struct.Struct("<4sIII")
_PAGE = 4096
_BLOCK = 16
_RESERVED = 2  # slots that the header covers
_TAIL = 12  # checksum, length and magic after the blob
_MOST_PAGES = 2048


def blobs(data: Buffer, path: str, budget: Budget) -> Iterator[bytes | Gap]:
    """Yield each package header, and a gap for each slot that leads nowhere.

    Raises:
        Malformed: the file's own header makes no sense.
        BudgetSpent: nothing is left.
    """
    for number, (magic, package, block, blocks) in enumerate(_slots(data, path)):
        where = f"{path}, slot {number}"
        if magic != b"Slot":
            yield Gap(where, "is damaged: its magic is missing")
        elif block:
            run = range(block * _BLOCK, (block + blocks) * _BLOCK)
            blob = _blob(data, where, package, run)
            budget.spend(path, entries=1, bytes_=len(blob) if isinstance(blob, bytes) else 0)
            yield blob


def _slots(data: Buffer, path: str) -> Iterator[tuple[bytes, int, int, int]]:
    if len(data) < _PAGE:
        raise Malformed(path, "is too short for an rpm database of format NDB")
    magic, version, _generation, pages = _HEADER.unpack(data[: _HEADER.size])
    if magic != MAGIC or version != 0:
        raise Malformed(path, f"has an NDB version that cannot be read: {version}")
    if not 0 < pages <= _MOST_PAGES or pages * _PAGE > len(data):
        raise Malformed(path, f"announces {pages} pages of slots, more than it holds")
    return _SLOT.iter_unpack(data[_RESERVED * _SLOT.size : pages * _PAGE])


def _blob(data: Buffer, where: str, package: int, run: range) -> bytes | Gap:
    if run.stop > len(data):
        return Gap(where, "points beyond the end of the file: it is truncated")
    if len(run) < _BLOB.size + _TAIL:
        return Gap(where, "is too small for a package header")
    magic, owner, _generation, length = _BLOB.unpack(data[run.start : run.start + _BLOB.size])
    if magic != b"BlbS" or owner != package:
        return Gap(where, "points to something that is not its package")
    if length > len(run) - _BLOB.size - _TAIL:
        return Gap(where, "holds a package header longer than its room")
    start = run.start + _BLOB.size
    return data[start : start + length]
