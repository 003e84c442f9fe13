# SPDX-License-Identifier: GPL-3.0-or-later
"""The real wizard on a terminal: starting it, and walking its pages by what stands on them."""
import contextlib
import os
import re

import tui

PROGRAM = os.path.join(tui.BUILD, "groupback-wizard")


@contextlib.contextmanager
def wizard(*options, **how):
    """A wizard whose first page is drawn."""
    term = tui.Terminal([PROGRAM, *options], **how)
    try:
        term.settle()
        yield term
    finally:
        term.close()


def has_focus(term, label):
    """In a small window the label stands above its field, and the mark of the focus beside it."""
    line = term.cursor_line()
    if line[max(term.cursor()[0] - 3, 0):].startswith(">< " + label):
        return True
    lines = term.lines()
    for y, row in enumerate(lines):
        if row.startswith(">") and not row.startswith("><"):
            # One of several options: the label stands beside or above the first one.
            while y > 0 and not lines[y][1:4].strip():
                y -= 1
            return label in row or label in lines[y]
    return False


def focus(term, label):
    """Tab until the focus is on the field or button with that label."""
    for _ in range(60):
        if has_focus(term, label):
            return
        term.press("Tab")
    raise AssertionError(f"{label} never has the focus\n{term.text()}")


def focus_row(term, text):
    """The focus on a row of a list, wherever the list stands."""
    for _ in range(60):
        if term.cursor_line().startswith(">") and text in term.cursor_line():
            return
        before = term.text()
        term.press("Down")
        if term.text() == before:
            term.press("Tab")
    raise AssertionError(f"no row with {text} has the focus\n{term.text()}")


def fill(term, label, text):
    focus(term, label)
    term.press("Ctrl-u")
    term.paste(text)


def choose(term, label, option):
    """One of several options: moving changes nothing, Blank does."""
    focus(term, label)
    if term.cursor_line().rstrip().endswith("v]"):
        term.press("Enter")
    for _ in range(12):
        if option in term.cursor_line()[term.cursor()[0]:]:
            break
        term.press("Down")
    tui.contains(term.cursor_line()[term.cursor()[0]:], option)
    term.press("Space")
    check_words(term, option)


def check_words(term, text):
    """Wherever lines are broken."""
    tui.contains(words(term), " ".join(text.split()))


def words(term):
    return " ".join(term.text().split())


def tick(term, label, wanted):
    focus(term, label)
    if ("[x] " + label in term.cursor_line()) != wanted:
        term.press("Space")
    tui.contains(term.cursor_line(), ("[x] " if wanted else "[ ] ") + label)


def press(term, label):
    """Press a button by its words."""
    focus(term, label)
    term.press("Enter")


def on_page(term, title):
    term.wait(lambda: re.match(r"(.* - )?" + re.escape(title), term.lines()[0]), f"the page {title}")


def next_to(term, title):
    term.press("F10")
    on_page(term, title)
