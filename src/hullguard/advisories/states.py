"""How old a family is and what it holds."""

from collections.abc import Sequence
from datetime import datetime

from hullguard.advisories.dates import newest
from hullguard.advisories.fetched import Fetched
from hullguard.advisories.shard import Contents
from hullguard.model import FamilyState


def state_of(
    family: str, shards: Sequence[Contents], fetched: Fetched | None, today: datetime
) -> FamilyState:
    """Join what a family's shards say of themselves; only the family `cve` has several."""
    addresses = [answer.url for answer in fetched.feeds.values()] if fetched else []
    documents = {document.name for shard in shards for document in shard.documents}
    return FamilyState(
        family=family,
        fetched=fetched.at if fetched else "",
        data_date=newest((date for shard in shards for date in shard.dates), today),
        advisories=sum(shard.advisories for shard in shards),
        packages=sum(shard.packages for shard in shards),
        sources=tuple(sorted(addresses or documents)),
        coverage=tuple(sorted({each for shard in shards for each in shard.coverage})),
        gaps=tuple(gap for shard in shards for gap in shard.gaps),
    )
