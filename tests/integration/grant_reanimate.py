#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the service account of a sandbox what it needs to take deleted groups back.

usage: grant_reanimate.py SAM.LDB

That is: reading CN=Deleted Objects, and the right Reanimate-Tombstones on the domain."""
import sys

import ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

ACCOUNT = "svc_groupback"
REANIMATE = "45ec5156-db7e-47bb-b53f-dbeb2d03c40f"


def allow(samdb, dn, ace):
    controls = ["show_deleted:1"]
    attribute = "nTSecurityDescriptor"
    entry = samdb.search(dn, scope=ldb.SCOPE_BASE, attrs=[attribute], controls=controls)[0]
    descriptor = ndr_unpack(security.descriptor, entry[attribute][0])
    wanted = security.descriptor.from_sddl("D:" + ace, security.dom_sid(samdb.domain_sid))
    descriptor.dacl_add(wanted.dacl.aces[0])
    message = ldb.Message()
    message.dn = ldb.Dn(samdb, dn)
    message[attribute] = ldb.MessageElement(ndr_pack(descriptor), ldb.FLAG_MOD_REPLACE, attribute)
    samdb.modify(message, controls)


def main():
    parameters = LoadParm()
    parameters.load_default()
    samdb = SamDB(url=sys.argv[1], session_info=system_session(), lp=parameters)
    base = samdb.domain_dn()
    account = samdb.search(base, expression=f"(sAMAccountName={ACCOUNT})", attrs=["objectSid"])[0]
    sid = ndr_unpack(security.dom_sid, account["objectSid"][0])
    allow(samdb, base, f"(OA;;CR;{REANIMATE};;{sid})")
    allow(samdb, f"CN=Deleted Objects,{base}", f"(A;CI;LCRPRC;;;{sid})")


main()
