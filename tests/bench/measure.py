#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and print one line of JSON: what it took.

usage: measure.py FILE [RUNS] -- COMMAND...

FILE gets what the command says. wall, user and system are seconds, cpu is user and system together,
rss_kib the largest resident set. Of several runs: the medians, and the smallest and largest wall
and cpu. The exit code is the command's; 1 if the runs differ in it.
"""

import json
import os
import statistics
import sys
import time


def run(command, said):
    begun = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2)])
    _, status, usage = os.wait4(pid, 0)
    return {"wall": time.monotonic() - begun, "user": usage.ru_utime, "system": usage.ru_stime,
            "cpu": usage.ru_utime + usage.ru_stime, "rss_kib": usage.ru_maxrss,
            "code": os.waitstatus_to_exitcode(status)}


def main():
    end = sys.argv.index("--")
    runs = int(sys.argv[2]) if end > 2 else 1
    command = sys.argv[end + 1:]
    with open(sys.argv[1], "wb") as said:
        took = [run(command, said) for _ in range(runs)]
    summary = {key: round(statistics.median(one[key] for one in took), 4)
               for key in ("wall", "user", "system", "cpu", "rss_kib")}
    for key in ("wall", "cpu"):
        summary[key + "_min"] = round(min(one[key] for one in took), 4)
        summary[key + "_max"] = round(max(one[key] for one in took), 4)
    print(json.dumps(summary))
    codes = {one["code"] for one in took}
    sys.exit(codes.pop() if len(codes) == 1 else 1)


if __name__ == "__main__":
    main()
