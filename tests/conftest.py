"""Settings for every test: nothing of the user's is read, and CI skips only what it may.

At the end of a run the agreement figures are printed.
"""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

import corpora
from expected_skips import judged

# A busy machine is no failure: how fast things are is measured in bench/.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a home of its own: no configuration, credentials or caches of the user's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let tests skip on CI only where that is expected."""
    return judged((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let modules skip on CI only where that is expected."""
    return judged((yield))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the agreement figures of a parallel worker to the run that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["agreements"] = corpora.AGREEMENTS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Collect what a parallel worker counted."""
    output = getattr(node, "workeroutput", {})
    corpora.AGREEMENTS.extend(tuple(row) for row in output.get("agreements", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how far each corpus agrees."""
    if corpora.AGREEMENTS:
        terminalreporter.section("agreement with the corpora")
        for name, agreed, total in sorted(corpora.AGREEMENTS):
            terminalreporter.write_line(f"{name:<60} {agreed:>7} of {total}")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long bytes by their argument: a zip made a moment later would be another test."""
    return argname if isinstance(val, bytes) and len(val) > _LONGEST_IN_A_NAME else None


_LONGEST_IN_A_NAME = 16
