# SPDX-License-Identifier: GPL-3.0-or-later
# For the integration tests: the engine in a world of the sandbox. Sourced after tap.sh.

ENGINE=${GB_ENGINE:-${GB_BUILDDIR:?}/groupback-engine}

engine() { # command options...; on standard output and error what it says
	local command=$1
	shift
	"$ENGINE" "$command" --config "$GB_CONFIG" "$@"
}

# Runs the engine and checks its exit code; what it said is left in $GB_WORLD/tmp/said.
exits() { # exit-code command options...
	local expected=$1 code=0
	shift
	engine "$@" >"$GB_WORLD/tmp/said" 2>&1 || code=$?
	[ $code -eq "$expected" ] && return
	cat "$GB_WORLD/tmp/said"
	same "exit code of $1" "$expected" "$code"
}

says() { # extended regular expression: something that the last run said
	grep -qE -- "$1" "$GB_WORLD/tmp/said" && return
	echo "not said: $1; but:"
	cat "$GB_WORLD/tmp/said"
	return 1
}

not() { # command...: bash -e never ends at a command behind "!"
	! "$@"
}

report() { # jq filter: a value of the last report
	jq -r "$1" "$GB_WORLD/state/last.json"
}

# What the domain controller itself saw: writes over LDAP that succeeded. Its audit is not quite JSON
# (it writes control characters of a value as they are), so lines are counted.
dc_writes() {
	grep -c '"type": "dsdbChange".*"status": "Success".*"remoteAddress": "' "$GB_DC_AUDIT" || true
}

sim() { # path [curl options...]
	local path=$1
	shift
	curl -sS --fail-with-body --noproxy '*' "$GB_SIM_CONTROL$path" "$@"
}

sim_change() { # JSON list of changes, applied atomically
	sim /control/changes -H 'Content-Type: application/json' --data-binary "{\"changes\": $1}" >/dev/null
}

# The groups of the container; the lease is an object of ours, and none of them.
container_ldif() {
	dc_as svc ldapsearch -LLL -o ldif-wrap=no -b "$GB_CONTAINER" \
		'(&(objectClass=group)(!(cn=groupback-lease)))' >"$GB_WORLD/tmp/container.ldif"
}

as_the_rules_say() { # options of oracle.py
	container_ldif
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/oracle.py" "$GB_TENANT_FILE" "$GB_FACTS" \
		"$GB_WORLD/tmp/container.ldif" "$@"
}

group_id() { # key of a group in the demo tenant, by its display name
	jq -r --arg name "$1" '.groups[] | select(.displayName == $name) | .id' "$GB_TENANT_FILE" |
		head -n 1
}

user_id() { # account name
	jq -r --arg upn "$1@" '.users[] | select(.userPrincipalName | startswith($upn)) | .id' \
		"$GB_TENANT_FILE" | head -n 1
}

group_attribute() { # objectId attribute; base64 values as they are
	dc_search "(adminDescription=Group_$1)" "$2" | sed -n "s/^$2::* //p"
}

# Short ways for the tests about the life of a group.

enable() { # objectId true|false|null: writebackConfiguration.isEnabled
	sim_change "[{\"op\": \"patch\", \"id\": \"$1\",
		\"set\": {\"writebackConfiguration\": {\"isEnabled\": $2, \"onPremisesGroupType\": null}}}]"
}

