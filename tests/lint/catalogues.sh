#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each catalogue of po/LINGUAS has the texts as they stand in the sources, in the form that the C code takes.
# Whoever adds a few texts and does not speak the language may leave them to the translators: one in a hundred.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

options() {
	sed -n '/^XGETTEXT_OPTIONS/,/[^\\]$/p' po/Makevars | sed 's/^XGETTEXT_OPTIONS *= *//; s/\\$//'
}

languages() {
	grep -v '^#' po/LINGUAS
}

# shellcheck disable=SC2046
xgettext $(options) -f po/POTFILES.in -o "$WORK/texts.pot"
for language in $(languages); do
	msgmerge -q --no-fuzzy-matching "po/$language.po" "$WORK/texts.pot" -o "$WORK/$language.po"
done

# Texts of the language that the catalogue lacks, or for which it has a guess alone.
lacking() {
	for lack in --untranslated --only-fuzzy; do
		msgattrib $lack --no-obsolete --no-wrap "$WORK/$1.po" | sed -n "s/^msgid \"/$1: \"/p" | grep -v ': ""$'
	done
}

missing() {
	for language in $(languages); do
		[ "$(lacking "$language" | wc -l)" -le $((texts / 100)) ] || lacking "$language"
	done
}

texts=$(msgattrib "$WORK/texts.pot" | grep -c '^msgid ')

# Directives that are not those of the C code, a line end too many, a header that is not whole.
malformed() {
	for language in $(languages); do
		msgfmt --check -o "$WORK/$language.mo" "$WORK/$language.po" 2>&1
	done
}

# Text is stored in the order in which it is read; which way it runs is the terminal's business.
bidi() {
	LC_ALL=C.UTF-8 grep -nP '[\x{061c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]' po/*.po
}

# In the order of reading, the final forms of Hebrew letters end a word and never begin one.
backwards() {
	LC_ALL=C.UTF-8 grep -nP '(?<![א-ת])[ךםןףץ][א-ת]' po/he.po
}

verdict "there are texts" "$([ "$texts" -gt 1000 ] || echo none)"
verdict "every catalogue has every text, but for a few new ones" "$(missing)"
verdict "every text takes what the code gives it" "$(malformed)"
verdict "no catalogue tells a terminal which way to write" "$(bidi)"
verdict "Hebrew is stored in the order of reading" "$(backwards)"
finish
