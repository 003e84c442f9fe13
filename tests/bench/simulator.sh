#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How fast the simulator makes tenants and serves them: it must never be what a benchmark measures.
# Prints tables; nothing here fails because a machine is slow.
: "${GB_SRCDIR:?"run this by make bench"}"
. "$GB_SRCDIR/tests/sandbox/sim/test/lib.sh"

TICKS=$(getconf CLK_TCK)
SELECT='id,displayName,userPrincipalName,mail,userType,accountEnabled,onPremisesSyncEnabled,onPremisesImmutableId,onPremisesSecurityIdentifier,onPremisesDistinguishedName,onPremisesDomainName,onPremisesSamAccountName'

jq -n --arg tenant $TENANT --arg app $APP --arg secret "$SECRET" '{tenantId: $tenant,
	apps: [{appId: $app, secrets: [$secret], roles: ["Group.Read.All", "User.Read.All",
		"Member.Read.Hidden", "Device.Read.All", "OrgContact.Read.All"]}]}' >"$WORK/tenant.json"

cpu_ms() { # of the simulator, user and system
	sed 's/.*) //' "/proc/$SIM_PID/stat" | awk -v ticks="$TICKS" '{ print ($12 + $13) * 1000 / ticks }'
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

peak_mib() {
	awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$SIM_PID/status"
}

begin() { # spec
	local before
	before=$(now_ms)
	sim_start "$WORK/tenant.json" --generate "$1" || exit 1
	STARTED_MS=$(($(now_ms) - before))
	sign_in
}

end() {
	kill "$SIM_PID"
	until [ -e "$WORK/exit" ]; do
		sleep 0.05
	done
}

generator() { # spec
	begin "$1"
	printf '%-60s %7d %7d %7d\n' "$1" "$(cpu_ms)" "$STARTED_MS" "$(peak_mib)"
	end
}

# Every group's first page, or every page of the largest one, with eight requests under way.
fetch() { # file of URLs
	sed 's/.*/url = "&"\noutput = "\/dev\/null"/' "$1" >"$WORK/urls"
	printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" >>"$WORK/urls"
	curl --silent --globoff --cacert "$WORK/tls.pem" --parallel --parallel-max 8 --config "$WORK/urls" 2>/dev/null
}

# What the pages hold is counted in a run that is not timed.
served() { # title file-of-URLs members
	local cpu wall
	cpu=$(cpu_ms)
	wall=$(now_ms)
	fetch "$2"
	wall=$(($(now_ms) - wall))
	cpu=$(($(cpu_ms) - cpu))
	awk -v title="$1" -v urls="$(wc -l <"$2")" -v members="$3" -v cpu="$cpu" -v wall="$wall" 'BEGIN {
		cpu = cpu ? cpu : 1; wall = wall ? wall : 1
		printf "%-36s %8d %8d %8d %8d %12d %12d\n", title, urls, members, cpu, wall,
			members * 1000 / cpu, members * 1000 / wall }'
}

all_groups() {
	local url="$SIM/v1.0/groups?\$top=999&\$select=id"
	while [ -n "$url" ]; do
		graph "$url" >"$WORK/page"
		jq -r '.value[].id' "$WORK/page"
		url=$(jq -r '."@odata.nextLink" // ""' "$WORK/page")
	done
}

members_of() { # file of URLs
	sed 's/.*/url = "&"/' "$1" >"$WORK/urls"
	printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" >>"$WORK/urls"
	curl --silent --globoff --cacert "$WORK/tls.pem" --config "$WORK/urls" | grep -o '"@odata.type"' | wc -l
}

pages_of() { # group; the URL of each page
	local url="$SIM/v1.0/groups/$1/members?\$top=999&\$select=$SELECT"
	while [ -n "$url" ]; do
		echo "$url"
		url=$(graph "$url" | jq -r '."@odata.nextLink" // ""')
	done
}

serving() { # spec with a largest group
	local first
	begin "$1"
	all_groups >"$WORK/groups"
	first=$(head -n 2000 "$WORK/groups" | while read -r id; do
		echo "$SIM/v1.0/groups/$id/members?\$top=999&\$select=$SELECT"
	done | tee "$WORK/small" >/dev/null; members_of "$WORK/small")
	served 'first pages of 2,000 groups' "$WORK/small" "$first"
	while read -r id; do
		graph "/v1.0/groups/$id/members?\$top=999&\$select=id" | jq -e '."@odata.nextLink"' >/dev/null &&
			pages_of "$id" && break
	done <"$WORK/groups" >"$WORK/large"
	served 'all pages of a large group' "$WORK/large" "$(members_of "$WORK/large")"
	end
}

echo "making a tenant                                               cpu ms wall ms peak MiB"
generator people=5000,groups=1000,links=10000
generator people=50000,groups=10000,links=250000
generator people=50000,groups=10000,links=1000000
generator people=300000,groups=100000,links=1000000,largest=250000
echo
echo "serving members                      requests  members   cpu ms  wall ms members/cpu s    members/s"
serving people=50000,groups=10000,links=250000,largest=40000
