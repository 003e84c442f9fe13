#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Add the entries of an LDIF file to the database of a stopped domain controller.

usage: load.py SMB.CONF FOLDER LDIF

objectSid and objectGUID are taken from the file: the control "relax" allows that offline. The RIDs
in the file must be beyond those that the domain controller gives out.
"""

import os
import sys

import ldb
import samba.param
from samba.auth import system_session
from samba.samdb import SamDB


def main():
    smb_conf, folder, path = sys.argv[1:4]
    lp = samba.param.LoadParm()
    lp.load(smb_conf)
    # One transaction; batch_mode keeps the index in memory until its end.
    db = SamDB(url=os.path.join(folder, "private", "sam.ldb"), session_info=system_session(),
               lp=lp, options=["batch_mode:1"])
    with open(path, encoding="utf-8") as source:
        text = source.read()
    db.transaction_start()
    # Parsed without Samba's syntaxes: those want a SID as text, LDIF for everybody has its bytes.
    for _, message in ldb.Ldb().parse_ldif(text):
        message.dn = ldb.Dn(db, str(message.dn))
        db.add(message, ["relax:0"])
    db.transaction_commit()


if __name__ == "__main__":
    main()
