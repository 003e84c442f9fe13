#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole passes of the wizard's own pages against Samba and the simulator, in one world. The order matters: each
pass goes on from the directory that the one before has left, and after each the engine runs once more and the
directory is looked at by ldapsearch."""
import base64
import contextlib
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.environ["GB_SRCDIR"], "tests/tui"))
import pages
import tui
from tui import check, contains, equal

E = os.environ
TMP = os.path.join(E["GB_WORLD"], "tmp")
ENGINE = os.path.join(E["GB_BUILDDIR"], "groupback-engine")
SECURITY, DISTRIBUTION = "-2147483640", "8"
UNIT = "Written"
with open(E["GB_TENANT_FILE"], encoding="utf-8") as tenant_file:
    PERSON = json.load(tenant_file)["users"][0]["userPrincipalName"]
# A machine at work takes long for a whole cycle, and that is no failure.
tui.PATIENCE = int(os.environ.get("GB_TUI_PATIENCE", "240"))


class Site:
    """The folders of one installation."""

    def __init__(self, name):
        self.folder = os.path.join(TMP, name)
        self.config = os.path.join(self.folder, "groupback.conf")
        self.draft = os.path.join(self.folder, "draft")
        self.state = os.path.join(self.folder, "state")
        self.prefill = os.path.join(self.folder, "prefill")
        os.makedirs(self.state, mode=0o700)
        # What no page asks for, because a packaged installation has it in one place.
        with open(self.prefill, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(f"[paths]\nstate directory = {self.state}\n"
                       f"credentials directory = {self.folder}/credentials\n"
                       f"[cloud]\ncertificate file = {self.folder}/cloud.pem\n")

    @contextlib.contextmanager
    def wizard(self, **how):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.draft)
        first = [] if os.path.exists(self.config) else ["--prefill", self.prefill]
        with pages.wizard("--config", self.config, "--draft", self.draft, *first, **how) as term:
            yield term
            look_for_secrets(self, term)

    def engine(self, *words, code=0):
        done = subprocess.run([ENGINE, words[0], "--config", self.config, *words[1:]],
                              capture_output=True, text=True, check=False)
        if done.returncode != code:
            raise AssertionError(f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def report(self):
        with open(os.path.join(self.state, "last.json"), encoding="utf-8") as file:
            return json.load(file)


def shell(script):
    """A line of bash with the helpers of the other integration tests."""
    return subprocess.run(["bash", "-ec", '. "$GB_SRCDIR/tests/sandbox/tap.sh"; . "$GB_SRCDIR/tests/integration/lib.sh"; '
                           + script], capture_output=True, text=True, check=False)


def search(pattern, *attributes):
    """Entries of the domain as lists of lines, unwrapped."""
    done = shell(f"dc_search '{pattern}' {' '.join(attributes)}")
    return [entry.split("\n") for entry in done.stdout.strip().split("\n\n") if entry.startswith("dn:")]


def written(attribute="dn"):
    """The values of an attribute of all groups that were written."""
    found = []
    for line in (line for entry in search("(adminDescription=Group_*)", attribute) for line in entry):
        name, _, value = line.partition(":")
        if name == attribute:
            found.append(base64.b64decode(value[1:]).decode(errors="surrogateescape") if value.startswith(":") else value.strip())
    return found


def as_the_rules_say(name):
    done = shell(f"as_the_rules_say --name {name}")
    check(done.returncode == 0, done.stdout + done.stderr)


def simulator(path, body):
    request = urllib.request.Request(E["GB_SIM_CONTROL"] + path, json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


# Secrets ------------------------------------------------------------------------------------------

SECRETS = {"the account's password": E["GB_SVC_PASSWORD"], "the administrator's password": E["GB_ADMIN_PASSWORD"],
           "the password of nobody": E["GB_NOBODY_PASSWORD"]}


def key_lines():
    """A line in the middle of each private key that is about: all lines of one are as secret as the others."""
    for path in [E["GB_CLIENT_KEY"], *glob.glob(TMP + "/*/credentials/cloud-key*")]:
        with open(path, encoding="ascii") as file:
            yield path, file.read().split("\n")[4]


def look_for_secrets(site, term):
    """In what the terminal got, in what the wizard left, and, while it runs, in what others see of it."""
    wanted = {**SECRETS, **{"the key " + path: line for path, line in key_lines()}}
    places = {"the terminal": term.raw}
    for path in glob.glob(site.folder + "/**", recursive=True) + glob.glob(E["GB_WORLD"] + "/log/*"):
        if os.path.isfile(path) and "/credentials/" not in path:
            with open(path, "rb") as file:
                places[path] = file.read()
    if term.status is None and not term.has_ended():
        for pid in [str(term.pid), *children_of(term.pid)]:
            for part in ("environ", "cmdline"):
                with contextlib.suppress(OSError), open(f"/proc/{pid}/{part}", "rb") as file:
                    places[f"/proc/{pid}/{part}"] = file.read()
    for what, secret in wanted.items():
        for place, content in places.items():
            check(secret.encode() not in content, f"{what} is in {place}")


def children_of(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()
    return []


# Steps that several passes take -----------------------------------------------------------------------

def cloud_places(term, port=""):
    pages.choose(term, "Cloud", "where the keys authority and graph say")
    pages.fill(term, "Tenant", E["GB_TENANT_ID"])
    pages.fill(term, "Authority", E["GB_SIM_AUTHORITY"] + port)
    pages.fill(term, "Microsoft Graph", E["GB_SIM_GRAPH"] + port)
    pages.fill(term, "CA file", E["GB_SIM_CA"])


def directory_page(term, who="SVC"):
    pages.on_page(term, "Connect your directory")
    pages.fill(term, "Domain controllers", E["GB_DC_HOST"])
    pages.fill(term, "CA file", E["GB_LDAP_CA"])
    pages.fill(term, "Account", E[f"GB_{who}_DN"])
    pages.fill(term, "Password", E[f"GB_{who}_PASSWORD"])


def open_tree_at(term, unit):
    """The focus on a unit that may be anywhere in what is open."""
    pages.focus(term, "DC=lab,DC=test")
    term.wait_without("loading")
    for _ in range(60):
        if unit in term.cursor_line():
            return
        term.press("Down")
    raise AssertionError(f"{unit} is not in the tree\n{term.text()}")


def pick_unit(term, unit):
    open_tree_at(term, unit)
    term.press("Space")
    contains(term.text(), "Chosen: " + unit)


def counted(term):
    """The dry run has ended: the legend offers to stop it from its first moment, the message only later."""
    term.wait_without("Esc Stop")
    term.wait_without("Esc stops")
    term.wait_without("not counted yet")


def configure(term):
    pages.press(term, "Configure")


def complete(term):
    pages.on_page(term, "Configuration complete")
    term.wait_for("< Exit >")
    page = term.text()
    term.write(tui.KEYS["F10"])
    equal(term.wait_end(), 0)
    return page


def converged(site):
    """A further cycle writes nothing."""
    site.engine("sync")
    equal(site.report()["traffic"]["ldapWrites"], 0)


def task(term, name):
    pages.on_page(term, "Additional tasks")
    pages.choose(term, "Task", name)


# Passes ------------------------------------------------------------------------------------------------

FIRST = Site("first")
SECOND = Site("second")
THIRD = Site("third")


def a_first_set_up_by_device_code_ends_with_the_groups_in_the_directory():
    simulator("/control/switches", {"deviceInterval": 1})
    with FIRST.wizard() as term:
        pages.on_page(term, "Welcome")
        pages.next_to(term, "Connect to Microsoft Entra ID")
        cloud_places(term)
        pages.press(term, "Sign in")
        term.wait_for("2. Enter this code:")
        contains(term.text(), "\nhttps://")
        simulator("/control/device", {"user": PERSON, "action": "approve",
                                      "directoryRoles": ["Privileged Role Administrator"]})
        term.wait_for("The application is there and may read what it must.")
        pages.next_to(term, "Connect your directory")
        directory_page(term)
        pages.next_to(term, "Optional features")
        pages.tick(term, "Group writeback", True)
        pages.next_to(term, "Writeback")
        pick_unit(term, "OU=Cloud Groups")
        pages.next_to(term, "Writeback options")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "+ create 41 groups")
        configure(term)
        contains(complete(term), "groups created: 41")
    equal(len(written()), 41)
    as_the_rules_say("object-id")
    converged(FIRST)


def a_re_run_that_only_changes_the_unit_moves_the_groups():
    before = sorted(written("objectSid"))
    with FIRST.wizard() as term:
        task(term, "Customize synchronization options")
        pages.next_to(term, "Optional features")
        pages.next_to(term, "Writeback")
        pick_unit(term, "OU=Cloud Groups")
        pages.fill(term, "New unit in the chosen one", UNIT)
        pages.fill(term, "As administrator", E["GB_ADMIN_UPN"])
        pages.fill(term, "Password", E["GB_ADMIN_PASSWORD"])
        pages.press(term, "Create unit")
        term.wait_for("Created and chosen: OU=" + UNIT)
        pages.next_to(term, "Writeback options")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "~ move 41 groups")
        contains(term.text(), "Already done: organizational unit created: OU=" + UNIT)
        configure(term)
        complete(term)
    check(all(f",OU={UNIT}," in dn for dn in written()), "every group was moved")
    equal(sorted(written("objectSid")), before)
    as_the_rules_say("object-id")
    converged(FIRST)


def a_re_run_that_turns_on_display_names_renames_them_in_place():
    before = sorted(written("objectSid"))
    with FIRST.wizard() as term:
        task(term, "Customize synchronization options")
        pages.next_to(term, "Optional features")
        pages.next_to(term, "Writeback")
        pages.tick(term, "Writeback Group Distinguished Name with cloud Display Name", True)
        term.wait_for("Example: ")
        pages.next_to(term, "Writeback options")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "~ rename 41 groups")
        configure(term)
        complete(term)
    equal(sorted(written("objectSid")), before)
    as_the_rules_say("display-name")
    converged(FIRST)


def disable(term, rule):
    task(term, "Disable group writeback")
    pages.next_to(term, "Disable group writeback")
    term.wait_for("groups were written")
    pages.choose(term, "What becomes of them", rule)


def switch_on(site):
    """Writeback is switched on again by the task that changes options."""
    with site.wizard() as term:
        task(term, "Customize synchronization options")
        pages.next_to(term, "Optional features")
        pages.tick(term, "Group writeback", True)
        pages.next_to(term, "Writeback")
        pages.next_to(term, "Writeback options")
        pages.next_to(term, "Ready to configure")
        counted(term)
        configure(term)
        complete(term)


def switched_off_with_keep_leaves_the_groups_and_stops_the_engine():
    before = sorted(written())
    with FIRST.wizard() as term:
        disable(term, "keep them as they are")
        pages.next_to(term, "Ready to configure")
        contains(pages.words(term), "Group writeback yes -> no")
        contains(term.text(), "the groups stay as they are")
        configure(term)
        contains(complete(term), "Group writeback is off.")
    equal(sorted(written()), before)
    contains(FIRST.engine("sync", code=78), "Group writeback is not enabled.")
    switch_on(FIRST)
    as_the_rules_say("display-name")
    converged(FIRST)


def switched_off_with_disable_takes_the_access_and_switching_on_gives_it_back():
    before = sorted(written("objectSid"))
    with FIRST.wizard() as term:
        disable(term, "disable them")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "- disable")
        configure(term)
        complete(term)
    equal(sorted(written("objectSid")), before)
    equal(set(written("groupType")), {DISTRIBUTION})
    converged(FIRST)
    switch_on(FIRST)
    equal(sorted(written("objectSid")), before)
    as_the_rules_say("display-name")
    converged(FIRST)


def switched_off_with_delete_asks_for_the_number_and_spares_what_others_hold():
    held = next(dn for dn in written() if re.fullmatch(r"CN=[A-Za-z ]+_[0-9a-f]+,.*", dn))
    made = shell(f"""dc_modify admin <<LDIF
