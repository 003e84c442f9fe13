# SPDX-License-Identifier: GPL-3.0-or-later
# The verb run: three processes, each with one job. The supervisor stays outside, passes signals on
# and removes what the world left; the kernel ends it with its caller. The init (the first process
# in the world) starts the parts and waits. COMMAND is its child.

verb_run() {
	local holder
	[ ${#COMMAND[@]} -gt 0 ] || usage_error "run needs a command after --."
	if is_inside; then
		# shellcheck disable=SC2086
		[ -z "$WITH" ] || start_parts $WITH
		exec "${COMMAND[@]}"
	fi
	choose_mode
	choose_folder
	if [ -n "${GB_SANDBOX_DIR:-}" ] && holder=$(holder_pid); then
		join "$holder"
	fi
	ensure_golden
	export GOLDEN DC_CERT SIM_CERT TENANT GENERATE PARTS="${WITH:-samba sim}"
	exec setpriv --pdeathsig KILL -- "$SELF" _supervise "${COMMAND[@]}"
}

enter_supervise() { # command...
	local code=0
	isolate
	export GB_WORLD=''
	choose_place
	# Bash makes background jobs deaf to an interrupt from the keyboard, and deafness is inherited.
	env --default-signal=INT,QUIT setpriv --pdeathsig KILL -- \
		"${ISOLATE[@]}" "$SELF" _inside "$@" <&0 &
	CHILD=$!
	trap 'pass_on TERM' TERM HUP
	trap : INT QUIT
	while is_alive $CHILD; do
		wait $CHILD && code=0 || code=$?
	done
	[ -z "$TEMPORARY" ] || rm -rf "$TEMPORARY"
	exit $code
}

# Where the world's files go. Without a folder of the caller's: memory, see mount_memory; a
# temporary folder where that cannot be. File descriptor 8 is a leash: every process of the world
# holds its other end, and when the last is gone, even killed, the folder is removed.
choose_place() {
	TEMPORARY=''
	if [ -n "${GB_SANDBOX_DIR:-}" ]; then
		GB_WORLD=$(realpath -m -- "$GB_SANDBOX_DIR")
	elif ! is_full || ! memory_place >/dev/null; then
		TEMPORARY=$(mktemp -d /tmp/groupback-sandbox.XXXXXX)
		GB_WORLD=$TEMPORARY/world
		exec 8> >(exec setsid sh -c 'trap "" TERM INT HUP; cat >/dev/null; exec rm -rf -- "$1"' \
			leash "$TEMPORARY" >/dev/null 2>&1)
	fi
}

# A command that will not end gets five seconds.
pass_on() { # signal
	local init children
	init=$CHILD
	if [ "$GB_SANDBOX_MODE" != shared ]; then
		init=$(first_child "$CHILD") || return 0
	fi
	children=$(children_of "$init")
	# shellcheck disable=SC2086
	[ -z "$children" ] || kill -"$1" $children 2>/dev/null || true
	wait_gone "$CHILD" 5 || kill -KILL "$CHILD"
}

enter_inside() { # command...
	local code=0
	settle
	COMMAND=("$@")
	[ -n "$GB_WORLD" ] || mount_memory
	open_world
	# shellcheck disable=SC2086
	start_parts $PARTS
	trap : TERM INT HUP QUIT
	[ "$GB_SANDBOX_MODE" != shared ] || set -- setpriv --pdeathsig KILL -- "$@"
	(
		trap - TERM INT HUP QUIT
		run_command "$@"
	) || code=$?
	[ "$GB_SANDBOX_MODE" != shared ] || stop_all
	exit $code
}

stop_all() {
	local part
	for part in samba slapd sim; do
		stop_part "$part"
	done
}

run_command() { # command...
	unset GOLDEN PARTS DC_CERT SIM_CERT TENANT GENERATE
	eval "$(cat "$GB_WORLD/env")"
	export GB_SRCDIR=$TOP GB_BUILDDIR=$BUILD
	exec "$@"
}

# Enter the namespaces of a world that stays. The mount namespace changes the current folder.
join() { # holder-pid
	local inner into=()
	inner=$(first_child "$1" || echo "$1")
	case $GB_SANDBOX_MODE in
	full) into=(nsenter -t "$inner" -n -m -p) ;;
	full-user) into=(nsenter -t "$inner" -U --preserve-credentials -n -m -p) ;;
	net) into=(nsenter -t "$inner" -n -p) ;;
	shared) into=(env --) ;;
	esac
	export GB_WORLD
	exec "${into[@]}" "$SELF" _join "$PWD" "${COMMAND[@]}"
}

enter_join() { # folder command...
	cd "$1"
	shift
	run_command "$@"
}
