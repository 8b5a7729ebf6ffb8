"""`hullguard image scan` as a process: exit codes, what goes where, and input of every kind."""

import gzip
import json
import shlex
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from cart_image import FLAWS, MODULES, NAME, advisories, cart_image, findings
from command_line import Done, environment, hullguard_process, run_hullguard
from image_builder import PACKERS, BuiltImage, tar

pytestmark = pytest.mark.integration

IMAGE = cart_image()


class Scene(msgspec.Struct, frozen=True):
    """An image as a layout, and a database that speaks of all that is in it."""

    folder: Path
    db: Path
    cache: Path

    @property
    def layout(self) -> str:
        """Where the image lies."""
        return str(self.folder / "layout")

    def scan(self, target: str | Path, *options: str | Path, **more: Any) -> Done:  # noqa: ANN401 - handed on
        """Scan without a network."""
        return run_hullguard("image", "scan", target, *options, *self.places, **more)

    @property
    def places(self) -> tuple[str, ...]:
        """Where database and cache are, as options."""
        return ("--offline", f"--db={self.db}", f"--cache-dir={self.cache}")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    IMAGE.layout(folder / "layout")
    return Scene(folder, advisories(folder), folder / "cache")


@pytest.fixture
def uncached(scene: Scene, tmp_path: Path) -> Scene:
    """The same, but nothing was read before."""
    return msgspec.structs.replace(scene, cache=tmp_path / "cache")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Make the image with a layer that is cut short."""
    layout = IMAGE.layout(tmp_path / "broken")
    layer = layout / "blobs/sha256" / IMAGE.layer_digests[0].removeprefix("sha256:")
    layer.write_bytes(layer.read_bytes()[:-400_000])
    return layout


# exit codes


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "critical"), 1),
        (("--fail-on", "low"), 1),
        (("--severity", "info", "--fail-on", "unknown"), 1),
        (("--severity", "unknown", "--fail-on", "unknown"), 0),
        (("--severity", "medium,low", "--fail-on", "high"), 0),
        (("--severity", "medium,low", "--fail-on", "medium"), 1),
        (("--ignore-unfixed", "--severity", "low", "--fail-on", "low"), 0),
        (("--platform", "linux/amd64"), 0),
    ],
)
def test_findings_change_the_exit_code_only_when_asked_to(
    scene: Scene, options: tuple[str, ...], code: int
) -> None:
    done = scene.scan(scene.layout, *options)
    assert (done.code, done.err) == (code, "")
    assert done.out.startswith(NAME.encode())


def test_the_environment_may_say_when_to_fail(scene: Scene) -> None:
    assert scene.scan(scene.layout, HULLGUARD_FAIL_ON="critical").code == 1
    assert scene.scan(scene.layout, "--severity=low", HULLGUARD_FAIL_ON="critical").code == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--nonsense",), "No such option '--nonsense'"),
        (("--fail-on", "grave"), "'grave' is not one of 'critical', 'high'"),
        (("--severity", "high,grave"), "'grave' is no severity; choose from critical, high"),
        (("--format", "yaml"), "'yaml' is not one of 'table', 'json'"),
        (("--exceptions", "none.yaml"), "File 'none.yaml' does not exist"),
        (("--platform", "linux/s390x"), "is an image for linux/amd64, not for linux/s390x"),
        (("--output", "/none/report"), "/none/report: cannot be written (No such file or"),
    ],
)
def test_wrong_usage_ends_with_two(scene: Scene, arguments: tuple[str, ...], why: str) -> None:
    done = scene.scan(scene.layout, *arguments)
    assert (done.code, done.out) == (2, b"")
    assert why in " ".join(done.err.split())


def test_what_was_not_seen_wins_over_what_was_found(uncached: Scene, broken: Path) -> None:
    done = uncached.scan(broken, "--fail-on", "critical")
    assert (done.code, done.err) == (3, "")
    lines = done.out.decode().splitlines()
    assert lines[1].startswith("  ! layer 1: gzip data stops after 2.")
    assert any("lodash" in line for line in lines)


def test_an_ecosystem_without_advisories_is_no_all_clear(scene: Scene, tmp_path: Path) -> None:
    listed = json.dumps({"packages": [{"name": "acme/cart", "version": "1.0.0"}]}).encode()
    members = {
        "etc/os-release": b"ID=debian\nVERSION_ID=12\n",
        "srv/vendor/composer/installed.json": listed,
    }
    layout = BuiltImage([tar(members)]).layout(tmp_path / "layout")
    done = scene.scan(layout)
    assert done.code == 3
    assert "  ! 1 composer package was not checked: no composer advisories are here." in (
        done.out.decode()
    )


# what goes where


def test_a_report_may_go_to_a_file(scene: Scene, tmp_path: Path) -> None:
    done = scene.scan(scene.layout, "-f", "json", "--output", tmp_path / "report.json")
    assert (done.code, done.out, done.err) == (0, b"", "")
    report = json.loads((tmp_path / "report.json").read_bytes())["reports"][0]
    assert report["findings"] == scene.scan(scene.layout, "-f", "json").report["findings"]


def test_json_is_all_that_standard_output_holds(uncached: Scene, broken: Path) -> None:
    done = uncached.scan(broken, "-f", "json")
    assert done.document["schema"] == "hullguard/report/1"
    assert [gap["kind"] for gap in done.report["gaps"]] == ["incomplete"]
    assert done.err == ""


def test_a_bill_of_materials_says_beside_itself_what_is_missing(
    uncached: Scene, broken: Path
) -> None:
    done = run_hullguard("image", "sbom", broken, f"--cache-dir={uncached.cache}")
    assert done.code == 3
    assert {part["name"] for part in done.document["components"]} >= {"lodash", "Jinja2"}
    assert done.err.startswith("hullguard: layer 1: gzip data stops after")


def test_several_images_are_reported_together(scene: Scene, tmp_path: Path) -> None:
    archive = IMAGE.docker_archive(tmp_path / "image.tar")
    done = scene.scan(scene.layout, "-f", "json", str(archive))
    assert done.code == 0
    reports = done.document["reports"]
    assert len(reports) == 2
    assert reports[0]["findings"] == reports[1]["findings"]


def test_a_reader_that_goes_away_is_no_error(scene: Scene, tmp_path: Path) -> None:
    many = {
        f"{MODULES}/p{n}/package.json": json.dumps({"name": f"p{n}", "version": "1.0.0"}).encode()
        for n in range(1000)
    }
    layout = BuiltImage([tar(many)]).layout(tmp_path / "layout")
    command = (*hullguard_process("image", "scan", layout, "-f", "json"), *scene.places)
    script = f"{shlex.join(command)} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],
        env=environment(PYTHONUNBUFFERED=""),  # with which Python would not notice
        capture_output=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"{\n0\n", b"")


# what is reported


def rules(done: Done) -> list[str]:
    return [finding["rule"]["id"] for finding in findings(done) if finding["evidence"]]


@pytest.mark.parametrize(
    ("options", "reported"),
    [
        ((), list(FLAWS)),
        (("--severity", "high,low"), ["CVE-2024-22195", "CVE-2019-18276"]),
        (("--severity", "info"), []),
        (("--ignore-unfixed",), ["CVE-2019-10744", "CVE-2024-22195", "CVE-2023-0464"]),
        (("--ignore-unfixed", "--severity", "low,critical"), ["CVE-2019-10744"]),
    ],
)
def test_options_choose_what_is_reported(
    scene: Scene, options: tuple[str, ...], reported: list[str]
) -> None:
    assert rules(scene.scan(scene.layout, "-f", "json", *options)) == reported


EXCEPTIONS = """\
- match: {rule: CVE-2019-10744, package: lodash}
  kind: false_positive
  reason: defaultsDeep is not called
