#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for groupback-engine behind the wizard's own pages: the same answer to each question every time, so
that screens can be compared. What $GB_TEST_SAYS names (words, blank-separated) goes wrong or hangs."""
import fcntl
import json
import os
import signal
import sys
import time

SAYS = os.environ.get("GB_TEST_SAYS", "").split()
request = json.loads(sys.stdin.readline())
question = request.get("question", "configure")
arguments = request.get("arguments", {})
DOMAIN = "DC=corp,DC=example,DC=com"
GROUPS = "OU=Cloud Groups," + DOMAIN


# What a name may hold when somebody means harm: a title for the terminal, a cleared screen, writing that turns
# around, and more than any window has room for.
HOSTILE = "\x1b]0;taken\x07\x1b[2J\x9b31m\u202e\u2066東\u0301\r\n" + "long " * 400
TOLD = {"text", "name", "displayName", "note", "title", "what", "undone", "remedy", "server", "dnsHostName", "code", "url", "person",
        "objectIdName", "displayNameName", "label", "memberOf", "stands", "warnings"}


def harm(value, key=""):
    if isinstance(value, dict):
        return {name: harm(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [harm(inner, key) for inner in value]
    if not isinstance(value, str) or key not in TOLD:
        return value
    return HOSTILE + value + (HOSTILE * 30 if key == "what" else "")


def put(event, **members):
    members = harm(members) if "hostile" in SAYS else members
    print(json.dumps({"event": event, **members}), flush=True)


def item(kind, **members):
    put("item", kind=kind, **members)


def fail(ident, what, undone="", remedy="", code=None, exit_code=69):
    put("error", schema=1, question=question, id=ident, what=what, undone=undone, remedy=remedy, native=0, code=code,
        exitCode=exit_code, field=None)
    sys.exit(exit_code)


def step(name, verdict, text, server=None, ms=12, error=None):
    item("step", step=name, server=server, verdict=verdict, timeMs=ms if verdict in ("ok", "failed") else None, text=text,
         error=error)


def hang():
    while True:
        time.sleep(600)


def cloud_check():
    step("discover", "ok", "tenant 11111111-2222-4333-8444-555555555555", ms=41)
    if "refused" in SAYS:
        step("token", "failed", "the certificate is not registered for the application", ms=87, error={
            "id": "cloud-aadsts", "what": "The application's certificate was refused.",
            "undone": "Nothing was read.", "remedy": "Upload cloud.pem to the app registration.", "native": 401,
            "code": "AADSTS700027"})
        step("roles", "not-tried", "")
        step("tenant", "not-tried", "")
        put("result", schema=1, question=question, passed=False, failedStep="token", tenant=None)
        return
    step("token", "ok", "valid for 74 minutes", ms=87)
    step("roles", "ok", "Group.Read.All, User.Read.All, Member.Read.Hidden", ms=0)
    step("tenant", "ok", "Contoso", ms=33)
    put("result", schema=1, question=question, passed=True, failedStep=None,
        tenant={"id": "11111111-2222-4333-8444-555555555555", "displayName": "Contoso"})


def application_create():
    put("progress", step="key", state="done", text="", done=None, total=None, timeMs=90)
    item("sign-in", url="https://microsoft.com/devicelogin", code="GP7K4X2QZ", expiresSeconds=900, intervalSeconds=5,
         state="waiting")
    hang()


def application_prepare():
    put("result", schema=1, question=question, certificate={"pem": ""},
        steps=["Register an application named groupback in the tenant.", "Upload the certificate to it.",
               "Grant it Group.Read.All, User.Read.All and Member.Read.Hidden."],
        powershell="Connect-MgGraph -Scopes Application.ReadWrite.All\n…", azureCli="az ad app create --display-name groupback\n…")


FACTS = {"server": "dc1.corp.example.com", "dnsHostName": "dc1.corp.example.com", "dialect": "ad", "domain": DOMAIN,
         "hasExternalId": True, "hasMailNickname": False, "hasRecycleBin": True}


def ladder():
    server = "dc1.corp.example.com"
    if "hang" in SAYS:
        hang()
    step("name", "ok", "10.0.0.11", server, 3)
    step("tcp", "ok", "port 636", server, 1)
    step("tls", "ok", "CN=dc1.corp.example.com, until 2027-01-08", server, 9)
    if "locked" in SAYS:
        step("sign-in", "failed", "the account is locked out (775)", server, 14, {
            "id": "ldap-49-775", "what": "dc1.corp.example.com refused the sign-in: the account is locked out.",
            "undone": "Nothing was read. No further try is made.", "remedy": "Unlock the account, then test again.",
            "native": 49, "code": None})
        step("read", "not-tried", "")
        step("rights", "not-tried", "")
        put("result", schema=1, question=question, passed=False, failedStep="sign-in", server=None, facts=None, container=None)
        return
    step("sign-in", "ok", "svc-groupback@corp.example.com", server, 14)
    step("read", "ok", DOMAIN, server, 5)
    step("rights", "not-tried", "no container is chosen yet")
    put("result", schema=1, question=question, passed=True, failedStep=None, server=server, facts=FACTS, container=None)


def container(dn, note="", groups=True):
    item("container", dn=dn, guid=dn, name=dn.split(",")[0][3:], containerKind="unit", canCreateGroups=groups,
         canCreateUnits=False, builtIn=bool(note), note=note)


def containers():
    parent = arguments.get("parent") or DOMAIN
    # In no order, as a directory tells them.
    names = {DOMAIN: ["OU=Servers", "OU=Cloud Groups", "OU=営業部", "OU=accounts", "OU=Projects", "OU=Domain Controllers",
                      "OU=Admins"],
             "OU=Projects," + DOMAIN: [f"OU=Project {n:03}" for n in range(1, 201)]}.get(parent, [])
    for name in names:
        built_in = "made by the system: leave it alone" if "Controllers" in name else ""
        container(name + "," + parent, built_in, "Cloud" in name or "Project" in name)
    put("result", schema=1, question=question, parent=parent, count=len(names), complete=True, server="dc1.corp.example.com")


RIGHTS = (("create-group", "create groups"), ("delete-group", "delete groups"), ("write-group", "write their attributes"),
          ("write-members", "write their members"))


def rights():
    for name, text in RIGHTS:
        granted = None if name.startswith("write") else "rights" not in SAYS
        item("right", right=name, granted=granted, text=text)
    lacking = ["create-group", "delete-group"] if "rights" in SAYS else []
    put("result", schema=1, question=question, sufficient=not lacking, privileged=False, missing=lacking,
        account={"dn": None, "sid": None, "name": "svc-groupback"},
        commands={"dsacls": [f'dsacls "{GROUPS}" /G CORP\\svc-groupback:CCDC;group'],
                  "sambaTool": [f'samba-tool dsacl set --objectdn="{GROUPS}" …']} if lacking else None)


def counts():
    put("result", schema=1, question=question, groups=312, security={"total": 190}, microsoft365={"total": 122},
        wouldWrite={"draft": 41, "enabledOnly": 41, "tenant": 139, "tenantMicrosoft365": 98}, roleAssignable=3,
        hiddenMembership=2)


def written_groups():
    names = ["Finance EU", "Finance US", "Payroll", "Project Falcon", "Sales", "営業部", "Vertrieb Süd"]
    for n, name in enumerate(names):
        held = ["CN=File Server Access,OU=Groups," + DOMAIN] if n == 2 else []
        item("written-group", dn=f"CN={name},{GROUPS}", guid=str(n), name=name, id=str(n), memberOf=held)
    put("result", schema=1, question=question, count=len(names), listed=len(names), complete=True)


def preview():
    deletes = request["config"].get("features", {}).get("group writeback") == "no"
    plan = {"groups": 312, "inScope": 41, "creates": 0 if deletes else 38, "attributeChanges": 2, "renames": 3,
            "moves": 0, "typeChanges": 1, "accessChanges": 0 if deletes else 1, "memberAdds": 1204, "memberRemoves": 7,
            "disables": 0, "deletions": 6 if deletes else 0}
    put("progress", step="import", state="running", text="", done=None, total=None, timeMs=None)
    for name in ("Finance EU", "Payroll", "Project Falcon"):
        item("change", change="delete" if deletes else "create", id="1", name=name, dn="", newDn=None, members=12, attributes=[])
    item("problem", id="2", name="Everybody", cause="member-limit", text="more members than the limit")
    put("result", schema=1, question=question, exitCode=0, guard=None, plan=plan, digest="8c1f02aa" * 8,
        membersNotWritten={}, problems=1, changes=44, recycleBin=False if deletes else None, publicGroups=None,
        largestMembership=None, durationMs=1200)


STEPS = ("backup", "secrets", "files", "configuration", "check", "schedule", "first-cycle")
TEXTS = ("generation 7", "directory-password", "none is new", "/etc/groupback/groupback.conf", "everything passed",
         "the scheduler is on", "written")


def configure():
    folder = request["config"]["paths"]["state directory"]
    lock = open(folder + "/configure.lock", "w", encoding="ascii")
    fcntl.flock(lock, fcntl.LOCK_EX)
    stops = []
    signal.signal(signal.SIGTERM, lambda *_: stops.append(True))
    out = open(folder + "/configure.jsonl", "w", encoding="utf-8")

    def tell(**members):
        members = harm(members) if "hostile" in SAYS else members
        out.write(json.dumps(members) + "\n")
        out.flush()

    tell(event="begin", schema=1, pid=os.getpid(), begin="new", steps=[{"step": s, "text": s} for s in STEPS])
    for number, name in enumerate(STEPS):
        if name == "check" and "slow" in SAYS:
            tell(event="progress", step=name, state="running", text="", done=None, total=None, timeMs=None)
            if os.fork():
                os._exit(0)
            os.setsid()
            fcntl.lockf(lock, fcntl.LOCK_EX)  # this one tells who holds it
            put("result", schema=1, question=question, progressFile=folder + "/configure.jsonl", pid=os.getpid())
            os.close(1)
            while not os.path.exists(folder + "/go-on"):
                if not os.path.exists(folder):
                    os._exit(0)
                if stops:
                    tell(event="progress", step=name, state="done", text="everything passed", done=None, total=None, timeMs=24)
                    tell(event="end", outcome="stopped", step="schedule", generation=7, stands=["The configuration is written."],
                         warnings=[], error=None, report=None, exitCode=143)
                    os._exit(0)
                time.sleep(0.2)
        if name == "check" and "fails" in SAYS:
            tell(event="progress", step=name, state="failed", text="the account is locked out", done=None, total=None, timeMs=31)
            tell(event="end", outcome="failed", step=name, generation=7, stands=["The configuration is written."], warnings=[],
                 error={"id": "configure-check", "what": "The check failed: the account is locked out.", "undone": "",
                        "remedy": "Correct it and try again, or undo.", "native": 0, "code": None}, report=None, exitCode=78)
            break
        tell(event="progress", step=name, state="done", text=TEXTS[number], done=None, total=None, timeMs=20 + number)
    else:
        tell(event="end", outcome="done", step=None, generation=7,
             stands=["The old settings are kept.", "The secrets are stored.", "The configuration is written.",
                     "The check passed.", "The schedule is set.", "The first cycle has run."],
             warnings=["Some groups were not written: \"groupback-engine status\" names them."], error=None,
             report={"plan": {"creates": 38, "memberAdds": 1204}, "problemGroups": 1}, exitCode=0)
    if "slow" in SAYS:
        os._exit(0)
    put("result", schema=1, question=question, progressFile=folder + "/configure.jsonl", pid=os.getpid())


def schema():
    if "hang" in SAYS:
        hang()
    if "short" in SAYS:
        time.sleep(0.3)
    put("result", schema=1, question=question, facts={**FACTS, "globalCatalog": True})


def check():
    lines = [("configuration", "ok", "Configuration", "/etc/groupback/groupback.conf"),
             ("sign-in", "ok", "Sign-in to the tenant", "the certificate is valid for 41 days"),
             ("recycle-bin", "warning", "Recycle Bin", "off, or not to be seen: a deleted group comes back without its members"),
             ("disk", "failed", "Free space", "0.2 GB are free below /var/lib/groupback. Make room: the engine needs 1 GB.")]
    for ident, verdict, title, text in lines[:3] if "well" in SAYS else lines:
        item("check", id=ident, verdict=verdict, title=title, text=text)
    put("result", schema=1, question=question, passed="well" in SAYS, failed=0 if "well" in SAYS else 1, exitCode=0)


def example():
    put("result", schema=1, question=question, example={
        "displayName": "Finance EU", "objectIdName": "Group_7b1f2c7e-5d0a-4a53-9d4e-0f3c2b1a9d8e",
        "displayNameName": "Finance EU_0f3c2b1a9d8e"})


ANSWERS = {"cloud.check": cloud_check, "application.create": application_create, "application.prepare": application_prepare,
           "directory.ladder": ladder, "directory.containers": containers, "directory.rights": rights,
           "tenant.counts": counts, "tenant.example": example, "directory.written-groups": written_groups,
           "preview": preview, "configure": configure, "directory.schema": schema, "check": check}
if question not in ANSWERS:
    fail("question-unknown", f"unknown question {question}", exit_code=64)
ANSWERS[question]()
