/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One LDAP connection: options, TLS, bind. */
#include "config.h"

#include "engine/directory/connection.h"

#include <errno.h>
#include <lber.h>
#include <openldap.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/bind.h"
#include "engine/directory/error.h"
#include "engine/directory/tls_diagnose.h"

/* Where Debian keeps the system's CA certificates; GnuTLS in libldap trusts none by itself. */
#define SYSTEM_CA_FILE "/etc/ssl/certs/ca-certificates.crt"

/* libldap on GnuTLS ignores PROTOCOL_MIN (ldap.conf(5)); the priority string is what it obeys. */
#define GNUTLS_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* How long the second look at a peer may take whose TLS failed. */
#define DIAGNOSE_MS 5000

#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
/*
 * What libraries forget, once a connection: libldap 2.5 a priority string of GnuTLS when it gets
 * another one, and the SASL context, with Kerberos in it, when there is no SASL layer.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:gnutls_priority_init\nleak:gss_acquire_cred\n";
}
#endif

struct gb_connection {
	LDAP *ldap;
	bool is_blocked; /* set by the layer below TLS, see watch_write() */
	bool is_closing; /* nothing may be written any more */
};

/* Everything that one attempt to connect needs. */
struct opening {
	const struct gb_directory_options *options;
	struct gb_server *server;
	struct gb_kerberos *kerberos;
	struct gb_connection *connection;
	int64_t deadline_ms;
	const char *doing;
	struct gb_connection_times *times; /* never NULL */
	const void *times_ctx;
	struct gb_err *err;
};

/*
 * libldap says good-bye when it closes. While a TLS record is half written, GnuTLS would finish
 * that one and report its length for the good-bye, and libldap would send what lies behind it in
 * memory.
 */
static int close_connection(struct gb_connection *connection)
{
	connection->is_closing = connection->is_blocked;
	if (connection->ldap) {
		ldap_unbind_ext(connection->ldap, NULL, NULL);
	}
	return 0;
}

static enum gb_rc bad_option(struct gb_err *err, const char *what, const char *remedy)
{
	gb_err_set(err, GB_E_CONFIG, "directory-bad-options", "%s", what);
	gb_err_undone(err, _("No connection to the directory was made."));
	return gb_err_remedy(err, "%s", remedy);
}

static bool is_blank_secret(const struct gb_secret *secret)
{
	return !secret || strspn(gb_secret_bytes(secret), " \t\r\n") == gb_secret_length(secret);
}

enum gb_rc gb_connection_check_options(const struct gb_directory_options *options,
				       struct gb_err *err)
{
	if (options->server_count == 0 || options->server_count > GB_DIRECTORY_MAX_SERVERS) {
		return bad_option(err, _("No directory server is configured, or too many."),
				  _("Name one to sixteen servers in \"servers\"."));
	}
	if (options->bind == GB_BIND_GSSAPI) {
		return options->keytab_file
			       ? GB_OK
			       : bad_option(err, _("Kerberos needs a keytab, and there is none."),
					    _("Store the keytab of the service account."));
	}
	if (options->transport == GB_TRANSPORT_GSSAPI_SEAL) {
		return bad_option(
			err,
			_("A simple bind would send the password over a connection that is "
			  "not encrypted."),
			_("Set \"transport = ldaps\" or \"bind = gssapi\"."));
	}
	if (!options->account || !options->account[strspn(options->account, " \t")]) {
		return bad_option(err, _("The service account's name is empty."),
				  _("Set \"account\" in the configuration."));
	}
	if (is_blank_secret(options->password)) {
		return bad_option(
			err,
			_("The service account's password is empty; the directory would take "
			  "it for an anonymous sign-in."),
			_("Store the password of the service account."));
	}
	return GB_OK;
}

/*
 * A layer directly above the socket. libldap does not say whether a request left completely; this
 * sees the EAGAIN that tells.
 */
static int setup_layer(Sockbuf_IO_Desc *layer, void *arg)
{
	layer->sbiod_pvt = arg;
	return 0;
}

static int remove_layer(Sockbuf_IO_Desc *layer)
{
	layer->sbiod_pvt = NULL;
	return 0;
}

static int control_layer(Sockbuf_IO_Desc *layer, int option, void *arg)
{
	return LBER_SBIOD_CTRL_NEXT(layer, option, arg);
}

static ber_slen_t pass_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
	return LBER_SBIOD_READ_NEXT(layer, bytes, length);
}

static ber_slen_t watch_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
	struct gb_connection *connection = layer->sbiod_pvt;
	ber_slen_t written;

	if (connection->is_closing) {
		errno = EPIPE;
		return -1;
	}
	written = LBER_SBIOD_WRITE_NEXT(layer, bytes, length);
	connection->is_blocked = written < 0 && errno == EAGAIN;
	return written;
}

