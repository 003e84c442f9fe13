#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The second dialect against a real OpenLDAP.
set -eu
# shellcheck source=../../sandbox/tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world slapd "$@"
exec "${GB_BUILDDIR:?}/tests/unit/directory/live_slapd"
