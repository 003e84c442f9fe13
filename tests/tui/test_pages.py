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
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pages
import tui
from tui import check, contains, equal

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
    """The keys say at once that something runs, the message after a moment. In a small window "loading" may be cut."""
    return any(sign in pages.words(term) for sign in ("Esc Stop", "Esc stops", " load"))


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
        term.wait(lambda: all(words in pages.words(term)
                              for words in ("1. On any device", "< Copy code >", "Creating the application")), "the code")
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


def import_settings():
    golden("import", after(a_task("Import settings"), to("Import set")), answers="", config=ANSWERS)


def refresh_directory_schema():
    golden("schema", after(a_task("Refresh directory schema"), to("Refresh dir")), answers="", config=ANSWERS)


def troubleshoot():
    golden("troubleshoot", after(a_task("Troubleshoot"), to("Troubleshoot")), answers="", config=ANSWERS)


def a_task(name):
    return lambda term: pages.choose(term, "Task", name)


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


def configuring_after_it_was_stopped():
    def steps(term):
        term.wait(lambda: ".. Check it" in pages.words(term), "the check")
        pages.press(term, "Stop after this step")
        term.wait(lambda: "< Retry >" in term.text(), "the end")
    golden("configuring-stopped", after(to("Configuring"), steps), says="slow", answers=ANSWERS)


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


def settings_on_ready_have_the_names_of_their_pages_and_the_key_in_the_detail():
    with site("", ANSWERS) as folder, wizard(folder) as term:
        a_task("Scheduler and staging mode")(term)
        to("Scheduler and st")(term)
        pages.tick(term, "Enable staging mode", True)
        pages.check_words(term, "off now * changed")
        to("Ready to configure")(term)
        pages.check_words(term, "~ Staging mode no -> yes")
        check("safety" not in term.text(), "the name of the file's section")
        pages.focus_row(term, "Staging mode")
        term.press("F2")
        pages.check_words(term, "Until now: no From now on: yes")
        contains(term.text(), "[safety] staging")
        term.press("Esc", "Enter")
        pages.on_page(term, "Scheduler and staging mode")


def numbers_of_the_dry_run_stand_beside_the_limits():
    with site(ANSWERS) as folder, wizard(folder) as term:
        to("Ready to configure")(term)
        term.press("F8")
        pages.on_page(term, "Writeback options")
        pages.check_words(term, "creates more than [50 20% ] groups dry run: 38")
        pages.check_words(term, "removes more than [50 10% ] members dry run: 7")


def is_tame(term):
    """Nothing of canned.HOSTILE came as it was told."""
    for part in (b"\x1b]0;", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"31m\xe2"):
        check(part not in term.raw, f"{part} was sent to the terminal")
    check(all(len(line) <= term.screen.columns for line in term.lines()), "a row is too long")


def what_the_engine_tells_is_made_safe_on_every_page():
    """Names, errors and texts from both sides, on the whole way and in the details."""
    for size in ((80, 24), (40, 9)):
        with site(ANSWERS) as folder, wizard(folder, "hostile", size=size) as term:
            for title in ("Connect to Micr", "Connect your d", "Optional features", "Writeback "):
                to(title)(term)
                is_tame(term)
            pages.focus_row(term, "OU=Cloud")
            term.press("F2", "Esc")
            to("Ready to configure")(term)
            term.press("F2", "Esc")
            is_tame(term)
            to("Configuration c")(term)
            is_tame(term)
    for task, says in (("Troubleshoot", "hostile"), ("Refresh directory schema", "hostile"),
                       ("Disable group writeback", "hostile")):
        with site("", ANSWERS) as folder, wizard(folder, says) as term:
            a_task(task)(term)
            to(task[:12])(term)
            term.press("BackTab", "BackTab", "F2")
            is_tame(term)


def f2_on_a_row_tells_all_of_it():
    """Rows are cut where the window ends."""
    with site("", ANSWERS) as folder, wizard(folder, size=(40, 9)) as term:
        a_task("Troubleshoot")(term)
        to("Troubleshoot")(term)
        pages.focus_row(term, "Free space")
        term.press("F2")
        pages.check_words(term, "0.2 GB are free below /var/lib/groupback. Make room: the engine needs 1 GB.")


def what_was_shown_as_running_stays_for_a_second():
    """The work of the canned engine takes 0.3 s; nobody could read that. A machine that is busy may look late."""
    seen_for = []
    with site("", ANSWERS) as folder, wizard(folder, "short") as term:
        a_task("Refresh directory schema")(term)
        to("Refresh dir")(term)
        for _ in range(TRIES):
            pages.press(term, "Read again")
            term.wait_for("Reading the schema")
            begin = time.monotonic()
            term.wait_without("Reading the schema")
            seen_for.append(time.monotonic() - begin)
            contains(term.text(), "The schema was read anew")
    check(max(seen_for) > 0.7, f"it was shown for {seen_for} s")


TESTS = [welcome, additional_tasks, cloud_where_an_application_is_created, cloud_while_somebody_signs_in,
         cloud_with_an_application_that_exists, cloud_after_a_test_that_failed, directory,
         directory_after_a_test_that_failed, optional_features, optional_features_with_numbers, writeback,
         writeback_options, permissions, scheduler_and_staging_mode, disable, import_settings, refresh_directory_schema,
         troubleshoot, ready, ready_to_delete,
         the_question_before_groups_are_deleted, configuring, configuring_where_a_step_failed, configuring_after_it_was_stopped,
         configuration_complete, settings_on_ready_have_the_names_of_their_pages_and_the_key_in_the_detail,
         numbers_of_the_dry_run_stand_beside_the_limits, what_the_engine_tells_is_made_safe_on_every_page, f2_on_a_row_tells_all_of_it,
         what_was_shown_as_running_stays_for_a_second,
         a_run_goes_on_when_the_line_drops_and_a_new_wizard_joins_it_and_starts_nothing]

if __name__ == "__main__":
    tui.run(TESTS)
