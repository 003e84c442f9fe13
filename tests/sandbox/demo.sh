#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job, shown: one cycle from the simulated tenant into the real domain controller, the
# groups as the directory has them, and a second cycle that writes nothing. Runs in a world of the
# sandbox: ./bootstrap demo.
set -euo pipefail
: "${GB_SANDBOX_INSIDE:?"run ./bootstrap demo"}"
ENGINE=${GB_ENGINE:-$GB_BUILDDIR/groupback-engine}
[ -x "$ENGINE" ] || { echo "demo: $ENGINE is not built; nothing was synchronised." >&2; exit 1; }

heading() {
	printf '\n== %s\n' "$1"
}

# What others than the engine see: the domain controller's own audit of successful writes.
# It is not quite JSON (control characters of a value are written as they are): lines are counted.
writes_so_far() {
	grep -c '"type": "dsdbChange".*"status": "Success".*"remoteAddress": "' "$GB_DC_AUDIT" || true
}

ldap_search() {
	LDAPTLS_CACERT=$GB_LDAP_CA ldapsearch -x -LLL -o ldif-wrap=no -H "$GB_DC_URIS" \
		-D "$GB_SVC_DN" -y "$GB_CREDENTIALS/directory-password" "$@"
}

# LDIF has base64 where a name is not plain ASCII; people read UTF-8. Control characters, and those
# that turn the direction of writing, are shown as "?": a name must not steer this terminal.
readable() {
	local line
	while IFS= read -r line; do
		case $line in
		*':: '*)
			printf '%s: ' "${line%%:: *}"
			base64 -d <<<"${line#*:: }" | tr '\000-\037\177' '?'
			echo
			;;
		*) printf '%s\n' "$line" ;;
		esac
	done | LC_ALL=C sed 's/\xc2[\x80-\x9f]/?/g; s/\xe2\x80[\xaa-\xae]/?/g; s/\xe2\x81[\xa6-\xa9]/?/g'
}

sync_once() {
	local before code=0
	before=$(writes_so_far)
	"$ENGINE" sync --config "$GB_CONFIG" "$@" || code=$?
	echo "exit code $code; writes that the domain controller saw: $(($(writes_so_far) - before))"
	return $code
}

heading "The configuration"
grep -v '^#' "$GB_CONFIG"

heading "The first cycle: from the cloud to the directory"
echo "A first cycle waits for approval; --approve-first gives it."
code=0
sync_once --approve-first || code=$?

heading "The groups in $GB_CONTAINER, as ldapsearch shows them"
ldap_search -b "$GB_CONTAINER" -s one '(&(objectClass=group)(!(cn=groupback-lease)))' \
	sAMAccountName displayName groupType adminDescription member | readable

heading "The second cycle: nothing to write"
sync_once || code=$?
exit $code
