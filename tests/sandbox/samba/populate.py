#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fill a freshly provisioned domain: people, groups, computers, service accounts and their rights.

usage: populate.py SMB.CONF FOLDER FACTS.JSON KEYTAB ADDRESS...

Works on the database of a stopped domain controller. The passwords of the service accounts come
from the environment: GB_SVC_PASSWORD, GB_NOBODY_PASSWORD, GB_ADMIN_PASSWORD. FACTS.JSON tells
the maker of the demo tenant which identifiers the directory gave to everybody.
"""

import base64
import hashlib
import json
import os
import sys
import uuid

import ldb
import samba.dckeytab  # noqa: F401  (adds Net.export_keytab)
import samba.param
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_unpack
from samba.net import Net
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

import people

GROUP_CLASS = "bf967a9c-0de6-11d0-a285-00aa003049e2"
# What the documentation recommends, and nothing else: create and delete groups here and below;
# read, write, list and delete those groups.
DELEGATION = [
    "(OA;CI;CCDC;{group};;{sid})",
    "(OA;CIIO;RPWPLCLORCSD;;{group};{sid})",
]
NORMAL_ACCOUNT, NO_PASSWORD_NEEDED, ACCOUNT_DISABLED, WORKSTATION = 0x200, 0x20, 0x2, 0x1000


class Domain:
    """The database of the domain controller, open for its own system account."""

    def __init__(self, smb_conf, folder):
        self.lp = samba.param.LoadParm()
        self.lp.load(smb_conf)
        self.db = SamDB(
            url=os.path.join(folder, "private", "sam.ldb"),
            session_info=system_session(),
            lp=self.lp,
        )

    def child(self, parent, rdn_type, name):
        """The DN of a child, escaped by the directory's own rules."""
        dn = ldb.Dn(self.db, parent)
        dn.add_child(ldb.Dn(self.db, "CN=x"))
        dn.set_component(0, rdn_type, name)
        return dn

    def modify(self, dn, flag, **values):
        message = ldb.Message(dn if isinstance(dn, ldb.Dn) else ldb.Dn(self.db, dn))
        for name, value in values.items():
            message[name] = ldb.MessageElement(value, flag, name)
        self.db.modify(message)

    def find(self, account, attributes=("objectGUID", "objectSid")):
        found = self.db.search(
            people.BASE, ldb.SCOPE_SUBTREE,
            "(sAMAccountName=%s)" % ldb.binary_encode(account), list(attributes))
        return found[0]


def set_policy(domain, addresses):
    """No password rules, and the service names that the (unused) DNS updater would register."""
    domain.modify(
        people.BASE, ldb.FLAG_MOD_REPLACE, pwdProperties="0", minPwdLength="4", minPwdAge="0",
        pwdHistoryLength="0", maxPwdAge=str(-2**63))
    host = domain.lp.get("netbios name")
    fqdn = "%s.%s" % (host.lower(), domain.lp.get("realm").lower())
    names = ["ldap/" + name for name in [fqdn, host.lower()] + addresses]
    domain.modify(domain.find(host + "$").dn, ldb.FLAG_MOD_ADD, servicePrincipalName=names)


def add_units(domain):
    for unit in people.UNITS:
        domain.db.add({"dn": ldb.Dn(domain.db, unit), "objectClass": "organizationalUnit"})


def consistency_guid(account):
    """The same in every sandbox, so that a test may know it."""
    return uuid.UUID(bytes=hashlib.sha256(account.encode()).digest()[:16], version=4)


def add_person(domain, unit, account, given_name, surname):
    name = "%s %s" % (given_name, surname)
    control = NORMAL_ACCOUNT | NO_PASSWORD_NEEDED
    if account in people.DISABLED:
        control |= ACCOUNT_DISABLED
    message = {
        "dn": domain.child(unit, "CN", name),
        "objectClass": "user",
        "sAMAccountName": account,
        "userPrincipalName": account + "@lab.test",
        "userAccountControl": str(control),
        "displayName": name,
        "givenName": given_name,
        "sn": surname,
        "mail": account + "@lab.test",
    }
    if account in people.CONSISTENCY:
        message["mS-DS-ConsistencyGuid"] = consistency_guid(account).bytes_le
    domain.db.add(message)


def add_people(domain):
    for unit, office in people.OFFICES:
        for person in office:
            add_person(domain, unit, *person)


