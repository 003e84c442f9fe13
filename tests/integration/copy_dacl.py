#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives one organizational unit of a sandbox the access rights of another.

usage: copy_dacl.py SAM.LDB FROM-DN TO-DN"""
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

ATTRIBUTE = "nTSecurityDescriptor"


def main():
    parameters = LoadParm()
    parameters.load_default()
    samdb = SamDB(url=sys.argv[1], session_info=system_session(), lp=parameters)
    entry = samdb.search(sys.argv[2], scope=ldb.SCOPE_BASE, attrs=[ATTRIBUTE])[0]
    message = ldb.Message()
    message.dn = ldb.Dn(samdb, sys.argv[3])
    message[ATTRIBUTE] = ldb.MessageElement(entry[ATTRIBUTE][0], ldb.FLAG_MOD_REPLACE, ATTRIBUTE)
    samdb.modify(message)


main()
