# SPDX-License-Identifier: GPL-3.0-or-later
# The sandbox's certificates: one authority for the directory, one for the cloud, one that nobody
# trusts; for each server a good certificate and three bad ones; the application's own.

pki_key() { # file
	openssl ecparam -name prime256v1 -genkey -noout -out "$1"
	chmod 600 "$1"
}

pki_authority() { # folder name title
	pki_key "$1/$2-ca.key"
	openssl req -x509 -new -key "$1/$2-ca.key" -days 3650 -subj "/CN=groupback sandbox $3 CA" \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign -out "$1/$2-ca.pem"
}

pki_server() { # folder name authority days alternative-names
	local at=$1/$2
	pki_key "$at.key"
	openssl req -new -key "$at.key" -subj "/CN=groupback sandbox ${2%-*}" -out "$at.csr"
	printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n' \
		"$5" >"$at.ext"
	openssl x509 -req -in "$at.csr" -CA "$1/$3-ca.pem" -CAkey "$1/$3-ca.key" -CAcreateserial \
		-days "$4" -extfile "$at.ext" -out "$at.pem" 2>/dev/null
	rm -f "$at.csr" "$at.ext"
}

pki_alternatives() { # number-in-slot name...
	local number=$1 slot all=IP:127.0.0.1 name
	shift
	for name in "$@"; do
		all=$all,DNS:$name
	done
	for ((slot = 0; slot < SLOTS; slot++)); do
		all=$all,IP:$(slot_address "$slot" "$number")
	done
	echo "$all"
}

pki_server_kinds() { # folder server authority alternative-names
	pki_server "$1" "$2-good" "$3" 3650 "$4"
	# A negative lifetime ends before now.
	pki_server "$1" "$2-expired" "$3" -1 "$4"
	pki_server "$1" "$2-wrong-host" "$3" 3650 DNS:other.example.test,IP:127.99.99.99
	pki_server "$1" "$2-foreign" foreign 3650 "$4"
}

# Entra takes RSA keys only for an application's certificate.
pki_application() { # folder
	openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=groupback sandbox application" \
		-keyout "$1/cloud-key" -out "$1/cloud.pem" 2>/dev/null
	chmod 600 "$1/cloud-key"
}

pki_make() { # folder
	local dir=$1
	mkdir -p -m 700 "$dir"
	pki_authority "$dir" ldap directory
	pki_authority "$dir" sim cloud
	pki_authority "$dir" foreign foreign
	pki_server_kinds "$dir" dc ldap "$(pki_alternatives 1 dc1.lab.test lab.test)"
	pki_server_kinds "$dir" slapd ldap "$(pki_alternatives 2 ldap.lab.test)"
	pki_server_kinds "$dir" sim sim "$(pki_alternatives 3 login.sim.test graph.sim.test)"
	pki_application "$dir"
}
