#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The tour of the README, as a stranger takes it: each command is run in the sandbox in the order of the page,
# and each line below it is said. Numbers, digests and times may be others; "…" stands for anything.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"

T=$GB_WORLD/tmp
cd "$GB_WORLD"
groupback-engine() { "$GB_BUILDDIR/groupback-engine" "$@"; }

# Writes what stands below each "$ command" to $T/tour.N, and the commands to $T/tour, one a line.
awk -v to="$T/tour" '
	/^## / { inside = ($0 ~ /Five minutes in the sandbox/); number = inside ? number : 0 }
	!inside { next }
	/^    \$ / { number++; print substr($0, 7) > to; printf "" > (to "." number); next }
	/^    / && number { print substr($0, 5) > (to "." number); next }
' "$GB_SRCDIR/README.md"

# The digest of the page is that of another day; "ldapsearch …" leaves out how to sign in.
as_of_today() { # command
	local digest
	digest=$(cat "$T"/said.* 2>/dev/null | grep -oE 'approve [0-9a-f]{64}' | head -n 1 | cut -c 9-16)
	sed -e "s/approve [0-9a-f]*/approve $digest/" \
		-e 's|^ldapsearch …|dc_as svc ldapsearch -LLL -o ldif-wrap=no|' <<<"$1"
}

# One run for all: each command needs what the ones before it did.
take_the_tour() {
	local number=0 command code=0
	export LDAPTLS_CACERT=$GB_LDAP_CA
	while IFS= read -r command <&3; do
		number=$((number + 1))
		if [ "$command" = 'echo $?' ]; then
			echo $code >"$T/said.$number"
			continue
		fi
		code=0
		eval "$(as_of_today "$command")" >"$T/said.$number" 2>&1 || code=$?
	done 3<"$T/tour"
}

says_what_stands_there() { # number of the command
	/usr/bin/python3 -B - "$T/tour.$1" "$T/said.$1" <<-'PYTHON'
		import re, sys

		def plain(text):
		    text = re.sub(r"\b[0-9a-f]{8,}\b", "H", text)
		    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "T", text)
		    return " ".join(re.sub(r"\d+", "9", text).split())

		page, said = (open(path, encoding="utf-8").read() for path in sys.argv[1:3])
		missing = [part for part in re.split("…|\n", page) if plain(part) not in plain(said)]
		if missing:
		    sys.exit(f"not said: {missing}; but:\n{said}")
	PYTHON
}

the_page_has_a_tour() {
	cat "$T/tour"
	[ "$(wc -l <"$T/tour")" -ge 6 ]
	grep -q '^groupback-engine approve' "$T/tour"
}

each_command_says_what_stands_below_it() {
	local number
	for ((number = 1; number <= $(wc -l <"$T/tour"); number++)); do
		sed -n "${number}p" "$T/tour"
		says_what_stands_there $number
	done
}

take_the_tour
run_tests \
	the_page_has_a_tour \
	each_command_says_what_stands_below_it
