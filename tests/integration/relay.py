#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between an engine and its domain controller and does something at one step.

A step is one TLS record on its way to the server, counted over all connections; what is in it stays
between the two. usage: relay.py HOST PORT UPSTREAM-PORT STEP ACTION PID-FILE COUNT-FILE

  cut   close every connection instead of passing the record on; new ones are passed on again
  drop  pass it on, then close every connection before the answer comes back
  kill  SIGKILL to the process of the pid file instead of passing the record on
  stop  pass it on, then SIGSTOP
  hold  keep it and everything behind it back; no connection ends

The pid file is read when the step is there; the count of steps is written after each one.
"""
import asyncio
import os
import signal
import sys

HOST, PORT, UPSTREAM, STEP, ACTION, PID_FILE, COUNT_FILE = sys.argv[1:8]
writers = set()
seen = 0


def close_all():
    for writer in list(writers):
        writer.transport.abort()
    writers.clear()


def tell(number):
    with open(PID_FILE, encoding="ascii") as file:
        os.kill(int(file.read()), number)


def note():
    with open(COUNT_FILE + ".new", "w", encoding="ascii") as file:
        file.write(str(seen))
    os.replace(COUNT_FILE + ".new", COUNT_FILE)


async def to_server(reader, writer):
    global seen
    try:
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[3:5], "big"))
            seen += 1
            note()
            here = seen == int(STEP)
            if ACTION == "hold" and seen >= int(STEP):
                await asyncio.Event().wait()
            if here and ACTION == "cut":
                return close_all()
            if here and ACTION == "kill":
                tell(signal.SIGKILL)
                return close_all()
            if here and ACTION == "drop":
                dropped.add(id(writer))
            writer.write(head + body)
            await writer.drain()
            if here and ACTION == "stop":
                tell(signal.SIGSTOP)
            if here and ACTION == "drop":
                await asyncio.sleep(0.3)  # the server gets the time to do it
                close_all()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.transport.abort()


dropped = set()


async def to_client(reader, writer, server):
    try:
        while data := await reader.read(65536):
            if id(server) not in dropped:
                writer.write(data)
                await writer.drain()
    except ConnectionError:
        pass
    writer.transport.abort()


async def serve(reader, writer):
    up_reader, up_writer = await asyncio.open_connection(HOST, int(UPSTREAM))
    writers.update((writer, up_writer))
    await asyncio.gather(to_server(reader, up_writer), to_client(up_reader, writer, up_writer))
    writers.discard(writer)
    writers.discard(up_writer)


async def main():
    server = await asyncio.start_server(serve, HOST, int(PORT))
    note()
    async with server:
        await server.serve_forever()


asyncio.run(main())
