# SPDX-License-Identifier: GPL-3.0-or-later
# The engine's configuration for this world: no secret in it; the secrets are files beside it.

write_secret() { # name; the value on standard input
	install -m 600 /dev/stdin "$GB_WORLD/etc/credentials/$1"
}

write_credentials() {
	mkdir -p -m 700 "$GB_WORLD/etc/credentials"
	printf '%s' "$CLIENT_SECRET" | write_secret cloud-secret
	printf '%s' "$GB_SVC_PASSWORD" | write_secret directory-password
	write_secret cloud-key <"$GB_WORLD/pki/cloud-key"
	write_secret directory-keytab <"$GB_WORLD/svc.keytab"
}

engine_conf() {
	cat <<CONF
# The sandbox's configuration, written by sandbox.sh.
[cloud]
environment = "custom"
tenant = "$TENANT_ID"
client id = "$CLIENT_ID"
credential = "certificate"
certificate file = "$GB_WORLD/pki/cloud.pem"
authority = "$GB_SIM_AUTHORITY"
graph = "$GB_SIM_GRAPH"
ca file = "$GB_WORLD/pki/sim-ca.pem"

[directory]
servers = "$GB_DC_HOST"
transport = "ldaps"
bind = "simple"
account = "$GB_SVC_DN"
ca file = "$GB_WORLD/pki/ldap-ca.pem"

[features]
group writeback = "yes"

[writeback]
container = "$GB_CONTAINER"
kinds = "security microsoft365"
scope = "enabled-only"
name = "display-name"

[paths]
state directory = "$GB_WORLD/state"
credentials directory = "$GB_WORLD/etc/credentials"
CONF
}

krb5_conf() {
	cat <<CONF
[libdefaults]
	default_realm = $REALM
	dns_lookup_realm = false
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
	rdns = false
	udp_preference_limit = 1
[realms]
	$REALM = {
		kdc = $GB_DC_ADDRESS
	}
[domain_realm]
	.lab.test = $REALM
	lab.test = $REALM
CONF
}

write_config() {
	mkdir -p -m 700 "$GB_WORLD/etc" "$GB_WORLD/state"
	write_credentials
	engine_conf >"$GB_WORLD/etc/groupback.conf"
	krb5_conf >"$GB_WORLD/etc/krb5.conf"
	chmod 600 "$GB_WORLD/etc/groupback.conf" "$GB_WORLD/etc/krb5.conf"
}
