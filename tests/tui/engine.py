#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for groupback-engine: answers a few questions in the form of docs/probe.md."""
import json
import os
import signal
import sys
import time

request = json.loads(sys.stdin.readline())
question = request["question"]


def put(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


def fail(what, remedy="", **members):
    put("error", id="test", what=what, undone="", remedy=remedy, native=49, exitCode=77, **members)


trace = os.environ.get("GB_TEST_TRACE")
if trace:
    with open(trace, "a", encoding="utf-8") as out:
        out.write(json.dumps({"pid": os.getpid(), "argv": sys.argv, "environ": dict(os.environ),
                              "request": request, "sid": os.getsid(0), "pgid": os.getpgid(0)}) + "\n")

if question == "answer":
    put("result", text="it works")
elif question == "secret":
    put("result", text=str(len(request["secrets"].get("directory-password", ""))) + " characters")
elif question == "refuse":
    fail("dc01 refused the sign-in: the account is locked out.", "Unlock it in AD, then test again.")
elif question == "hang":
    time.sleep(600)
elif question == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
elif question == "die":
    os.kill(os.getpid(), signal.SIGKILL)
elif question == "noise":
    print("this is not JSON", flush=True)
elif question == "children":
    parent = request["arguments"]["parent"]
    if "Forbidden" in parent:
        fail("no right to read")
    else:
        names = ["Admins", "Cloud Groups", "Forbidden", "Servers"] if parent.startswith("DC=") else \
            [f"Unit {n:04}" for n in range(1, 301)]
        for name in names:
            put("item", kind="container", guid=f"{parent}/{name}", name="OU=" + name, dn=f"OU={name},{parent}")
        put("result", parent=parent, count=len(names), complete=True)
else:
    fail(f"unknown question {question}")
