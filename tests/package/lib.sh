# SPDX-License-Identifier: GPL-3.0-or-later
# For the test of the Debian package: a build in a folder of its own, and a fresh Debian to install it in.
# Sourced after tap.sh. Everything happens below $PLACE, and mounts are known to this process alone.

ROOT=$PLACE/root
VERSION=$(dpkg-parsechangelog -l "$GB_SRCDIR/debian/changelog" -S Version)
UPSTREAM=${VERSION%-*}
ARCHITECTURE=$(dpkg --print-architecture)

# The tree as it was committed, and nothing that lies beside it.
export_tree() {
	local tree=$PLACE/build/groupback-$UPSTREAM
	mkdir -p "$PLACE/build"
	git -C "$GB_SRCDIR" archive --prefix="groupback-$UPSTREAM/" HEAD -- . ':(exclude)debian' |
		xz -1 >"$PLACE/build/groupback_$UPSTREAM.orig.tar.xz"
	git -C "$GB_SRCDIR" archive --prefix="groupback-$UPSTREAM/" HEAD | tar -x -C "$PLACE/build"
	[ ! -e "$tree/configure" ]
}

deb() { # version: where its package lies
	echo "$PLACE/build/groupback_$1_$ARCHITECTURE.deb"
}

# The same package under a newer version: what an upgrade gets.
next_version() {
	local tree=$PLACE/next
	dpkg-deb -R "$(deb "$VERSION")" "$tree"
	sed -i "s/^Version: .*/Version: $VERSION+1/" "$tree/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$tree" "$(deb "$VERSION+1")"
}

# The first mirror of the release that this machine itself uses.
mirror() {
	local found
	found=$(apt-get indextargets --format '$(SITE)' "Release: $RELEASE" "Created-By: Packages" 2>/dev/null | head -n 1)
	echo "${found:-http://deb.debian.org/debian}"
}

# A folder that stays keeps the fresh system for the next time.
make_root() {
	mkdir -p "$PLACE/debs"
	[ -e "$PLACE/base.done" ] || {
		rm -rf --one-file-system "$PLACE/base"
		debootstrap --variant=minbase --cache-dir="$PLACE/debs" "$RELEASE" "$PLACE/base" "$(mirror)" \
			>"$PLACE/debootstrap.log" 2>&1 || { tail -n 20 "$PLACE/debootstrap.log" && return 1; }
		touch "$PLACE/base.done"
	}
	if [ -n "${GB_PACKAGE_DIR:-}" ]; then
		cp -a "$PLACE/base" "$ROOT"
	else
		mv "$PLACE/base" "$ROOT"
	fi
	mount --bind "$PLACE/debs" "$ROOT/var/cache/apt/archives"
	mount -t proc proc "$ROOT/proc"
	mount -t sysfs -o ro sysfs "$ROOT/sys"
	mount --bind /dev "$ROOT/dev"
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$ROOT/dev/pts"
	mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
	echo force-unsafe-io >"$ROOT/etc/dpkg/dpkg.cfg.d/unsafe-io"
	printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d"
	chmod 755 "$ROOT/usr/sbin/policy-rc.d"
}

# A command in the fresh system, as root, with a shell's usual environment and nothing of ours.
in_root() { # command...
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
		chroot "$ROOT" "$@"
}

# The same where the domain controller and the simulator are. Their world has numbers of processes of its
# own, so it needs a /proc of its own, and names of its own.
in_site() { # command...
	"$SANDBOX" run -- "$BASH" -c '
		[ -e "$1/proc/self/stat" ] || mount -t proc proc "$1/proc"
		cp /etc/hosts "$1/etc/hosts"
		root=$1
		shift
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 chroot "$root" "$@"
	' in_site "$ROOT" "$@"
}

site_value() { # name of a variable of the world
	"$SANDBOX" run -- "$BASH" -c 'printf "%s\n" "${!1}"' site_value "$1"
}

# What the wizard is told: the world's configuration, with its files in the places of an installed system.
write_answers() {
	local config world
	config=$(site_value GB_CONFIG)
	world=$(site_value GB_WORLD)
	install -m 644 "$world/pki/cloud.pem" "$world/pki/sim-ca.pem" "$world/pki/ldap-ca.pem" "$ROOT/etc/groupback"
	install -m 600 "${config%/*}/credentials/cloud-key" "${config%/*}/credentials/directory-password" "$ROOT/root"
	{
		sed -e '/^\[paths\]/,$d' -e "s|$world/pki/|/etc/groupback/|" "$config"
		printf '%s\n' '[setup]' 'application = "existing"' 'start now = "yes"' \
			'[once]' 'key file = "/root/cloud-key"'
	} >"$ROOT/root/answers"
	chmod 600 "$ROOT/root/answers"
}

groups_in_the_directory() {
	"$SANDBOX" run -- "$BASH" -c '. "$1"; dc_search "(&(objectClass=group)(adminDescription=Group_*))" dn' x \
		"$GB_SRCDIR/tests/sandbox/tap.sh" | grep -c '^dn:'
}

owner_and_mode() { # path in the fresh system
	in_root stat -c '%U:%G %a' "$1"
}
