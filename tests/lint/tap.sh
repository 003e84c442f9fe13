# SPDX-License-Identifier: GPL-3.0-or-later
# What every lint script sources: the source tree, and its verdicts as TAP.
# shellcheck shell=sh
set -u
LC_ALL=C
export LC_ALL
cd "${GB_SRCDIR:-$(dirname "$0")/../..}" || exit 99
count=0

# verdict NAME OFFENDERS: one test; it fails if there are offenders (one a line), and names them.
verdict() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# The end: how many there were. Without it the harness counts the script as failed.
finish() {
	echo "1..$count"
}

# sources DIR... : the C files and headers below those folders that exist.
sources() {
	for folder in "$@"; do
		[ ! -d "$folder" ] || find "$folder" -name '*.[ch]'
	done | sort
}

# code DIR... : all C code below those folders as "FILE:LINE:CODE", without comments and with empty
# strings.
code() {
	sources "$@" | xargs -r awk '
		FNR == 1 { inside = 0 }
		{
			line = $0
			gsub(/\\\\/, "", line)
			gsub(/\\"/, "", line)
			gsub(/'"'"'"'"'"'/, "", line)
			out = ""
			while (line != "") {
				if (inside) {
					end = index(line, "*/")
					if (!end) break
					line = substr(line, end + 2)
					inside = 0
				} else if (match(line, /"[^"]*"|\/\*/)) {
					out = out substr(line, 1, RSTART - 1)
					if (substr(line, RSTART, 1) == "\"") out = out "\"\""; else inside = 1
					line = substr(line, RSTART + RLENGTH)
				} else {
					out = out line
					line = ""
				}
			}
			print FILENAME ":" FNR ":" out
		}'
}
