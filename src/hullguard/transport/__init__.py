"""Everything that speaks HTTP: the client, downloads, the OCI registry client."""
