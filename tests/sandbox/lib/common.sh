# SPDX-License-Identifier: GPL-3.0-or-later
# What every part of the sandbox uses: messages, processes, waiting. Sourced by sandbox.sh.

fail() {
	printf 'sandbox: %s\n' "$1" >&2
	exit 1
}

# A zombie is dead, it only waits for its parent. In mode net, /proc shows the machine's numbers
# and not the world's; there the first process, a shell, buries its dead at once.
is_alive() { # pid
	local state
	if [ "${GB_SANDBOX_MODE:-}" = net ] && [ -n "${GB_SANDBOX_INSIDE:-}" ]; then
		kill -0 "$1" 2>/dev/null
		return
	fi
	state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
	case $state in
	'' | Z* | X*) return 1 ;;
	esac
}

# The file has no newline at its end, so read says that it failed.
children_of() { # pid
	local children=''
	read -r children 2>/dev/null <"/proc/$1/task/$1/children" || true
	echo "$children"
}

first_child() { # pid
	local children
	children=$(children_of "$1")
	[ -n "$children" ] && echo "${children%% *}"
}

wait_gone() { # pid seconds
	local rounds=$(($2 * 50))
	while is_alive "$1"; do
		[ $((rounds--)) -gt 0 ] || return 1
		sleep 0.02
	done
}

# Every part runs in a session of its own. Where no PID namespace ends it together with its world,
# the kernel does so through the parent-death signal. A part that has ended already is no job.
spawn() { # part command...
	local part=$1 leash=()
	shift
	[ "$GB_SANDBOX_MODE" != shared ] || leash=(setpriv --pdeathsig KILL --)
	setsid "${leash[@]}" "$@" >"$GB_WORLD/log/$part.log" 2>&1 </dev/null &
	echo $! >"$GB_WORLD/run/$part.pid"
	disown 2>/dev/null || true
}

pid_of() { # part
	cat "$GB_WORLD/run/$1.pid" 2>/dev/null
}

is_running() { # part
	local pid
	pid=$(pid_of "$1") && is_alive "$pid"
}

# Poll until a part answers, its process ends, or two minutes have gone (a loaded machine is slow).
wait_ready() { # part command...
	local part=$1 deadline=$((SECONDS + 120))
	shift
	until "$@" >/dev/null 2>&1; do
		is_running "$part" || part_failed "$part" "ended at once"
		[ $SECONDS -lt $deadline ] || part_failed "$part" "did not answer within two minutes"
		sleep 0.02
	done
}

part_failed() { # part what-happened
	printf 'sandbox: %s could not be started: it %s. Its last words:\n' "$1" "$2" >&2
	tail -n 20 "$GB_WORLD/log/$1.log" 2>/dev/null | cut -c 1-300 | sed 's/^/  | /' >&2
	exit 1
}

stop_part() { # part
	local pid
	pid=$(pid_of "$1") || return 0
	if is_alive "$pid"; then
		kill -TERM "$pid" 2>/dev/null || true
		wait_gone "$pid" 5 || kill -KILL "$pid" 2>/dev/null || true
	fi
	rm -f "$GB_WORLD/run/$1.pid"
}
