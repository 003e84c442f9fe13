#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the demo tenant, as the simulator reads it, on standard output.

usage: demo.py FACTS.JSON

FACTS.JSON (from samba/populate.py) tells which identifiers the on-premises directory gave to
everybody. The tenant and its application come from GB_TENANT_ID, GB_CLIENT_ID, GB_CLIENT_SECRET
and GB_CLIENT_CERTIFICATE (a PEM file). Object ids are made from names, so they are the same in
every sandbox.
"""

import json
import os
import re
import sys
import uuid

from groups import GROUPS, KINDS

NAMES = uuid.UUID("b6d0c3f4-58a1-4f0e-8b1c-2f3d4e5a6b7c")
DOMAIN = "sandbox.onmicrosoft.com"
SYNCED_AT = "2026-01-05T06:00:00Z"

# What the cloud knows about these people is incomplete: no SID and no DN; or the DN alone.
BY_IMMUTABLE_ID = {"jonas.schmidt", "maria.santos", "yui.suzuki", "felix.fischer", "plus.sign"}
BY_DN = {"hash.sign", "rita.marques", "ren.ito"}

CLOUD_PEOPLE = ["chair", "intern", "bot", "analyst", "auditor", "trainer", "designer", "writer",
                "driver", "cook", "gardener", "pilot"]
GUESTS = ["partner.a", "partner.b", "partner.c", "supplier.d", "supplier.e"]
# Synced once, but their account on-premises does not exist any more.
GONE = ["left.long.ago", "left.last.week"]

ROLES = ["Group.Read.All", "User.Read.All", "Member.Read.Hidden", "Organization.Read.All",
         "Device.Read.All", "OrgContact.Read.All"]


def object_id(key):
    return str(uuid.uuid5(NAMES, key))


def nickname(key):
    return re.sub(r"[^a-z0-9.-]", "", key.lower())


def synced_person(fact, domain):
    account = fact["account"]
    user = {
        "id": object_id(account),
        "displayName": fact["name"],
        "userPrincipalName": "%s@%s" % (account, DOMAIN),
        "accountEnabled": fact["enabled"],
        "userType": "Member",
        "onPremisesSyncEnabled": True,
        "onPremisesLastSyncDateTime": SYNCED_AT,
    }
    if account not in BY_DN:
        user["onPremisesImmutableId"] = fact["immutableId"]
    if account not in BY_IMMUTABLE_ID:
        user["onPremisesDistinguishedName"] = fact["dn"]
    if account not in BY_DN | BY_IMMUTABLE_ID:
        user["onPremisesSecurityIdentifier"] = fact["sid"]
        user["onPremisesSamAccountName"] = account
        user["onPremisesDomainName"] = domain["dns"]
    return user


def gone_person(name, number, domain):
    return {
        "id": object_id("gone:" + name),
        "displayName": name,
        "userPrincipalName": "%s@%s" % (name, DOMAIN),
        "accountEnabled": False,
        "userType": "Member",
        "onPremisesSyncEnabled": True,
        "onPremisesLastSyncDateTime": SYNCED_AT,
        "onPremisesSecurityIdentifier": "%s-%d" % (domain["sid"], 900000 + number),
        "onPremisesDistinguishedName": "CN=%s,OU=People,%s" % (name, domain["base"]),
    }


def cloud_person(key, name, user_type):
    return {
        "id": object_id(key),
        "displayName": name,
        "userPrincipalName": "%s@%s" % (name, DOMAIN),
        "accountEnabled": True,
        "userType": user_type,
    }


def people(facts):
    domain = facts["domain"]
    users = [synced_person(fact, domain) for fact in facts["people"]]
    users += [gone_person(name, number, domain) for number, name in enumerate(GONE)]
    users += [cloud_person("cloud:" + name, name, "Member") for name in CLOUD_PEOPLE]
    users += [cloud_person("guest:" + name, name + "#EXT#", "Guest") for name in GUESTS]
    return users


def devices(facts):
    found = [{"id": object_id("device:phone"), "displayName": "Phone", "accountEnabled": True,
              "deviceId": object_id("device-id:phone"), "operatingSystem": "iOS"}]
    for number, fact in enumerate(facts["computers"]):
        key = "hybrid" if number == 0 else fact["name"]
        found.append({
            "id": object_id("device:" + key), "displayName": fact["name"],
            "accountEnabled": True, "deviceId": fact["guid"], "operatingSystem": "Windows",
            "trustType": "ServerAd", "onPremisesSyncEnabled": True,
            "onPremisesSecurityIdentifier": fact["sid"],
        })
    return found


def synced_group(fact, domain):
    mail = fact["groupType"] >= 0
    return {
        "id": object_id("onprem:" + fact["name"]),
        "displayName": fact["name"],
        "groupTypes": [],
        "mailEnabled": mail,
        "securityEnabled": not mail,
        "mailNickname": nickname(fact["name"]),
        "onPremisesSyncEnabled": True,
        "onPremisesLastSyncDateTime": SYNCED_AT,
        "onPremisesSecurityIdentifier": fact["sid"],
        "onPremisesSamAccountName": fact["account"],
        "onPremisesDomainName": domain["dns"],
        "onPremisesNetBiosName": domain["netbios"],
        "members": [],
    }


def offices(facts):
    """Account names by the name of the organizational unit."""
    found = {}
    for fact in facts["people"]:
        unit = re.search(r"(?<!\\),OU=((?:\\.|[^,\\])+)", fact["dn"]).group(1)
        found.setdefault("office:" + re.sub(r"\\(.)", r"\1", unit), []).append(fact["account"])
    return found


def cloud_group(row, by_office):
    key, name, kind, (enabled, written_as), members = row
    expanded = [one for member in members for one in by_office.get(member, [member])]
    group = {
        "id": object_id("group:" + key),
        "displayName": name,
        "description": "Demo: " + key,
        "groupTypes": [],
        "mailEnabled": False,
        "mailNickname": nickname(key),
        "writebackConfiguration": {"isEnabled": enabled, "onPremisesGroupType": written_as},
        **KINDS[kind],
    }
    if group["mailEnabled"]:
        group["mail"] = "%s@%s" % (nickname(key), DOMAIN)
        group["proxyAddresses"] = ["SMTP:" + group["mail"]]
    group["members"] = [object_id(member) for member in expanded]
    return group


def groups(facts):
    by_office = offices(facts)
    synced = [synced_group(fact, facts["domain"]) for fact in facts["groups"]]
    by_dn = {fact["dn"]: fact for fact in facts["people"] + facts["groups"]}
    for group, fact in zip(synced, facts["groups"]):
        for dn in fact["members"]:
            prefix = "onprem:" if by_dn[dn]["groupType"] else ""
            name = by_dn[dn]["name" if prefix else "account"]
            group["members"].append(object_id(prefix + name))
    return synced + [cloud_group(row, by_office) for row in GROUPS]


def application():
    with open(os.environ["GB_CLIENT_CERTIFICATE"], encoding="ascii") as certificate:
        return {
            "appId": os.environ["GB_CLIENT_ID"],
            "displayName": "groupback",
            "secrets": [os.environ["GB_CLIENT_SECRET"]],
            "certificates": [certificate.read()],
            "roles": ROLES,
        }


def check(tenant):
    """Every member must be somebody: a slip in the tables must not look like a feature."""
    known = {one["id"] for kind in ("users", "groups", "devices", "contacts", "servicePrincipals")
             for one in tenant[kind]}
    for group in tenant["groups"]:
        missing = [member for member in group["members"] if member not in known]
        if missing:
            sys.exit("group %r has members that are nobody: %s" % (group["displayName"], missing))


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        facts = json.load(source)
    tenant = {
        "tenantId": os.environ["GB_TENANT_ID"],
        "displayName": "Sandbox",
        "onPremisesSyncEnabled": True,
        "domains": [{"name": DOMAIN, "isDefault": True, "isInitial": True}],
        "graphHosts": ["graph.sim.test"],
        "apps": [application()],
        "users": people(facts),
        "devices": devices(facts),
        "contacts": [{"id": object_id("contact:fax.vendor"), "displayName": "Fax vendor",
                      "mail": "fax@vendor.example"}],
        "servicePrincipals": [{"id": object_id("principal:backup"), "displayName": "Backup",
                               "appId": object_id("app:backup")}],
        "groups": groups(facts),
    }
    check(tenant)
    json.dump(tenant, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
