# SPDX-License-Identifier: GPL-3.0-or-later
# How a world is kept apart from the machine and from other worlds. Modes, best first:
#   full    own network, mounts and process ids: fixed addresses, real names through a private
#           /etc/hosts, and the kernel ends every process when the world's first one ends
#   full-user  the same in a user namespace of its own (an ordinary user)
#   net     own network and process ids (root in a plain chroot, where mounts cannot be made
#           private): fixed addresses, no names, and /proc shows the numbers of the machine
#   shared  nothing of its own (root in a container without privileges): the first free slot of
#           the loopback network, no names

FULL=(-n -m -p --mount-proc)
NET=(-n -p)
# Root may do without a user namespace of its own, unless it is a container's powerless root.
OWN_USER=(-U -r)

can_isolate() { # option-of-unshare...
	unshare "$@" --fork --kill-child true 2>/dev/null
}

detect_mode() {
	if [ "$(id -u)" -eq 0 ] && can_isolate "${FULL[@]}"; then
		echo full
	elif can_isolate "${OWN_USER[@]}" "${FULL[@]}"; then
		echo full-user
	elif can_isolate "${NET[@]}"; then
		echo net
	elif [ "$(id -u)" -eq 0 ]; then
		echo shared
	else
		fail "This user may not make user namespaces (unshare -Urn failed), and without one \
the servers cannot have their ports. Nothing was started. Run it as root, or allow user namespaces."
	fi
}

choose_mode() {
	[ -n "${GB_SANDBOX_MODE:-}" ] || GB_SANDBOX_MODE=$(detect_mode) || exit 1
	export GB_SANDBOX_MODE
}

is_full() {
	case $GB_SANDBOX_MODE in
	full*) ;;
	*) return 1 ;;
	esac
}

# The command that starts another in namespaces of its own, by mode.
isolate() {
	case $GB_SANDBOX_MODE in
	full) ISOLATE=(unshare "${FULL[@]}" --fork --kill-child --) ;;
	full-user) ISOLATE=(unshare "${OWN_USER[@]}" "${FULL[@]}" --fork --kill-child --) ;;
	net) ISOLATE=(unshare "${NET[@]}" --fork --kill-child --) ;;
	shared) ISOLATE=(env --) ;;
	esac
}

# Inside: loopback up, addresses known. In shared mode the slot is held by file descriptor 7.
settle() {
	case $GB_SANDBOX_MODE in
	shared) take_slot ;;
	*) ip link set lo up && set_slot 0 ;;
	esac
}

take_slot() {
	local slot lock
	for ((slot = 0; slot < SLOTS; slot++)); do
		lock=${TMPDIR:-/tmp}/.groupback-sandbox-slot-$slot
		exec 7>"$lock"
		if flock -n 7; then
			set_slot "$slot"
			return
		fi
	done
	fail "All $SLOTS address slots are in use by other sandboxes. Nothing was started."
}

# Real names need a private /etc/hosts. A system without that file gets one in a layer over /etc
# that only this world sees. HAVE_NAMES says whether it worked.
bind_hosts() {
	HAVE_NAMES=''
	is_full || return 0
	write_hosts >"$GB_WORLD/hosts"
	[ -e /etc/hosts ] || cover_etc || return 0
	mount --bind "$GB_WORLD/hosts" /etc/hosts && HAVE_NAMES=yes
}

cover_etc() {
	local layer=$GB_WORLD/etc-layer
	mkdir -p "$layer/upper" "$layer/work"
	mount -t overlay -o "lowerdir=/etc,upperdir=$layer/upper,workdir=$layer/work" overlay /etc &&
		: >/etc/hosts
}

# A world without a folder lives in a tmpfs that only its own mount namespace knows: it goes away
# with the last process, however that ends. The mount hides a folder that this world has no use
# for; the path is short because the name of a Unix socket may have 107 characters only.
memory_place() {
	local place used
	for place in /mnt /media /srv /opt /home; do
		[ -d "$place" ] || continue
		for used in "$PWD" "$TOP" "$BUILD" "$CACHE" "$HERE" "${COMMAND[0]:-.}"; do
			case $(realpath -m -- "$used")/ in
			"$place"/*) continue 2 ;;
			esac
		done
		echo "$place"
		return
	done
	return 1
}

mount_memory() {
	local place
	place=$(memory_place) || return 1
	mount -t tmpfs -o mode=0755 groupback-sandbox "$place"
	GB_WORLD=$place/world
}
