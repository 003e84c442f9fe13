#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A file includes its own room or lower ones, and third-party headers stay in their rooms.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

# The rooms that files of a room may include.
allowed_rooms() {
	case $1 in
	engine/base) echo engine/base ;;
	engine/config) echo engine/base engine/config ;;
	engine/cloud) echo engine/base engine/cloud ;;
	engine/directory) echo engine/base engine/directory ;;
	engine/state) echo engine/base engine/state ;;
	engine/plan) echo engine/base engine/plan ;;
	engine/apply) echo "$(lower) engine/apply" ;;
	engine/sync) echo "$(lower) engine/apply engine/sync" ;;
	engine/probe) echo "$(lower) engine/apply engine/sync engine/probe" ;;
	engine/commands | engine) echo "$(lower) engine/apply engine/sync engine/probe engine/commands" ;;
	wizard | wizard/ui | pages) echo engine/base engine/config wizard wizard/ui pages ;;
	*) echo "no-such-room" ;;
	esac
}

lower() {
	echo engine/base engine/config engine/cloud engine/directory engine/state engine/plan
}

# "FILE:LINE: INCLUDED" for each include of ours.
our_includes() {
	sources "$@" | xargs -r grep -Hn '^#include "' |
		sed -n 's/^\([^:]*:[0-9]*\):#include "\([^"]*\)".*/\1: \2/p'
}

wrong_layers() {
	our_includes engine wizard pages | while read -r where included; do
		file=${where%%:*}
		[ "$included" = config.h ] && continue
		for room in $(allowed_rooms "${file%/*}"); do
			[ "${included%/*}" = "$room" ] && continue 2
		done
		echo "$where includes $included"
	done
}

# Autoconf's switches (large files, extensions) count only in front of everything else.
config_not_first() {
	sources engine wizard pages | grep '\.c$' | while read -r file; do
		first=$(grep -m1 '^#include' "$file")
		[ "$first" = '#include "config.h"' ] || echo "$file begins with: $first"
	done
}

# stays LIBRARY HEADERS WHERE: the header names (a pattern) may be included by WHERE (a pattern) only.
stays() {
	verdict "headers of $1 stay in their room" "$(
		sources engine wizard pages | xargs -r grep -HnE "^#include [<\"]($2)[>\"]" |
			grep -vE "^($3):"
	)"
}

verdict "files include their own room and lower ones" "$(wrong_layers)"
verdict "config.h comes first in every .c file" "$(config_not_first)"
stays libcurl 'curl/.*' 'engine/cloud/[^:]*'
stays cJSON 'cjson/.*|cJSON\.h' 'engine/base/json\.c'
stays libldap 'ldap.*\.h|lber.*\.h' 'engine/directory/[^:]*'
stays libsasl2 'sasl/.*' 'engine/directory/[^:]*'
stays libkrb5 'krb5.*|gssapi.*' 'engine/directory/[^:]*'
stays SQLite 'sqlite3.*' 'engine/state/[^:]*'
stays iniparser 'iniparser.*|dictionary\.h' 'engine/config/load\.c'
stays OpenSSL 'openssl/.*' \
	'engine/base/digest\.c|engine/cloud/(assertion|http_tls)\.c|engine/directory/tls_diagnose\.c'
stays uthash 'uthash\.h' 'engine/base/hash\.h'
stays curses 'n?curses.*|panel\.h|term\.h' 'wizard/(terminal|keys)[^/:]*|wizard/ui/[^:]*'
finish
