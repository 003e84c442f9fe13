# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys in, screen out: a program on a pseudo-terminal of its own, and a model of what the terminal shows.

The program says on a FIFO ($GB_TEST_IDLE) when it has drawn everything and how many bytes of input it has
looked at; so nothing here sleeps for luck.
"""
import difflib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

import pyte

SRC = os.environ.get("GB_SRCDIR", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BUILD = os.environ.get("GB_BUILDDIR", os.path.join(SRC, "build"))
# A machine that is loaded is slow, and that is no failure: this only ends what hangs.
PATIENCE = int(os.environ.get("GB_TUI_PATIENCE", "60"))

KEYS = {
    "Enter": "\r", "Tab": "\t", "BackTab": "\x1b[Z", "Esc": "\x1b", "Backspace": "\x7f", "Space": " ",
    "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Home": "\x1b[H", "End": "\x1b[F",
    "PageUp": "\x1b[5~", "PageDown": "\x1b[6~", "Delete": "\x1b[3~",
    "F1": "\x1bOP", "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~", "F8": "\x1b[19~", "F10": "\x1b[21~",
}


class Stream(pyte.ByteStream):
    """pyte without the sequences that ncurses uses and pyte 0.8 does not know."""
    csi = dict(pyte.ByteStream.csi, b="repeat", S="scroll_up", T="scroll_down")
    events = pyte.ByteStream.events | {"repeat", "scroll_up", "scroll_down"}


class Screen(pyte.Screen):
    """REP (ECMA-48 8.3.103): the last character again."""
    last = " "

    def draw(self, data):
        super().draw(data)
        self.last = data[-1] if data else self.last

    def repeat(self, count=1):
        super().draw(self.last * (count or 1))

    def scroll(self, count, edge, step):
        """SU, SD (ECMA-48 8.3.147, 8.3.113) inside the margins."""
        top, bottom = self.margins or (0, self.lines - 1)
        row = self.cursor.y
        self.cursor.y = bottom if edge == "bottom" else top
        for _ in range(count or 1):
            step()
        self.cursor.y = row

    def scroll_up(self, count=1):
        self.scroll(count, "bottom", self.index)

    def scroll_down(self, count=1):
        self.scroll(count, "top", self.reverse_index)

    def set_margins(self, *args, **kwargs):
        kwargs.pop("private", None)
        super().set_margins(*args, **kwargs)


class Terminal:
    """One run of a program."""

    def __init__(self, argv, size=(80, 24), term="xterm-256color", locale="C.UTF-8", env=None, ignore_hup=False):
        self.folder = tempfile.mkdtemp(prefix="groupback-tui-")
        fifo = os.path.join(self.folder, "idle")
        os.mkfifo(fifo)
        self.idle_fd = os.open(fifo, os.O_RDWR | os.O_NONBLOCK)
        self.screen = Screen(*size)
        self.stream = Stream(self.screen)
        self.raw = b""
        self.sent = 0
        self.read_by_it = -1
        self.idle_text = ""
        self.status = None
        environ = {"TERM": term, "LC_ALL": locale, "LANG": locale, "PATH": os.environ["PATH"],
                   "HOME": self.folder, "GB_TEST_IDLE": fifo, **(env or {})}
        for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "GB_TEST_TRACE"):
            if name in os.environ:
                environ.setdefault(name, os.environ[name])
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if ignore_hup:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            # The size must be there before the program asks for it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execve(argv[0], argv, environ)
        os.set_blocking(self.fd, False)

    # Output -----------------------------------------------------------------------------------

    def drain(self):
        """Take what the program has written so far."""
        while True:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return
            except OSError:
                self.reap()
                return
            if not data:
                self.reap()
                return
            self.raw += data
            self.stream.feed(data)

    def reap(self):
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)

    def read_idle(self):
        try:
            self.idle_text += os.read(self.idle_fd, 65536).decode()
        except BlockingIOError:
            return
        lines = self.idle_text.split("\n")
        self.idle_text = lines[-1]
        if len(lines) > 1:
            self.read_by_it = int(lines[-2])
            self.idle_count = getattr(self, "idle_count", 0) + len(lines) - 1

    def wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while True:
            self.read_idle()
            if self.status is None:
                self.drain()
            if condition():
                return
            if self.status is not None:
                raise AssertionError(f"ended with {self.status} while waiting for {what}\n{self.text()}")
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for {what}\n{self.text()}")
            select.select([self.fd, self.idle_fd], [], [], 0.5)

    def settle(self):
        """Until every key that was sent has been looked at and everything is drawn."""
        self.wait(lambda: self.read_by_it >= self.sent, "the program to be idle")
        self.drain()

    def wait_for(self, text):
        self.wait(lambda: text in self.text(), f"the text {text!r}")

    def wait_without(self, text):
        self.wait(lambda: text not in self.text(), f"the end of {text!r}")

    def wait_end(self):
        self.wait(lambda: self.status is not None or self.has_ended(), "the end of the program")
        return self.status

    def has_ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.final()
        return self.status is not None

    def final(self):
        try:
            while True:
                data = os.read(self.fd, 65536)
                if not data:
                    return
                self.raw += data
                self.stream.feed(data)
        except OSError:
            return

    # Input ------------------------------------------------------------------------------------

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.sent += len(data)
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.drain()
                select.select([self.fd], [self.fd], [], 0.5)

    def press(self, *keys):
        """Named keys, "Ctrl-x", "Alt-x"; each is looked at before the next one is sent."""
        for key in keys:
            if key.startswith("Ctrl-"):
                self.write(chr(ord(key[5:].upper()) - 64))
            elif key.startswith("Alt-"):
                self.write("\x1b" + key[4:])
            else:
                self.write(KEYS[key])
            self.settle()

    def type(self, text):
        self.write(text)
        self.settle()

    def paste(self, text):
        self.write("\x1b[200~" + text + "\x1b[201~")
        self.settle()

    def resize(self, cols, rows, is_storm=False):
        before = getattr(self, "idle_count", 0)
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        if not is_storm:
            self.wait(lambda: getattr(self, "idle_count", 0) > before, "the resize")
            self.drain()

    # What is seen -----------------------------------------------------------------------------

    def lines(self):
        """The rows as people see them: the second half of a wide character is no character."""
        rows = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            rows.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        return rows

    def text(self):
        return "\n".join(self.lines())

    def cursor(self):
        return (self.screen.cursor.x, self.screen.cursor.y)

    def at_cursor(self, length=1):
        x, y = self.cursor()
        return "".join(self.screen.buffer[y][i].data for i in range(x, x + length))

    def cursor_line(self):
        return self.lines()[self.cursor()[1]]

    def marker(self):
        """The row that bears the mark of the focus."""
        return [y for y, line in enumerate(self.lines()) if re.match(r">|.*[^<]>< |^.*  >< ", line)]

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self.status is None:
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        os.close(self.idle_fd)
        shutil.rmtree(self.folder, ignore_errors=True)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in:\n{text}")


def golden(term, name):
    """The screen, and below it where the cursor is, against screens/NAME.txt. GB_TUI_UPDATE=1 writes it anew."""
    path = os.path.join(SRC, "tests/tui/screens", name + ".txt")
    shown = term.text() + f"\ncursor {term.cursor()[0]},{term.cursor()[1]}\n"
    if os.environ.get("GB_TUI_UPDATE"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(shown)
        return
    with open(path, encoding="utf-8") as file:
        wanted = file.read()
    if shown != wanted:
        diff = difflib.unified_diff(wanted.splitlines(), shown.splitlines(), "wanted", "shown", lineterm="", n=99)
        raise AssertionError(name + "\n" + "\n".join(diff))


def run(tests):
    """Every test is a function; its name is what holds. TAP; words on the command line choose tests."""
    wanted = sys.argv[1:]
    count = 0
    for test in tests:
        name = test.__name__.replace("_", " ")
        if wanted and not any(word in test.__name__ for word in wanted):
            continue
        count += 1
        try:
            test()
            print(f"ok {count} - {name}", flush=True)
        except Exception as problem:  # whatever it is, it is this test's failure
            print(f"not ok {count} - {name}", flush=True)
            for line in f"{type(problem).__name__}: {problem}".split("\n"):
                print("# " + line, flush=True)
    print(f"1..{count}")
