#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that show a certificate which does not prove who they are, on either side.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
in_world samba,sim "$@"
. "$GB_SRCDIR/tests/integration/lib.sh"

shows() { # part option kind: start that server anew with another certificate
	"$SANDBOX" stop --with "$1" >/dev/null
	"$SANDBOX" start --with "$1" "$2" "$3" >/dev/null
}

is_refused() { # what-is-said
	exits 76 sync --policy initial
	says "$1"
	same writes 0 "$(report .traffic.ldapWrites)"
}

good_certificates_on_both_sides_are_taken() {
	exits 0 sync --approve-first
}

an_expired_certificate_of_the_cloud_is_refused() {
	shows sim --sim-cert expired
	is_refused 'expired'
}

a_certificate_of_the_cloud_for_another_host_is_refused() {
	shows sim --sim-cert wrong-host
	is_refused "$GB_LOGIN_HOST|$GB_GRAPH_HOST"
}

a_certificate_of_the_cloud_from_an_unknown_authority_is_refused() {
	shows sim --sim-cert foreign
	is_refused 'authority|issuer'
	shows sim --sim-cert good
}

an_expired_certificate_of_the_directory_is_refused() {
	shows samba --dc-cert expired
	is_refused 'expired'
}

a_certificate_of_the_directory_for_another_host_is_refused() {
	shows samba --dc-cert wrong-host
	is_refused "$GB_DC_HOST"
}

a_certificate_of_the_directory_from_an_unknown_authority_is_refused() {
	shows samba --dc-cert foreign
	is_refused 'not among the trusted CAs'
	shows samba --dc-cert good
}

afterwards_everything_is_as_it_was() {
	exits 0 sync --policy initial
	same writes 0 "$(report .traffic.ldapWrites)"
}

run_tests \
	good_certificates_on_both_sides_are_taken \
	an_expired_certificate_of_the_cloud_is_refused \
	a_certificate_of_the_cloud_for_another_host_is_refused \
	a_certificate_of_the_cloud_from_an_unknown_authority_is_refused \
	an_expired_certificate_of_the_directory_is_refused \
	a_certificate_of_the_directory_for_another_host_is_refused \
	a_certificate_of_the_directory_from_an_unknown_authority_is_refused \
	afterwards_everything_is_as_it_was
