#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provision a throw-away Active Directory domain controller into a folder.

usage: provision.py SMB.CONF FOLDER ADMIN-PASSWORD ADDRESS

samba-tool is not used, because two of its habits are in the way here: Debian 12's (Samba 4.17)
stops its list of schemas at Windows Server 2012 R2 although the package holds the files of 2016,
where msDS-ExternalDirectoryObjectId appears; and it sets ACLs on the sysvol files, which needs
root and serves nobody in a domain without file sharing.
"""

import logging
import sys

import samba.param
from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.provision import provision
from samba.schema import Schema

SCHEMA_2016 = (
    "AD_DS_Attributes__Windows_Server_2016.ldf",
    "AD_DS_Classes__Windows_Server_2016.ldf",
    87,
)


def main():
    smb_conf, folder, password, address = sys.argv[1:5]
    # 4.19 and later know it themselves.
    Schema.base_schemas.setdefault("2016", SCHEMA_2016)
    lp = samba.param.LoadParm()
    lp.load(smb_conf)
    provision(
        logging.getLogger("provision"),
        system_session(),
        smbconf=smb_conf,
        targetdir=folder,
        lp=lp,
        realm=lp.get("realm"),
        domain=lp.get("workgroup"),
        hostname=lp.get("netbios name").lower(),
        hostip=address,
        adminpass=password,
        dns_backend="NONE",
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
        serverrole="active directory domain controller",
        base_schema="2016",
        skip_sysvolacl=True,
        batch_mode=True,
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    main()
