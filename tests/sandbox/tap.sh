# SPDX-License-Identifier: GPL-3.0-or-later
# For tests written in bash: TAP, and the way into a world of the sandbox. To be sourced.
#
#   . "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
#   in_world samba,sim "$@"       # the rest runs inside, with the world's variables
#   the_group_is_there() { dc_search '(cn=x)' cn | grep -q '^cn: x'; }
#   run_tests the_group_is_there  # one test a function; the name is the sentence
#
# A test fails at its first command that fails; what it printed is shown then.

SANDBOX=${GB_SRCDIR:?"run this by make check"}/tests/sandbox/sandbox.sh

in_world() { # parts arguments-of-the-script...
	[ -z "${GB_SANDBOX_INSIDE:-}" ] || return 0
	local parts=$1
	shift
	exec "$SANDBOX" run --with "$parts" -- "$BASH" "$(readlink -f "$0")" "$@"
}

in_generated_world() { # parts spec arguments-of-the-script...
	[ -z "${GB_SANDBOX_INSIDE:-}" ] || return 0
	local parts=$1 spec=$2
	shift 2
	exec "$SANDBOX" run --with "$parts" --generate "$spec" -- "$BASH" "$(readlink -f "$0")" "$@"
}

run_tests() { # function...
	local name number=0 output code
	output=$(mktemp)
	set +e
	echo "1..$#"
	for name in "$@"; do
		number=$((number + 1))
		# Not as a condition: there, bash would let every command but the last one fail.
		(set -e; "$name") >"$output" 2>&1 </dev/null
		code=$?
		if [ $code -eq 0 ]; then
			echo "ok $number - ${name//_/ }"
		else
			echo "not ok $number - ${name//_/ }"
			tail -n 60 "$output" | cut -c 1-1000 | sed 's/^/# /'
		fi
	done
	rm -f "$output"
}

waits_for() { # seconds command...
	local rounds=$(($1 * 20))
	shift
	until "$@"; do
		[ $((rounds--)) -gt 0 ] || return 1
		sleep 0.05
	done
}

same() { # what expected actual
	[ "$2" = "$3" ] && return
	printf '%s: expected <%s>, but it is <%s>\n' "$1" "$2" "$3"
	return 1
}

fails_with() { # exit-code command...; what it prints is shown to the caller
	local expected=$1 code=0
	shift
	"$@" || code=$?
	same "exit code of $1" "$expected" "$code"
}

# ldapsearch and its family against the domain controller, over LDAPS with the name verified.
dc_as() { # svc|nobody|admin tool arguments...
	local name=GB_${1^^}_UPN password=GB_${1^^}_PASSWORD tool=$2
	shift 2
	LDAPTLS_CACERT=$GB_LDAP_CA "$tool" -x -o nettimeout=10 -H "$GB_DC_URIS" -D "${!name}" \
		-w "${!password}" "$@"
}

dc_search() { # filter attribute...; everywhere in the domain, one line a value
	dc_as svc ldapsearch -LLL -o ldif-wrap=no -b "$GB_BASE_DN" "$@" | grep -v '^# '
}

slapd_as_admin() { # tool arguments...
	local tool=$1
	shift
	LDAPTLS_CACERT=$GB_LDAP_CA "$tool" -x -o nettimeout=10 -H "$GB_SLAPD_URIS" \
		-D "$GB_SLAPD_ADMIN_DN" -w "$GB_SLAPD_ADMIN_PASSWORD" "$@"
}

# The world's configuration, or another file, with one key set: [section] key = "value". An empty
# value takes the key out.
set_config() { # section key value [file]
	local file=${4:-$GB_CONFIG}
	SECTION=[$1] KEY=$2 VALUE=$3 awk '
		function put() {
			if (inside && !done && ENVIRON["VALUE"] != "")
				printf "%s = \"%s\"\n", ENVIRON["KEY"], ENVIRON["VALUE"]
			done = done || inside
		}
		/^\[/ { put(); inside = ($0 == ENVIRON["SECTION"]) }
		inside && index($0, ENVIRON["KEY"] " =") == 1 { put(); next }
		{ print }
		END { put(); if (!done) { print "\n" ENVIRON["SECTION"]; inside = 1; put() } }' \
		"$file" >"$file.new"
	chmod 600 "$file.new"
	mv "$file.new" "$file"
}
