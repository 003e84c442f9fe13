# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare our security descriptors with Samba's: every descriptor of an LDIF, both ways.

Usage: sddl_oracle.py PROGRAM DOMAIN-SID < LDIF

PROGRAM is tests/integration/sddl_text. For each descriptor: our text, read by Samba, has the bytes' meaning; Samba's
text, read by us, gives bytes that Samba reads as the same. Prints how many were compared; fails at the first
difference.

With a third argument: print the access list of the only descriptor as Samba's SDDL.
"""
import base64
import subprocess
import sys

from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack

PREFIX = "nTSecurityDescriptor:: "


def descriptors():
    lines = (line.rstrip("\n") for line in sys.stdin)
    return [base64.b64decode(line[len(PREFIX):]) for line in lines if line.startswith(PREFIX)]


class Ours:
    def __init__(self, program, domain):
        self.domain = domain
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, what, text):
        self.process.stdin.write("%s %s %s\n" % (what, self.domain, text))
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")


def meaning(descriptor, sid):
    """What Samba holds, packed again, so that the order of parts does not matter.

    Samba's own text leaves out some bits of control; what it says after reading that text is compared.
    """
    return ndr_pack(security.descriptor.from_sddl(descriptor.as_sddl(sid), sid))


def compare(ours, sid, blob):
    theirs = ndr_unpack(security.descriptor, blob)
    text = ours.ask("bytes", blob.hex())
    assert meaning(security.descriptor.from_sddl(text, sid), sid) == meaning(theirs, sid), (
        "our text means something else:\n%s\n%s" % (text, theirs.as_sddl(sid)))
    again = bytes.fromhex(ours.ask("text", theirs.as_sddl(sid)))
    assert meaning(ndr_unpack(security.descriptor, again), sid) == meaning(theirs, sid), (
        "we read Samba's text as something else:\n" + theirs.as_sddl(sid))


def main():
    sid = security.dom_sid(sys.argv[2])
    blobs = descriptors()
    if len(sys.argv) > 3:
        print(ndr_unpack(security.descriptor, blobs[0]).as_sddl(sid))
        return
    ours = Ours(sys.argv[1], sys.argv[2])
    for blob in blobs:
        compare(ours, sid, blob)
    print(len(blobs))


if __name__ == "__main__":
    main()
