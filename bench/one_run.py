"""Runs a command and prints what it cost as JSON: wall and CPU seconds, peak MB, exit code.

A process of its own and a small one: Linux counts into a program's peak what its parent held when
it started it (`exec` keeps the high-water mark), and a benchmark that has read reports holds much.
"""

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    """Run it to its end in silence; `wait4` counts the children that it waited for, too."""
    silence = os.open(os.devnull, os.O_RDWR)
    quiet = [(os.POSIX_SPAWN_DUP2, silence, stream) for stream in (0, 1, 2)]
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    cost = {
        "wall": time.perf_counter() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1000,  # of the largest process
        "code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main(sys.argv[1:])