static int close_layer(Sockbuf_IO_Desc *layer)
{
	(void)layer;
	return 0;
}

static Sockbuf_IO write_watcher = {
	.sbi_setup = setup_layer,
	.sbi_remove = remove_layer,
	.sbi_ctrl = control_layer,
	.sbi_read = pass_read,
	.sbi_write = watch_write,
	.sbi_close = close_layer,
};

/*
 * libldap makes the socket blocking again after the TLS handshake; then half an answer, or a peer
 * that stops reading, would stop the whole loop.
 */
static int add_layer(struct gb_connection *connection)
{
	ber_len_t max_bytes = GB_CONNECTION_MAX_ANSWER_BYTES;
	Sockbuf *sockbuf = NULL;

	if (ldap_get_option(connection->ldap, LDAP_OPT_SOCKBUF, &sockbuf) != LDAP_OPT_SUCCESS ||
	    ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_NONBLOCK, connection) < 0 ||
	    ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_MAX_INCOMING, &max_bytes) < 0 ||
	    ber_sockbuf_add_io(sockbuf, &write_watcher, LBER_SBIOD_LEVEL_PROVIDER + 1, connection) <
		    0) {
		return LDAP_LOCAL_ERROR;
	}
	return LDAP_SUCCESS;
}

static struct timeval time_left(int64_t deadline_ms)
{
	int64_t left_ms = deadline_ms - gb_clock_boot_ms();
	struct timeval left = {0};

	left_ms = left_ms > 1 ? left_ms : 1;
	left.tv_sec = (time_t)(left_ms / 1000);
	left.tv_usec = (suseconds_t)(left_ms % 1000 * 1000);
	return left;
}

static int set_int(LDAP *ldap, int option, int value)
{
	return ldap_set_option(ldap, option, &value);
}

