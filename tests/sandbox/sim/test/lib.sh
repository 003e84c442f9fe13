# SPDX-License-Identifier: GPL-3.0-or-later
# For the simulator's tests as a client: a simulator of one's own, curl and jq. To be sourced.
#
# The test runs again in a network namespace with nothing but loopback; there the simulator takes
# free ports. Variables: SIM (https://…), CONTROL (http://…), WORK (scratch folder), APP, SECRET.

if [ -z "${SIM_TEST_INSIDE:-}" ]; then
	export SIM_TEST_INSIDE=1
	# Root needs no user namespace, and a chroot has none; on free ports it also goes without any.
	for isolate in "unshare --net" "unshare --map-root-user --net"; do
		if $isolate true 2>/dev/null; then
			exec $isolate "$BASH" "$(readlink -f "$0")" "$@"
		fi
	done
fi

. "${GB_SRCDIR:?"run this by make check"}/tests/sandbox/tap.sh"

set -u -o pipefail
ip link set lo up 2>/dev/null || true
export LC_ALL=C.UTF-8
WORK=$(mktemp -d)
SIM_PROGRAM=${GB_SIM_PROGRAM:-${GB_BUILDDIR:?}/tests/sandbox/sim/entra-sim}
TENANT=aaaaaaaa-0000-4000-8000-000000000001
APP=bbbbbbbb-0000-4000-8000-000000000001
SECRET='s%+&=ü" x'
SIM_PIDS=()

finish() {
	[ "${#SIM_PIDS[@]}" -eq 0 ] || kill "${SIM_PIDS[@]}" 2>/dev/null
	rm -rf "$WORK"
}
trap finish EXIT

certificate() { # name days
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/$1.key" -out "$WORK/$1.pem" \
		-days "$2" -subj "/CN=$1" -addext 'subjectAltName=IP:127.0.0.1,DNS:localhost' \
		2>/dev/null
}

sim_start() { # tenant-file options...; sets SIM, CONTROL and SIM_PID
	local tenant=$1
	shift
	[ -e "$WORK/tls.pem" ] || certificate tls 2
	rm -f "$WORK/ready" "$WORK/exit" "$WORK/pid"
	(
		"$SIM_PROGRAM" --tenant "$tenant" --cert "$WORK/tls.pem" --key "$WORK/tls.key" \
			--ready-file "$WORK/ready" "$@" &
		echo $! >"$WORK/pid"
		code=0
		wait $! || code=$?
		[ ! -d "$WORK" ] || echo $code >"$WORK/exit"
	) &
	until [ -e "$WORK/ready" ]; do
		[ ! -e "$WORK/exit" ] || return 1
		sleep 0.05
	done
	SIM_PID=$(cat "$WORK/pid")
	SIM_PIDS+=("$SIM_PID")
	SIM=$(jq -r .url "$WORK/ready")
	CONTROL=$(jq -r .control "$WORK/ready")
}

sim_stop() { # and see that it ended well; a sanitizer's finding would be another exit code
	kill "$SIM_PID"
	until [ -e "$WORK/exit" ]; do
		sleep 0.05
	done
	same 'exit code of the simulator' 0 "$(cat "$WORK/exit")"
	[ ! -e "$WORK/ready" ]
}

ask() { # curl's arguments; the body on standard output, the head of the answer in $WORK/head
	curl --silent --show-error --globoff --max-time 120 --cacert "$WORK/tls.pem" \
		--dump-header "$WORK/head" "$@"
}

# The same beside the test, with a head of its own: the test would otherwise read another answer's status. Its
# process is $BESIDE, so that killing it ends the connection.
graph_beside() { # path curl's arguments...; the body to $WORK/beside.body
	local path=$1
	shift
	: >"$WORK/beside.body"
	(exec curl --silent --globoff --no-buffer --cacert "$WORK/tls.pem" --dump-header "$WORK/beside" \
		--header "Authorization: Bearer $TOKEN" "$@" "$SIM$path" >"$WORK/beside.body" 2>/dev/null) &
	BESIDE=$!
}

# The first rule has met so many requests: whoever asked beside the test is in it now.
until_hit() { # times
	until ask "$CONTROL/control/faults" | jq -e --argjson n "$1" '.[0].hits == $n' >/dev/null; do
		sleep 0.05
	done
}

status() { # of the last answer
	sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$WORK/head" | tail -n 1
}

header() { # name, of the last answer
	tr -d '\r' <"$WORK/head" | sed -n "s/^$1: //Ip" | tail -n 1
}

token() { # form parameters, in place of the secret; the whole answer
	[ $# -gt 0 ] || set -- --data-urlencode "client_secret=$SECRET"
	ask "$SIM/$TENANT/oauth2/v2.0/token" --data grant_type=client_credentials \
		--data "client_id=$APP" --data-urlencode "scope=$SIM/.default" "$@"
}

sign_in() { # sets TOKEN; in the shell of the test
	TOKEN=$(token "$@" | jq -r .access_token)
}

graph() { # path curl's arguments...
	local path=$1
	shift
	case $path in
	https://*) ;;
	*) path=$SIM$path ;;
	esac
	ask --header "Authorization: Bearer $TOKEN" "$@" "$path"
}

control() { # path json
	ask "$CONTROL/control/$1" --data "$2"
}

refused() { # error code; the last answer is on standard input
	local answer
	answer=$(cat)
	echo "$answer"
	same 'error' "$1" "$(jq -r .error <<<"$answer")"
	same 'code' "$2" "$(jq -r '.error_codes[0]' <<<"$answer")"
	jq -e --arg code "$2" '(.error_description | startswith("AADSTS" + $code + ": ")) and
		(.error_description | test("Trace ID: .* Correlation ID: .* Timestamp: ")) and
		(.trace_id | length == 36) and (.correlation_id | length == 36) and
		(.timestamp | test("^[0-9-]{10} [0-9:]{8}Z$"))' <<<"$answer" >/dev/null
}

not() { # command that must fail; "!" in front of a command does not count for set -e
	if "$@"; then
		echo "unexpectedly true: $*"
		return 1
	fi
}
