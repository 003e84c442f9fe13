# SPDX-License-Identifier: GPL-3.0-or-later
# The verbs: a golden world, its copies, and commands run in them.

# ---- the golden world ----

golden_key() {
	{
		cat "$HERE"/samba/*.py "$HERE"/slapd/* "$HERE"/tenant/*.py
		cat "$HERE"/lib/{facts,pki,samba,slapd,config,world}.sh
		dpkg-query -W -f '${Package} ${Version}\n' samba slapd 2>/dev/null || true
		id -u
	} | sha256sum | cut -c 1-16
}

# Made once, whoever comes first: the others wait at the lock.
ensure_golden() {
	local key
	key=$(golden_key)
	GOLDEN=$CACHE/$key
	[ ! -e "$GOLDEN/complete" ] || return 0
	mkdir -p "$CACHE" || fail "The folder $CACHE cannot be made; name another in GB_SANDBOX_CACHE."
	(
		flock 9
		[ ! -e "$GOLDEN/complete" ] || exit 0
		isolate
		rm -rf "${CACHE:?}"/*/
		"${ISOLATE[@]}" "$SELF" _golden "$CACHE/new" >"$CACHE/provision.log" 2>&1 9>&- || {
			printf 'sandbox: The golden world could not be made. The end of %s:\n' \
				"$CACHE/provision.log" >&2
			tail -n 20 "$CACHE/provision.log" | cut -c 1-300 | sed 's/^/  | /' >&2
			exit 1
		}
		mv "$CACHE/new" "$GOLDEN"
	) 9>"$CACHE/lock" || exit 1
}

enter_golden() { # folder
	settle
	GB_WORLD=$1
	mkdir -p -m 700 "$GB_WORLD"
	pki_make "$GB_WORLD/pki"
	samba_provision "$GB_WORLD/samba" "$GB_WORLD/facts.json" "$GB_WORLD/svc.keytab"
	slapd_provision "$GB_WORLD/slapd" "$GB_WORLD/facts.json"
	make_tenant >"$GB_WORLD/tenant.json"
	: >"$GB_WORLD/complete"
}

make_tenant() {
	GB_TENANT_ID=$TENANT_ID GB_CLIENT_ID=$CLIENT_ID GB_CLIENT_SECRET=$CLIENT_SECRET \
		GB_CLIENT_CERTIFICATE=$GB_WORLD/pki/cloud.pem \
		/usr/bin/python3 -B "$HERE/tenant/demo.py" "$GB_WORLD/facts.json"
}

verb_provision() {
	choose_mode
	ensure_golden
	echo "$GOLDEN"
}

# ---- one world ----

