"""JSON in which the right words stand in the wrong places: what no reader may stumble over."""

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
)


def documents(*words: str) -> st.SearchStrategy[object]:
    """Return a strategy for plain objects, with these words as keys and as texts."""
    word = st.sampled_from(words)
    return st.recursive(
        SCALARS | word,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(word, inner, max_size=5)
            | st.dictionaries(st.text(max_size=4), inner, max_size=2)
        ),
        max_leaves=12,
    )
