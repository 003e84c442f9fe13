#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keys do: fields, focus, pages, pop-ups, Find, and what must not happen by accident."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import tui
from tui import check, contains, equal


def the_first_page_shows_all_its_fields_and_the_cursor_is_on_the_one_that_needs_an_answer():
    with kit.wizard() as term:
        contains(term.text(), "groupback-wizard - First page")
        contains(term.text(), "Step 1 of 3")
        contains(term.text(), "[5     ]  things")
        contains(term.text(), "(*) name and password, over TLS")
        contains(term.cursor_line(), ">Name")
        equal(term.cursor(), (term.cursor_line().index("[") + 1, 4))


def text_is_edited_as_in_a_shell():
    with kit.wizard() as term:
        term.type("one two three")
        term.press("Ctrl-w")
        contains(term.cursor_line(), "[one two             ]")
        term.press("Ctrl-a")
        term.type("X")
        contains(term.cursor_line(), "[Xone two            ]")
        term.press("Right", "Right", "Ctrl-k")
        contains(term.cursor_line(), "[Xon                 ]")
        term.press("Backspace", "Home", "Delete")
        contains(term.cursor_line(), "[o                   ]")
        term.press("Ctrl-u")
        contains(term.cursor_line(), "[                    ]")
        term.press("Ctrl-r")
        contains(term.cursor_line(), "[                    ]")


def characters_that_combine_or_are_wide_are_edited_whole():
    with kit.wizard() as term:
        term.type("a\u6771e\u0301b")
        x, y = term.cursor()
        equal(x, term.lines()[y].index("[") + 1 + 5)
        term.press("Left", "Left")
        equal(term.cursor()[0], x - 2)
        term.press("Backspace")
        equal(term.cursor()[0], x - 4)
        contains(term.cursor_line(), "[a\u00e9b")


def a_wrong_value_is_named_on_leaving_and_keeps_what_was_typed():
    with kit.wizard() as term:
        term.type("two words")
        term.press("Tab")
        contains(term.text(), "Error: A name has no blanks in it. Example: groups-1")
        contains(term.text(), "!Name")
        contains(term.text(), "[two words ")
        term.press("F10")
        contains(term.text(), "First page")
        contains(term.cursor_line(), ">Name")
        term.press("Ctrl-u")
        check("Error" not in term.text(), "the error goes away while typing")


def next_says_what_is_missing_and_goes_there():
    with kit.wizard() as term:
        term.press("Tab", "Tab", "F10")
        contains(term.text(), "Error: Name is needed.")
        contains(term.cursor_line(), ">Name")


def a_number_out_of_range_is_refused_with_the_range():
    with kit.wizard() as term:
        term.type("name")
        term.press("Tab", "Ctrl-u")
        term.type("250")
        term.press("Tab")
        contains(term.text(), 'Count cannot be "250". Use a whole number from 1 to 100.')


def moving_changes_nothing_and_space_does():
    with kit.wizard() as term:
        term.type("name")
        while "Sign in by" not in term.cursor_line():
            term.press("Tab")
        before = [line for line in term.lines() if "(*)" in line]
        term.press("Down")
        equal([line for line in term.lines() if "(*)" in line], before)
        contains(term.text(), "Password")
        term.press("Space")
        check("Password" not in term.text(), "the password is asked only where it is used")


def back_and_next_keep_every_field():
    with kit.wizard() as term:
        kit.to_second(term)
        term.press("F8")
        term.wait_for("First page")
        contains(term.text(), "[name  ")
        term.press("Alt-n")
        contains(term.text(), "Second page")
        term.press("Alt-8")
        contains(term.text(), "First page")


def a_secret_is_stars_while_typed_and_eight_stars_afterwards():
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Password"):
            term.press("Tab")
        term.type("pw")
        contains(term.cursor_line(), "[**   ")
        term.press("Tab")
        contains(term.text(), "[********  ")
        contains(term.text(), "set, not shown")
        term.press("BackTab")
        contains(term.cursor_line(), "[     ")
        check(b"pw" not in term.raw, "the secret is not sent to the terminal")


