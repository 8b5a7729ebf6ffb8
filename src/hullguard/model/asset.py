"""What a finding is about."""

import msgspec


class Asset(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image, workload, container, node, namespace, cluster, registry, account, host or vm."""

    kind: str
    uid: str  # stable: an image's config digest, a directory's absolute path
    name: str
    parent: str = ""
    environment: str = ""  # development, test, production, backup, or the user's own
    labels: dict[str, str] = {}
