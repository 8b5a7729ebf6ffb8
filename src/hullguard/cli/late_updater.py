"""The updater as the command line configures it, made when there is something to fetch.

Most scans find fresh advisories: they need not load an HTTP client.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hullguard.cli.progress import Progress
from hullguard.cli.settings import Settings
from hullguard.model import Distro, Gap, GapKind

if TYPE_CHECKING:
    from hullguard.advisories.update import Updater


class LateUpdater:
    """Fetches advisories; the connections are set up at the first request.

    That a renewal failed is noted at once: older advisories that are still good enough do not
    make a report incomplete.
    """

    def __init__(
        self, db: Path, settings: Settings, show: Progress, ca_file: Path | None = None
    ) -> None:
        self._db = db
        self._settings = settings
        self._show = show
        self._ca_file = ca_file

    def update(self, families: Sequence[str], distro: Distro | None = None) -> Sequence[Gap]:
        """Bring families up to date."""
        return self._noted(self._updater.update(families, distro))

    def update_years(self, years: Sequence[int]) -> Sequence[Gap]:
        """Bring the ratings of CVEs of these years up to date."""
        return self._noted(self._updater.update_years(years))

    def _noted(self, gaps: Sequence[Gap]) -> Sequence[Gap]:
        for gap in gaps:
            if gap.kind is GapKind.OUTDATED:
                self._show.note(str(gap))
        return gaps

    @cached_property
    def _updater(self) -> "Updater":
        from hullguard.advisories.update import Updater  # noqa: PLC0415 - loads the HTTP client
        from hullguard.transport.client import Connection  # noqa: PLC0415 - the same

        return Updater(
            self._db,
            addresses=self._settings.feeds,
            mirrors=self._settings.mirrors,
            connection=Connection(ca_file=self._ca_file),
            show=self._show,
        )
