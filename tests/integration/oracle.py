#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What should stand in the container, worked out anew, against what ldapsearch finds there.

usage: oracle.py TENANT.JSON FACTS.JSON CONTAINER.LDIF [--scope enabled-only|tenant]
                 [--name object-id|display-name]

Nothing of the engine is used: the rules are written down a second time, from the documents. Every
difference is printed on a line of its own; exit 1 if there is any.
"""

import argparse
import base64
import json
import sys
import unicodedata

UNIVERSAL_SECURITY = -2147483640
UNIVERSAL_DISTRIBUTION = 8
DOMAIN_LOCAL = 4
FORBIDDEN = set('"/\\[]:;|=,+*?<>')


def read_ldif(path):
    """Entries as {attribute in lower case: [bytes]}, with "dn" among them."""
    entries, entry = [], {}
    with open(path, "rb") as source:
        for line in source.read().split(b"\n"):
            if not line:
                if entry:
                    entries.append(entry)
                entry = {}
            elif not line.startswith(b"#"):
                name, _, value = line.partition(b":")
                if value.startswith(b":"):
                    value = base64.b64decode(value[1:].strip())
                else:
                    value = value[1:] if value.startswith(b" ") else value
                entry.setdefault(name.decode().lower(), []).append(value)
    return [one for one in entries if b"group" in one.get("objectclass", [])]


def text(entry, attribute):
    values = entry.get(attribute.lower(), [])
    return values[0].decode("utf-8") if values else None


def units(value):
    return len(value.encode("utf-16-le")) // 2


class World:
    def __init__(self, tenant, facts, scope):
        self.scope = scope
        self.objects = {}
        for kind in ("users", "groups", "devices", "contacts", "servicePrincipals"):
            for one in tenant.get(kind, []):
                self.objects[one["id"]] = dict(one, kind=kind)
        self.by_sid, self.by_anchor, self.by_dn = {}, {}, {}
        for kind in ("people", "groups", "computers"):
            for fact in facts[kind]:
                self.by_sid[fact["sid"]] = fact
                self.by_dn[fact["dn"].lower()] = fact
                if fact.get("immutableId"):
                    self.by_anchor[fact["immutableId"]] = fact

    def is_written(self, group):
        unified = "Unified" in group.get("groupTypes", [])
        if group.get("onPremisesSyncEnabled") or group.get("isAssignableToRole"):
            return False
        if (group.get("visibility") or "").lower() == "hiddenmembership":
            return False
        if not unified and (group.get("mailEnabled") or not group.get("securityEnabled")):
            return False
        enabled = group.get("writebackConfiguration", {}).get("isEnabled")
        if self.scope == "tenant" and unified:
            return enabled is not False
        return enabled is True

    def written(self):
        return {one["id"]: one for one in self.objects.values()
                if one["kind"] == "groups" and self.is_written(one)}

    def group_type(self, group):
        wanted = group.get("writebackConfiguration", {}).get("onPremisesGroupType")
        if wanted is None:
            unified = "Unified" in group.get("groupTypes", [])
            wanted = "universalDistributionGroup" if unified else "universalSecurityGroup"
        return (UNIVERSAL_DISTRIBUTION if wanted == "universalDistributionGroup"
                else UNIVERSAL_SECURITY)

    def find(self, member):
        """The fact of a member that exists on-premises, or None."""
        for key, table in (("onPremisesSecurityIdentifier", self.by_sid),
                           ("onPremisesImmutableId", self.by_anchor)):
            if member.get(key):
                return table.get(member[key])
        return self.by_dn.get((member.get("onPremisesDistinguishedName") or "").lower())

    def members(self, group, dn_of):
        """DNs in lower case."""
        found = set()
        for one in group.get("members", []):
            member = self.objects[one if isinstance(one, str) else one["id"]]
            if member["id"] in dn_of:
                found.add(dn_of[member["id"]].lower())
                continue
            fact = self.find(member)
            if fact and not (member["kind"] == "groups" and fact["groupType"] & DOMAIN_LOCAL):
                found.add(fact["dn"].lower())
        return found


class Report:
    def __init__(self):
        self.count = 0

    def same(self, where, what, expected, found):
        if expected != found:
            self.count += 1
            print("%s: %s: expected %r, found %r" % (where, what, expected, found))


def check_names(report, entry, group, name_format):
    where = group["id"]
    cn, account = text(entry, "cn"), text(entry, "sAMAccountName")
    if name_format == "object-id":
        report.same(where, "cn", "Group_" + where, cn)
    else:
        report.same(where, "end of cn", "_" + where[-12:], cn[-13:])
        plain = group["displayName"].strip()
        if plain.isascii() and plain.isprintable() and len(plain) <= 51:
            report.same(where, "cn", plain + "_" + where[-12:], cn)
    report.same(where, "cn of at most 64 units", True, units(cn) <= 64)
    report.same(where, "sAMAccountName of at most 64 units", True, units(account) <= 64)
    report.same(where, "legal sAMAccountName", set(), FORBIDDEN & set(account))
    report.same(where, "no control in sAMAccountName", False,
                any(unicodedata.category(c) == "Cc" for c in account))
    report.same(where, "end of sAMAccountName", True, where[-12:] in account)
    report.same(where, "last of sAMAccountName", False, account[-1] in ". $")


def check_group(report, world, entry, group, dn_of, name_format):
    where = group["id"]
    report.same(where, "groupType", world.group_type(group), int(text(entry, "groupType")))
    report.same(where, "adminDescription", "Group_" + where, text(entry, "adminDescription"))
    report.same(where, "msDS-ExternalDirectoryObjectId", "Group_" + where,
                text(entry, "msDS-ExternalDirectoryObjectId"))
    report.same(where, "description", group.get("description"), text(entry, "description"))
    if units(group["displayName"]) <= 256:
        report.same(where, "displayName", group["displayName"], text(entry, "displayName"))
    found = {value.decode("utf-8").lower() for value in entry.get("member", [])}
    report.same(where, "member", sorted(world.members(group, dn_of)), sorted(found))
    check_names(report, entry, group, name_format)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tenant")
    parser.add_argument("facts")
    parser.add_argument("ldif")
    parser.add_argument("--scope", default="enabled-only")
    parser.add_argument("--name", default="display-name")
    arguments = parser.parse_args()
    with open(arguments.tenant, encoding="utf-8") as source:
        tenant = json.load(source)
    with open(arguments.facts, encoding="utf-8") as source:
        world = World(tenant, json.load(source), arguments.scope)
    report = Report()
    wanted = world.written()
    entries = {(text(one, "adminDescription") or "?")[6:]: one for one in read_ldif(arguments.ldif)}
    report.same("container", "anchors", sorted(wanted), sorted(entries))
    dn_of = {key: text(one, "dn") for key, one in entries.items()}
    names = [text(one, "sAMAccountName").lower() for one in entries.values()]
    report.same("container", "unique sAMAccountNames", len(names), len(set(names)))
    for key in sorted(set(wanted) & set(entries)):
        check_group(report, world, entries[key], wanted[key], dn_of, arguments.name)
    print("%d groups compared, %d differences" % (len(entries), report.count))
    sys.exit(1 if report.count else 0)


if __name__ == "__main__":
    main()
