#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The sandbox: a real domain controller, an LDAP sink and a simulated cloud in a world of their own.
set -euo pipefail
# What the engine trusts may not be writable for others.
umask 022

usage() {
	cat <<'TEXT'
usage: sandbox.sh VERB [OPTIONS] [-- COMMAND...]

  provision   make the golden world that all others are copied from (once; cached); print its folder
  clone       copy the golden world to the folder of this world
  start       start the parts of this world in the background and leave them running
  stop        stop them again (with --with: only these)
  status      say which parts run; exit 0 if all that were started do, 3 otherwise
  env         print the world's variables as shell commands
  run         run COMMAND in this world if it is started, else in one that lives as long as COMMAND

  --with PARTS       some of samba,slapd,sim,proxy (start and run: samba,sim; "none" starts nothing)
  --dc-cert KIND     certificate of the directory servers: good, expired, wrong-host, foreign
  --sim-cert KIND    the same for the simulator
  --tenant FILE      the tenant that the simulator serves (default: the demo tenant)
  --generate SPEC    generated people and groups instead of the demo's, in the simulator and in the
                     directories, e.g. people=50000,groups=10000,links=250000 (docs/simulator.md)

The folder of a world is $GB_SANDBOX_DIR. Without it, "run" makes a world in memory that leaves
nothing behind, and the others use /tmp/groupback-sandbox-UID. The golden world is cached in
$GB_SANDBOX_CACHE, by default below the build folder ($GB_BUILDDIR). See docs/sandbox.md.
TEXT
}

HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
SELF=$HERE/sandbox.sh
TOP=${GB_SRCDIR:-$(cd "$HERE/../.." && pwd)}
BUILD=${GB_BUILDDIR:-$TOP/build}
CACHE=${GB_SANDBOX_CACHE:-$BUILD/tests/sandbox/golden}

for part in common facts namespace pki samba slapd sim proxy generate config world run; do
	# shellcheck source=/dev/null
	. "$HERE/lib/$part.sh"
done

parse_options() {
	WITH='' DC_CERT=${GB_DC_CERT:-good} SIM_CERT=${GB_SIM_CERT:-good} TENANT='' GENERATE='' COMMAND=()
	while [ $# -gt 0 ]; do
		case $1 in
		--with | --dc-cert | --sim-cert | --tenant | --generate)
			[ $# -ge 2 ] || usage_error "$1 needs a value."
			set_option "$1" "$2"
			shift 2
			;;
		--)
			shift
			COMMAND=("$@")
			return
			;;
		*) usage_error "There is no option \"$1\"." ;;
		esac
	done
}

set_option() { # option value
	case $1 in
	--with) WITH=$(check_parts "$2") || exit 64 ;;
	--dc-cert) DC_CERT=$(check_kind "$2") || exit 64 ;;
	--sim-cert) SIM_CERT=$(check_kind "$2") || exit 64 ;;
	--generate) GENERATE=$2 ;;
	--tenant) TENANT=$(realpath -e -- "$2") || fail "There is no tenant file $2." ;;
	esac
}

check_parts() { # a,b,c
	local one
	[ "$1" = none ] && { echo none; return; }
	for one in ${1//,/ }; do
		case $one in
		samba | slapd | sim | proxy) ;;
		*) usage_error "There is no part \"$one\"; the parts are samba, slapd, sim and proxy." ;;
		esac
	done
	echo "${1//,/ }"
}

check_kind() { # kind of certificate
	case $1 in
	good | expired | wrong-host | foreign) echo "$1" ;;
	*) usage_error "There is no certificate \"$1\"; there are good, expired, wrong-host and foreign." ;;
	esac
}

usage_error() {
	printf 'sandbox: %s Nothing was started. sandbox.sh --help shows the options.\n' "$1" >&2
	exit 64
}

main() {
	local verb=${1:-}
	[ $# -eq 0 ] || shift
	case $verb in
	provision | clone | start | stop | status | env | run)
		parse_options "$@"
		"verb_$verb"
		;;
	_golden | _supervise | _inside | _hold | _join) "enter$verb" "$@" ;;
	-h | --help | help) usage ;;
	'') usage >&2 && exit 64 ;;
	*) usage_error "There is no verb \"$verb\"." ;;
	esac
}

main "$@"