- match: {rule: CVE-2024-22195}
  kind: risk_accepted
  reason: no template comes from users
  author: ann@example.test
  expires: 2020-01-31
- match: {rule: CVE-1999-0001}
  kind: false_positive
  reason: another image's
"""


def test_exceptions_hold_until_they_expire_and_idle_ones_are_said(
    scene: Scene, tmp_path: Path
) -> None:
    (tmp_path / "exceptions.yaml").write_text(EXCEPTIONS)
    options = ("--exceptions", tmp_path / "exceptions.yaml")
    done = scene.scan(scene.layout, "-f", "json", *options, "--fail-on", "critical")
    assert done.code == 0
    states = {finding["rule"]["id"]: finding["state"] for finding in findings(done)}
    assert states["CVE-2019-10744"] == "excepted"
    assert states["CVE-2024-22195"] == "open"
    notes = done.report["exception_notes"]
    assert any("CVE-2024-22195" in note and "expired" in note for note in notes)
    assert any("CVE-1999-0001" in note for note in notes)
    assert scene.scan(scene.layout, *options, "--fail-on", "high").code == 1


def test_exceptions_that_make_no_sense_are_refused(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "exceptions.yaml").write_text("- match: {rule: CVE-2019-10744}\n  kind: ignored\n")
    done = scene.scan(scene.layout, "--exceptions", tmp_path / "exceptions.yaml")
    assert (done.code, done.out) == (3, b"")
    assert done.err.startswith(f"hullguard: {tmp_path}/exceptions.yaml, line 1: ")
    assert done.err.count("\n") == 1


# input that is missing or broken


@pytest.mark.parametrize("target", ["none.tar", "./none", "oci:none", "dir:none"])
def test_a_missing_file_is_one_sentence(scene: Scene, target: str) -> None:
    done = scene.scan(target)
    assert (done.code, done.out) == (3, b"")
    name = target.removeprefix("oci:").removeprefix("dir:")
    assert done.err == f"hullguard: {name}: there is no such file or folder\n"


@pytest.mark.parametrize("kept", [1, 600, 20_000, 1_300_000, 2_500_000])
def test_a_truncated_archive_is_one_sentence(scene: Scene, tmp_path: Path, kept: int) -> None:
    whole = IMAGE.docker_archive(tmp_path / "whole.tar").read_bytes()
    (tmp_path / "part.tar").write_bytes(whole[:kept])
    for done in (
        scene.scan(tmp_path / "part.tar"),
        scene.scan("-", stdin=tmp_path / "part.tar"),
    ):
        assert (done.code, done.out) == (3, b"")
        assert done.err.startswith("hullguard: ")
        assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\x7fELF" + bytes(4000), "is no image archive: it is no tar file"),
        (b"{}", "is no image archive: it is no tar file"),
        (tar({"README": b"hello"}), "holds neither manifest.json nor index.json"),
        (tar({"manifest.json": b"[" * 100_000}), "is no manifest of a docker archive"),
        (tar({"manifest.json": b"[]"}), "holds no image"),
        (tar({"index.json": b'{"manifests": 1}'}), "is no image manifest or index"),
    ],
)
def test_what_is_no_image_is_one_sentence(
    scene: Scene, tmp_path: Path, data: bytes, why: str
) -> None:
    (tmp_path / "file.tar").write_bytes(data)
    done = scene.scan(tmp_path / "file.tar")
    assert done.code in {2, 3}
    assert done.out == b""
    assert done.err.startswith(f"hullguard: {tmp_path}/file.tar")
    assert why in done.err
    assert done.err.count("\n") == 1


def test_a_config_with_layers_that_have_no_digest_is_refused(scene: Scene, tmp_path: Path) -> None:
    config = {"rootfs": {"type": "layers", "diff_ids": [""]}}
    entry = {"Config": "c.json", "Layers": ["l.tar"], "RepoTags": None}
    files = {"c.json": config, "manifest.json": [entry]}
    members = {name: json.dumps(value).encode() for name, value in files.items()}
    (tmp_path / "image.tar").write_bytes(tar(members | {"l.tar": tar({})}))
    done = scene.scan(tmp_path / "image.tar")
    assert (done.code, done.out) == (3, b"")
    assert "names a layer '', which is no sha256 digest" in done.err


def header_of_ten_gigabytes() -> bytes:
    """Begin a tar whose first file, one that is wanted, has 10 GB."""
    info = tarfile.TarInfo("var/lib/dpkg/status")
    info.size = 10 << 30
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize("packer", ["gzip", "zstd"])
def test_a_bomb_ends_at_once_as_incomplete(
    scene: Scene, tmp_path: Path, packer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = {"gzip": gzip.compress, "zstd": zstandard.ZstdCompressor().compress}[packer]
    zeros = pack(bytes(64 << 20))
    bomb = pack(header_of_ten_gigabytes()) + zeros * 160
    monkeypatch.setitem(PACKERS, "bomb", lambda _: bomb)
    layout = BuiltImage([b"not looked at"], packer="bomb").layout(tmp_path / "layout")
    done = scene.scan(layout, "-f", "json")
    assert (done.code, done.err) == (3, "")
    whys = [gap["why"] for gap in done.report["gaps"]]
    assert "unpacks to more than 200 times its size. Its packages may be missing" in whys
