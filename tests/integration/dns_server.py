#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server for one test: SRV records from a file of lines NAME HOST, everything else does not exist.

dns_server.py ADDRESS FILE: the file is read anew for each question."""
import socket
import struct
import sys


def name_bytes(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def question_name(packet):
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode())
        at += 1 + packet[at]
    return ".".join(labels), at + 5


def answer(packet, hosts):
    name, end = question_name(packet)
    found = hosts.get(name.lower(), [])
    flags = 0x8180 if found else 0x8183
    out = packet[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0) + packet[12:end]
    for weight, host in enumerate(reversed(found)):
        data = struct.pack(">HHH", 0, weight, 389) + name_bytes(host)
        out += b"\xc0\x0c" + struct.pack(">HHIH", 33, 1, 1, len(data)) + data
    return out


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((sys.argv[1], 53))
    print("ready", flush=True)
    while True:
        packet, peer = server.recvfrom(4096)
        hosts = {}
        with open(sys.argv[2], encoding="utf-8") as lines:
            for line in lines:
                name, host = line.split()
                hosts.setdefault(name.lower(), []).append(host)
        server.sendto(answer(packet, hosts), peer)


main()
