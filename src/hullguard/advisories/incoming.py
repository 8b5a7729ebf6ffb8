"""Upstream files on their way into the database: `incoming/`, several at a time.

What arrived stays there until it is built, and what an interrupted run left is gone on with.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit

import msgspec

from hullguard.advisories.fetched import Answer
from hullguard.advisories.plan import Source
from hullguard.model import Unreachable
from hullguard.transport.client import Connection, open_client
from hullguard.transport.download import Stamped, download
from hullguard.transport.retry import Patience

_AT_ONCE = 4
_KEPT_SECONDS = 7 * 24 * 3600.0  # of what nobody came back for


class Show(Protocol):
    """Tells people how far things are. Called from several threads."""

    def advance(self, key: str, description: str, done: int, total: int | None) -> None:
        """Say how many bytes of one piece of work are done."""

    def finish(self, key: str) -> None:
        """Say that a piece of work is finished."""

    def note(self, text: str) -> None:
        """Say something that stays."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was asked for."""

    source: Source
    answer: Answer
    path: Path | None  # None: nothing new, and nothing here


class _StoppedError(Exception):
    """Nobody waits for this file any more."""


class Incoming:
    """Fetches files, a few at once; use it in a `with` block, at whose end what runs is stopped.

    Args:
        db: the database's folder; ours alone meanwhile.
        connection: how servers are reached.
        show: told of progress and waits.
        patience: how long to wait for those that are busy; None: as long as is usual.

    Raises:
        Unreachable: the folder cannot be written.
    """

    def __init__(
        self, db: Path, connection: Connection, show: Show, patience: Patience | None = None
    ) -> None:
        self.folder = db / "incoming"
        self._show = show
        self._stopped = threading.Event()
        self._patience = msgspec.structs.replace(
            patience or Patience(sleep=self._sleep), on_wait=self._tell_wait
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _clear_old(self.folder)
        except OSError as error:
            raise Unreachable(
                f"The advisory database in {db} cannot be written: {error}. "
                "Make room there, or choose another folder with --db."
            ) from error
        self._http = open_client(connection)
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what is still running; its parts stay for the next time."""
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)
        self._http.close()

    def ask(self, source: Source, known: Answer | None = None) -> Future[Arrival]:
        """Fetch a file in the background; its errors are those of `transport.download`.

        Args:
            source: what to fetch.
            known: what the upstream said of the version that was built; only a newer one, or one
                that arrived before and was not built yet, is worth having.
        """
        return self._pool.submit(self._fetch, source, known)

    def clear(self, names: Iterable[str]) -> None:
        """Remove files that are built, or of no use."""
        for name in names:
            target = self.place(name)
            for path in (_note_path(target), target):
                path.unlink(missing_ok=True)

    def place(self, name: str) -> Path:
        """Return where a file of this name arrives."""
        return self.folder / f"{name}.data"

    def _fetch(self, source: Source, known: Answer | None) -> Arrival:
        target = self.place(source.name)
        here = _read_note(target, source.url)
        previous = here or (known if known and known.url == source.url else None)
        got = download(
            source.url,
            target,
            http=self._http,
            previous=_stamped(previous) if previous else None,
            on_progress=self._progress(source),
            patience=self._patience,
            plain_http_ok=source.is_configured,
        )
        self._show.finish(source.name)
        answer = Answer(
            url=source.url, etag=got.etag, last_modified=got.last_modified, sha256=got.sha256
        )
        if got.fresh:
            _note_path(target).write_bytes(msgspec.json.encode(answer))  # torn: as good as absent
        is_news = known is None or got.sha256 != known.sha256
        return Arrival(source=source, answer=answer, path=target if is_news else None)

    def _progress(self, source: Source) -> Callable[[int, int | None], None]:
        description = f"{source.name} from {urlsplit(source.url).netloc}"

        def tell(done: int, total: int | None) -> None:
            if self._stopped.is_set():
                raise _StoppedError
            self._show.advance(source.name, description, done, total)

        return tell

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise _StoppedError

    def _tell_wait(self, seconds: float, reason: str) -> None:
        self._show.note(f"waiting {seconds:.0f} s: {reason}")


def _stamped(answer: Answer) -> Stamped:
    return Stamped(etag=answer.etag, last_modified=answer.last_modified, sha256=answer.sha256)


def _note_path(target: Path) -> Path:
    return target.with_suffix(".json")


def _read_note(target: Path, url: str) -> Answer | None:
    """Return what the upstream said of a file that lies here whole."""
    try:
        answer = msgspec.json.decode(_note_path(target).read_bytes(), type=Answer)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return answer if answer.url == url and target.exists() else None


def _clear_old(folder: Path) -> None:
    oldest = time.time() - _KEPT_SECONDS
    for path in folder.iterdir():
        state = path.stat()
        if path.is_dir() and state.st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_file() and (state.st_mtime < oldest or not state.st_size):
            path.unlink(missing_ok=True)
