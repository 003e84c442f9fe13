#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whole passes of the wizard's own pages, keys in and screen out, with real parts behind every page.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
exec /usr/bin/python3 -B "$GB_SRCDIR/tests/integration/wizard_passes.py" "$@"
