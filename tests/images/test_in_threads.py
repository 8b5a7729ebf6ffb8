"""Several things at once: all results, the first error, and no waiting for what hangs."""

import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from command_line import environment
from hullguard.images.in_threads import in_threads


@pytest.mark.parametrize("workers", [1, 2, 4, 40])
@pytest.mark.parametrize("count", [0, 1, 9])
def test_every_number_has_its_result(workers: int, count: int) -> None:
    assert in_threads(str, range(count), workers) == {n: str(n) for n in range(count)}


def test_no_more_threads_run_than_asked_for() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def work(_number: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with lock:
            running -= 1

    in_threads(work, range(12), 3)
    assert most == 3


def test_an_error_is_raised_where_the_results_are_waited_for() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 1:
            raise ValueError("one")
        time.sleep(0.01)
        done.append(number)

    with pytest.raises(ValueError, match="one"):
        in_threads(work, range(100), 2)
    time.sleep(0.1)
    assert len(done) < 10  # what nobody waits for is not begun


HANGING = """
    import sys, time
    from hullguard.images.cache import LayerCache
    from hullguard.images.opened import OpenedImage
    from hullguard.images.read import read_image
    from hullguard.model import Budget, Image, Layer

    def hang(number):
        yield b"x"
        print("hanging", flush=True)
        time.sleep(600)
        yield b"x"

    layers = tuple(Layer(diff_id=f"sha256:{n:064}") for n in range(9))
    image = OpenedImage(image=Image(name="shop", layers=layers), blob=hang)
    read_image(image, LayerCache(None), Budget())
"""


def test_an_interrupted_scan_does_not_wait_for_a_download_that_hangs() -> None:
    command = [sys.executable, "-c", textwrap.dedent(HANGING)]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as scan:
        assert scan.stdout
        assert scan.stderr
        scan.stdout.readline()
        scan.send_signal(signal.SIGINT)
        try:
            assert scan.wait(10) == -signal.SIGINT
        finally:
            scan.kill()
        assert scan.stderr.read().strip().endswith(b"KeyboardInterrupt")
