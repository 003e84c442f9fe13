# SPDX-License-Identifier: GPL-3.0-or-later
# For the benchmarks inside a world: the engine measured, the sink put back, Graph slowed down. Sourced
# after in_generated_world.
. "$GB_SRCDIR/tests/integration/lib.sh"
. "$GB_SRCDIR/tests/bench/table.sh"

LATENCY=${BENCH_LATENCY:-0}
TOOK=$GB_WORLD/tmp/took

measure() { # command...: what it took, into $TOOK
	/usr/bin/python3 -B "$GB_SRCDIR/tests/bench/measure.py" "$GB_WORLD/tmp/said" -- "$@" >"$TOOK" && return
	cat "$GB_WORLD/tmp/said" >&2
	echo "bench: $1 failed." >&2
	exit 1
}

took() { # jq filter
	jq -r "$1" "$TOOK"
}

sync_measured() { # options of sync...
	sim /control/requests/reset -d '' >/dev/null
	measure "$ENGINE" sync --config "$GB_CONFIG" "$@"
}

cold_cycle() {
	rm -rf "$GB_WORLD/state"
	mkdir -m 700 "$GB_WORLD/state"
	sync_measured --approve-first --policy initial
}

use_slapd() {
	set_config directory servers "$GB_SLAPD_HOST"
	set_config directory account "$GB_SLAPD_ADMIN_DN"
	printf %s "$GB_SLAPD_ADMIN_PASSWORD" >"$GB_CREDENTIALS/directory-password"
}

# The sink as it was before the first cycle. What it keeps is in a folder of the world.
restart_sink() { # slapd|samba
	local data=$GB_WORLD/$1
	"$SANDBOX" stop --with "$1"
	[ -d "$data.before" ] || cp -a "$data" "$data.before"
	rm -rf "$data"
	cp -a "$data.before" "$data"
	"$SANDBOX" start --with "$1"
}

slow_down() { # milliseconds before every answer of Graph
	sim /control/faults -d "{\"faults\": [{\"match\": {\"pathPrefix\": \"/\"}, \"count\": -1,
		\"action\": {\"delayMs\": $1}}]}" >/dev/null
}

# What every first cycle is measured by.
note_cycle() { # links
	note 'first cycle: wall' "$(took .wall)" s
	note 'first cycle: CPU a link' "$(took ".cpu / $1 * 1e6")" µs
	note 'first cycle: peak memory' "$(took '.rss_kib / 1024')" MiB
	note 'state a link' "$(($(state_bytes) * 100 / $1))e-2" bytes
}

spec_value() { # key of the tenant's specification
	tr , '\n' <<<"$BENCH_SPEC" | sed -n "s/^$1=//p"
}

state_bytes() {
	stat -c %s "$GB_WORLD/state/state.db"
}
