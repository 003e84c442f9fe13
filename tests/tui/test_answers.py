#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers files and plain lines: the same pages with nobody at the screen, or without one."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit
import tui
from tui import check, contains, equal

GOOD = """# a comment
[setup]
name = groups-1
count = 7
accept deletions = 4
[directory]
bind = simple
[writeback]
container = "OU=Cloud Groups,DC=corp,DC=example,DC=com"
"""


def run(text, *options, secret=None, env=None, stdin=""):
    """The exit code, standard output, standard error, and what is in the folder afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        answers = os.path.join(folder, "answers")
        argv = [kit.PROGRAM, "--config", os.path.join(folder, "groupback.conf"), "--draft", os.path.join(folder, "draft"),
                "--engine", kit.ENGINE]
        if text is not None:
            with open(answers, "w", encoding="utf-8") as file:
                file.write(text)
            argv += ["--answers", answers]
        if secret is not None:
            with open(os.path.join(folder, "secret"), "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(secret)
            argv += ["--secret-file", "directory-password=" + os.path.join(folder, "secret")]
        argv += [option.replace("FOLDER", folder) for option in options]
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=tui.PATIENCE, check=False,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **(env or {})})
        files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                files[name] = (file.read(), os.stat(file.name).st_mode & 0o777)
        return done.returncode, done.stdout, done.stderr.replace(folder, "FOLDER"), files


def a_complete_file_walks_every_page_and_agrees_where_it_says_so():
    code, out, err, _ = run(GOOD)
    equal((code, err), (0, ""))
    contains(out, "First page: named groups-1")
    contains(out, "Configured.")


def everything_that_is_wrong_is_told_with_line_and_column_and_nothing_is_done():
    code, out, err, files = run("""[setup]
name = a
name = b
colour = red
count = 250
[nonsense]
x = y
[directory]
bind = magic
""")
    equal(code, 78)
    equal(out, "")
    for part in ('answers:3:1: Key "name" stands in this section twice, first in line 2.',
                 'answers:4:1: Section [setup] has no key "colour".',
                 "answers:5:9: Count cannot be \"250\". Use a whole number from 1 to 100.",
                 "answers:6:2: There is no section [nonsense].",
                 "answers:9:8: "):
        contains(err, part)
    contains(err, "simple, gssapi")
    contains(err, "Nothing was done.")
    equal(sorted(files), ["answers"])


def a_missing_answer_is_named_with_its_key():
    code, _, err, files = run("[setup]\ncount = 7\n")
    equal(code, 78)
    contains(err, "First page: [setup] name: Name is needed.")
    check("groupback.conf" not in files, "nothing was written")


def a_rule_of_the_page_holds_for_a_file_too():
    code, _, err, _ = run("[setup]\nname = two words\n")
    equal(code, 78)
    contains(err, "A name has no blanks in it. Example: groups-1")


def what_hurts_is_not_done_without_its_answer():
    code, out, err, _ = run(GOOD.replace("accept deletions = 4\n", ""))
    equal(code, 78)
    contains(err, "[setup] accept deletions = 4")
    check("Configured" not in out, "nothing was done")


def a_button_with_a_name_is_pressed_and_its_failure_ends_the_run():
    code, out, _, _ = run(GOOD.replace("count", "test = yes\nquestion = secret\ncount"), secret="12345\n")
    equal(code, 0)
    contains(out, "The engine says: 5 characters")
    code, _, err, _ = run(GOOD.replace("count", "test = yes\nquestion = refuse\ncount"))
    equal(code, 77)
    contains(err, "the account is locked out")


def a_secret_that_is_unknown_or_open_to_others_is_refused():
    code, _, err, _ = run(GOOD, "--secret-file", "no-such=/dev/null")
    equal(code, 64)
    contains(err, 'There is no secret "no-such". Use one of: directory-password.')
    code, _, err, _ = run(GOOD, "--secret-file", "directory-password=/etc/passwd")
    equal(code, 78)


def a_secret_of_systemd_is_taken():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "directory-password")
        with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("1234567")
        code, out, _, _ = run(GOOD.replace("count", "test = yes\nquestion = secret\ncount"),
                              env={"CREDENTIALS_DIRECTORY": folder})
        equal(code, 0)
        contains(out, "7 characters")


def what_is_saved_can_be_read_again_and_holds_no_secret():
    code, out, _, files = run(None, "--save-answers", "FOLDER/saved")
    equal(code, 0)
    text, mode = files["saved"]
    equal(mode, 0o600)
    contains(text, '[setup]')
    contains(text, 'count = "5"')
    check("password =" not in text, text)
    code, _, err, _ = run(text + 'name = "x"\n')
    check("Key" not in err and "Section" not in err, err)


def plain_lines_ask_one_question_each():
    code, out, err, _ = run(None, "--plain", stdin="?\ngroups-1\n\n\n\n\ny\n\n\n\n")
    equal(err, "")
    contains(out, "Plain questions, as --plain asks for.")
    contains(out, "What it is called.")
    contains(out, "Step 1 of 3")
    contains(out, "Count (things)\n [5] > ")
    contains(out, "  1) name and password, over TLS (now)")
    contains(out, "\nSecond page\nStep 2 of 3\n")
    equal(code, 143)


def plain_lines_refuse_what_is_wrong_and_ask_again():
    _, out, _, _ = run(None, "--plain", stdin="two words\nok\n250\n7\n<\n\n")
    contains(out, "Error: A name has no blanks in it.")
    contains(out, 'Error: Count cannot be "250".')
    equal(out.count("Count (things)"), 3)


def plain_lines_go_back_to_the_page_before():
    _, out, _, _ = run(None, "--plain", stdin="name\n>\n\n<\n")
    equal(out.count("First page"), 2)


def plain_lines_press_buttons_by_their_number():
    _, out, _, _ = run(None, "--plain", stdin="name\n>\n1\n")
    contains(out, "  1) Test")
    contains(out, "Testing...")
    contains(out, "The engine says: it works")


def a_configuration_that_is_broken_stops_a_file():
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("[cloud]\ntenant = common\n")
        file.flush()
        done = subprocess.run([kit.PROGRAM, "--config", file.name, "--answers", "/nonexistent/a"], capture_output=True,
                              text=True, check=False, timeout=tui.PATIENCE, env={"LC_ALL": "C.UTF-8"})
        equal(done.returncode, 78)
        contains(done.stderr, ":2:")


def a_wrong_command_line_is_refused():
    for options in (("--nonsense",), ("word",), ("--secret-file", "x"), ("--answers",)):
        done = subprocess.run([kit.PROGRAM, *options], capture_output=True, text=True, check=False, timeout=tui.PATIENCE)
        equal(done.returncode, 64)
        contains(done.stderr, "--help")


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__" and name != "run"]

if __name__ == "__main__":
    tui.run(TESTS)
