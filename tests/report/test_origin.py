"""What brought a package, in the words of the Dockerfile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hullguard.model import Image, Layer
from hullguard.report.origin import Origin, base_layers, origins, shorten
from report_samples import IMAGE, LAYERS, LODASH, OPENSSL, VIM

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("RUN /bin/sh -c npm ci # buildkit", "npm ci"),
        ("/bin/sh -c npm ci", "npm ci"),
        ("RUN |2 TOKEN=hunter2 A=b c /bin/sh -c make # buildkit", "make"),
        ("|1 TOKEN=hunter2 /bin/sh -c make", "make"),
        ("RUN --mount=type=cache,target=/root /bin/sh -c pip install -r x", "pip install -r x"),
        ("RUN /bin/bash -o pipefail -c make", "/bin/bash -o pipefail -c make"),
        (
            "/bin/sh -c set -eux;   apt-get update;\tapt-get install x",
            "apt-get update; apt-get install x",
        ),
        (f"/bin/sh -c #(nop) ADD file:{HASH} in / ", "ADD /"),
        (f"/bin/sh -c #(nop) COPY --chown=1:1 dir:{HASH} in /srv", "COPY --chown=1:1 /srv"),
        ("COPY app.jar /srv/app.jar # buildkit", "COPY app.jar /srv/app.jar"),
        ("", ""),
    ],
)
def test_a_history_line_is_cut_down_to_what_its_author_wrote(line: str, told: str) -> None:
    assert shorten(line) == told


@given(st.text())
def test_no_history_line_makes_it_raise(line: str) -> None:
    shorten(line)


def image(*history: str | tuple[str, bool]) -> Image:
    """Return an image whose history has these lines; `(line, True)` made no layer."""
    entries = [(line, False) if isinstance(line, str) else line for line in history]
    return Image(
        name="shop/cart",
        layers=tuple(
            Layer(diff_id=str(place), created_by=line)
            for place, (line, empty) in enumerate(entries)
            if not empty
        ),
        raw_config={
            "history": [
                {"created_by": line, **({"empty_layer": True} if empty else {})}
                for line, empty in entries
            ]
        },
    )


def test_a_command_that_a_later_layer_follows_ended_the_base_image() -> None:
    built = image(
        "/bin/sh -c #(nop) ADD file:1 in /",
        ('/bin/sh -c #(nop)  CMD ["bash"]', True),
        "RUN /bin/sh -c apt-get install python3",
        ('CMD ["python3"]', True),
        "COPY . /srv # buildkit",
        ('CMD ["/srv/run"]', True),
    )
    assert base_layers(built) == 2


def test_without_such_a_command_only_a_root_file_system_is_a_base() -> None:
    assert base_layers(image("ADD rootfs.tar.xz / # buildkit", "COPY a /")) == 1
    assert base_layers(image("COPY a /", "COPY b /")) == 0
    assert base_layers(image("", "")) == 1
    assert base_layers(image()) == 0


@pytest.mark.parametrize("history", [1, "x", [1, None], [{"created_by": 1}], {"a": 1}, None])
def test_a_history_that_is_none_is_taken_for_missing(history: object) -> None:
    odd = replace(IMAGE, raw_config={"history": history})
    assert base_layers(odd) in {0, 1, len(LAYERS)}


def test_origins_name_line_layer_and_path_the_lowest_first() -> None:
    assert origins(IMAGE, (LODASH, VIM, OPENSSL, LODASH)) == (
        Origin(line="base image", layer=1),
        Origin(line="apt-get update && apt-get install -y curl", layer=2),
        Origin(line="npm ci --omit=dev", layer=3, path="app/node_modules/lodash/package.json"),
    )


def test_without_layers_there_is_only_the_path() -> None:
    loose = replace(LODASH, layer="", created_by="")
    assert origins(Image(name="."), (loose,)) == (
        Origin(path="app/node_modules/lodash/package.json"),
    )
