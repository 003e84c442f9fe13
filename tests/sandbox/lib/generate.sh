# SPDX-License-Identifier: GPL-3.0-or-later
# A generated tenant: the simulator makes it from a spec, and the directories get the same people.
# The spec is a file of the world, so that parts that are started later know it too.

generate_args() { # the simulator's arguments, into GENERATE_ARGS
	GENERATE_ARGS=()
	[ -e "$GB_WORLD/generate" ] || return 0
	GENERATE_ARGS=(--generate "$(cat "$GB_WORLD/generate")" --base-dn "$BASE_DN"
		--domain-sid "$(jq -r .domain.sid "$GB_WORLD/facts.json")")
}

# A world that exists keeps the tenant that it has.
generate_prepare() {
	local program
	[ -n "${GENERATE:-}" ] || return 0
	[ ! -e "$GB_WORLD/generate" ] || [ "$(cat "$GB_WORLD/generate")" = "$GENERATE" ] ||
		fail "The world in $GB_WORLD holds another generated tenant. Nothing was started."
	program=$(sim_program)
	[ -x "$program" ] || fail "The simulator $program is not built. Nothing was started; run make."
	printf %s "$GENERATE" >"$GB_WORLD/generate"
	generate_args
	"$program" "${GENERATE_ARGS[@]}" --ldif >"$GB_WORLD/generated.ldif" ||
		{ rm -f "$GB_WORLD/generate"; exit 1; }
	generate_tenant >"$GB_WORLD/generated.json"
	mv "$GB_WORLD/generated.json" "$GB_WORLD/tenant.json"
}

# The demo tenant's name and applications, and none of its people and groups.
generate_tenant() {
	jq 'del(.users, .groups, .devices, .contacts, .servicePrincipals)' "$GB_WORLD/tenant.json"
}

# Once for each directory, before it starts.
generate_into() { # slapd or samba
	[ -e "$GB_WORLD/generate" ] && [ ! -e "$GB_WORLD/$1/generated" ] || return 0
	"generate_into_$1" >"$GB_WORLD/log/generate-$1.log" 2>&1 || {
		tail -n 20 "$GB_WORLD/log/generate-$1.log" >&2
		fail "The generated people could not be loaded into $1."
	}
	: >"$GB_WORLD/$1/generated"
}

generate_into_slapd() {
	# They have been there for a while: whoever asks for changes does not want them.
	sed 's/^objectClass: .*/&\nentryCSN: 20250101000000.000000Z#000000#000#000000/' \
		"$GB_WORLD/generated.ldif" |
		/usr/sbin/slapadd -q -f "$GB_WORLD/slapd/slapd.conf" -b "$BASE_DN"
}

generate_into_samba() {
	local d=$GB_WORLD/samba
	/usr/bin/python3 -B "$HERE/samba/load.py" "$d/etc/smb.conf" "$d" "$GB_WORLD/generated.ldif"
}
