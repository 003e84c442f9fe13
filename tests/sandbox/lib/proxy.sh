# SPDX-License-Identifier: GPL-3.0-or-later
# HTTP/2 for the simulated cloud: nghttpx in front of it, at the same names and another port. The
# simulator itself speaks HTTP/1.1; the service that it stands in for speaks both.

proxy_start() {
	command -v nghttpx >/dev/null ||
		fail "nghttpx is not installed (package nghttp2-proxy). Nothing was started."
	spawn proxy nghttpx --conf=/dev/null --workers=1 --no-ocsp --log-level=WARN \
		--frontend="$GB_SIM_ADDRESS,8443" \
		--backend="$GB_SIM_ADDRESS,443;;tls;sni=$GB_LOGIN_HOST" --insecure \
		--no-via --no-add-x-forwarded-proto --no-server-rewrite \
		--accesslog-file=/dev/null --errorlog-file=/dev/stderr \
		"$GB_WORLD/pki/sim-$SIM_CERT.key" "$GB_WORLD/pki/sim-$SIM_CERT.pem"
}

# The handshake is enough: whatever the certificate says, somebody listens.
proxy_wait() {
	wait_ready proxy curl -sS --max-time 2 --insecure -o /dev/null "https://$GB_SIM_ADDRESS:8443/"
}
