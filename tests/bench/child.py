"""Runs a command and prints its seconds, CPU seconds and peak memory in bytes as JSON.

A program of its own, because on Linux a process starts out with the peak of the one that started
it: this one is small. Of a command that starts others it is the largest one's memory, and the CPU
of all that it waited for. A command that prints READY is timed up to there.
"""

import json
import os
import sys
import time


def main(command: list[str]) -> int:
    """Run it; what else it prints is thrown away."""
    before = time.perf_counter()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(theirs, 1)
        os.execvp(command[0], command)
    os.close(theirs)
    took = 0.0
    with os.fdopen(ours, "rb") as said:
        for line in said:
            if line == b"READY\n":
                took = time.perf_counter() - before
    _, status, used = os.wait4(child, 0)
    took = took or time.perf_counter() - before
    unit = 1 if sys.platform == "darwin" else 1024
    print(json.dumps([took, used.ru_utime + used.ru_stime, used.ru_maxrss * unit]))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
