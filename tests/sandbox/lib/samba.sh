# SPDX-License-Identifier: GPL-3.0-or-later
# The domain controller. Its address is chosen, not its ports: Samba has those built in.

# "allow_sasl_over_tls" is what AD does by default: no password without encryption, no Kerberos
# without signing, and Kerberos over TLS also without channel binding, which Samba 4.17 has not got.
# Every path is named, so that nothing outside the folder is read or written. The mask of the
# address must not be /32: Samba takes that for a broadcast address and opens no socket at all.
samba_conf() { # folder address log-level
	local d=$1
	cat <<CONF
[global]
	netbios name = DC1
	realm = $REALM
	workgroup = LAB
	server role = active directory domain controller
	server services = ldap, kdc
	interfaces = $2/8
	bind interfaces only = yes
	private dir = $d/private
	state directory = $d/state
	cache directory = $d/cache
	lock directory = $d/lock
	pid directory = $d/run
	ncalrpc dir = $d/ncalrpc
	winbindd socket directory = $d/winbindd
	ntp signd socket directory = $d/ntp_signd
	binddns dir = $d/bind-dns
	log file = $d/log/log.samba
	logging = file
	max log size = 0
	log level = $3
	panic action =
	ldap server require strong auth = ${GB_DC_STRONG_AUTH:-allow_sasl_over_tls}
	tls enabled = yes
	tls keyfile = tls/key.pem
	tls certfile = tls/cert.pem
	tls cafile = tls/ca.pem
	ldb:nosync = yes

[sysvol]
	path = $d/state/sysvol

[netlogon]
	path = $d/state/sysvol/lab.test/scripts
CONF
}

samba_tree() { # folder
	mkdir -p "$1"/{etc,private/tls,state/sysvol,cache,lock,run,ncalrpc,winbindd,ntp_signd,bind-dns,log}
	chmod 700 "$1/private" "$1/private/tls"
}

# /usr/bin/python3 and not the first one on the path: only Debian's own has Samba's modules.
samba_provision() { # folder facts keytab
	local d=$1 addresses=() slot python=(/usr/bin/python3 -B)
	for ((slot = 0; slot < SLOTS; slot++)); do
		addresses+=("$(slot_address "$slot" 1)")
	done
	samba_tree "$d"
	samba_conf "$d" "${addresses[0]}" 0 >"$d/etc/smb.conf"
	"${python[@]}" "$HERE/samba/provision.py" "$d/etc/smb.conf" "$d" Administrator.1 \
		"${addresses[0]}"
	"${python[@]}" "$HERE/samba/populate.py" "$d/etc/smb.conf" "$d" "$2" "$3" "${addresses[@]}"
}

samba_start() {
	local d=$GB_WORLD/samba
	samba_tree "$d"
	# Every write becomes one line of JSON: who, what, which values.
	samba_conf "$d" "$GB_DC_ADDRESS" "1 dsdb_json_audit:5@$d/log/audit.json" >"$d/etc/smb.conf"
	install -m 600 "$GB_WORLD/pki/dc-$DC_CERT.key" "$d/private/tls/key.pem"
	install -m 644 "$GB_WORLD/pki/dc-$DC_CERT.pem" "$d/private/tls/cert.pem"
	install -m 644 "$GB_WORLD/pki/ldap-ca.pem" "$d/private/tls/ca.pem"
	generate_into samba
	spawn samba samba -s "$d/etc/smb.conf" -l "$d/log" -F -M single --no-process-group
}

# An open port is not enough: the database is opened after it. Plain LDAP, whatever the certificate.
samba_answers() {
	ldapsearch -LLL -x -o nettimeout=2 -H "ldap://$GB_DC_ADDRESS" -s base -b '' \
		defaultNamingContext | grep -q "^defaultNamingContext: $BASE_DN"
}

samba_wait() {
	wait_ready samba samba_answers
}