/* Returns 0, or the option that the library refused. */
static int set_ldap_options(LDAP *ldap, int64_t deadline_ms)
{
	struct timeval left = time_left(deadline_ms);

	if (set_int(ldap, LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_PROTOCOL_VERSION;
	}
	if (ldap_set_option(ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_REFERRALS;
	}
	if (set_int(ldap, LDAP_OPT_DEREF, LDAP_DEREF_NEVER) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_DEREF;
	}
	if (ldap_set_option(ldap, LDAP_OPT_RESTART, LDAP_OPT_ON) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_RESTART;
	}
	if (ldap_set_option(ldap, LDAP_OPT_TIMEOUT, &left) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_TIMEOUT;
	}
	/* Only both together bound a TLS handshake with a peer that is silent (measured). */
	if (ldap_set_option(ldap, LDAP_OPT_NETWORK_TIMEOUT, &left) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_NETWORK_TIMEOUT;
	}
	if (ldap_set_option(ldap, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_ON) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_CONNECT_ASYNC;
	}
	return 0;
}

static bool is_gnutls(LDAP *ldap)
{
	char *package = NULL;
	bool gnutls;

	ldap_get_option(ldap, LDAP_OPT_X_TLS_PACKAGE, &package);
	gnutls = package && strcmp(package, "GnuTLS") == 0;
	ldap_memfree(package);
	return gnutls;
}

static int set_min_version(LDAP *ldap)
{
	if (is_gnutls(ldap)) {
		return ldap_set_option(ldap, LDAP_OPT_X_TLS_CIPHER_SUITE, GNUTLS_PRIORITY);
	}
	return set_int(ldap, LDAP_OPT_X_TLS_PROTOCOL_MIN, LDAP_OPT_X_TLS_PROTOCOL_TLS1_2);
}

/* Returns 0, or the option that the library refused. */
static int set_tls_options(LDAP *ldap, const char *ca_file)
{
	const char *file = ca_file ? ca_file : SYSTEM_CA_FILE;

	if (set_int(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_HARD) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_X_TLS_REQUIRE_CERT;
	}
	/* Otherwise a certificate whose subject alone names the host would do (measured). */
	if (set_int(ldap, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_HARD) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_X_TLS_REQUIRE_SAN;
	}
	if (ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, file) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_X_TLS_CACERTFILE;
	}
	if (set_min_version(ldap) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_X_TLS_CIPHER_SUITE;
	}
	/* Takes what was set above into use: it must come last. */
	if (set_int(ldap, LDAP_OPT_X_TLS_NEWCTX, 0) != LDAP_OPT_SUCCESS) {
		return LDAP_OPT_X_TLS_NEWCTX;
	}
	return 0;
}

static enum gb_rc option_refused(const struct opening *opening, int option)
{
	const char *file = opening->options->ca_file ? opening->options->ca_file : SYSTEM_CA_FILE;

	if (option == LDAP_OPT_X_TLS_NEWCTX || option == LDAP_OPT_X_TLS_CACERTFILE) {
		char *shown = gb_text_display(NULL, file);

		gb_err_set(opening->err, GB_E_CONFIG, "directory-ca-file",
			   _("The CA certificates in %s cannot be used."), shown);
		talloc_free(shown);
		gb_err_remedy(opening->err,
			      _("Put the PEM certificate of the CA that signed the domain "
				"controller's certificate there, readable for groupback."));
	} else {
		gb_err_set(opening->err, GB_E_INTERNAL, "directory-ldap-option",
			   _("The LDAP library refuses option 0x%x."), (unsigned)option);
		gb_err_remedy(opening->err,
			      _("Install libldap 2.5 or newer of your distribution."));
	}
	return gb_err_undone(opening->err, _("No connection to the directory was made."));
}

static enum gb_rc ldap_failed(const struct opening *opening, int code)
{
	char *diagnostic = NULL;
	struct gb_ldap_failure failure = {
		.code = code, .doing = opening->doing, .request = GB_LDAP_BIND};
	enum gb_rc rc;

	ldap_get_option(opening->connection->ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
	failure.diagnostic = diagnostic;
	rc = gb_directory_error(&failure, opening->err);
	ldap_memfree(diagnostic);
	return rc;
}

static enum gb_rc start_handle(struct opening *opening, int fd)
{
	bool is_v6 = strchr(opening->server->host, ':') != NULL;
	/* The host goes in as it was configured: the certificate and the ticket must name it. */
	char *url = gb_printf(NULL, "%s://%s%s%s:%u",
			      opening->options->transport == GB_TRANSPORT_LDAPS ? "ldaps" : "ldap",
			      is_v6 ? "[" : "", opening->server->host, is_v6 ? "]" : "",
			      (unsigned)opening->server->port);
	int code = ldap_init_fd(fd, LDAP_PROTO_TCP, url, &opening->connection->ldap);
	int option;

	talloc_free(url);
	if (code != LDAP_SUCCESS) {
		close(fd);
		opening->connection->ldap = NULL;
		gb_err_set(opening->err, GB_E_INTERNAL, "directory-ldap-init", "%s: %s.",
			   opening->doing, ldap_err2string(code));
		return GB_E_INTERNAL;
	}
	option = set_ldap_options(opening->connection->ldap, opening->deadline_ms);
	if (option == 0 && opening->options->transport != GB_TRANSPORT_GSSAPI_SEAL) {
		option = set_tls_options(opening->connection->ldap, opening->options->ca_file);
	}
	return option ? option_refused(opening, option) : GB_OK;
}

static enum gb_rc tls_failed(struct opening *opening, int code)
{
	struct gb_tls_peer peer = {
		.server = opening->server,
		.ca_file = opening->options->ca_file ? opening->options->ca_file : SYSTEM_CA_FILE,
		.use_starttls = opening->options->transport == GB_TRANSPORT_STARTTLS,
		.deadline_ms = gb_clock_boot_ms() + DIAGNOSE_MS,
	};

	/*
	 * libldap says LDAP_TIMEOUT as well when the peer hangs up in the middle: look at the
	 * clock.
	 */
	if (code == LDAP_TIMEOUT && gb_clock_boot_ms() >= opening->deadline_ms) {
		return ldap_failed(opening, code);
	}
	return gb_tls_diagnose(&peer, opening->err);
}

static int request_starttls(const struct opening *opening)
{
	LDAP *ldap = opening->connection->ldap;
	LDAPMessage *answer = NULL;
	int message_id = -1;
	int code = ldap_start_tls(ldap, NULL, NULL, &message_id);
	int result = LDAP_SUCCESS;

	if (code == LDAP_SUCCESS) {
		code = gb_bind_await(ldap, message_id, opening->deadline_ms, &answer);
	}
	if (code == LDAP_SUCCESS) {
		code = ldap_parse_result(ldap, answer, &result, NULL, NULL, NULL, NULL, 1);
	}
	return code == LDAP_SUCCESS ? result : code;
}

char *gb_connection_tls_version(const void *ctx, const struct gb_connection *connection)
{
	char *version = NULL;
	char *copy;

	if (!ldap_tls_inplace(connection->ldap) ||
	    ldap_get_option(connection->ldap, LDAP_OPT_X_TLS_VERSION, &version) !=
		    LDAP_OPT_SUCCESS) {
		return NULL;
	}
	copy = gb_strdup(ctx, version);
	ldap_memfree(version);
	return copy;
}

static enum gb_rc check_tls_version(const struct opening *opening)
{
	static const char *const good[] = {"TLS1.3", "TLS1.2", "TLSv1.3", "TLSv1.2"};
	char *version = gb_connection_tls_version(NULL, opening->connection);
	bool is_good = false;

	for (size_t i = 0; version && i < GB_ARRAY_SIZE(good); i++) {
		is_good = is_good || strcmp(version, good[i]) == 0;
	}
	if (!is_good) {
		gb_err_set(
			opening->err, GB_E_PROTOCOL, "tls-version",
			_("The connection to %s is not protected by TLS 1.2 or 1.3 (but by %s)."),
			opening->server->host, version ? version : _("nothing"));
		gb_err_undone(opening->err, _("No password was sent."));
		gb_err_remedy(opening->err, _("Enable TLS 1.2 on the domain controller."));
	}
	talloc_free(version);
	return is_good ? GB_OK : GB_E_PROTOCOL;
}

static enum gb_rc start_tls(struct opening *opening)
{
	LDAP *ldap = opening->connection->ldap;
	struct timeval left;
	int code;

	if (opening->options->transport == GB_TRANSPORT_GSSAPI_SEAL) {
		return GB_OK;
	}
	if (opening->options->transport == GB_TRANSPORT_STARTTLS) {
		code = request_starttls(opening);
		if (code != LDAP_SUCCESS) {
			return ldap_failed(opening, code);
		}
	}
	left = time_left(opening->deadline_ms);
	ldap_set_option(ldap, LDAP_OPT_NETWORK_TIMEOUT, &left);
	code = ldap_install_tls(ldap);
	return code == LDAP_SUCCESS ? check_tls_version(opening) : tls_failed(opening, code);
}

static void note_protection(const struct opening *opening)
{
	struct gb_connection_times *times = opening->times;
	struct berval der = {0};

	times->protected_ms = gb_clock_boot_ms();
	times->tls_version = gb_connection_tls_version(opening->times_ctx, opening->connection);
	if (times->tls_version &&
	    ldap_get_option(opening->connection->ldap, LDAP_OPT_X_TLS_PEERCERT, &der) ==
		    LDAP_OPT_SUCCESS) {
		times->certificate_der = gb_strndup(opening->times_ctx, der.bv_val, der.bv_len);
		times->certificate_length = der.bv_len;
		ldap_memfree(der.bv_val);
	}
}

static enum gb_rc open_steps(struct opening *opening)
{
	int fd = -1;
	enum gb_rc rc = gb_server_connect(opening->server, opening->deadline_ms, &fd, opening->err);

	opening->times->resolved_ms = opening->server->resolved_ms;
	if (rc == GB_OK) {
		opening->times->connected_ms = gb_clock_boot_ms();
		rc = start_handle(opening, fd);
	}
	if (rc == GB_OK) {
		rc = start_tls(opening);
	}
	if (rc == GB_OK) {
		note_protection(opening);
	}
	if (rc == GB_OK && add_layer(opening->connection) != LDAP_SUCCESS) {
		rc = ldap_failed(opening, LDAP_LOCAL_ERROR);
	}
	if (rc == GB_OK) {
		rc = gb_bind(opening->connection->ldap, opening->options, opening->kerberos,
			     opening->deadline_ms, opening->doing, opening->err);
	}
	if (rc == GB_OK) {
		opening->times->bound_ms = gb_clock_boot_ms();
	}
	return rc;
}

enum gb_rc gb_connection_open(const void *ctx, const struct gb_directory_options *options,
			      struct gb_server *server, struct gb_kerberos *kerberos,
			      struct gb_connection **ret_connection,
			      struct gb_connection_times *ret_times, struct gb_err *err)
{
	struct gb_connection_times unwanted = {0};
	int timeout_ms = options->connect_timeout_ms ? options->connect_timeout_ms
						     : GB_DIRECTORY_CONNECT_TIMEOUT_MS;
	struct opening opening = {
		.options = options,
		.server = server,
		.kerberos = kerberos,
		.deadline_ms = gb_clock_boot_ms() + timeout_ms,
		.times = ret_times ? ret_times : &unwanted,
		.err = err,
	};
	char *doing = gb_printf(NULL, _("Signing in to %s"), server->host);
	enum gb_rc rc;

	opening.connection = gb_new(ctx, struct gb_connection);
	opening.times_ctx = ret_times ? ctx : opening.connection;
	*opening.times = (struct gb_connection_times){0};
	talloc_set_destructor(opening.connection, close_connection);
	opening.doing = doing;
	rc = open_steps(&opening);
	talloc_free(doing);
	if (rc != GB_OK) {
		talloc_free(opening.connection);
		return rc;
	}
	*ret_connection = opening.connection;
	return GB_OK;
}

LDAP *gb_connection_ldap(const struct gb_connection *connection)
{
	return connection->ldap;
}

int gb_connection_fd(const struct gb_connection *connection)
{
	int fd = -1;

	if (ldap_get_option(connection->ldap, LDAP_OPT_DESC, &fd) != LDAP_OPT_SUCCESS) {
		return -1;
	}
	return fd;
}

bool gb_connection_is_blocked(const struct gb_connection *connection)
{
	return connection->is_blocked;
}
