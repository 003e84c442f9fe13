# SPDX-License-Identifier: GPL-3.0-or-later
# What a benchmark measured, several times, as rows of a table. Sourced.

NOTES=${BENCH_NOTES:-$(mktemp)}

note() { # what value unit
	jq -n -c --arg what "$1" --argjson value "$2" --arg unit "$3" '{$what, $value, $unit}' >>"$NOTES"
}

# One row for each thing that was noted, in the order in which they came.
print_table() {
	jq -s -r '
		def tidy: if . >= 100 then round else . * 100 | round / 100 end;
		[.[] | .what] as $order | group_by(.what) | sort_by(.[0].what as $w | $order | index($w)) |
		"", "| what | median | smallest to largest | runs |", "|---|---|---|---|",
		(.[] | (map(.value) | sort) as $v | ($v | length) as $n |
			(($v[($n - 1) / 2 | floor] + $v[$n / 2 | floor]) / 2) as $median |
			"| \(.[0].what) | \($median | tidy) \(.[0].unit) | \($v[0] | tidy) to \($v[-1] | tidy) | \($n) |")' "$NOTES"
}
