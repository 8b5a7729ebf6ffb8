"""The command line as a whole: what it imports, prints and exits with."""

import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from hullguard.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    printed = capsys.readouterr()
    return end.value.code, printed.out, printed.err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert (code, out.split()[0]) == (0, "hullguard")


def test_who_has_no_home_can_use_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)  # as of the users that containers run as
    code, out, _ = run(capsys, "explain", "KP-IMG-013")
    assert (code, out.split()[0]) == (0, "KP-IMG-013")


def test_the_version_loads_nothing_but_click() -> None:
    program = (
        "import sys\n"
        "from hullguard.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'httpx2', 'yaml', 'zstandard', 'isal', 'cryptography', 'sqlite3'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1] == "[]"


@pytest.mark.parametrize("command", [[], ["image"], ["image", "scan"], ["image", "sbom"], ["db"]])
def test_every_help_begins_with_examples(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    code, out, _ = run(capsys, *command, "--help")
    assert code == 0
    assert out.count("\n  hullguard") + out.count("| hullguard") >= 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["image", "scan"],
        ["image", "scan", "x", "--no-such-option"],
        ["image", "scan", "x", "--severity", "grave"],
        ["image", "scan", "x", "--fail-on", "grave"],
        ["image", "scan", "x", "--format", "yaml"],
        ["nonsense"],
    ],
)
def test_wrong_usage_ends_with_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err or "Usage: " in err


def test_an_error_is_a_sentence_on_stderr(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = str(tmp_path / "none.tar")
    code, out, err = run(capsys, "image", "scan", target, "--offline")
    assert (code, out) == (3, "")
    assert err == f"hullguard: {target}: there is no such file or folder\n"


def test_the_configuration_may_be_named_anywhere(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("nonsense [")
    for arguments in (
        ["--config", str(file), "db", "status"],
        ["db", "status", f"--config={file}"],
    ):
        code, _, err = run(capsys, *arguments)
        assert code == 2
        assert "is no valid TOML" in err
