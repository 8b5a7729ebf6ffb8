"""The updater as the command line configures it, made when there is something to fetch.

Most scans find fresh advisories: they need not load an HTTP client.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hullguard.cli.progress import Progress
from hullguard.cli.settings import Settings
from hullguard.model import Distro, Gap

if TYPE_CHECKING:
    from hullguard.advisories.update import Updater


class LateUpdater:
    """Fetches advisories; the connections are set up at the first request."""

    def __init__(self, db: Path, settings: Settings, show: Progress) -> None:
        self._db = db
        self._settings = settings
        self._show = show

    def update(self, families: Sequence[str], distro: Distro | None = None) -> Sequence[Gap]:
        """Bring families up to date."""
        return self._updater.update(families, distro)

    def update_years(self, years: Sequence[int]) -> Sequence[Gap]:
        """Bring the ratings of CVEs of these years up to date."""
        return self._updater.update_years(years)

    @cached_property
    def _updater(self) -> "Updater":
        from hullguard.advisories.update import Updater  # noqa: PLC0415 - loads the HTTP client

        return Updater(
            self._db,
            addresses=self._settings.feeds,
            mirrors=self._settings.mirrors,
            show=self._show,
        )
