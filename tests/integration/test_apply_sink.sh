#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The executor against OpenLDAP: the other dialect, and servers that are busy or choosy.
set -eu
# shellcheck source=../sandbox/tap.sh
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world slapd "$@"

# The sandbox's server again, with overlays that answer as they are told: an entry with errCode gets
# that code, and only people may be members.
CONF=$GB_WORLD/slapd/choosy.conf
"$SANDBOX" stop --with slapd
cat "$GB_WORLD/slapd/slapd.conf" - >"$CONF" <<-CONF

	moduleload retcode
	moduleload constraint
	overlay retcode
	retcode-parent "ou=None,$GB_BASE_DN"
	retcode-indir
	overlay constraint
	constraint_attribute member regex =[Pp]eople,
CONF
setsid setpriv --pdeathsig KILL -- /usr/sbin/slapd -f "$CONF" -d 0 \
	-h "ldap://$GB_SLAPD_ADDRESS/ ldaps://$GB_SLAPD_ADDRESS/" &
trap 'kill %1; wait' EXIT
for _ in {1..1500}; do
	! slapd_as_admin ldapsearch -s base -b "$GB_BASE_DN" dn >/dev/null 2>&1 || break
	sleep 0.02
done
"${GB_BUILDDIR:?}/tests/integration/apply/apply_sink" "$@"
