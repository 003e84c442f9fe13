#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The executor against a real domain controller.
set -eu
# shellcheck source=../sandbox/tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba "$@"
exec "${GB_BUILDDIR:?}/tests/integration/apply/apply_samba" "$@"
