#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Screens as they shall look, full and compact, in UTF-8 and in C: files in screens/, to be read by people.
GB_TUI_UPDATE=1 writes them anew; then look at what has changed."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import tui

WAYS = [(size, locale) for size in ((80, 24), (40, 9)) for locale in ("C.UTF-8", "C")]


def each_way(name, steps):
    for size, locale in WAYS:
        with kit.wizard(size=size, locale=locale) as term:
            steps(term)
            tui.golden(term, f"{name}-{size[0]}x{size[1]}-{locale}")


def focus(term, part):
    for _ in range(30):
        if part in term.cursor_line() and term.cursor_line().startswith(">"):
            return
        term.press("Tab")
    raise AssertionError(f"{part} never has the focus")


def fields_of_most_kinds():
    each_way("fields", lambda term: term.type("groups-1"))


def an_error_on_a_field():
    def steps(term):
        term.type("two words")
        term.press("Tab")
    each_way("error", steps)


def a_long_error_and_its_detail():
    def steps(term):
        term.type("name")
        focus(term, "Question") if term.screen.columns == 80 else [term.press("Tab") for _ in range(6)]
        term.press("Ctrl-u")
        term.type("refuse")
        term.press("Ctrl-t")
        term.wait_for("dc01")
        term.press("F2")
        term.wait_for("Detail")
    each_way("detail", steps)


def a_list_of_hostile_names():
    def steps(term):
        term.type("name")
        while "Second page" not in term.text():
            term.press("F10")
        while "plain name" not in term.cursor_line():
            term.press("Tab")
        term.press("Down", "Down")
    each_way("list", steps)


def a_tree_that_is_open():
    def steps(term):
        term.type("name")
        while "Second page" not in term.text():
            term.press("F10")
        kit.focus_tree(term)
        term.press("Right")
        term.wait_for("Servers" if term.screen.lines > 9 else "Cloud Groups")
        term.wait_without("loading")
        term.press("Down", "Down", "Space")
    each_way("tree", steps)


def the_question_before_quitting():
    each_way("quit", lambda term: term.press("Ctrl-x"))


def help_on_a_field():
    each_way("help", lambda term: term.press("F1"))


def a_window_that_is_too_small():
    for size in ((39, 9), (20, 5)):
        with kit.wizard(size=size) as term:
            tui.golden(term, f"small-{size[0]}x{size[1]}")


def a_wide_window():
    with kit.wizard(size=(132, 50)) as term:
        tui.golden(term, "wide-132x50")


TESTS = [fields_of_most_kinds, an_error_on_a_field, a_long_error_and_its_detail, a_list_of_hostile_names,
         a_tree_that_is_open, the_question_before_quitting, help_on_a_field, a_window_that_is_too_small, a_wide_window]

if __name__ == "__main__":
    tui.run(TESTS)
