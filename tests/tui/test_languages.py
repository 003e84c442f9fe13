#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wizard's pages in the languages of po/: no label, note, remark or button is cut. Which way a line is written
is the terminal's business; here it is as it is stored."""
import contextlib
import gettext
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pages
import test_pages
import tui
from tui import check

SPEAKING = os.path.join(tui.BUILD, "tests/tui/speaking")
# Enter opens a choice that is folded, an entry scrolls, F2 shows a row of a list that is cut.
READ_ELSEWHERE = re.compile(r"…  |…\]|\S {2,}\S.*…$")
MOST_PRESSES = 90


class Speaker:
    """A catalogue, made from its source, and the wizard that speaks it."""

    def __init__(self, folder, name):
        self.name = name
        self.folder = folder
        path = os.path.join(folder, name, "LC_MESSAGES", "groupback.mo")
        os.makedirs(os.path.dirname(path))
        subprocess.run(["msgfmt", os.path.join(tui.SRC, "po", name + ".po"), "-o", path], check=True)
        with open(path, "rb") as file:
            self.words = gettext.GNUTranslations(file)

    @contextlib.contextmanager
    def wizard(self, site, size, says):
        term = tui.Terminal(
            [SPEAKING, "--config", site + "/groupback.conf", "--draft", site + "/draft", "--engine", test_pages.CANNED,
             "--prefill", site + "/prefill"], size=size,
            env={"GB_TEST_SAYS": says, "TZ": "UTC", "LANGUAGE": self.name, "GB_LOCALES": self.folder})
        try:
            term.settle()
            yield term
        finally:
            term.close()

    def is_at(self, term, title):
        shown = term.lines()[0].replace(" groupback-wizard - ", "").split("  ")[0].rstrip("…")
        return shown != "" and self.words.gettext(title).startswith(shown.strip())

    def look(self, term):
        """What is cut above the message, and cannot be read elsewhere."""
        lines = term.lines()
        buttons = lines[-2]
        check(buttons.count("< ") - buttons.count(" >") in (0, -1) and "…" not in buttons,
              f"{self.name}: a button is cut\n{term.text()}")
        return [line for line in lines[1:-4] if "…" in line and not READ_ELSEWHERE.search(line)]

    def walk(self, term, last):
        """Next until the page with that title, and to its end."""
        cut = []
        for _ in range(MOST_PRESSES):
            # The keys that work say so while something runs.
            term.wait(lambda: "Esc" not in term.lines()[-1], "the end of the wait")
            cut += self.look(term)
            if any(line.startswith("── ") for line in term.lines()):
                term.press("Tab", "Enter")  # go on although something is missing
                continue
            if self.is_at(term, last) and self.words.gettext("More") not in term.lines()[-2]:
                return cut
            term.press("F10")
        raise AssertionError(f"{self.name}: {last} was not reached\n{term.text()}")


def nothing_is_cut(last, answers, config, task=None, says=""):
    with tempfile.TemporaryDirectory() as folder, open(tui.SRC + "/po/LINGUAS", encoding="ascii") as names:
        for speaker in [Speaker(folder, name) for name in names.read().split()]:
            for size in ((80, 24), (40, 9)):
                with test_pages.site(answers, config) as site, speaker.wizard(site, size, says) as term:
                    if task:
                        pages.choose(term, speaker.words.gettext("Task"), speaker.words.gettext(task))
                    cut = speaker.walk(term, last)
                check(not cut, f"{speaker.name} {size[0]}x{size[1]}:\n" + "\n".join(dict.fromkeys(cut)))


def on_the_way_of_a_first_run():
    nothing_is_cut("Ready to configure", test_pages.ANSWERS, None, says="rights")


def on_the_page_that_creates_an_application():
    nothing_is_cut("Connect to Microsoft Entra ID", "[paths]\nstate directory = FOLDER\n", None)


def on_the_pages_of_the_tasks():
    for task, last in (("Scheduler and staging mode", "Ready to configure"), ("Disable group writeback", "Ready to configure"),
                       ("Import settings", "Import settings"), ("Refresh directory schema", "Refresh directory schema"),
                       ("Troubleshoot", "Troubleshoot")):
        nothing_is_cut(last, "", test_pages.ANSWERS, task)


TESTS = [on_the_way_of_a_first_run, on_the_page_that_creates_an_application, on_the_pages_of_the_tasks]

if __name__ == "__main__":
    tui.run(TESTS)
