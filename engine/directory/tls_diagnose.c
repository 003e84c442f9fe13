/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why TLS failed: a second look at the peer with OpenSSL. */
#include "config.h"

#include "engine/directory/tls_diagnose.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/buffer.h"
#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Most alternative names that are listed. */
#define MAX_NAMES 8
/* The answer to StartTLS is some 50 bytes. */
#define MAX_ANSWER_BYTES 1024

/* What there is to say about one certificate. */
struct look {
	const struct gb_tls_peer *peer;
	void *tmp;
	X509 *certificate;
	struct gb_err *err;
};

static enum gb_rc say(const struct look *look, const char *id, const char *what, const char *remedy)
{
	gb_err_set(look->err, GB_E_PROTOCOL, id, "%s", what);
	gb_err_undone(look->err,
		      _("No password was sent, nothing was read and nothing was written."));
	return gb_err_remedy(look->err, "%s", remedy);
}

static bool await_fd(int fd, short events, int64_t deadline_ms)
{
	struct pollfd waiting = {.fd = fd, .events = events};
	int64_t left_ms = deadline_ms - gb_clock_boot_ms();

	return left_ms > 0 && poll(&waiting, 1, (int)left_ms) > 0;
}

/* StartTLS (RFC 4511 4.14) as message 1, and the first bytes of its answer. */
static bool ask_for_tls(int fd, int64_t deadline_ms)
{
	static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				      "1.3.6.1.4.1.1466.20037";
	char answer[MAX_ANSWER_BYTES];

	return send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == sizeof(request) - 1 &&
	       await_fd(fd, POLLIN, deadline_ms) && recv(fd, answer, sizeof(answer), 0) > 0;
}

/* Returns 1 when the handshake has ended, 0 on silence, -1 on failure. */
static int shake_hands(SSL *ssl, int fd, int64_t deadline_ms)
{
	for (;;) {
		int rc = SSL_connect(ssl);
		int reason = SSL_get_error(ssl, rc);

		if (rc == 1) {
			return 1;
		}
		if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) {
			return -1;
		}
		if (!await_fd(fd, reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline_ms)) {
			return 0;
		}
	}
}

static char *name_text(const struct look *look, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long length = 0;
	char *text;

	if (bio) {
		X509_NAME_print_ex(bio, name, 0,
				   XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
		length = BIO_get_mem_data(bio, &bytes);
	}
	text = gb_strndup(look->tmp, bytes ? bytes : "", length > 0 ? (size_t)length : 0);
	BIO_free(bio);
	return gb_text_display(look->tmp, text);
}

static char *time_text(const struct look *look, const ASN1_TIME *time)
{
	struct tm broken = {0};

	if (ASN1_TIME_to_tm(time, &broken) != 1) {
		return gb_strdup(look->tmp, "?");
	}
	return gb_printf(look->tmp, "%04d-%02d-%02d %02d:%02d UTC", broken.tm_year + 1900,
			 broken.tm_mon + 1, broken.tm_mday, broken.tm_hour, broken.tm_min);
}

static void add_address(struct gb_buffer *out, const ASN1_OCTET_STRING *address)
{
	const unsigned char *bytes = ASN1_STRING_get0_data(address);
	int length = ASN1_STRING_length(address);

	for (int i = 0; i < length; i++) {
		bool is_v4 = length == 4;

		gb_buffer_add_format(out, is_v4 ? "%s%u" : "%s%02x",
				     i == 0       ? ""
				     : is_v4      ? "."
				     : i % 2 == 0 ? ":"
						  : "",
				     (unsigned)bytes[i]);
	}
}

/* "dc1.example.com, 10.0.0.1"; "" if the certificate has no alternative name. */
static char *names_text(const struct look *look)
{
	GENERAL_NAMES *names =
		X509_get_ext_d2i(look->certificate, NID_subject_alt_name, NULL, NULL);
	struct gb_buffer *out = gb_buffer_new(look->tmp);
	int count = names ? sk_GENERAL_NAME_num(names) : 0;

	for (int i = 0; i < count && i < MAX_NAMES; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type != GEN_DNS && name->type != GEN_IPADD) {
			continue;
		}
		gb_buffer_add_text(out, out->length ? ", " : "");
		if (name->type == GEN_DNS) {
			gb_buffer_add(out, ASN1_STRING_get0_data(name->d.dNSName),
				      (size_t)ASN1_STRING_length(name->d.dNSName));
		} else {
			add_address(out, name->d.iPAddress);
		}
	}
	GENERAL_NAMES_free(names);
	return gb_text_display(look->tmp, out->text);
}

static enum gb_rc say_expired(const struct look *look)
{
	const char *end = time_text(look, X509_get0_notAfter(look->certificate));

