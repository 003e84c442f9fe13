#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Denies everybody who is signed in to change one object of a sandbox.

usage: lock_object.py SAM.LDB DN"""
import sys

import ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

ATTRIBUTE = "nTSecurityDescriptor"
DENY = "D:(D;;WPSWSDDT;;;AU)"


def main():
    parameters = LoadParm()
    parameters.load_default()
    samdb = SamDB(url=sys.argv[1], session_info=system_session(), lp=parameters)
    entry = samdb.search(sys.argv[2], scope=ldb.SCOPE_BASE, attrs=[ATTRIBUTE])[0]
    descriptor = ndr_unpack(security.descriptor, entry[ATTRIBUTE][0])
    deny = security.descriptor.from_sddl(DENY, security.dom_sid(samdb.domain_sid)).dacl.aces[0]
    aces = descriptor.dacl.aces
    dacl = security.acl()
    dacl.revision = descriptor.dacl.revision
    dacl.aces = [deny] + aces
    dacl.num_aces = len(aces) + 1
    descriptor.dacl = dacl
    message = ldb.Message()
    message.dn = ldb.Dn(samdb, sys.argv[2])
    message[ATTRIBUTE] = ldb.MessageElement(ndr_pack(descriptor), ldb.FLAG_MOD_REPLACE, ATTRIBUTE)
    samdb.modify(message)


main()