# Only for worlds in a folder; "run" may do without one.
choose_folder() {
	GB_WORLD=$(realpath -m -- "${GB_SANDBOX_DIR:-/tmp/groupback-sandbox-$(id -u)}")
	# samba/private/ldap_priv/ldapi is added to it, and a Unix socket's name ends at 107.
	[ ${#GB_WORLD} -le 75 ] || fail "The path $GB_WORLD is too long for a Unix socket below it \
(75 bytes at most). Nothing was started; name a shorter one in GB_SANDBOX_DIR."
}

clone_world() {
	if [ -e "$GB_WORLD/complete" ]; then
		return
	fi
	mkdir -p -m 700 "$GB_WORLD"
	cp -a "$GOLDEN/." "$GB_WORLD/"
	mkdir -p "$GB_WORLD"/{run,log,state,tmp}
}

verb_clone() {
	choose_mode
	ensure_golden
	choose_folder
	[ ! -e "$GB_WORLD/run" ] || fail "$GB_WORLD holds a world already. Nothing was copied."
	clone_world
	echo "$GB_WORLD"
}

# The world's variables. Nothing here changes how a client behaves by itself, except Kerberos.
world_facts() {
	GB_SANDBOX_INSIDE=$GB_WORLD
	GB_BASE_DN=$BASE_DN GB_REALM=$REALM
	GB_CONTAINER="OU=Cloud Groups,$BASE_DN"
	GB_DC_URI=ldap://$GB_DC_HOST GB_DC_URIS=ldaps://$GB_DC_HOST
	GB_DC_GC_URIS=ldaps://$GB_DC_HOST:3269
	GB_DC_LDAPI=ldapi://${GB_WORLD//\//%2F}%2Fsamba%2Fprivate%2Fldap_priv%2Fldapi
	GB_DC_AUDIT=$GB_WORLD/samba/log/audit.json
	GB_SLAPD_URI=ldap://$GB_SLAPD_HOST GB_SLAPD_URIS=ldaps://$GB_SLAPD_HOST
	GB_SLAPD_ADMIN_DN=CN=admin,$BASE_DN GB_SLAPD_ADMIN_PASSWORD=$SLAPD_ADMIN_PASSWORD
	GB_SVC_DN="CN=svc_groupback,OU=Service Accounts,$BASE_DN" GB_SVC_UPN=svc_groupback@lab.test
	GB_NOBODY_DN="CN=svc_nobody,OU=Service Accounts,$BASE_DN" GB_NOBODY_UPN=svc_nobody@lab.test
	GB_ADMIN_DN="CN=svc_admin,OU=Service Accounts,$BASE_DN" GB_ADMIN_UPN=svc_admin@lab.test
	GB_SVC_KEYTAB=$GB_WORLD/svc.keytab
	GB_LDAP_CA=$GB_WORLD/pki/ldap-ca.pem GB_SIM_CA=$GB_WORLD/pki/sim-ca.pem
	GB_FOREIGN_CA=$GB_WORLD/pki/foreign-ca.pem GB_PKI=$GB_WORLD/pki
	GB_SIM_AUTHORITY=https://$GB_LOGIN_HOST GB_SIM_GRAPH=https://$GB_GRAPH_HOST
	GB_SIM_H2_AUTHORITY=https://$GB_LOGIN_HOST:8443 GB_SIM_H2_GRAPH=https://$GB_GRAPH_HOST:8443
	GB_SIM_CONTROL=http://$GB_SIM_ADDRESS:8080
	GB_TENANT_ID=$TENANT_ID GB_CLIENT_ID=$CLIENT_ID GB_CLIENT_SECRET=$CLIENT_SECRET
	GB_CLIENT_CERTIFICATE=$GB_WORLD/pki/cloud.pem GB_CLIENT_KEY=$GB_WORLD/pki/cloud-key
	GB_FACTS=$GB_WORLD/facts.json GB_TENANT_FILE=$GB_WORLD/tenant.json
	GB_CONFIG=$GB_WORLD/etc/groupback.conf GB_CREDENTIALS=$GB_WORLD/etc/credentials
	KRB5_CONFIG=$GB_WORLD/etc/krb5.conf KRB5CCNAME=FILE:$GB_WORLD/tmp/krb5cc
	TMPDIR=$GB_WORLD/tmp
}

world_variables() {
	compgen -v | grep -E '^(GB_(SANDBOX_(INSIDE|MODE|SLOT)|WORLD|BASE_DN|REALM|CONTAINER|DC_.*|DEAD_.*|SLAPD_.*|SVC_.*|NOBODY_.*|ADMIN_.*|LDAP_CA|SIM_CA|FOREIGN_CA|PKI|LOGIN_HOST|GRAPH_HOST|SIM_.*|TENANT_.*|CLIENT_.*|FACTS|CONFIG|CREDENTIALS)|KRB5_CONFIG|KRB5CCNAME|TMPDIR)$' |
		grep -vE '^GB_(DC_CERT|SIM_CERT|SIM_PROGRAM)$'
}

print_env() {
	local name
	for name in $(world_variables); do
		printf 'export %s=%q\n' "$name" "${!name}"
	done
}

# Inside the world: copy it if need be, settle its names, write what depends on its address.
open_world() {
	clone_world
	bind_hosts
	set_names
	world_facts
	write_config
	generate_prepare
	print_env >"$GB_WORLD/env"
}

start_parts() { # part...
	local part
	for part in "$@"; do
		[ "$part" != none ] || return 0
		is_running "$part" || "${part}_start"
	done
	for part in "$@"; do
		"${part}_wait"
	done
}

# ---- worlds that stay: a holder keeps the namespaces and ends with the last part ----

# A number that was given to another process since is none of ours.
holder_pid() {
	local pid
	pid=$(cat "$GB_WORLD/run/holder.pid" 2>/dev/null) || return 1
	is_alive "$pid" && grep -qa _hold "/proc/$pid/cmdline" && echo "$pid"
}

is_inside() {
	[ -n "${GB_SANDBOX_INSIDE:-}" ] && GB_WORLD=$GB_SANDBOX_INSIDE
}

verb_start() {
	local parts=${WITH:-samba sim}
	if is_inside; then
		# shellcheck disable=SC2086
		start_parts $parts
		return
	fi
	choose_mode
	choose_folder
	! holder_pid >/dev/null || fail "The world in $GB_WORLD is started already."
	ensure_golden
	clone_world
	start_holder "$parts"
	echo "The world in $GB_WORLD is started: $parts."
}

start_holder() { # parts
	local pid
	isolate
	rm -f "$GB_WORLD/run/ready"
	GB_WORLD=$GB_WORLD DC_CERT=$DC_CERT SIM_CERT=$SIM_CERT TENANT=$TENANT GENERATE=$GENERATE \
		GOLDEN=$GOLDEN \
		setsid "${ISOLATE[@]}" "$SELF" _hold "$1" >"$GB_WORLD/log/holder.log" 2>&1 </dev/null &
	pid=$!
	echo $pid >"$GB_WORLD/run/holder.pid"
	until [ -e "$GB_WORLD/run/ready" ]; do
		is_alive $pid || { cat "$GB_WORLD/log/holder.log" >&2; exit 1; }
		sleep 0.02
	done
}

enter_hold() { # parts
	settle
	open_world
	# shellcheck disable=SC2086
	start_parts $1
	: >"$GB_WORLD/run/ready"
	trap 'exit 0' TERM
	while :; do
		sleep 3600 &
		wait $! || true
	done
}

# The process ids of a world mean nothing outside of it: stop and status go in first.
verb_stop() {
	local holder part
	if is_inside; then
		for part in ${WITH:-samba slapd proxy sim}; do
			stop_part "$part"
		done
		return
	fi
	choose_folder
	holder=$(holder_pid) || return 0
	choose_mode
	COMMAND=("$SELF" stop ${WITH:+--with "${WITH// /,}"})
	(join "$holder")
	[ -n "$WITH" ] || end_holder "$holder"
}

end_holder() { # pid
	local init=$1
	[ "$GB_SANDBOX_MODE" = shared ] || init=$(first_child "$1") || init=$1
	kill -TERM "$init" 2>/dev/null || true
	wait_gone "$1" 2 || kill -KILL "$1" 2>/dev/null || true
	wait_gone "$1" 2 || true
	rm -f "$GB_WORLD/run/holder.pid" "$GB_WORLD/run/ready"
}

verb_status() {
	local part code=0 holder
	if ! is_inside; then
		choose_folder
		holder=$(holder_pid) || { echo "No world is started in $GB_WORLD."; exit 3; }
		choose_mode
		COMMAND=("$SELF" status)
		join "$holder"
	fi
	for part in samba slapd sim proxy; do
		if is_running "$part"; then
			echo "$part: running, process $(pid_of "$part")"
		elif [ -e "$GB_WORLD/run/$part.pid" ]; then
			echo "$part: ended; see $GB_WORLD/log/$part.log"
			code=3
		else
			echo "$part: not started"
		fi
	done
	exit $code
}

verb_env() {
	is_inside || choose_folder
	[ -e "$GB_WORLD/env" ] || fail "The world in $GB_WORLD was never started; there is nothing to show."
	cat "$GB_WORLD/env"
}