def a_paste_is_taken_whole_and_a_newline_in_it_presses_nothing():
    with kit.wizard() as term:
        term.paste("pasted\n")
        contains(term.cursor_line(), ">Name")
        contains(term.cursor_line(), "[pasted ")
        term.paste("one\ntwo")
        contains(term.cursor_line(), "[pasted ")
        contains(term.text(), "Nothing was pasted")
        while not term.at_cursor(4) == "Next":
            term.press("Tab")
        term.paste("abc\r\ndef\r\n")
        contains(term.text(), "First page")
        contains(term.text(), "text goes into a text field")


def a_paste_that_is_not_announced_presses_no_button():
    with kit.wizard() as term:
        term.type("name")
        while not term.at_cursor(4) == "Next":
            term.press("Tab")
        term.type("abc\rdef\rghi\r")
        contains(term.text(), "First page")


def letters_press_no_button():
    with kit.wizard() as term:
        term.type("name")
        while not term.at_cursor(4) == "Next":
            term.press("Tab")
        term.type("nNtTbBqQxXyY")
        contains(term.text(), "First page")
        equal(term.at_cursor(4), "Next")


def enter_that_is_held_down_never_configures():
    with kit.wizard() as term:
        term.type("name")
        for _ in range(40):
            term.press("Enter")
        check("Ready" not in term.text(), "a page that needs an answer stops it")
    with kit.wizard() as term:
        kit.to_last(term)
        equal(term.at_cursor(4), "Back")
        for _ in range(200):
            term.press("Enter")
        contains(term.text(), "Ready to configure")
        check("Delete 4 groups" not in term.text(), "the question is not even asked")


def what_hurts_must_be_agreed_to_by_typing():
    with kit.wizard() as term:
        kit.to_last(term)
        term.press("F10")
        contains(term.text(), "answered by its button")
        term.press("Tab")
        equal(term.at_cursor(9), "Configure")
        term.press("Enter")
        contains(term.text(), "This deletes 4 groups.")
        term.type("5")
        term.press("Tab", "Tab", "Enter")
        contains(term.text(), "This deletes 4 groups.")
        term.press("Esc")
        term.wait_without("This deletes 4 groups.")
        term.press("Enter")
        term.type("4")
        term.press("Tab")
        equal(term.at_cursor(4), "Keep")
        term.press("Right")
        equal(term.at_cursor(15), "Delete 4 groups")
        term.write("\r")
        equal(term.wait_end(), 0)
        contains(term.raw.decode(errors="replace"), "Configured.")


def escape_discards_nothing_and_says_what_leaves():
    with kit.wizard() as term:
        term.type("name")
        term.press("Esc", "Esc", "Esc")
        term.wait_for("Ctrl-X quits.")
        contains(term.text(), "[name ")


def quitting_is_asked_and_a_second_control_c_quits():
    with kit.wizard() as term:
        term.press("Ctrl-c")
        contains(term.text(), "Quit the setup?")
        equal(term.at_cursor(4), "Stay")
        term.press("Enter")
        check("Quit the setup?" not in term.text(), "Stay is the safe answer")
        term.press("Ctrl-x")
        term.write("\x03")
        equal(term.wait_end(), 143)


def help_tells_about_page_field_and_keys():
    with kit.wizard() as term:
        term.press("F1")
        for part in ("Help of the first page.", "What it is called.", "Shift-Tab"):
            contains(term.text(), part)
        equal(term.at_cursor(5), "Close")
        term.press("PageDown", "Esc")
        term.wait_without("Help of the first page.")
        term.press("Alt-1")
        contains(term.text(), "Help of the first page.")


def a_question_to_the_engine_is_answered_and_shown():
    with kit.wizard() as term:
        term.type("name")
        term.press("Ctrl-t")
        term.wait_for("The engine says: it works")


def a_refusal_shows_what_to_do_and_its_detail():
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Question"):
            term.press("Tab")
        term.press("Ctrl-u")
        term.type("refuse")
        term.press("Ctrl-t")
        term.wait_for("Error: dc01 refused the sign-in: the account is locked out. Unlock it in AD")
        term.press("F2")
        contains(term.text(), "What to do: Unlock it in AD")
        contains(term.text(), "(49)")


def what_dies_or_talks_nonsense_is_an_error_and_nothing_hangs():
    with kit.wizard() as term:
        term.type("name")
        for question, text in (("die", "ended without an answer"), ("noise", "Error:")):
            while not term.cursor_line().startswith(">Question"):
                term.press("Tab")
            term.press("Ctrl-u")
            term.type(question)
            term.press("Ctrl-t")
            term.wait_for(text)


