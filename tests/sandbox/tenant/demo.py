#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the demo tenant as JSON. usage: demo.py FACTS.JSON"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as source:
    json.load(source)
json.dump({}, sys.stdout)
