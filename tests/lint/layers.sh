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
	engine/manage) echo "$(lower) engine/apply engine/sync engine/manage" ;;
	engine/probe) echo "$(lower) engine/apply engine/sync engine/manage engine/probe" ;;
	engine/commands | engine)
		echo "$(lower) engine/apply engine/sync engine/manage engine/probe engine/commands"
		;;
	wizard | wizard/ui | pages) echo engine/base engine/config wizard wizard/ui pages ;;
	*) echo "no-such-room" ;;
	esac
}

lower() {
	echo engine/base engine/config engine/cloud engine/directory engine/state engine/plan
}

# Every include, as grep names it: "FILE:LINE:#include …".
all_includes=$(sources engine wizard pages | xargs -r grep -Hn '^#include ')

# "ROOM ALLOWED" for each room that a room may include.
allowances() {
	sources engine wizard pages | sed 's|/[^/]*$||' | sort -u | while read -r room; do
		for allowed in $(allowed_rooms "$room"); do
			echo "$room $allowed"
		done
	done
}

wrong_layers() {
	{
		allowances
		echo --
		printf '%s\n' "$all_includes" | sed -n 's/^\([^:]*\):\([0-9]*\):#include "\(.*\)".*/\1 \2 \3/p'
	} | awk '
		function room_of(file) { sub(/\/[^\/]*$/, "", file); return file }
		$0 == "--" { reading = 1; next }
		!reading { may[$1, $2] = 1; next }
		$3 != "config.h" && !((room_of($1), room_of($3)) in may) { print $1 ":" $2 " includes " $3 }'
}

# Autoconf's switches (large files, extensions) count only in front of everything else.
config_not_first() {
	printf '%s\n' "$all_includes" | awk -F: '
		$1 ~ /\.c$/ && !($1 in seen) {
			seen[$1] = 1
			if ($3 != "#include \"config.h\"") print $1 " begins with: " $3
		}'
}

# stays LIBRARY HEADERS WHERE: the header names (a pattern) may be included by WHERE (a pattern) only.
stays() {
	verdict "headers of $1 stay in their room" "$(
		printf '%s\n' "$all_includes" | grep -E "^[^:]*:[0-9]*:#include [<\"]($2)[>\"]" |
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
	'engine/base/digest\.c|engine/cloud/(assertion|http_tls|keypair)\.c|engine/directory/(certificate|tls_diagnose)\.c'
stays uthash 'uthash\.h' 'engine/base/hash\.h'
stays PCRE2 'pcre2.*' 'engine/base/pattern\.c'
stays curses 'n?curses.*|panel\.h|term\.h' 'wizard/(terminal|keys)[^/:]*|wizard/ui/[^:]*'
finish
