#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the people and groups of the domain as LDIF for slapd.

usage: load.py FACTS.JSON; passwords from GB_SVC_PASSWORD and GB_NOBODY_PASSWORD
"""

import base64
import json
import os
import sys
import uuid


def line(name, value):
    raw = value if isinstance(value, bytes) else str(value).encode()
    return "%s:: %s" % (name, base64.b64encode(raw).decode())


def entry(dn, classes, **values):
    print(line("dn", dn))
    for name in classes:
        print("objectClass: " + name)
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            print(line(name.replace("_", "-"), one))
    print()


def sid_bytes(text):
    """[MS-DTYP] 2.4.2.2: revision, count, authority (big endian), sub-authorities (little)."""
    parts = [int(part) for part in text.split("-")[1:]]
    subs = parts[2:]
    return (bytes([parts[0], len(subs)]) + parts[1].to_bytes(6, "big")
            + b"".join(sub.to_bytes(4, "little") for sub in subs))


def parent(dn):
    """What follows the first comma that no backslash protects: the DN of the parent."""
    at = 0
    while dn[at] != ",":
        at += 2 if dn[at] == "\\" else 1
    return dn[at + 1:]


def ancestors(dn, base):
    found = []
    while dn != base:
        found.insert(0, dn)
        dn = parent(dn)
    return found


def add_units(facts, base):
    units = ["OU=Cloud Groups," + base, "OU=Service Accounts," + base]
    for fact in facts["people"] + facts["groups"]:
        for dn in ancestors(parent(fact["dn"]), base):
            if dn not in units:
                units.append(dn)
    for dn in units:
        entry(dn, ["organizationalUnit"])


def add_objects(facts):
    for fact in facts["people"]:
        entry(fact["dn"], ["user"], sAMAccountName=fact["account"], displayName=fact["name"],
              userPrincipalName=fact["account"] + "@lab.test", objectSid=sid_bytes(fact["sid"]),
              objectGUID=uuid.UUID(fact["guid"]).bytes_le,
              mS_DS_ConsistencyGuid=base64.b64decode(fact["immutableId"]))
    for fact in facts["groups"]:
        entry(fact["dn"], ["group"], sAMAccountName=fact["account"], groupType=fact["groupType"],
              objectSid=sid_bytes(fact["sid"]), objectGUID=uuid.UUID(fact["guid"]).bytes_le,
              member=fact["members"])


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        facts = json.load(source)
    base = facts["domain"]["base"]
    entry(base, ["domainDNS"], dc="lab")
    add_units(facts, base)
    add_objects(facts)
    for name, variable in (("svc_groupback", "GB_SVC_PASSWORD"),
                           ("svc_nobody", "GB_NOBODY_PASSWORD")):
        entry("CN=%s,OU=Service Accounts,%s" % (name, base), ["user"], sAMAccountName=name,
              userPassword=os.environ[variable])


if __name__ == "__main__":
    main()
