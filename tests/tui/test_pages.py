#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wizard's own pages as they shall look: golden/PAGE.txt, full and compact, in UTF-8 and in C, to be read by
people. The engine behind them is canned.py. GB_TUI_UPDATE=1 writes the files anew; then look at what has changed."""
import contextlib
import difflib
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pages
import tui
from tui import equal

CANNED = os.path.join(tui.SRC, "tests/tui/canned.py")
WAYS = [(size, locale) for size in ((80, 24), (40, 9)) for locale in ("C.UTF-8", "C")]
TRIES = 3
CONTAINER = "OU=Cloud Groups,DC=corp,DC=example,DC=com"
ANSWERS = f"""[cloud]
tenant = contoso.onmicrosoft.com
client id = 7b1f2c7e-5d0a-4a53-9d4e-0f3c2b1a9d8e
[directory]
servers = dc1.corp.example.com dc2.corp.example.com
account = svc-groupback@corp.example.com
[features]
group writeback = yes
[writeback]
container = "{CONTAINER}"
[paths]
state directory = FOLDER
"""
MOST_VIEWS = 12


@contextlib.contextmanager
def site(answers="", config=None):
    """A folder with a prefilled draft or a configuration."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("prefill", answers), ("groupback.conf", config)):
            if text is not None:
                with open(os.path.join(folder, name), "w", encoding="utf-8",
                          opener=lambda p, f: os.open(p, f, 0o600)) as file:
                    file.write(text.replace("FOLDER", folder))
        with open(os.path.join(folder, "last.json"), "w", encoding="utf-8") as file:
            json.dump({"begun": "2026-03-07T14:30:00Z", "exitCode": 0}, file)
        yield folder


@contextlib.contextmanager
def wizard(folder, says="", **how):
    options = ["--config", os.path.join(folder, "groupback.conf"), "--draft", os.path.join(folder, "draft"),
               "--engine", CANNED, "--prefill", os.path.join(folder, "prefill")]
    with pages.wizard(*options, env={"GB_TEST_SAYS": says, "TZ": "UTC"}, **how) as term:
        yield term


def seen(term):
    """Every view of the page: the first one, and what Next shows before it leaves a page that is longer."""
    views = [term.text() + f"\ncursor {term.cursor()[0]},{term.cursor()[1]}"]
    for _ in range(MOST_VIEWS):
        if "< More >" not in term.text() and ">< More >" not in term.text():
            break
        term.press("PageDown")
        text = term.text()
        if text in views[-1]:
            term.press("F10")
            text = term.text()
        views.append(text + f"\ncursor {term.cursor()[0]},{term.cursor()[1]}")
    return views


def golden(name, steps, says="", is_endless=False, answers="[paths]\nstate directory = FOLDER\n", config=None):
    """The page that the steps lead to, each way. What comes by itself may come late on a busy machine: a picture
    that is not the wanted one is taken anew before it counts."""
    wanted = read_golden(name)
    shown = ""
    for size, locale in WAYS:
        for _ in range(TRIES):
            picture = take(steps, says, is_endless, answers, config, size, locale)
            if wanted is None or picture in wanted:
                break
        shown += picture
    compare(name, wanted, shown)


def take(steps, says, is_endless, answers, config, size, locale):
    shown = ""
    with site(answers, config) as folder, wizard(folder, says, size=size, locale=locale) as term:
        steps(term)
        term.wait(lambda: is_endless or not is_busy(term), "the end of the wait")
        term.press("Ctrl-l")  # whatever came by itself is drawn to its end then
        for number, view in enumerate(seen(term) if size[0] < 80 else seen(term)[:1]):
            shown += f"== {size[0]}x{size[1]} {locale}" + (f", view {number + 1}" if number else "") + "\n"
            shown += mask(view, folder) + "\n"
    return shown


def mask(view, folder):
    """What differs from run to run: how long something takes, where the test's files are."""
    return re.sub(r"\d+( s\.\s+Esc)", r"N\1", view.replace(folder, "/folder"))


def path_of(name):
    return os.path.join(tui.SRC, "tests/tui/golden", name + ".txt")


def read_golden(name):
    """None: it is to be written anew."""
    if os.environ.get("GB_TUI_UPDATE"):
        return None
    with open(path_of(name), encoding="utf-8") as file:
        return file.read()


def compare(name, wanted, shown):
    if wanted is None:
        os.makedirs(os.path.dirname(path_of(name)), exist_ok=True)
        with open(path_of(name), "w", encoding="utf-8") as file:
            file.write(shown)
    elif shown != wanted:
        diff = difflib.unified_diff(wanted.splitlines(), shown.splitlines(), "wanted", "shown", lineterm="", n=8)
        raise AssertionError(name + "\n" + "\n".join(diff))


# Ways to the pages: Next until a title stands there; a longer page needs it several times. ---------------

def to(title):
    def steps(term):
        for _ in range(80):
            if title in term.lines()[0]:
                break
            if "Ready to configure" in term.lines()[0]:
                press_configure(term)
            elif "Configuring" in term.lines()[0]:
                term.wait(lambda: "Configuring" not in term.lines()[0], "the end of the run")
            else:
                term.press("F10")
            term.wait(lambda: not is_busy(term), "the end of the wait")
        pages.on_page(term, title)
        term.wait(lambda: not is_busy(term), "the end of the wait")
    return steps


def press_configure(term):
    for _ in range(MOST_VIEWS):
        if "< More >" in term.text():
            term.press("F10")
    pages.press(term, "Configure")


def is_busy(term):
    """In a small window "loading" may be cut."""
    return "Esc stops" in pages.words(term) or re.search(r" load", term.text()) is not None


