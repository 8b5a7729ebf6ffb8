"""An image in a registry: manifests and layers come through `hullguard.transport`."""
