#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The life of the Debian package: built from the committed tree, checked by lintian, installed in a fresh
# Debian, set up by the wizard with nobody there, upgraded, removed, purged. Needs root, debhelper, lintian,
# debootstrap and a mirror. $GB_PACKAGE_DIR, if it is set, is used instead of a folder that goes away at the
# end: its logs stay, and so do downloads.
[ -n "${GB_PACKAGE_INSIDE:-}" ] || exec env GB_PACKAGE_INSIDE=yes unshare -m --propagation private -- "$BASH" "$0" "$@"
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"

RELEASE=bookworm
PLACE=${GB_PACKAGE_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/package-XXXXXX")}
export GB_SANDBOX_DIR=$PLACE/world
. "$GB_SRCDIR/tests/package/lib.sh"
SAID=$PLACE/said

# In a mount namespace that ends with this process, so only files are left to be taken away.
clean_up() {
	"$SANDBOX" stop >/dev/null 2>&1
	umount -R "$ROOT/proc" "$ROOT/sys" "$ROOT/dev" "$ROOT/var/cache/apt/archives" 2>/dev/null
	rm -rf --one-file-system "$ROOT" "$PLACE/build/groupback-$UPSTREAM" "$PLACE/world" "$PLACE/next"
	[ -n "${GB_PACKAGE_DIR:-}" ] || rm -rf --one-file-system "$PLACE"
}
trap clean_up EXIT

says() { # extended regular expression
	grep -qE -- "$1" "$SAID" && return
	echo "not said: $1; but:"
	tail -n 30 "$SAID"
	return 1
}

not() { # command...: bash -e never ends at a command behind "!"
	! "$@"
}

the_committed_tree_becomes_a_package() {
	export_tree
	(cd "$PLACE/build/groupback-$UPSTREAM" && PATH=/usr/lib/ccache:$PATH dpkg-buildpackage -us -uc) \
		>"$PLACE/build.log" 2>&1 || { tail -n 40 "$PLACE/build.log" && return 1; }
	[ -s "$(deb "$VERSION")" ]
}

lintian_has_nothing_to_say() {
	lintian --allow-root --info --tag-display-limit 0 --fail-on error,warning \
		"$PLACE/build/groupback_${VERSION}_$ARCHITECTURE.changes" >"$SAID" 2>&1 || { cat "$SAID" && return 1; }
	not grep -E '^[EW]:' "$SAID"
}

it_installs_in_a_fresh_system() {
	make_root
	cp "$(deb "$VERSION")" "$ROOT/root/groupback.deb"
	in_root apt-get install -y --no-install-recommends /root/groupback.deb >"$SAID" 2>&1 || { tail -n 30 "$SAID" && return 1; }
	in_root groupback-engine --version
	in_root groupback-wizard --version
}

installing_starts_nothing_and_opens_nothing() {
	same configuration 'root:root 755' "$(owner_and_mode /etc/groupback)"
	same credentials 'root:root 700' "$(owner_and_mode /etc/groupback/credentials)"
	same state 'groupback:groupback 700' "$(owner_and_mode /var/lib/groupback)"
	same shell /usr/sbin/nologin "$(in_root getent passwd groupback | cut -d: -f7)"
	[ -z "$(in_root find /etc/systemd/system -name 'groupback*')" ]
	[ -e "$ROOT/usr/share/bash-completion/completions/groupback-wizard" ]
	[ -e "$ROOT/usr/share/man/man5/groupback.conf.5.gz" ]
	# Not set up: that is said, and nothing is made up.
	code=0
	in_root groupback-engine sync >"$SAID" 2>&1 || code=$?
	same 'exit code' 78 $code
}

the_wizard_sets_it_up_with_nobody_there() {
	"$SANDBOX" start --with samba,sim
	write_answers
	in_site groupback-wizard --answers /root/answers --secret-file directory-password=/root/directory-password \
		>"$SAID" 2>&1 || { tail -n 30 "$SAID" && return 1; }
	says 'groupback is configured'
	[ "$(groups_in_the_directory)" -gt 10 ]
	same secret 'root:root 600' "$(owner_and_mode /etc/groupback/credentials/directory-password)"
	same state 'groupback:groupback 600' "$(owner_and_mode /var/lib/groupback/state.db)"
}

a_cycle_by_hand_writes_nothing_more() {
	in_site groupback-engine sync >"$SAID" 2>&1
	says '0 LDAP writes'
}

# systemd cannot run here; what would be asked of it is noted down. A service that runs has the secrets of its
# start, so it is started anew.
where_systemd_runs_secrets_are_encrypted_and_the_service_is_started_anew() {
	local code=0
	mkdir -p "$ROOT/run/systemd/system"
	mv "$ROOT/usr/bin/systemctl" "$ROOT/root/systemctl.real"
	printf '%s\n' '#!/bin/sh' 'echo "$@" >>/root/asked' 'case "$*" in *is-enabled*) exit 1 ;; esac' \
		>"$ROOT/usr/bin/systemctl"
	chmod 755 "$ROOT/usr/bin/systemctl"
	in_site groupback-wizard --answers /root/answers --secret-file directory-password=/root/directory-password \
		>"$SAID" 2>&1 || code=$?
	mv "$ROOT/root/systemctl.real" "$ROOT/usr/bin/systemctl"
	[ $code -eq 0 ] || { tail -n 30 "$SAID" && return 1; }
	same asked "is-enabled groupback-sync.timer;enable groupback.service;restart groupback.service;" \
		"$(sed 's/^--no-ask-password //' "$ROOT/root/asked" | tr '\n' ';')"
	same secret 'root:root 600' "$(owner_and_mode /etc/credstore.encrypted/groupback.directory-password)"
	not grep -qF -f "$ROOT/root/directory-password" "$ROOT/etc/credstore.encrypted/groupback.directory-password"
	rm -r "$ROOT/etc/groupback/credentials"
	in_site groupback-engine sync >"$SAID" 2>&1 || code=$?
	rmdir "$ROOT/run/systemd/system"
	[ $code -eq 0 ] || { tail -n 30 "$SAID" && return 1; }
	says '0 LDAP writes'
	in_root systemd-tmpfiles --create groupback.conf
	install -m 600 "$ROOT/root/cloud-key" "$ROOT/root/directory-password" "$ROOT/etc/groupback/credentials"
}

an_upgrade_keeps_everything() {
	next_version
	cp "$(deb "$VERSION+1")" "$ROOT/root/next.deb"
	in_root dpkg -i /root/next.deb >"$SAID" 2>&1
	same version "$VERSION+1" "$(in_root dpkg-query -W -f '${Version}' groupback)"
	in_site groupback-engine sync >"$SAID" 2>&1
	says '0 LDAP writes'
}

removal_keeps_what_is_the_administrators_and_says_so() {
	in_root dpkg -r groupback >"$SAID" 2>&1
	says '/var/lib/groupback'
	[ ! -e "$ROOT/usr/sbin/groupback-engine" ]
	[ -s "$ROOT/etc/groupback/groupback.conf" ]
	[ -s "$ROOT/var/lib/groupback/audit.jsonl" ]
	in_root dpkg -i /root/next.deb >"$SAID" 2>&1
	in_site groupback-engine sync >"$SAID" 2>&1
	says '0 LDAP writes'
}

purge_leaves_nothing_and_names_what_went() {
	local groups
	groups=$(groups_in_the_directory)
	in_root dpkg -P groupback >"$SAID" 2>&1
	says '/etc/groupback'
	says 'audit'
	[ ! -e "$ROOT/etc/groupback" ]
	[ ! -e "$ROOT/var/lib/groupback" ]
	[ -z "$(in_root find / -xdev -name '*groupback*' -not -path '/root/*' -not -path '/var/log/*' -not -path '/var/backups/*' -not -path '/var/lib/systemd/*')" ]
	same 'groups in the directory' "$groups" "$(groups_in_the_directory)"
}

run_tests \
	the_committed_tree_becomes_a_package \
	lintian_has_nothing_to_say \
	it_installs_in_a_fresh_system \
	installing_starts_nothing_and_opens_nothing \
	the_wizard_sets_it_up_with_nobody_there \
	a_cycle_by_hand_writes_nothing_more \
	where_systemd_runs_secrets_are_encrypted_and_the_service_is_started_anew \
	an_upgrade_keeps_everything \
	removal_keeps_what_is_the_administrators_and_says_so \
	purge_leaves_nothing_and_names_what_went