dn: CN=File Server Access,OU=Service Accounts,{E["GB_BASE_DN"]}
changetype: add
objectClass: group
groupType: -2147483640
member: {held}
LDIF
""")
    check(made.returncode == 0, made.stderr)
    with FIRST.wizard() as term:
        disable(term, "delete them")
        contains(term.text(), "member of CN=File Server Access")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "- delete 40 groups")
        configure(term)
        contains(term.text(), "would delete 40 groups. Type the number to agree.")
        term.type("41")
        term.press("Tab", "Right", "Enter")
        contains(term.text(), "Type the number to agree.")
        term.press("Esc")
        term.wait_without("Type the number")
        pages.press(term, "Configure")
        term.type("40")
        term.press("Tab", "Right")
        term.write("\r")
        contains(complete(term), "Some groups were not written")
    equal(written(), [held])
    check(shell(f"dc_as admin ldapdelete 'CN=File Server Access,OU=Service Accounts,{E['GB_BASE_DN']}'").returncode == 0,
          "the holder goes")
    FIRST.engine("sync")
    equal(written(), [])


# A machine with an identity: the same tenant, in a cloud of its own beside the world's.
FRESH = "OU=Fresh," + E["GB_BASE_DN"]


@contextlib.contextmanager
def cloud_of_a_machine():
    with open(E["GB_TENANT_FILE"], encoding="utf-8") as file:
        tenant = json.load(file)
    tenant["apps"].append({"appId": "bbbbbbbb-0000-4000-8000-000000000011", "displayName": "machine",
                           "managedIdentity": "system", "roles": tenant["apps"][0]["roles"]})
    path = os.path.join(os.path.dirname(E["GB_TENANT_FILE"]), "tenant-machine.json")
    ready = os.path.join(TMP, "machine.ready")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(tenant, file)
    pki = E["GB_WORLD"] + "/pki/sim-good"
    with open(TMP + "/machine.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen([
            E["GB_BUILDDIR"] + "/tests/sandbox/sim/entra-sim", "--tenant", path, "--listen", E["GB_SIM_ADDRESS"],
            "--port", "9443", "--control-port", "0", "--metadata-port", "0", "--cert", pki + ".pem", "--key", pki + ".key",
            "--ready-file", ready], stdout=log, stderr=log)
    try:
        while not os.path.exists(ready):
            check(process.poll() is None, "the cloud of the machine ended")
            time.sleep(0.1)
        with open(ready, encoding="utf-8") as file:
            yield json.load(file)["metadata"]
    finally:
        process.terminate()
        process.wait()


def a_machine_identity_needs_no_secret_and_missing_rights_are_granted_on_their_page():
    made = shell(f"""dc_as admin ldapadd <<LDIF
