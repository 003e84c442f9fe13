#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/troubleshooting.md names what the programs really say: every id and every sentence.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
export LC_ALL=C.UTF-8

PAGE=$GB_SRCDIR/docs/troubleshooting.md
SCRATCH=$(mktemp -d)
trap 'rm -r "$SCRATCH"' EXIT

# All text literals of the engine, one a line; pieces that follow each other are one.
find "$GB_SRCDIR/engine" -name '*.[ch]' -exec cat {} + | tr '\n\t' '  ' |
	sed -e 's/" *"//g' -e 's/"/\n/g' >"$SCRATCH/texts"

# Rows whose first cell is in backquotes: "ids<TAB>sentence".
rows() {
	sed -nE 's/^\| (`[^|]*`) \| ([^|]*) \|.*/\1\t\2/p' "$PAGE"
}

ids() {
	rows | cut -f 1 | grep -oE '[a-z][a-z0-9-]+'
}

# AADSTS and LDAP codes are made from numbers.
is_said() { # id
	case $1 in
	aadsts-*) grep -qE "^	\{${1#aadsts-}, GB_E_" "$GB_SRCDIR/engine/cloud/aadsts.c" ;;
	ldap-*) grep -qxF 'ldap-%d' "$SCRATCH/texts" ;;
	*) grep -qxF -- "$1" "$SCRATCH/texts" ;;
	esac
}

the_page_is_read() {
	[ "$(ids | wc -l)" -gt 60 ]
	[ "$(wc -l <"$SCRATCH/texts")" -gt 5000 ]
}

every_id_exists() {
	local id missing=''
	for id in $(ids); do
		is_said "$id" || missing+="$id "
	done
	same 'ids that nothing says' '' "$missing"
}

every_sentence_is_said() {
	local row code=0
	while IFS= read -r row; do
		[ -z "$row" ] || grep -qF -- "$row" "$SCRATCH/texts" || {
			echo "nothing says: $row"
			code=1
		}
	done < <(rows | cut -f 2 | sed -e 's/ *$//' | grep -v '^names the limit')
	return $code
}

every_command_exists() {
	local command code=0
	for command in $(grep -oE '`(groupback-engine )?(status|check|explain|history|plan|approve|permissions|sync|undo|resume|audit)[ `]' "$PAGE" |
		tr -d '`' | sed 's/groupback-engine //' | sort -u); do
		grep -qE "^	\{\"$command\"," "$GB_SRCDIR/engine/commands/commands.c" || {
			echo "no command: $command"
			code=1
		}
	done
	return $code
}

run_tests \
	the_page_is_read \
	every_id_exists \
	every_sentence_is_said \
	every_command_exists
