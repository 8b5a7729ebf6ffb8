"""A gap is a sentence."""

from hullguard.model import Gap


def test_a_gap_reads_as_a_sentence() -> None:
    assert str(Gap("layer 4", "stops after 12.4 MB")) == "layer 4: stops after 12.4 MB"
    assert str(Gap("", "12 were not checked", advice="Do this")) == "12 were not checked. Do this"
