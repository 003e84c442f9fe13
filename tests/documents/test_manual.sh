#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual knows what the programs know: every key, word, command and option, in every place where
# people look for it.
. "${GB_SRCDIR:?}/tests/sandbox/tap.sh"
export LC_ALL=C
unset LANGUAGE

ENGINE=$GB_BUILDDIR/groupback-engine
WIZARD=$GB_BUILDDIR/groupback-wizard
EXAMPLE=$GB_SRCDIR/data/groupback.conf.example

# A man page as its text: no macros, no fonts, "\-" is "-".
manual() { # page
	sed -e '/^\.\\"/d' -e 's/^\.[A-Z][A-Za-z]* *//' -e 's/\\f[A-Z]//g' -e 's/"//g' -e 's/\\-/-/g' \
		-e 's/\\e/\\/g' "$GB_SRCDIR/man/$1"
}

# The key table as "section<TAB>name", and its words as one a line.
keys() {
	sed -n -e 's/^\t\t\.section = "\(.*\)",$/\1/p' -e 's/^\t\t\.name = "\(.*\)",$/\t\1/p' \
		"$GB_SRCDIR/engine/config/keys.c" | awk -F '\t' 'NF == 1 { section = $1 } NF == 2 { print section "\t" $2 }'
}

words() {
	sed -n 's/^\t{"\([a-z0-9-]*\)", GB_CONFIG_.*/\1/p' "$GB_SRCDIR/engine/config/keys.c"
}

# The part of a text between the heading of a section and the next one.
section() { # heading
	HEADING=$1 awk '/^\[/ { inside = (index($0, ENVIRON["HEADING"]) == 1) } inside'
}

commands() {
	"$ENGINE" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
}

# From "  --help, --version   text": what stands before the text, which may name options, too.
options_of() { # text of --help on standard input
	sed -nE 's/^  (--([^ ]| [^ ])*)  .*/\1/p' | grep -oE -- '--[a-z-]*' | sort -u
}

# Prints what is missing, and fails if anything is.
nothing_missing() {
	local missing
	missing=$(cat)
	[ -z "$missing" ] && return
	printf 'missing:\n%s\n' "$missing"
	return 1
}

# A loop in a pipe would be satisfied with an empty table.
the_tables_are_read() {
	[ "$(keys | wc -l)" -eq "$(grep -c '^[[:blank:]]*\.section = ' "$GB_SRCDIR/engine/config/keys.c")" ]
	[ "$(keys | wc -l)" -gt 40 ]
	[ "$(words | wc -l)" -gt 30 ]
	[ "$(commands | wc -l)" -gt 14 ]
	[ "$("$ENGINE" permissions --help | options_of | wc -l)" -gt 8 ]
}

every_key_is_in_its_section_of_the_manual() {
	local part name
	while IFS=$'\t' read -r part name; do
		manual groupback.conf.5 | section "[$part]" | grep -qE "(^|, *)$name( *,| |$)" ||
			echo "[$part] $name"
	done < <(keys) | nothing_missing
}

every_word_of_a_key_is_in_the_manual() {
	local word text
	text=$(manual groupback.conf.5)
	while read -r word; do
		grep -qwF -- "$word" <<<"$text" || echo "$word"
	done < <(words) | nothing_missing
}

every_key_is_in_its_section_of_the_example() {
	local part name
	while IFS=$'\t' read -r part name; do
		section "[$part]" <"$EXAMPLE" | grep -qE "^#?$name = " || echo "[$part] $name"
	done < <(keys) | nothing_missing
}

the_example_is_a_configuration() {
	local scratch code=0
	scratch=$(mktemp -d)
	cp "$EXAMPLE" "$scratch/groupback.conf"
	chmod 600 "$scratch/groupback.conf"
	"$ENGINE" scheduler show --config "$scratch/groupback.conf" >"$scratch/said" 2>&1 || code=$?
	cat "$scratch/said"
	rm -r "$scratch"
	same "exit code" 0 "$code"
}

every_command_is_in_the_manual() {
	local command text
	text=$(manual groupback-engine.8 | sed -n '/^COMMANDS$/,/^OPTIONS$/p')
	for command in $(commands); do
		grep -qE "(^|, *)$command( |$)" <<<"$text" || echo "$command"
	done | nothing_missing
}

every_option_is_in_the_manual() {
	local command option text
	text=$(manual groupback-engine.8)
	for command in $(commands); do
		for option in $("$ENGINE" "$command" --help | options_of); do
			grep -qE -- "(^|[ (])$option([ ,)]|$)" <<<"$text" || echo "$command $option"
		done
	done | nothing_missing
}

every_option_of_the_wizard_is_in_its_manual_and_help() {
	local option text
	text=$(manual groupback-wizard.8)
	while read -r option; do
		grep -qE -- "(^|, *)$option( |,|$)" <<<"$text" || echo "groupback-wizard(8) $option"
		"$WIZARD" --help | options_of | grep -qxF -- "$option" || echo "--help $option"
	done < <(sed -n 's/^\t{"\([a-z-]*\)", .*_argument, .*/--\1/p' "$GB_SRCDIR/wizard/options.c") |
		nothing_missing
}

# What bash would offer behind these words.
offered() { # program word...
	local COMPREPLY=() COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) PATH=$GB_BUILDDIR:$PATH
	# shellcheck source=/dev/null
	. "$GB_SRCDIR/data/completion/$1"
	"_${1//-/_}" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf '%s\n' "${COMPREPLY[@]}"
}

completion_offers_every_command_and_option() {
	local command option offer
	offer=$(offered groupback-engine '')
	for command in $(commands); do
		grep -qxF -- "$command" <<<"$offer" || echo "$command"
	done | nothing_missing
	for command in $(commands); do
		offer=$(offered groupback-engine "$command" --)
		for option in $("$ENGINE" "$command" --help | options_of); do
			grep -qxF -- "$option" <<<"$offer" || echo "$command $option"
		done
	done | nothing_missing
}

completion_offers_the_words_of_a_command_and_the_values_of_an_option() {
	offered groupback-engine scheduler '' | grep -qx disable
	same interval interval "$(offered groupback-engine scheduler set int)"
	offered groupback-engine permissions gr | grep -qx grant
	same policy "delta initial" "$(offered groupback-engine sync --policy '' | tr '\n' ' ' | sed 's/ $//')"
	same file "$GB_SRCDIR/configure.ac" \
		"$(offered groupback-engine plan --out "$GB_SRCDIR/configure.a")"
}

completion_offers_every_option_of_the_wizard() {
	local offer option
	offer=$(offered groupback-wizard --)
	for option in $("$WIZARD" --help | options_of); do
		grep -qxF -- "$option" <<<"$offer" || echo "$option"
	done | nothing_missing
	same file "$GB_SRCDIR/configure.ac" \
		"$(offered groupback-wizard --answers "$GB_SRCDIR/configure.a")"
}

run_tests \
	the_tables_are_read \
	every_key_is_in_its_section_of_the_manual \
	every_word_of_a_key_is_in_the_manual \
	every_key_is_in_its_section_of_the_example \
	the_example_is_a_configuration \
	every_command_is_in_the_manual \
	every_option_is_in_the_manual \
	every_option_of_the_wizard_is_in_its_manual_and_help \
	completion_offers_every_command_and_option \
	completion_offers_the_words_of_a_command_and_the_values_of_an_option \
	completion_offers_every_option_of_the_wizard
