# SPDX-License-Identifier: GPL-3.0-or-later
# The LDAP sink: OpenLDAP with AD's names and AD's OIDs, and none of AD's rules. For speed and faults.

slapd_conf() { # folder certificate-stem
	local d=$1
	cat <<CONF
include /etc/ldap/schema/core.schema
include $HERE/slapd/ad.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload back_monitor
moduleload auditlog
pidfile $d/slapd.pid
argsfile $d/slapd.args
loglevel none
threads 4
sizelimit unlimited
# By default slapd drops a client with more than 100 requests under way (1,000 after a bind).
conn_max_pending 10000
conn_max_pending_auth 10000
# AD takes at most 10 MB.
sockbuf_max_incoming 16777216
sockbuf_max_incoming_auth 16777216
TLSCACertificateFile $GB_WORLD/pki/ldap-ca.pem
TLSCertificateFile $2.pem
TLSCertificateKeyFile $2.key
sortvals member

database monitor
access to * by dn.exact="CN=admin,$BASE_DN" read by * none

database mdb
suffix "$BASE_DN"
rootdn "CN=admin,$BASE_DN"
rootpw "$SLAPD_ADMIN_PASSWORD"
directory $d/db
maxsize 4294967296
envflags nosync nometasync
index objectClass eq
index entryCSN,entryUUID eq
index sAMAccountName,msDS-ExternalDirectoryObjectId,adminDescription eq
access to attrs=userPassword by anonymous auth
access to dn.subtree="OU=Cloud Groups,$BASE_DN"
	by dn.exact="CN=svc_groupback,OU=Service Accounts,$BASE_DN" write
	by users read
access to * by users read
CONF
	slapd_audit_conf
}

# Every write as LDIF, in a file that $GB_SLAPD_AUDIT names: to replay it.
slapd_audit_conf() {
	[ -z "${GB_SLAPD_AUDIT:-}" ] || printf 'overlay auditlog\nauditlog %s\n' "$GB_SLAPD_AUDIT"
}

slapd_provision() { # folder facts
	local d=$1
	mkdir -p "$d/db"
	slapd_conf "$d" "$GB_WORLD/pki/slapd-good" >"$d/slapd.conf"
	/usr/bin/python3 -B "$HERE/slapd/load.py" "$2" | /usr/sbin/slapadd -q -f "$d/slapd.conf"
}

slapd_start() {
	local d=$GB_WORLD/slapd uris
	slapd_conf "$d" "$GB_WORLD/pki/slapd-$DC_CERT" >"$d/slapd.conf"
	generate_into slapd
	uris="ldap://$GB_SLAPD_ADDRESS/ ldaps://$GB_SLAPD_ADDRESS/"
	spawn slapd /usr/sbin/slapd -f "$d/slapd.conf" -h "$uris" -d 0
}

slapd_answers() {
	ldapsearch -LLL -x -o nettimeout=2 -H "ldap://$GB_SLAPD_ADDRESS" -s base -b '' namingContexts |
		grep -qi "^namingContexts: $BASE_DN"
}

slapd_wait() {
	wait_ready slapd slapd_answers
}