def add_computers(domain):
    for name in people.COMPUTERS:
        domain.db.add({
            "dn": domain.child("OU=Workstations," + people.BASE, "CN", name),
            "objectClass": "computer",
            "sAMAccountName": name + "$",
            "userAccountControl": str(WORKSTATION | NO_PASSWORD_NEEDED),
        })


def add_groups(domain):
    for name, group_type, members in people.GROUPS:
        message = {
            "dn": domain.child("OU=Groups," + people.BASE, "CN", name),
            "objectClass": "group",
            "sAMAccountName": name,
            "groupType": str(group_type),
            "displayName": name,
        }
        if members:
            message["member"] = [str(domain.find(who.lstrip("@")).dn) for who in members]
        domain.db.add(message)


def add_account(domain, name, password, description):
    dn = domain.child(people.SERVICE_ACCOUNTS, "CN", name)
    domain.db.add({
        "dn": dn,
        "objectClass": "user",
        "sAMAccountName": name,
        "userPrincipalName": name + "@lab.test",
        "userAccountControl": str(NORMAL_ACCOUNT),
        "unicodePwd": ('"%s"' % password).encode("utf-16-le"),
        "description": description,
    })
    return dn


def add_service_accounts(domain):
    add_account(
        domain, "svc_groupback", os.environ["GB_SVC_PASSWORD"],
        "Writes the cloud groups; holds exactly the documented rights on one OU")
    add_account(
        domain, "svc_nobody", os.environ["GB_NOBODY_PASSWORD"], "Holds no rights at all")
    admin = add_account(
        domain, "svc_admin", os.environ["GB_ADMIN_PASSWORD"], "A Domain Admin, for the refusal")
    domain.modify("CN=Domain Admins,CN=Users," + people.BASE, ldb.FLAG_MOD_ADD, member=str(admin))
    sid = sid_of(domain.find("svc_groupback"))
    for ace in DELEGATION:
        SDUtils(domain.db).dacl_add_ace(
            people.CLOUD_GROUPS, ace.format(group=GROUP_CLASS, sid=sid))


def sid_of(entry):
    return str(ndr_unpack(security.dom_sid, entry["objectSid"][0]))


def guid_of(value):
    return str(uuid.UUID(bytes_le=bytes(value)))


def describe(entry):
    """What a synchronisation client would have sent to the cloud about this object."""
    anchor = entry.get("mS-DS-ConsistencyGuid", entry.get("objectGUID"))[0]
    return {
        "account": str(entry["sAMAccountName"][0]),
        "name": str(entry["name"][0]),
        "dn": str(entry.dn),
        "guid": guid_of(entry["objectGUID"][0]),
        "sid": sid_of(entry),
        "immutableId": base64.b64encode(bytes(anchor)).decode(),
        "enabled": not int(entry.get("userAccountControl", ["0"])[0]) & ACCOUNT_DISABLED,
        "groupType": int(entry.get("groupType", ["0"])[0]),
        "members": sorted(str(member) for member in entry.get("member", [])),
    }


def facts(domain):
    attributes = ["sAMAccountName", "name", "objectGUID", "objectSid", "mS-DS-ConsistencyGuid",
                  "userAccountControl", "groupType", "member"]

    def under(unit, expression):
        found = domain.db.search(unit, ldb.SCOPE_SUBTREE, expression, attributes)
        return sorted((describe(entry) for entry in found), key=lambda fact: fact["account"])

    return {
        "domain": {"dns": "lab.test", "netbios": domain.lp.get("workgroup"),
                   "sid": domain.db.get_domain_sid(), "base": people.BASE},
        "people": under("OU=People," + people.BASE, "(objectClass=user)"),
        "groups": under("OU=Groups," + people.BASE, "(objectClass=group)"),
        "computers": under("OU=Workstations," + people.BASE, "(objectClass=computer)"),
    }


def main():
    smb_conf, folder, facts_file, keytab = sys.argv[1:5]
    domain = Domain(smb_conf, folder)
    # One transaction for all: a hundred objects are few enough for that to be the fast way.
    domain.db.transaction_start()
    set_policy(domain, sys.argv[5:])
    add_units(domain)
    add_people(domain)
    add_computers(domain)
    add_groups(domain)
    add_service_accounts(domain)
    domain.db.transaction_commit()
    Net(None, domain.lp).export_keytab(keytab=keytab, principal="svc_groupback")
    with open(facts_file, "w", encoding="utf-8") as out:
        json.dump(facts(domain), out, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