	return say(
		look, "tls-expired",
		gb_printf(
			look->tmp,
			_("The certificate of %s (%s) or of its CA has expired; it was valid until "
			  "%s."),
			look->peer->server->host,
			name_text(look, X509_get_subject_name(look->certificate)), end),
		_("Renew the certificate on the domain controller."));
}

static enum gb_rc say_not_yet(const struct look *look)
{
	const char *begin = time_text(look, X509_get0_notBefore(look->certificate));

	return say(look, "tls-not-yet-valid",
		   gb_printf(look->tmp, _("The certificate of %s is not valid before %s."),
			     look->peer->server->host, begin),
		   _("Check the clock of this host, else the certificate."));
}

static enum gb_rc say_unknown_ca(const struct look *look)
{
	return say(
		look, "tls-unknown-ca",
		gb_printf(
			look->tmp,
			_("The certificate of %s (%s) was signed by \"%s\", which is not among the "
			  "trusted CAs in %s."),
			look->peer->server->host,
			name_text(look, X509_get_subject_name(look->certificate)),
			name_text(look, X509_get_issuer_name(look->certificate)),
			gb_text_display(look->tmp, look->peer->ca_file)),
		_("Put the certificate of that CA into the file named by \"ca file\", after you "
		  "have "
		  "made sure that it is yours."));
}

static enum gb_rc say_fault(const struct look *look, long fault)
{
	return say(look, "tls-certificate",
		   gb_printf(look->tmp, _("The certificate of %s (%s) is not acceptable: %s."),
			     look->peer->server->host,
			     name_text(look, X509_get_subject_name(look->certificate)),
			     X509_verify_cert_error_string(fault)),
		   _("Give the domain controller a certificate that is made for TLS servers."));
}

static enum gb_rc say_wrong_name(const struct look *look)
{
	const char *names = names_text(look);

	if (!names[0]) {
		return say(look, "tls-no-name",
			   gb_printf(look->tmp,
				     _("The certificate of %s (%s) names no host in its "
				       "subjectAltName."),
				     look->peer->server->host,
				     name_text(look, X509_get_subject_name(look->certificate))),
			   _("Renew the certificate with the server's name as subjectAltName."));
	}
	return say(
		look, "tls-wrong-name",
		gb_printf(look->tmp, _("The certificate of %s is made for other names: %s."),
			  look->peer->server->host, names),
		_("Configure the server by a name that its certificate holds, or check who answers "
		  "there."));
}

static bool has_name(const struct look *look)
{
	const char *host = look->peer->server->host;

	return X509_check_host(look->certificate, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
			       NULL) == 1 ||
	       X509_check_ip_asc(look->certificate, host, 0) == 1;
}

static enum gb_rc say_verdict(const struct look *look, long verdict)
{
	switch (verdict) {
	case X509_V_OK:
		break;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return say_expired(look);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return say_not_yet(look);
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return say_unknown_ca(look);
	default:
		return say_fault(look, verdict);
	}
	if (!has_name(look)) {
		return say_wrong_name(look);
	}
	return say(
		look, "tls-failed",
		gb_printf(look->tmp,
			  _("TLS with %s failed for a reason that its certificate does not show."),
			  look->peer->server->host),
		_("Look into the domain controller's log; try \"gnutls-cli\" from this host."));
}

static enum gb_rc say_no_handshake(const struct look *look)
{
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);
	const char *host = look->peer->server->host;

	if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
	    error == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		return say(look, "tls-not-tls",
			   gb_printf(look->tmp, _("%s does not speak TLS on port %u."), host,
				     (unsigned)look->peer->server->port),
			   _("Check the port; give the domain controller a certificate, or use "
			     "\"transport = starttls\" on port 389."));
	}
	if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
	    reason == SSL_R_VERSION_TOO_LOW) {
		return say(look, "tls-version",
			   gb_printf(look->tmp, _("%s offers no TLS 1.2 or newer."), host),
			   _("Enable TLS 1.2 on the domain controller."));
	}
	return say(look, "tls-failed",
		   gb_printf(look->tmp, _("TLS with %s failed: %s."), host,
			     ERR_reason_error_string(error) ? ERR_reason_error_string(error) : "?"),
		   _("Look into the domain controller's log."));
}

static enum gb_rc say_silent(const struct look *look)
{
	gb_err_set(look->err, GB_E_UNAVAILABLE, "tls-silent",
		   _("%s accepted the connection and then did not answer."),
		   look->peer->server->host);
	gb_err_undone(look->err, _("Nothing was read from it and nothing was written."));
	return gb_err_remedy(look->err,
			     _("Check the port and the health of the domain controller."));
}