dn: {FRESH}
objectClass: organizationalUnit
LDIF
""")
    check(made.returncode == 0, made.stderr)
    with cloud_of_a_machine() as metadata:
        with open(THIRD.prefill, "a", encoding="utf-8") as file:
            file.write(f"identity url = {metadata}\n")
        with THIRD.wizard() as term:
            pages.next_to(term, "Connect to Microsoft Entra ID")
            cloud_places(term, ":9443")
            pages.choose(term, "Application", "Use one that exists")
            pages.choose(term, "Credential", "the managed identity of this machine")
            pages.choose(term, "Managed identity of", "a virtual machine in Azure")
            pages.press(term, "Test")
            term.wait_for("The application can read")
            pages.next_to(term, "Connect your directory")
            directory_page(term, "NOBODY")
            pages.next_to(term, "Optional features")
            pages.next_to(term, "Writeback")
            pick_unit(term, "OU=Fresh")
            pages.next_to(term, "Writeback options")
            pages.next_to(term, "Permissions")
            contains(pages.words(term), "FAIL create groups")
            pages.fill(term, "Administrator", E["GB_ADMIN_UPN"])
            pages.fill(term, "Password", E["GB_ADMIN_PASSWORD"])
            pages.press(term, "Grant")
            term.wait_without("FAIL")
            pages.next_to(term, "Ready to configure")
            counted(term)
            contains(pages.words(term), "Already done: rights granted on " + FRESH)
            configure(term)
            contains(complete(term), "groups created: 41")
        check(all(dn.endswith("," + FRESH) for dn in written()), "every group is in the unit")
        equal(len(written()), 41)
        converged(THIRD)
    equal(os.listdir(THIRD.folder + "/credentials"), ["directory-password"])
    check(shell(f"dc_as admin ldapdelete -r '{FRESH}'").returncode == 0, "the unit goes")
    equal(written(), [])


def let_another_engine_in():
    """As if the engine that wrote to the container had released it; one that left takes its lease along."""
    done = shell(f"dc_as admin ldapdelete 'CN=groupback-lease,{E['GB_CONTAINER']}'")
    check(done.returncode in (0, 32), done.stderr)


def a_first_set_up_by_certificate_ends_with_the_groups_in_the_directory():
    let_another_engine_in()
    shutil.copy(E["GB_CLIENT_CERTIFICATE"], SECOND.folder + "/cloud.pem")
    with SECOND.wizard() as term:
        pages.next_to(term, "Connect to Microsoft Entra ID")
        cloud_places(term)
        pages.choose(term, "Application", "Use one that exists")
        pages.fill(term, "Application (client) id", E["GB_CLIENT_ID"])
        pages.fill(term, "Private key, from file", E["GB_CLIENT_KEY"])
        pages.press(term, "Test")
        term.wait_for("The application can read")
        pages.next_to(term, "Connect your directory")
        directory_page(term)
        pages.next_to(term, "Optional features")
        pages.next_to(term, "Writeback")
        pick_unit(term, "OU=Cloud Groups")
        pages.tick(term, "Writeback Group Distinguished Name with cloud Display Name", True)
        pages.next_to(term, "Writeback options")
        pages.next_to(term, "Ready to configure")
        counted(term)
        contains(pages.words(term), "+ create 41 groups")
        configure(term)
        complete(term)
    as_the_rules_say("display-name")
    converged(SECOND)


def what_is_left_on_the_way_has_no_secret():
    """A wizard that is left with passwords typed: its draft, and the answers that it saves."""
    with SECOND.wizard(env={"HOME": SECOND.folder}) as term:
        task(term, "Change the directory connection")
        pages.next_to(term, "Connect your directory")
        pages.fill(term, "Password", E["GB_SVC_PASSWORD"])
        pages.press(term, "Test")
        term.wait_for("answers, and the account may read")
        term.press("Ctrl-o")
        look_for_secrets(SECOND, term)
        term.press("Ctrl-x")
        term.write("\t\r")
        equal(term.wait_end(), 143)
    check(os.path.exists(SECOND.draft), "the draft is kept")
    check(glob.glob(SECOND.folder + "/*.answers"), "the answers are kept")


@contextlib.contextmanager
def silent_server():
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def keys_are_answered_while_the_directory_says_nothing_and_escape_ends_the_wait():
    with silent_server() as server, SECOND.wizard() as term:
        task(term, "Change the directory connection")
        pages.next_to(term, "Connect your directory")
        pages.fill(term, "Domain controllers", server)
        pages.focus(term, "Test")
        term.press("Enter")
        term.wait_for("Testing the directory")
        answered = 0
        for _ in range(20):
            term.press("Tab")  # comes back when it has been looked at and drawn
            answered += "Testing the directory" in term.text()
        print(f"# keys that were answered before the directory: {answered} of 20")
        equal(answered, 20)
        term.press("Esc")
        term.wait_without("Testing the directory")
        contains(term.text(), "Stopped.")


def the_demo_on_a_terminal_opens_the_wizard_with_the_sandbox_in_its_fields():
    """Next, Next, Next: what stands in the fields is enough."""
    let_another_engine_in()
    term = tui.Terminal(["/bin/bash", E["GB_SRCDIR"] + "/tests/sandbox/demo.sh"],
                        env={name: value for name, value in E.items() if name.startswith("GB_")})
    try:
        for title in ("Welcome", "Connect to Microsoft Entra ID", "Connect your directory", "Optional features",
                      "Writeback", "Writeback options"):
            pages.on_page(term, title)
            term.write(tui.KEYS["F10"])
        pages.on_page(term, "Ready to configure")
        term.settle()
        counted(term)
        configure(term)
        pages.on_page(term, "Configuration complete")
        term.wait_for("< Exit >")
        term.write(tui.KEYS["F10"])
        equal(term.wait_end(), 0)
    finally:
        term.close()
    shown = term.raw.decode(errors="replace")
    for part in ("The configuration that the wizard wrote", "The groups in ", "A further cycle: nothing to write",
                 "writes that the domain controller saw: 0"):
        contains(shown, part)


TESTS = [
    a_first_set_up_by_device_code_ends_with_the_groups_in_the_directory,
    a_re_run_that_only_changes_the_unit_moves_the_groups,
    a_re_run_that_turns_on_display_names_renames_them_in_place,
    switched_off_with_keep_leaves_the_groups_and_stops_the_engine,
    switched_off_with_disable_takes_the_access_and_switching_on_gives_it_back,
    switched_off_with_delete_asks_for_the_number_and_spares_what_others_hold,
    a_machine_identity_needs_no_secret_and_missing_rights_are_granted_on_their_page,
    a_first_set_up_by_certificate_ends_with_the_groups_in_the_directory,
    what_is_left_on_the_way_has_no_secret,
    keys_are_answered_while_the_directory_says_nothing_and_escape_ends_the_wait,
    the_demo_on_a_terminal_opens_the_wizard_with_the_sandbox_in_its_fields,
]

if __name__ == "__main__":
    tui.run(TESTS)
