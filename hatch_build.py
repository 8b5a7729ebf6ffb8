"""Puts the compiled catalogue into the wheel, so that no scan parses YAML at its start.

The file never lies in the source tree, where it would hide later edits of the catalogue.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig


class CatalogueHook(BuildHookInterface[WheelBuilderConfig]):
    """Compiles `catalog/checks/` for every wheel but an editable one."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogue and have it included."""
        if version == "editable":  # works on the checkout, which compiles at first use
            return
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from hullguard.catalog.compile import compiled  # noqa: PLC0415 - not installed before

        self._scratch = tempfile.TemporaryDirectory()
        path = Path(self._scratch.name) / "compiled.msgpack"
        path.write_bytes(compiled(source / "hullguard/catalog/checks"))
        build_data["force_include"][str(path)] = "hullguard/catalog/compiled.msgpack"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what initialize left."""
        del version, build_data, artifact_path
        if scratch := getattr(self, "_scratch", None):
            scratch.cleanup()