/* A handshake with whatever the peer shows. Returns 1, 0 (silence) or -1 (no TLS). */
static int connect_ssl(const struct gb_tls_peer *peer, SSL *ssl, int fd)
{
	if (peer->use_starttls && !ask_for_tls(fd, peer->deadline_ms)) {
		return 0;
	}
	SSL_set_fd(ssl, fd);
	SSL_set_tlsext_host_name(ssl, peer->server->host);
	ERR_clear_error();
	return shake_hands(ssl, fd, peer->deadline_ms);
}

static enum gb_rc look_at(struct look *look, SSL *ssl, int fd)
{
	int done = connect_ssl(look->peer, ssl, fd);
	enum gb_rc rc;

	if (done == 0) {
		return say_silent(look);
	}
	look->certificate = done > 0 ? SSL_get1_peer_certificate(ssl) : NULL;
	if (!look->certificate) {
		return say_no_handshake(look);
	}
	rc = say_verdict(look, SSL_get_verify_result(ssl));
	X509_free(look->certificate);
	return rc;
}

/* Everything around a second look; @user's function does the looking. */
static enum gb_rc with_peer(const struct gb_tls_peer *peer,
			    enum gb_rc (*see)(struct look *look, SSL *ssl, int fd, void *user),
			    void *user, struct gb_err *err)
{
	struct look look = {.peer = peer, .err = err};
	SSL_CTX *context;
	SSL *ssl;
	int fd = -1;
	enum gb_rc rc = gb_server_connect(peer->server, peer->deadline_ms, &fd, err);

	if (rc != GB_OK) {
		return rc;
	}
	look.tmp = gb_new_tmp(NULL);
	context = gb_mem_check(SSL_CTX_new(TLS_client_method()));
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	/* The verdict is asked for, not obeyed: the certificate shall be seen. */
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	if (peer->ca_file) {
		(void)SSL_CTX_load_verify_locations(context, peer->ca_file, NULL);
	}
	ssl = gb_mem_check(SSL_new(context));
	rc = see(&look, ssl, fd, user);
	SSL_free(ssl);
	SSL_CTX_free(context);
	close(fd);
	ERR_clear_error();
	talloc_free(look.tmp);
	return rc;
}

static enum gb_rc see_fault(struct look *look, SSL *ssl, int fd, void *user)
{
	(void)user;
	return look_at(look, ssl, fd);
}

enum gb_rc gb_tls_diagnose(const struct gb_tls_peer *peer, struct gb_err *err)
{
	return with_peer(peer, see_fault, NULL, err);
}

/* Who wants to see a chain. */
struct viewer {
	gb_tls_on_shown on_shown;
	void *user;
};

/* Would the peer be accepted if @anchor alone were trusted? Its name was checked already. */
static bool is_anchor(X509 *leaf, STACK_OF(X509) *chain, X509 *anchor)
{
	X509_STORE *store = gb_mem_check(X509_STORE_new());
	X509_STORE_CTX *context = gb_mem_check(X509_STORE_CTX_new());
	bool is_good;

	X509_STORE_add_cert(store, anchor);
	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	X509_STORE_CTX_init(context, store, leaf, chain);
	X509_STORE_CTX_set_default(context, "ssl_server");
	is_good = X509_verify_cert(context) == 1;
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return is_good;
}

static enum gb_rc see_chain(struct look *look, SSL *ssl, int fd, void *user)
{
	const struct viewer *viewer = user;
	int done = connect_ssl(look->peer, ssl, fd);
	STACK_OF(X509) *chain = done > 0 ? SSL_get_peer_cert_chain(ssl) : NULL;
	int count = chain ? sk_X509_num(chain) : 0;

	if (done == 0) {
		return say_silent(look);
	}
	if (count == 0) {
		return say_no_handshake(look);
	}
	look->certificate = sk_X509_value(chain, 0);
	for (int i = 0; i < count && i < GB_TLS_MAX_CHAIN; i++) {
		X509 *certificate = sk_X509_value(chain, i);
		unsigned char *der = NULL;
		int length = i2d_X509(certificate, &der);

		if (length > 0) {
			viewer->on_shown(viewer->user, (size_t)i, der, (size_t)length,
					 has_name(look) &&
						 is_anchor(look->certificate, chain, certificate));
		}
		OPENSSL_free(der);
	}
	return GB_OK;
}

enum gb_rc gb_tls_show(const struct gb_tls_peer *peer, gb_tls_on_shown on_shown, void *user,
		       struct gb_err *err)
{
	struct viewer viewer = {.on_shown = on_shown, .user = user};

	return with_peer(peer, see_chain, &viewer, err);
}
