"""Reads one layer: a blob's chunks in, its facts out, digests checked on the way."""

from collections.abc import Iterator

from hullguard.images.collect import Collector
from hullguard.images.content import Opener, Streamed
from hullguard.images.facts import LayerFacts
from hullguard.images.streams import ByteStream, Digest, unpacked
from hullguard.images.tar import Kind, Member, TarWalk
from hullguard.inventory.facts import BUG_ADVICE
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, GapKind, Layer, Malformed, Unreachable

_EXECUTABLE = 0o111


def read_layer(
    chunks: Iterator[bytes], layer: Layer, wanted: Wanted, budget: Budget, where: str
) -> LayerFacts:
    """Walk a layer once and return what it told.

    A layer that is broken, too large or not what its digests promise ends in facts with a gap:
    what was read until then is kept.
    """
    packed = Digest(chunks, layer.digest)
    content = Digest(unpacked(packed, where, budget))
    collector = Collector(wanted, budget, where)
    try:
        _walk(TarWalk(ByteStream(iter(content), where), where, budget), collector)
        collector.gaps += _wrong_digests(layer, packed, content, where)
    except (Malformed, Unreachable) as fault:
        collector.gaps.append(_gap(fault, where))
    except Exception as bug:  # noqa: BLE001 - a mistake in our own walk must not cost the other layers; the gap names the error, so it is not hidden
        collector.gaps.append(_bug(bug, where))
    return collector.finish()


def _gap(fault: Malformed | Unreachable, where: str) -> Gap:
    """Say what the fault says; what to do about it stands on its further lines."""
    why, _, advice = (fault.why if isinstance(fault, Malformed) else str(fault)).partition("\n")
    why = f"{why.removesuffix('.')}. Its packages may be missing"
    return Gap(where, why, GapKind.INCOMPLETE, advice.replace("\n", " "))


def _bug(bug: Exception, where: str) -> Gap:
    what = f"{type(bug).__name__}: {bug}"[:200]
    why = f"reading it failed ({what}). Its packages may be missing"
    return Gap(where, why, GapKind.INCOMPLETE, BUG_ADVICE)


def _walk(walk: TarWalk, collector: Collector) -> None:
    def opened(size: int) -> Streamed:
        return Streamed(walk.content(), size)

    for member in walk:
        if not member.path:
            if member.name.strip("./"):
                why = f"the entry {member.name[:80]!r} would leave the image, and was left out"
                collector.leave_out(why)
        elif member.kind is Kind.FOLDER:
            collector.folder(member.path)
        elif not collector.whiteout(member.path):
            _take(member, opened, collector)


def _take(member: Member, opened: Opener, collector: Collector) -> None:
    match member.kind:
        case Kind.FILE:
            program = bool(member.mode & _EXECUTABLE)
            collector.file(member.path, size=member.size, program=program, open_=opened)
        case Kind.SYMLINK:
            collector.symlink(member.path, member.link)
        case Kind.HARDLINK:
            collector.hardlink(member.path, member.link)
        case _:
            collector.other(member.path)


def _wrong_digests(layer: Layer, packed: Digest, content: Digest, where: str) -> Iterator[Gap]:
    """Compare with what the image promises; archives of Docker promise nothing of the blob."""
    promises = [(layer.diff_id, content.digest, "content")]
    if layer.digest:
        promises.insert(0, (layer.digest, packed.digest, "blob"))
    for promised, actual, what in promises:
        if promised != actual:
            why = f"its {what} is {actual}, but the image names {promised}: not to be trusted"
            yield Gap(where, why, GapKind.INCOMPLETE)
