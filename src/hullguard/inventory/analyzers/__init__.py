"""One file a format: bytes in, packages out. The table is `hullguard.inventory.table`."""
