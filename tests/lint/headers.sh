#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every header says what it is for, and every prototype has a comment directly above.
. "${GB_SRCDIR:-.}/tests/lint/tap.sh"

headers() {
	sources engine wizard pages | grep '\.h$'
}

# A prototype is a declaration at the left margin with a parenthesis in it. What stands directly above
# must be a comment, or another prototype of the same group (no blank line between).
undocumented() {
	headers | xargs -r awk '
		FNR == 1 { above = "blank"; depth = 0; statement = "" }
		comment {
			if (index($0, "*/")) { comment = 0; above = "comment" }
			next
		}
		/^[ \t]*\/\*/ {
			if (depth == 0 && statement == "") {
				if (index($0, "*/")) above = "comment"; else comment = 1
				next
			}
		}
		/^#/ {
			while (/\\$/) if ((getline) <= 0) break
			above = "other"
			next
		}
		depth == 0 && statement == "" && /^[ \t]*$/ { above = "blank"; next }
		{
			line = $0
			gsub(/\/\*.*\*\//, "", line)
			if (statement == "") { first = FNR; kind = "other" }
			statement = statement line
			if (depth == 0 && statement ~ /\(/ && statement !~ /^(typedef|_Static_assert)/) kind = "prototype"
			depth += gsub(/{/, "{", line)
			depth -= gsub(/}/, "}", line)
			if (depth == 0 && line ~ /[;}][ \t]*$/) {
				if (kind == "prototype" && above != "comment" && above != "prototype")
					print FILENAME ":" first ": " substr(statement, 1, 60)
				above = (kind == "prototype" && above != "other" && above != "blank") ? "prototype" : "other"
				statement = ""
			}
		}'
}

# Line 1 the license, line 2 the beginning of a comment that says what the file is for.
no_purpose() {
	headers | xargs -r awk '
		FNR == 1 { licensed = $0 == "/* SPDX-License-Identifier: GPL-3.0-or-later */" }
		FNR == 2 && !(licensed && /^\/\*/) { print FILENAME }'
}

# GB_ROOM_FILE_H for engine/room/file.h; WZ_… in the wizard.
wrong_guard() {
	headers | xargs -r awk '
		function guard_of(file) {
			if (!sub(/^engine\//, "GB_", file) && !sub(/^wizard\//, "WZ_", file)) file = "WZ_" file
			gsub(/[\/.-]/, "_", file)
			return toupper(file)
		}
		FNR == 1 { guard = guard_of(FILENAME); wanted[FILENAME] = guard }
		$0 == "#ifndef " guard { asked[FILENAME] = 1 }
		$0 == "#define " guard && FILENAME in asked { delete wanted[FILENAME] }
		END { for (file in wanted) print file ": " wanted[file] }'
}

verdict "every prototype in a header has a comment directly above" "$(undocumented)"
verdict "every header begins with its license and its purpose" "$(no_purpose)"
verdict "every header has the guard of its name" "$(wrong_guard)"
finish