def after(*steps):
    def all_steps(term):
        for step in steps:
            step(term)
    return all_steps


def welcome():
    golden("welcome", lambda term: None)


def additional_tasks():
    golden("tasks", lambda term: None, answers="", config=ANSWERS)


def cloud_where_an_application_is_created():
    golden("cloud-create", to("Connect to Micr"))


def cloud_while_somebody_signs_in():
    def steps(term):
        pages.fill(term, "Tenant", "contoso.onmicrosoft.com")
        pages.press(term, "Sign in")
        term.wait(lambda: "1. On any device" in pages.words(term) and "< Copy code >" in term.text(), "the code")
    golden("cloud-sign-in", after(to("Connect to Micr"), steps), is_endless=True)


def cloud_with_an_application_that_exists():
    golden("cloud-existing", to("Connect to Micr"), answers=ANSWERS)


def cloud_after_a_test_that_failed():
    def steps(term):
        term.press("Ctrl-t")
        term.wait(lambda: "was refused" in pages.words(term), "the refusal")
    golden("cloud-refused", after(to("Connect to Micr"), steps), says="refused", answers=ANSWERS)


def directory():
    golden("directory", to("Connect your d"), answers=ANSWERS)


def directory_after_a_test_that_failed():
    def steps(term):
        term.press("Ctrl-t")
        term.wait(lambda: "refused" in pages.words(term), "the refusal")
    golden("directory-locked", after(to("Connect your d"), steps), says="locked", answers=ANSWERS)


def optional_features():
    golden("features", to("Optional features"), answers=ANSWERS)


def optional_features_with_numbers():
    def steps(term):
        pages.press(term, "Count")
        term.wait(lambda: "has 312 groups" in pages.words(term), "the numbers")
    golden("features-counted", after(to("Optional features"), steps), answers=ANSWERS)


def writeback():
    def steps(term):
        # The example comes by itself; in a small window it is below what is visible.
        is_small = term.screen.columns < 80
        term.wait(lambda: (not is_small or term.press("PageDown") is None) and "Example: Finance" in pages.words(term),
                  "the example")
        for _ in range(MOST_VIEWS if is_small else 0):
            term.press("PageUp")
    golden("container", after(to("Writeback "), steps), answers=ANSWERS)


def writeback_options():
    golden("options", to("Writeback options"), answers=ANSWERS)


def permissions():
    golden("rights", to("Permissions"), says="rights", answers=ANSWERS)


def scheduler_and_staging_mode():
    def steps(term):
        pages.choose(term, "Task", "Scheduler and staging mode")
    golden("schedule", after(steps, to("Scheduler and st")), answers="", config=ANSWERS)


def disable():
    def steps(term):
        pages.choose(term, "Task", "Disable group writeback")
    golden("disable", after(steps, to("Disable group wr")), answers="", config=ANSWERS)


def ready():
    golden("ready", to("Ready to configure"), answers=ANSWERS)


def ready_to_delete():
    golden("ready-delete", after(disable_and_delete, to("Ready to configure")), answers="", config=ANSWERS)


def the_question_before_groups_are_deleted():
    def steps(term):
        press_configure(term)
        term.wait(lambda: "Type the number" in pages.words(term), "the question")
    golden("ready-delete-question", after(disable_and_delete, to("Ready to configure"), steps), answers="", config=ANSWERS)


def disable_and_delete(term):
    pages.choose(term, "Task", "Disable group writeback")
    to("Disable group wr")(term)
    pages.choose(term, "What becomes of them", "delete them")


def configuring():
    def steps(term):
        term.wait(lambda: ".. Check it" in pages.words(term), "the check")
    golden("configuring", after(to("Configuring"), steps), says="slow", answers=ANSWERS)


def configuring_where_a_step_failed():
    golden("configuring-failed", after(to("Configuring"), lambda term: term.wait_for("Retry")), says="fails", answers=ANSWERS)


def configuration_complete():
    golden("complete", to("Configuration c"), answers=ANSWERS)


# What is not seen by comparing screens ---------------------------------------------------------------

def a_run_goes_on_when_the_line_drops_and_a_new_wizard_joins_it_and_starts_nothing():
    with site(ANSWERS) as folder:
        with wizard(folder, "slow") as term:
            to("Configuring")(term)
            term.wait(lambda: ".. Check it" in pages.words(term), "the check")
            os.close(term.fd)
            term.fd = os.open("/dev/null", os.O_RDWR)
            equal(os.waitstatus_to_exitcode(os.waitpid(term.pid, 0)[1]), 143)
            term.status = 143
        with open(folder + "/configure.jsonl", encoding="utf-8") as file:
            before = file.readline()
        with wizard(folder, "slow") as term:
            term.wait_for("Resume the draft")
            term.press("Enter")
            term.wait(lambda: ".. Check it" in pages.words(term), "the check")
            with open(folder + "/go-on", "w", encoding="ascii"):
                pass
            pages.on_page(term, "Configuration complete")
        with open(folder + "/configure.jsonl", encoding="utf-8") as file:
            equal(file.readline(), before)


TESTS = [welcome, additional_tasks, cloud_where_an_application_is_created, cloud_while_somebody_signs_in,
         cloud_with_an_application_that_exists, cloud_after_a_test_that_failed, directory,
         directory_after_a_test_that_failed, optional_features, optional_features_with_numbers, writeback,
         writeback_options, permissions, scheduler_and_staging_mode, disable, ready, ready_to_delete,
         the_question_before_groups_are_deleted, configuring, configuring_where_a_step_failed, configuration_complete,
         a_run_goes_on_when_the_line_drops_and_a_new_wizard_joins_it_and_starts_nothing]

if __name__ == "__main__":
    tui.run(TESTS)
