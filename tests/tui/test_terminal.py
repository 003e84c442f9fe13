#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the terminal does to the wizard, and the wizard to the terminal: sizes, signals, lost lines, colours,
terminals, hostile names, bytes on the wire, secrets."""
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import tui
from tui import check, contains, equal

# SGR 30-49 and 90-107 with or without other parameters: a colour.
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;\d+)*m")


# Sizes -------------------------------------------------------------------------------------------

def three_hundred_resizes_end_at_the_right_size_and_keep_the_text():
    with kit.wizard() as term:
        term.type("kept")
        for n in range(300):
            term.resize(40 + n % 90, 9 + n % 40, is_storm=True)
        term.resize(80, 24)
        term.press("Ctrl-l")
        term.wait_for("Step 1 of 3")
        contains(term.text(), "[kept    ")
        equal(term.lines()[1], "\u2500" * 80)


def a_window_that_is_too_small_says_so_and_consents_to_nothing():
    with kit.wizard() as term:
        term.type("kept")
        before = term.text()
        term.resize(39, 24)
        contains(term.text(), "Window is 39x24. This page needs 40x9.")
        term.press("Enter", "Tab", "Enter", "F10", "Space")
        term.type("yYnN")
        contains(term.text(), "Window is 39x24.")
        term.resize(80, 24)
        equal(term.text(), before)


def a_question_cannot_be_answered_in_a_window_that_is_too_small():
    with kit.wizard() as term:
        term.press("Ctrl-x")
        term.resize(20, 5)
        check("Quit the setup" not in term.text(), "it is not shown")
        term.press("Tab", "Enter")
        term.resize(80, 24)
        contains(term.text(), "Quit the setup?")
        equal(term.at_cursor(4), "Stay")


def at_forty_by_nine_every_field_can_be_reached_and_next_comes_after_all_was_seen():
    with kit.wizard(size=(40, 9)) as term:
        equal(len(term.lines()), 9)
        contains(term.lines()[0], "First page")
        contains(term.lines()[0], "Step 1 of 3")
        term.type("name")
        contains(term.text(), "More")
        for label in ("Count", "Sign in by", "Password", "Group writeback", "Kinds", "Question"):
            for _ in range(12):
                if label in term.text():
                    break
                term.press("Tab")
            contains(term.text(), label)
        term.press("F10")
        term.wait_for("Second page")


def what_was_not_seen_is_shown_before_next_counts():
    with kit.wizard(size=(40, 9)) as term:
        term.type("name")
        pages = 0
        while "First page" in term.text():
            term.press("F10")
            pages += 1
            check(pages < 9, "it ends")
        check(pages > 2, "every part was shown")


def at_a_hundred_columns_the_steps_stand_at_the_left():
    with kit.wizard(size=(110, 30)) as term:
        contains(term.text(), ">  First page")
        contains(term.text(), "    Second page")
        contains(term.cursor_line(), ">Name")


# Signals and lost lines ----------------------------------------------------------------------------

def a_lost_terminal_keeps_the_draft_and_ends_at_once():
    for ignore_hup in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            draft = os.path.join(folder, "draft")
            with kit.wizard(draft=draft, ignore_hup=ignore_hup) as term:
                term.type("half typed")
                os.close(term.fd)
                term.fd = os.open("/dev/null", os.O_RDWR)
                _, status, usage = os.wait4(term.pid, 0)
                term.status = os.waitstatus_to_exitcode(status)
                check(usage.ru_utime + usage.ru_stime < 1, "it does not spin")
                equal(term.status, 143)
            equal(kit.read_draft(draft)["values"], {"setup.name": "half typed"})
            equal(os.stat(draft).st_mode & 0o777, 0o600)


def a_signal_to_end_gives_the_terminal_back():
    with kit.wizard() as term:
        os.kill(term.pid, signal.SIGTERM)
        equal(term.wait_end(), 143)
        check(term.raw.rstrip().endswith(b"\x1b[?1l\x1b>") or b"\x1b[?1049l" in term.raw[-80:], repr(term.raw[-80:]))
        contains(term.raw[-120:].decode(errors="replace"), "\x1b[?2004l")


def a_crash_gives_the_terminal_back():
    with kit.wizard() as term:
        os.kill(term.pid, signal.SIGSEGV)
        equal(term.wait_end(), -signal.SIGSEGV)
        contains(term.raw[-120:].decode(errors="replace"), "\x1b[?2004l")
        contains(term.raw[-120:].decode(errors="replace"), "\x1b[?1049l")


def control_z_stops_and_going_on_draws_everything_again():
    # A shell with job control stands between: a session leader of its own would not be stopped.
    argv = ["/bin/bash", "--norc", "-i", "-c", f"set -m; {kit.PROGRAM} --config /nonexistent/c --draft /nonexistent/draft; "
            "echo was stopped; fg; echo went on"]
    term = tui.Terminal(argv)
    try:
        term.settle()
        term.wait_for("First page")
        term.write("kept")
        term.settle()
        term.write("\x1a")
        term.wait(lambda: b"was stopped" in term.raw, "the shell")
        # What stood there before is still to be seen, without its first line, until the page is drawn again.
        term.wait(lambda: "First page" in term.text() and term.text().count("[kept ") == 1, "the page again")
        term.write("\x18\t\r")
        term.wait(lambda: b"went on" in term.raw, "the end")
    finally:
        term.close()


# Terminals and colours -------------------------------------------------------------------------------

def every_usual_terminal_shows_the_page_and_takes_arrows():
    for name, down in (("xterm-256color", "\x1bOB"), ("linux", "\x1b[B"), ("vt100", "\x1bOB"), ("screen", "\x1bOB"),
                       ("tmux", "\x1bOB")):
        with kit.wizard(term=name) as term:
            contains(term.text(), "First page")
            term.type(down)
            contains(term.cursor_line(), ">Count")


def a_terminal_that_cannot_move_the_cursor_gets_plain_questions():
    for name, why in (("dumb", "TERM=dumb"), ("no-such-terminal", "not known here")):
        term = tui.Terminal([kit.PROGRAM, "--config", "/nonexistent/c", "--draft", "/nonexistent/draft"], term=name)
        try:
            term.wait(lambda: b" > " in term.raw, "a question")
            contains(term.raw.decode(), why)
            check(b"\x1b[" not in term.raw, "no sequence is sent")
        finally:
            term.close()


def no_colour_is_sent_where_none_is_wanted():
    for options, env in (((), {"NO_COLOR": "1"}), (("--mono",), {})):
        with kit.wizard(*options, env=env) as term:
            term.press("F10", "F1", "Esc")
            term.type("name")
            term.press("F10")
            term.wait_for("Second page")
            found = COLOUR.search(term.raw)
            check(not found, repr(found))
    with kit.wizard() as term:
        kit.to_second(term)
        check(COLOUR.search(term.raw), "elsewhere verdicts are coloured, or this test sees nothing")


def nothing_but_ascii_is_sent_where_only_that_is_wanted():
    for options, locale in ((("--ascii",), "C.UTF-8"), ((), "C")):
        with kit.wizard(*options, locale=locale) as term:
            kit.to_second(term)
            term.press("F1", "Esc")
            contains(term.text(), "\\u{6771}")
            check(all(byte < 0x80 for byte in term.raw), "a byte above ASCII")


def hostile_names_neither_move_the_cursor_nor_break_a_column():
    with kit.wizard() as term:
        kit.to_second(term)
        rows = [line for line in term.lines() if "  note " in line]
        check(len(rows) >= 6, "rows are there")
        columns = set()
        for y, line in enumerate(term.lines()):
            cells = [term.screen.buffer[y][x].data for x in range(80)]
            columns |= {x for x in range(70) if line in rows and cells[x:x + 6] == list(" note ")}
        equal(len(columns), 1)
        text = term.text()
        for part in ("\\u{202e}", "\\u{1b}[2J", "\\xff\\xfe", "tab\\u{9}and\\u{a}newline", "\u6771\u4eac"):
            contains(text, part)
        check("\u202e" not in text and "\x1b" not in text, "nothing dangerous is sent")


# Cursor and cost --------------------------------------------------------------------------------------

def the_cursor_is_always_on_the_focus():
    with kit.wizard() as term:
        term.type("name")
        seen = set()
        for _ in range(14):
            term.press("Tab")
            x, y = term.cursor()
            line = term.lines()[y]
            check(not term.screen.cursor.hidden, "it is visible")
            check(line.startswith(">") or line[x - 3:x - 1] == "><", f"{term.cursor()} in {line!r}")
            seen.add((x, y))
        check(len(seen) >= 8, "it goes everywhere")


def an_arrow_key_costs_at_most_400_bytes():
    with kit.wizard() as term:
        kit.to_second(term)
        while "plain name" not in term.cursor_line():
            term.press("Tab")
        worst = 0
        for _ in range(30):
            before = len(term.raw)
            term.press("Down")
            worst = max(worst, len(term.raw) - before)
        print(f"# arrow key in a list that scrolls: at most {worst} bytes")
        check(worst <= 400, f"{worst} bytes when the list scrolls")
        term.press("Home")
        worst = 0
        for key in ("Down", "Down", "Down", "Up", "Up"):
            before = len(term.raw)
            term.press(key)
            worst = max(worst, len(term.raw) - before)
        print(f"# arrow key: at most {worst} bytes")
        check(worst <= 400, f"{worst} bytes")


def a_key_is_answered_within_50_ms_of_work_while_the_engine_hangs():
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Question"):
            term.press("Tab")
        term.press("Ctrl-u")
        term.type("hang")
        term.press("Ctrl-t")

        def used():
            with open(f"/proc/{term.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        before = used()
        for _ in range(20):
            term.press("Down")
        check((used() - before) / 20 < 0.05, f"{(used() - before) / 20 * 1000:.1f} ms of work a key")


# Secrets ----------------------------------------------------------------------------------------------

def a_secret_is_nowhere_but_in_the_pipe_to_the_engine():
    canary = "CanaryQ7x9Secret"
    with tempfile.TemporaryDirectory() as folder:
        draft, trace = os.path.join(folder, "draft"), os.path.join(folder, "trace")
        with kit.wizard(draft=draft, env={"GB_TEST_TRACE": trace}) as term:
            term.type("name")
            while not term.cursor_line().startswith(">Password"):
                term.press("Tab")
            term.paste(canary)
            term.press("Tab", "Ctrl-t")
            term.wait_for("it works")
            term.press("Ctrl-x")
            for place in ("environ", "cmdline"):
                with open(f"/proc/{term.pid}/{place}", "rb") as file:
                    check(canary.encode() not in file.read(), place)
            term.write("\t\r")
            term.wait_end()
            check(canary.encode() not in term.raw, "the terminal")
            with open(draft, encoding="utf-8") as file:
                check(canary not in file.read(), "the draft")
            with open(trace, encoding="utf-8") as file:
                asked = json.loads(file.read())
            equal(asked["request"]["secrets"], {"directory-password": canary})
            check(canary not in json.dumps([asked["argv"], asked["environ"]]), "arguments and environment of the engine")
            equal(asked["sid"], asked["pid"])


def what_was_typed_is_nowhere_in_memory_that_a_core_would_hold():
    """madvise(2), MADV_DONTDUMP: "dd". Who may not even look at the process cannot write its core either."""
    canary = b"CanaryR4m8Secret"
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Password"):
            term.press("Tab")
        term.write(canary.decode())
        term.settle()
        try:
            places = kit.places_of(term.pid, canary)
        except PermissionError:
            return
        check(places, "what was typed is kept somewhere")
        equal([place for place in places if " dd" not in place[1]], [])
        term.press("Tab", "Ctrl-t")
        term.wait_for("it works")
        equal([place for place in kit.places_of(term.pid, canary) if " dd" not in place[1]], [])


def a_crash_leaves_no_core():
    """Although the shell that started it wishes for one."""
    wish = "ulimit -c unlimited 2>&- || ulimit -c hard; cd \"$1\"; shift; exec \"$@\""
    for number in (signal.SIGSEGV, signal.SIGABRT):
        with tempfile.TemporaryDirectory() as folder:
            argv = ["/bin/sh", "-c", wish, "sh", folder, kit.PROGRAM, "--config", "/nonexistent/groupback.conf",
                    "--draft", folder + "/draft", "--engine", kit.ENGINE]
            term = tui.Terminal(argv)
            try:
                term.settle()
                os.kill(term.pid, number)
                status = os.waitpid(term.pid, 0)[1]
                term.status = os.waitstatus_to_exitcode(status)
                equal(term.status, -number)
                check(not os.WCOREDUMP(status), "a core was written")
                equal([name for name in os.listdir(folder) if "core" in name], [])
            finally:
                term.close()


def quitting_while_a_question_runs_ends_in_order():
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Question"):
            term.press("Tab")
        term.press("Ctrl-u")
        term.type("hang")
        term.press("Ctrl-t", "Ctrl-c")
        term.write("\x03")
        equal(term.wait_end(), 143)


def a_process_that_does_not_want_to_end_is_ended():
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        with kit.wizard(env={"GB_TEST_TRACE": trace}) as term:
            term.type("name")
            while not term.cursor_line().startswith(">Question"):
                term.press("Tab")
            term.press("Ctrl-u")
            term.type("deaf")
            term.press("Ctrl-t")
            term.wait(lambda: os.path.exists(trace) and os.path.getsize(trace) > 0, "the engine")
            with open(trace, encoding="utf-8") as file:
                pid = json.loads(file.read())["pid"]
            term.press("Esc")
            term.wait_for("Stopped.")
            term.wait(lambda: not os.path.exists(f"/proc/{pid}"), "the end of the engine")


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"]

if __name__ == "__main__":
    tui.run(TESTS)