add_group() { # objectId displayName [member-id...]: an enabled security group
	local id=$1 name=$2 members=
	shift 2
	[ $# -eq 0 ] || members=$(printf '"%s",' "$@")
	sim_change "[{\"op\": \"add\", \"type\": \"group\", \"object\": {\"id\": \"$id\",
		\"displayName\": \"$name\", \"groupTypes\": [], \"mailEnabled\": false, \"securityEnabled\": true,
		\"mailNickname\": \"n${id:0:8}\", \"members\": [${members%,}],
		\"writebackConfiguration\": {\"isEnabled\": true, \"onPremisesGroupType\": null}}}]"
}

objects_of() { # objectId: how many objects carry its anchor
	dc_search "(|(adminDescription=Group_$1)(msDS-ExternalDirectoryObjectId=Group_$1))" dn | grep -c '^dn' || true
}

dc_modify() { # who; LDIF on standard input
	dc_as "$1" ldapmodify >/dev/null
}

# Everything that the state remembers began so many seconds earlier.
age_lapses() { # seconds
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" "$1" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		state.execute("UPDATE lapse SET since_ms = since_ms - ?", (int(sys.argv[2]) * 1000,))
		state.commit()
	PYTHON
}

# The list of groups was read, and every group had its turn, so many seconds earlier.
age_turns() { # seconds
	/usr/bin/python3 -B - "$GB_WORLD/state/state.db" "$1" <<-'PYTHON'
		import sqlite3, sys
		state = sqlite3.connect(sys.argv[1])
		state.execute("UPDATE fact SET value = value - ? WHERE name IN ('listed-ms', 'turn-ms')",
			(int(sys.argv[2]) * 1000,))
		state.commit()
	PYTHON
}

SECURITY=-2147483640
DISTRIBUTION=8

# A cycle that lets something wait, which is then approved.
approved_sync() { # options...
	local digest
	engine sync "$@" >"$GB_WORLD/tmp/said" 2>&1 || true
	digest=$(report .waitingPlan.digest)
	[ "$digest" = null ] || [ -z "$digest" ] || exits 0 approve "$digest"
}

# Groups in the shapes that other tools leave behind.

foreign_id() { # number
	printf '66666666-0000-4000-8000-0000000000%02d' "$1"
}

# Entra Connect with ids as names, Entra Connect with display names, Cloud Sync with AD's account name.
foreign_ldif() { # number name: the group as LDIF; Mia is its member
	local id cn shape=$(($1 % 3))
	id=$(foreign_id "$1")
	cn="$2 $1_${id: -12}"
	[ $shape -ne 0 ] || cn="Group_$id"
	printf 'dn: CN=%s,%s\nobjectClass: group\ngroupType: %s\n' "$cn" "$GB_CONTAINER" $SECURITY
	case $shape in
	0) printf 'sAMAccountName: Group_%s\nadminDescription: Group_%s\n' "$id" "$id" ;;
	1) printf 'sAMAccountName: old%d\nadminDescription: Group_%s\n' "$1" "$id" ;;
	2) printf 'msDS-ExternalDirectoryObjectId: Group_%s\ndescription: by Cloud Sync\n' "$id" ;;
	esac
	printf 'displayName: Old name %d\nmember: %s\n\n' "$1" \
		"$(dc_search '(sAMAccountName=mia.weber)' dn | sed -n 's/^dn: //p')"
}

twenty_foreign_groups() { # name: their LDIF; in the cloud they have a new name, and Ada is their member
	local i
	for i in $(seq 1 20); do
		foreign_ldif "$i" "$1"
		add_group "$(foreign_id "$i")" "New name $i" "$(user_id ada.lovelace)"
	done
}

# Processes: a world in a plain chroot (sandbox mode "net") has process ids of its own, and a /proc that numbers
# its processes as the machine does.

proc_of() { # pid: its folder in /proc
	local status here
	here=$(readlink /proc/self/ns/pid)
	for status in $(grep -lE "^NSpid:.*[[:space:]]$1\$" /proc/[0-9]*/status 2>/dev/null); do
		if [ "$(readlink "${status%status}ns/pid")" = "$here" ]; then
			echo "${status%/status}"
			return
		fi
	done
	return 1
}

children_of() { # pid: the folders in /proc of its children; fails when there are none
	local folder children
	folder=$(proc_of "$1") || return 1
	children=$(cat "$folder"/task/*/children 2>/dev/null) || return 1
	[ -n "$children" ] || return 1
	printf '/proc/%s\n' $children
}

# Something happens to the engine at one step of its way to the domain controller: relay.py.

relay() { # step action: in the background; its pid is $RELAY
	rm -f "$GB_WORLD/tmp/count"
	/usr/bin/python3 -B "$GB_SRCDIR/tests/integration/relay.py" "$GB_DC_HOST" 10636 636 "$1" "$2" \
		"$GB_WORLD/tmp/pid" "$GB_WORLD/tmp/count" &
	RELAY=$!
	waits_for 60 test -e "$GB_WORLD/tmp/count"
	sed "s|^servers = .*|servers = \"$GB_DC_HOST:10636\"|" "$GB_CONFIG" >"$GB_WORLD/tmp/relayed.conf"
	chmod 600 "$GB_WORLD/tmp/relayed.conf"
}

end_relay() {
	kill "$RELAY"
	wait "$RELAY" 2>/dev/null || true
}

begin_relayed() { # the first engine, through the relay; its pid is $FIRST
	"$ENGINE" sync --config "$GB_WORLD/tmp/relayed.conf" >"$GB_WORLD/tmp/relayed" 2>&1 &
	FIRST=$!
	echo $FIRST >"$GB_WORLD/tmp/pid"
}

is_stopped() { # pid
	grep -q "^State:.*stopped" "$(proc_of "$1")/status"
}

# The last steps are those of a process that is leaving.
is_stopped_or_over() { # pid
	local folder
	folder=$(proc_of "$1") || return 0
	! grep -q '^State:.*\(sleeping\|running\|disk sleep\)' "$folder/status" 2>/dev/null
}
