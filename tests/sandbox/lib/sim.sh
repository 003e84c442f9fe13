# SPDX-License-Identifier: GPL-3.0-or-later
# The simulated cloud: sign-in and Graph on one address, told apart by host name and path.

sim_program() {
	echo "${GB_SIM_PROGRAM:-$BUILD/tests/sandbox/sim/entra-sim}"
}

sim_start() {
	local program
	program=$(sim_program)
	[ -x "$program" ] || fail "The simulator $program is not built. Nothing was started; run make."
	rm -f "$GB_WORLD/run/sim.ready"
	generate_args
	spawn sim "$program" --tenant "${TENANT:-$GB_WORLD/tenant.json}" \
		--listen "$GB_SIM_ADDRESS" --port 443 --control-port 8080 \
		--cert "$GB_WORLD/pki/sim-$SIM_CERT.pem" --key "$GB_WORLD/pki/sim-$SIM_CERT.key" \
		--ready-file "$GB_WORLD/run/sim.ready" "${GENERATE_ARGS[@]}"
}

sim_wait() {
	wait_ready sim test -e "$GB_WORLD/run/sim.ready"
}
