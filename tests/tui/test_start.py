#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the first page: a draft that was left, another wizard, a configuration that cannot be read."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import tui
from tui import check, contains, equal


def leave_a_draft(draft):
    with kit.wizard(draft=draft) as term:
        kit.to_second(term)
        term.write("\x18\t\r")
        equal(term.wait_end(), 143)


def a_draft_is_offered_and_goes_on_where_it_was_left():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        leave_a_draft(draft)
        with kit.wizard(draft=draft) as term:
            contains(term.text(), 'left on the page "Second page"')
            equal(term.at_cursor(16), "Resume the draft")
            term.press("Enter")
            contains(term.text(), "groupback-wizard - Second page")
            term.press("F8")
            contains(term.text(), "[name ")


def starting_over_removes_the_draft():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        leave_a_draft(draft)
        with kit.wizard(draft=draft) as term:
            term.press("Tab")
            equal(term.at_cursor(10), "Start over")
            term.press("Enter")
            contains(term.text(), "First page")
            contains(term.text(), "Name        [      ")
            check(not os.path.exists(draft), "the draft is gone")


def a_draft_that_is_broken_is_left_alone():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        with open(draft, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("{ this is no JSON")
        with kit.wizard(draft=draft) as term:
            contains(term.text(), "First page")


def plain_lines_offer_the_draft_too():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        leave_a_draft(draft)
        with kit.wizard("--plain", draft=draft) as term:
            term.wait_for("1) Resume the draft")
            term.write("\n")
            term.wait(lambda: b"Step 2 of 3" in term.raw, "the page of the draft")


def a_second_wizard_only_looks():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        with kit.wizard(draft=draft) as first, kit.wizard(draft=draft) as second:
            contains(second.text(), f"Another groupback-wizard is open (process {first.pid}")
            equal(second.at_cursor(9), "Look only")
            second.press("Enter")
            contains(second.text(), "read only")
            second.press("BackTab")
            while not second.cursor_line().startswith(">Name"):
                second.press("Tab")
            second.type("x")
            contains(second.text(), "Another setup is open; this one can only look.")
            second.press("F10")
            contains(second.text(), "Second page")
            first.type("still mine")
            contains(first.text(), "[still mine ")


def a_second_wizard_takes_over_with_the_draft_of_the_first():
    with tempfile.TemporaryDirectory() as folder:
        draft = os.path.join(folder, "draft")
        with kit.wizard(draft=draft) as first, kit.wizard(draft=draft) as second:
            first.type("from the first")
            second.press("Tab", "Enter")
            equal(first.wait_end(), 143)
            second.wait_for("Resume the draft")
            second.press("Enter")
            contains(second.text(), "[from the first ")


def a_configuration_that_cannot_be_read_says_why_and_keeps_what_is_right():
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "groupback.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("[directory]\nbind = gssapi\ncolour = red\n[features]\ngroup writeback = maybe\n")
        with kit.wizard(config=config) as term:
            contains(term.text(), "The configuration cannot be read")
            contains(" ".join(term.text().split()), 'Section [directory] has no key')
            term.press("Enter")
            contains(term.text(), "(*) Kerberos with a keytab")
            contains(term.text(), "[ ] Group writeback")
        with kit.wizard(config=config) as term:
            term.press("Tab", "Enter")
            contains(term.text(), "(*) name and password, over TLS")


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__" and name != "leave_a_draft"]

if __name__ == "__main__":
    tui.run(TESTS)