def keys_are_answered_while_the_engine_hangs_and_escape_stops_it():
    with kit.wizard() as term:
        term.type("name")
        while not term.cursor_line().startswith(">Question"):
            term.press("Tab")
        term.press("Ctrl-u")
        term.type("hang")
        term.press("Ctrl-t")
        term.wait_for("Testing...")
        contains(term.text(), "Esc stops.")
        term.type("ing")
        contains(term.text(), "[hanging ")
        term.resize(100, 30)
        contains(term.text(), "[hanging ")
        term.press("Esc")
        term.wait_for("Stopped.")
        check("Testing" not in term.text(), "the wait is over")


def a_tree_opens_lazily_and_its_node_is_chosen():
    with kit.wizard() as term:
        kit.to_second(term)
        kit.focus_tree(term)
        term.press("Space")
        contains(term.text(), "Choose a unit below the domain.")
        kit.open_root(term)
        term.press("Down", "Down", "Right")
        term.wait_for("OU=Unit 0001")
        term.wait_without("loading")  # until then frames come by themselves, also half of one
        term.press("Down", "Space")
        contains(term.cursor_line(), "(*)")
        contains(term.cursor_line(), "OU=Unit 0001")
        term.press("Left", "Left")
        check("OU=Unit 0001" not in term.text(), "Left closes")
        contains(term.cursor_line(), "+ OU=Cloud Groups")


def an_unreadable_branch_says_why():
    with kit.wizard() as term:
        kit.to_second(term)
        kit.focus_tree(term)
        kit.open_root(term)
        term.press("Down", "Down", "Down", "Right")
        term.wait_for("no right to read")
        contains(term.cursor_line(), "? OU=Forbidden")


def find_goes_to_a_row_far_away_and_stays_there():
    with kit.wizard() as term:
        kit.to_second(term)
        while "plain name" not in term.cursor_line():
            term.press("Tab")
        term.type("/row 77")
        contains(term.text(), "Find: row 77")
        contains(term.text(), "row 77 ")
        term.press("Enter")
        contains(term.text(), "row 770")
        term.press("Esc")
        term.wait_without("Find:")
        contains(term.cursor_line(), "row 77")
        term.press("F2")
        contains(term.text(), "All about row 77")


def alt_digits_are_function_keys_and_sequences_of_terminals_are_known():
    sequences = {"\x1b[11~": "F1 of PuTTY", "\x1b[[A": "F1 of the linux console", "\x1bOP": "F1 of xterm", "\x1b1": "Alt-1"}
    for sequence, name in sequences.items():
        with kit.wizard() as term:
            term.type(sequence)
            check("Help of the first page." in term.text(), name)
    for down in ("\x1b[B", "\x1bOB"):
        with kit.wizard() as term:
            term.type(down)
            contains(term.cursor_line(), ">Count")


def an_arrow_that_comes_in_pieces_is_still_an_arrow():
    with kit.wizard(env={"ESCDELAY": "5000"}) as term:
        for byte in "\x1b[B":
            term.write(byte)
            time.sleep(0.1)
        term.settle()
        contains(term.cursor_line(), ">Count")


def unknown_sequences_type_nothing_and_turn_no_page():
    rng = random.Random(1)
    with kit.wizard(env={"ESCDELAY": "50"}) as term:
        for _ in range(300):
            final = chr(rng.choice([c for c in range(0x40, 0x7f) if chr(c) not in "[ABCDEFHMPQRSZ~"]))
            parameters = "".join(rng.choice("0123456789;<=>?") for _ in range(rng.randrange(6)))
            term.write("\x1b[" + parameters + final)
        for sequence in ("\x1b[M !!", "\x1b[<0;10;10M", "\x1b]11;rgb:00/00/00\x07", "\x1bP1$r0m\x1b\\", "\x1b[200;5~",
                         "\x1b[21;5~", "\x1bO5A", "\xff\xfe"):
            term.write(sequence.encode("latin-1"))
        term.settle()
        contains(term.text(), "First page")
        contains(term.text(), "[                    ]")


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"]

if __name__ == "__main__":
    tui.run(TESTS)
