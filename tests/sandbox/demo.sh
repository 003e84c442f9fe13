#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job, shown: one cycle from the simulated tenant into the real domain controller, the
# groups as the directory has them, and a second cycle that writes nothing. Runs in a world of the
# sandbox: ./bootstrap demo. On a terminal the wizard comes first, with the sandbox's answers in its fields.
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

# The world's configuration as answers, for an installation of its own.
write_answers() {
	mkdir -p -m 700 "$SITE/state"
	sed '/^\[paths\]/,$d' "$GB_CONFIG" >"$SITE/answers"
	cat >>"$SITE/answers" <<-ANSWERS
		[paths]
		state directory = "$SITE/state"
		credentials directory = "$SITE/credentials"
		[setup]
		application = "existing"
		[once]
		key file = "$GB_CREDENTIALS/cloud-key"
	ANSWERS
	chmod 600 "$SITE/answers"
}

# Whoever leaves it before Configure has written nothing, and the demo is over.
ask_on_the_terminal() {
	SITE=$GB_WORLD/demo
	write_answers
	"$GB_BUILDDIR/groupback-wizard" --config "$SITE/groupback.conf" --draft "$SITE/draft" \
		--engine "$ENGINE" --prefill "$SITE/answers" \
		--secret-file "directory-password=$GB_CREDENTIALS/directory-password" || exit $?
	GB_CONFIG=$SITE/groupback.conf
}

code=0
if [ -t 0 ] && [ -t 1 ]; then
	ask_on_the_terminal
	heading "The configuration that the wizard wrote"
	grep -v '^#' "$GB_CONFIG"
else
	heading "The configuration"
	grep -v '^#' "$GB_CONFIG"
	heading "The first cycle: from the cloud to the directory"
	echo "A first cycle waits for approval; --approve-first gives it."
	sync_once --approve-first || code=$?
fi

heading "The groups in $GB_CONTAINER, as ldapsearch shows them"
ldap_search -b "$GB_CONTAINER" -s one '(&(objectClass=group)(!(cn=groupback-lease)))' \
	sAMAccountName displayName groupType adminDescription member | readable

heading "A further cycle: nothing to write"
sync_once || code=$?
exit $code
