# SPDX-License-Identifier: GPL-3.0-or-later
"""The showcase wizard on a terminal, and what the tests of the kit do with it."""
import contextlib
import json
import os
import re

import tui

PROGRAM = os.path.join(tui.BUILD, "tests/tui/showcase")
ENGINE = os.path.join(tui.SRC, "tests/tui/engine.py")


@contextlib.contextmanager
def wizard(*options, config=None, draft=None, **how):
    """A wizard whose first page is drawn."""
    term = tui.Terminal.__new__(tui.Terminal)
    folder = os.environ.get("TMPDIR", "/tmp")
    own = draft is None
    draft = draft or os.path.join(folder, f"groupback-tui-draft-{os.getpid()}")
    argv = [PROGRAM, "--config", config or "/nonexistent/groupback.conf", "--draft", draft,
            "--engine", ENGINE, *options]
    term.__init__(argv, **how)
    try:
        if "--plain" not in options and how.get("term") != "dumb":
            term.settle()
        yield term
    finally:
        term.close()
        for path in (draft, draft + ".lock") if own else ():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)


def read_draft(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def to_second(term):
    """Answer the first page and go on."""
    term.type("name")
    term.press("F10")
    term.wait_for("Second page")


def to_last(term):
    to_second(term)
    focus_tree(term)
    open_root(term)
    term.press("Down", "Space", "F10")
    term.wait_for("Ready to configure")


def focus_tree(term):
    while "corp.example.com" not in term.cursor_line():
        term.press("Tab")


def open_root(term):
    term.press("Right")
    term.wait_for("OU=Servers")
    term.wait_without("loading")


def places_of(pid, secret):
    """(address, what the kernel was told about the memory there) of each copy of the secret in a process."""
    found = []
    with open(f"/proc/{pid}/smaps", encoding="ascii", errors="replace") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        areas = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (r\S+).*?VmFlags: ([^\n]*)", maps.read(), re.M | re.S)
        for begin, end, _, flags in areas:
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(int(begin, 16))
                content = memory.read(int(end, 16) - int(begin, 16))
                found += [(hex(int(begin, 16) + m.start()), flags) for m in re.finditer(re.escape(secret), content)]
    return found
