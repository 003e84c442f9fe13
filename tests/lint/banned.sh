#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Functions that this project does not call.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

all_code=$(code engine wizard pages tests/sandbox)

# banned WHY NAMES: none of these functions (a pattern) is called.
banned() {
	verdict "$1" "$(printf '%s\n' "$all_code" | grep -E "(^|[^A-Za-z0-9_])($2)[ ]*\(")"
}

banned "nothing writes without a bound" 'strcpy|strcat|stpcpy|sprintf|vsprintf|gets|alloca|strncpy|strncat'
banned "numbers are not read without a check" 'atoi|atol|atoll|atof'
banned "nothing keeps hidden state between calls" 'strtok|rand|srand|random|asctime|ctime|gmtime|localtime'
banned "no shell is started" 'system|popen|wordexp'
banned "no name of a temporary file can be guessed" 'tmpnam|tempnam|mktemp|tmpfile'
banned "JSON members are looked up with their case, arrays are walked" \
	'cJSON_GetObjectItem|cJSON_GetArrayItem|cJSON_HasObjectItem'
banned "iniparser does not write, and does not read booleans (CVE-2025-0633, CVE-2023-33461)" \
	'iniparser_dump[a-z_]*|iniparser_getboolean'
verdict "no comment is written with //" "$(
	printf '%s\n' "$all_code" | grep -E '^[^:]*:[0-9]*:(.*[^:])?//'
)"
finish
