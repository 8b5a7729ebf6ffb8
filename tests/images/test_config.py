"""Image configs: taken as they come, as long as they speak of the layers."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.images.config import image
from hullguard.images.manifest import Descriptor
from hullguard.model import HullguardError, Image, ImageConfig, Malformed
from odd_json import documents

A = "sha256:" + "a" * 64


def read(document: bytes | dict[str, Any], layers: int = 1) -> Image:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return image(data, name="shop", layers=[Descriptor(digest=A)] * layers, where="config")


def config(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"rootfs": {"diff_ids": [A]}, **more}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "is no image config"),
        (b"[" * 100_000, "is no image config"),
        (b'{"config":' * 100_000, "is no image config"),
        (b"null", "is no image config"),
        (b"{}", "speaks of 0 layers, the manifest of 1"),
        ({"rootfs": {"diff_ids": [A, A]}}, "speaks of 2 layers, the manifest of 1"),
        ({"rootfs": {"diff_ids": [""]}}, "names a layer '', which is no sha256 digest"),
        ({"rootfs": {"diff_ids": ["sha256:\x1b[2J"]}}, r"names a layer 'sha256:\\x1b\[2J'"),
        ({"rootfs": {"diff_ids": [5]}}, "Expected `str`, got `int`"),
        ({"rootfs": 5}, "Expected `object`, got `int`"),
    ],
)
def test_a_config_that_cannot_speak_of_the_layers_is_refused(
    document: bytes | dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Malformed, match=sentence):
        read(document)


ODD: list[object] = [
    None,
    5,
    -1.5,
    True,
    "text",
    [],
    ["a", None, 5, {}],
    {},
    {"a": [1]},
    [[["a"]]],
    [{"a": 1}],
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "key", ["architecture", "os", "variant", "created", "history", "config", "author"]
)
def test_odd_values_beside_the_layers_cost_no_image(key: str, odd: object) -> None:
    assert read(config(**{key: odd})).layers[0].diff_id == A


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "key",
    ["User", "Env", "Entrypoint", "Cmd", "WorkingDir", "ExposedPorts", "Labels", "Healthcheck"],
)
def test_odd_values_in_the_inner_config_cost_no_image(key: str, odd: object) -> None:
    read(config(config={key: odd, "User": "1000"} if key != "User" else {key: odd}))


def test_what_makes_sense_is_kept() -> None:
    inner = {
        "User": 1000,
        "Cmd": "sh",
        "Env": ["A=1", None],
        "ExposedPorts": {"80/tcp": {}},
        "Labels": {"a": 1, "b": "\x1b[2J"},
        "Healthcheck": {"Test": ["NONE"]},
    }
    assert read(config(config=inner)).config == ImageConfig(
        user="1000",
        cmd=("sh",),
        env=("A=1", ""),
        exposed_ports=("80/tcp",),
        labels={"a": "1", "b": "\x1b[2J"},
        healthcheck=("NONE",),
    )


@pytest.mark.parametrize(
    ("history", "line"),
    [
        ([{"created_by": "RUN a"}, {"created_by": "ENV", "empty_layer": True}], "RUN a"),
        ([{"comment": "imported"}], "imported"),
        ([{"created_by": "RUN a"}, {"created_by": "RUN b"}], ""),
        ([5, None, {"created_by": "RUN a"}], ""),
        ([{"created_by": {"a": 1}}], ""),
        ("RUN a", ""),
    ],
)
def test_a_history_that_does_not_fit_says_nothing(history: object, line: str) -> None:
    assert read(config(history=history)).layers[0].created_by == line


def test_half_characters_cost_no_image() -> None:
    text = (
        b'{"rootfs": {"diff_ids": ["%s"]}, "history": [{"created_by": "RUN \xff \\ud800 \\u0000"}]}'
    )
    assert read(text % A.encode()).layers[0].created_by == "RUN \ufffd ? \0"


@given(
    documents("rootfs", "diff_ids", "history", "config", "os", "Labels", "Env", A),
    st.integers(0, 2),
)
def test_no_json_makes_it_raise_anything_but_our_errors(document: object, layers: int) -> None:
    data = json.dumps(document).encode("utf-8", "surrogatepass")
    with contextlib.suppress(HullguardError):
        read(data, layers)


@given(st.binary())
def test_no_bytes_make_it_raise_anything_but_our_errors(data: bytes) -> None:
    with contextlib.suppress(HullguardError):
        read(b'{"rootfs": {"diff_ids": ["%s"]}, "os": ' % A.encode() + data + b"}")
