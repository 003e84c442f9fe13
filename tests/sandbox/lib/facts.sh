# SPDX-License-Identifier: GPL-3.0-or-later
# Names, addresses and passwords of the sandbox. Nothing here is a secret: all of it is on loopback.

REALM=LAB.TEST
BASE_DN=DC=lab,DC=test
GB_SVC_PASSWORD='Svc;pass#1 "quoted"'
GB_NOBODY_PASSWORD=Nobody.pass.1
GB_ADMIN_PASSWORD=Admin.pass.1
SLAPD_ADMIN_PASSWORD=Sink.admin.1
export GB_SVC_PASSWORD GB_NOBODY_PASSWORD GB_ADMIN_PASSWORD

TENANT_ID=6f1c2a9e-3b7d-4e58-9c40-5a1d7e2b8f03
CLIENT_ID=0c8d5b74-91e6-4a2f-b3d8-e47f60a1c925
CLIENT_SECRET='sim~Secret;with#odd "characters"'

# A world has a slot, and with it three addresses. In a network namespace it is always slot 0;
# worlds that have to share the machine's own loopback take the first one that is free.
SLOTS=16
slot_address() { # slot number-in-slot
	echo "127.0.$((77 + $1)).$2"
}

set_slot() { # slot
	GB_SANDBOX_SLOT=$1
	GB_DC_ADDRESS=$(slot_address "$1" 1)
	GB_SLAPD_ADDRESS=$(slot_address "$1" 2)
	GB_SIM_ADDRESS=$(slot_address "$1" 3)
	# Nobody listens there: for failover.
	GB_DEAD_ADDRESS=$(slot_address "$1" 4)
}

# Where /etc/hosts cannot be replaced, addresses stand in for names: the certificates hold both.
set_names() {
	if [ -n "$HAVE_NAMES" ]; then
		GB_DC_HOST=dc1.lab.test GB_SLAPD_HOST=ldap.lab.test GB_DEAD_HOST=dc2.lab.test
		GB_LOGIN_HOST=login.sim.test GB_GRAPH_HOST=graph.sim.test
	else
		GB_DC_HOST=$GB_DC_ADDRESS GB_SLAPD_HOST=$GB_SLAPD_ADDRESS GB_DEAD_HOST=$GB_DEAD_ADDRESS
		GB_LOGIN_HOST=$GB_SIM_ADDRESS GB_GRAPH_HOST=$GB_SIM_ADDRESS
	fi
}

write_hosts() {
	cat <<HOSTS
127.0.0.1 localhost
$GB_DC_ADDRESS dc1.lab.test dc1 lab.test
$GB_SLAPD_ADDRESS ldap.lab.test
$GB_SIM_ADDRESS login.sim.test graph.sim.test
$GB_DEAD_ADDRESS dc2.lab.test
HOSTS
}
