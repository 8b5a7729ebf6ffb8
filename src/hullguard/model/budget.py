"""How much reading one piece of untrusted input may cost."""

import time

import msgspec

from hullguard.model.errors import BudgetSpent

MIB = 1 << 20
GIB = 1 << 30


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one input may cost at most; going beyond makes its result incomplete."""

    bytes: int = 20 * GIB  # uncompressed
    entries: int = 2_000_000  # archive members or records
    memory: int = 512 * MIB  # for what is found and kept, roughly
    depth: int = 5  # archives inside archives
    seconds: float = 600.0  # wall time
    ratio: int = 200  # uncompressed to compressed bytes ...
    ratio_floor: int = 100 * MIB  # ... looked at from so many bytes on


class Memory:
    """What is left of the memory, for all parts of an input together."""

    def __init__(self, left: int) -> None:
        self.left = left


class Budget:
    """Counts down while input is read. Threads may share one: what they race for is a limit.

    `depth` stays as it is: whoever opens archives inside archives counts for itself.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self.limits = limits
        self.memory = Memory(limits.memory)
        self.bytes_left = limits.bytes
        self.entries_left = limits.entries
        self.depth = limits.depth
        self.deadline = time.monotonic() + limits.seconds
        self.ratio = limits.ratio
        self.ratio_floor = limits.ratio_floor

    def spend(self, where: str = "input", *, entries: int = 0, bytes_: int = 0) -> None:
        """Take from what is left.

        Raises:
            BudgetSpent: nothing is left of the entries, the bytes or the time.
        """
        self.entries_left -= entries
        self.bytes_left -= bytes_
        if self.entries_left < 0:
            raise BudgetSpent(where, "holds more entries than the limit allows")
        if self.bytes_left < 0:
            raise BudgetSpent(where, "holds more bytes than the limit allows")
        if time.monotonic() > self.deadline:
            raise BudgetSpent(where, "took longer to read than the limit allows")

    def keep(self, where: str, size: int) -> None:
        """Take from the memory: so many bytes, roughly, stay until all is read.

        Raises:
            BudgetSpent: there is more to keep than is allowed.
        """
        self.memory.left -= size
        if self.memory.left < 0:
            raise BudgetSpent(where, "tells more than the limit allows to keep")

    def part(self) -> "Budget":
        """Return the budget of one part of an input, such as a layer of an image.

        It has bytes and entries of its own, so that a part that spends everything takes nothing
        from the others. The time and the memory are shared.
        """
        part = Budget(self.limits)
        part.deadline = self.deadline
        part.memory = self.memory
        return part

    def check_ratio(self, where: str, *, packed: int, unpacked: int) -> None:
        """Refuse what unpacks to an absurd multiple of itself.

        Raises:
            BudgetSpent: more than `ratio` times the packed size, beyond `ratio_floor` bytes.
        """
        if unpacked > self.ratio_floor and unpacked > packed * self.ratio:
            raise BudgetSpent(where, f"unpacks to more than {self.ratio} times its size")
