#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what a callgrind file says by library and, for the engine, by room.

usage: itemise.py CALLGRIND.OUT LINKS
"""

import collections
import re
import sys

ITEMS = [
    (r"libssl|libcrypto", "TLS to Graph, digests (OpenSSL)"),
    (r"libgnutls|libnettle|libhogweed|libgmp|libtasn1|libp11", "TLS to the directory (GnuTLS)"),
    (r"libldap|liblber|libsasl", "LDAP (libldap)"),
    (r"libcurl|libnghttp2", "HTTP (libcurl)"),
    (r"libz\.", "inflate (zlib)"),
    (r"libcjson", "JSON (cJSON)"),
    (r"libsqlite3", "state and journal (SQLite)"),
    (r"libtalloc", "memory (talloc)"),
    (r"libtevent", "events (tevent)"),
    (r"libunistring", "text (libunistring)"),
    (r"ld-linux", "dynamic linking"),
    (r"libc[.-]|libm[.-]", "C library"),
]
NAME = re.compile(r"\((\d+)\)(?: (.*))?")


def named(text, names):
    number, name = NAME.match(text).groups()
    if name is not None:
        names[number] = name
    return names[number]


def item_of(library, source):
    for pattern, item in ITEMS:
        if re.search(pattern, library):
            return item
    room = re.search(r"engine/(\w+)/", source)
    return "engine/" + room.group(1) if room else "other"


def read(lines):
    """Self cost by item; the lines behind calls= are those of the called function, and left out."""
    costs = collections.Counter()
    libraries, files = {}, {}
    library = source = ""
    skip = False
    for line in lines:
        if line.startswith("ob="):
            library = named(line[3:].strip(), libraries)
        elif line.startswith(("fl=", "fi=", "fe=")):
            source = named(line[3:].strip(), files)
        elif line.startswith("cob="):
            named(line[4:].strip(), libraries)
        elif line.startswith(("cfi=", "cfl=")):
            named(line[4:].strip(), files)
        elif line.startswith("calls="):
            skip = True
        elif line[:1] in "0123456789+-*" and " " in line:
            if not skip:
                costs[item_of(library, source)] += int(line.split()[1])
            skip = False
    return costs


def main():
    with open(sys.argv[1], encoding="utf-8", errors="replace") as source:
        costs = read(source)
    links = int(sys.argv[2])
    total = sum(costs.values())
    for item, cost in costs.most_common():
        if cost * 500 > total:
            print("%-36s %8.1f M  %5.1f %%  %9.0f a link" %
                  (item, cost / 1e6, 100 * cost / total, cost / links))
    print("%-36s %8.1f M           %9.0f a link" % ("instructions", total / 1e6, total / links))


if __name__ == "__main__":
    main()
