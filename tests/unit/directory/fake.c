/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tiny domain controller for what real servers do not do on demand. */
#include "config.h"

#include "tests/unit/directory/fake.h"

#include <arpa/inet.h>
#include <ldap.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "engine/base/secret.h"
#include "tests/unit/directory/talk.h"
#include "tests/unit/unit.h"

#define MAX_REQUEST_BYTES (16u * 1024u * 1024u)
#define YEAR_S            (365L * 24 * 3600)

/* Everything a server's processes need; made before the fork. */
struct server {
	enum fake_manner manner;
	fake_answer answer;
	struct fake_counts *counts;
	SSL_CTX *tls;
	int listener;
};

struct fake_connection {
	const struct server *server;
	int fd;
	SSL *ssl;
	int numbers[32]; /* requests by type */
};

struct fake_counts *fake_counts(struct fake_connection *connection)
{
	return connection->server->counts;
}

/* ---- the certificate ---- */

static void set_extension(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key, enum fake_manner manner)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	long begin_s = manner == FAKE_NOT_YET_VALID ? YEAR_S : -3600;

	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), getpid());
	X509_gmtime_adj(X509_getm_notBefore(certificate), begin_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate), begin_s + YEAR_S);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1,
				   -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	set_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
	if (manner != FAKE_NO_NAME) {
		set_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1");
	}
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	return certificate;
}

static SSL_CTX *make_tls(enum fake_manner manner, const char *ca_file)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = make_certificate(key, manner);
	FILE *file = fopen(ca_file, "w");

	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(SSL_CTX_use_certificate(tls, certificate), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(tls, key), 1);
	if (manner == FAKE_TLS_1_1) {
		SSL_CTX_set_security_level(tls, 0);
		SSL_CTX_set_max_proto_version(tls, TLS1_1_VERSION);
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	return tls;
}

/* ---- reading and writing messages ---- */

_Noreturn void fake_hang_up(struct fake_connection *connection)
{
	close(connection->fd);
	_exit(0);
}

static void read_exactly(struct fake_connection *connection, uint8_t *bytes, size_t length)
{
	for (size_t got = 0; got < length;) {
		int count = SSL_read(connection->ssl, bytes + got, (int)(length - got));

		if (count <= 0) {
			fake_hang_up(connection);
		}
		got += (size_t)count;
	}
}

void fake_raw(struct fake_connection *connection, const void *bytes, size_t length)
{
	if (SSL_write(connection->ssl, bytes, (int)length) != (int)length) {
		fake_hang_up(connection);
	}
}

/* One whole LDAPMessage (RFC 4511 4.1.1) as BER. */
static BerElement *read_message(struct fake_connection *connection)
{
	static uint8_t bytes[MAX_REQUEST_BYTES];
	struct berval whole = {.bv_val = (char *)bytes};
	size_t header = 2;
	size_t length;

	read_exactly(connection, bytes, 2);
	length = bytes[1];
	if (length & 0x80) {
		size_t octets = length & 0x7f;

		read_exactly(connection, bytes + 2, octets);
		length = 0;
		for (size_t i = 0; i < octets; i++) {
			length = length << 8 | bytes[2 + i];
		}
		header += octets;
	}
	if (header + length > sizeof(bytes)) {
		fake_hang_up(connection);
	}
	read_exactly(connection, bytes + header, length);
	whole.bv_len = header + length;
	return ber_init(&whole);
}

static void send_message(struct fake_connection *connection, BerElement *ber)
{
	struct berval bytes;

	if (ber_flatten2(ber, &bytes, 0) != 0) {
		fake_hang_up(connection);
	}
	fake_raw(connection, bytes.bv_val, bytes.bv_len);
	ber_free(ber, 1);
}

/* ---- answers ---- */

static int answer_tag(ber_tag_t request)
{
	switch (request) {
	case LDAP_REQ_BIND:
		return (int)LDAP_RES_BIND;
	case LDAP_REQ_SEARCH:
		return (int)LDAP_RES_SEARCH_RESULT;
	case LDAP_REQ_ADD:
		return (int)LDAP_RES_ADD;
	case LDAP_REQ_DELETE:
		return (int)LDAP_RES_DELETE;
	case LDAP_REQ_MODDN:
		return (int)LDAP_RES_MODDN;
	case LDAP_REQ_EXTENDED:
		return (int)LDAP_RES_EXTENDED;
	default:
		return (int)LDAP_RES_MODIFY;
	}
}

void fake_result(struct fake_connection *connection, const struct fake_request *request, int code,
		 const char *text)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	ber_printf(ber, "{it{ess}}", request->message_id, (ber_tag_t)answer_tag(request->type),
		   code, "", text ? text : "");
	send_message(connection, ber);
}

void fake_referral(struct fake_connection *connection, const struct fake_request *request,
		   const char *url)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	ber_printf(ber, "{it{esst{s}}}", request->message_id, (ber_tag_t)answer_tag(request->type),
		   LDAP_REFERRAL, "", "", (ber_tag_t)LDAP_TAG_REFERRAL, url);
	send_message(connection, ber);
}

void fake_page(struct fake_connection *connection, const struct fake_request *request,
	       const char *cookie)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);
	BerElement *value = ber_alloc_t(LBER_USE_DER);
	struct berval bytes;

	ber_printf(value, "{is}", 0, cookie);
	ber_flatten2(value, &bytes, 0);
	ber_printf(ber, "{it{ess}t{{sO}}}", request->message_id, (ber_tag_t)LDAP_RES_SEARCH_RESULT,
		   LDAP_SUCCESS, "", "", (ber_tag_t)LDAP_TAG_CONTROLS, LDAP_CONTROL_PAGEDRESULTS,
		   &bytes);
	send_message(connection, ber);
	ber_free(value, 1);
}

void fake_reference(struct fake_connection *connection, const struct fake_request *request,
		    const char *url)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	ber_printf(ber, "{it{s}}", request->message_id, (ber_tag_t)LDAP_RES_SEARCH_REFERENCE, url);
	send_message(connection, ber);
}

void fake_notice(struct fake_connection *connection, int code, const char *text)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	ber_printf(ber, "{it{essts}}", 0, (ber_tag_t)LDAP_RES_EXTENDED, code, "", text,
		   (ber_tag_t)LDAP_TAG_EXOP_RES_OID, "1.3.6.1.4.1.1466.20036");
	send_message(connection, ber);
}

void fake_entry(struct fake_connection *connection, const struct fake_request *request,
		const char *dn, const struct fake_attribute *attributes)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	ber_printf(ber, "{it{s{", request->message_id, (ber_tag_t)LDAP_RES_SEARCH_ENTRY, dn);
	for (; attributes->name; attributes++) {
		ber_printf(ber, "{s[", attributes->name);
		for (size_t i = 0; attributes->texts && attributes->texts[i]; i++) {
			ber_printf(ber, "s", attributes->texts[i]);
		}
		if (attributes->text) {
			ber_printf(ber, "s", attributes->text);
		}
		if (attributes->octets) {
			ber_printf(ber, "o", (const char *)attributes->octets, attributes->length);
		}
		ber_printf(ber, "]}");
	}
	ber_printf(ber, "}}}");
	send_message(connection, ber);
}

void fake_group(struct fake_connection *connection, const struct fake_request *request, int number)
{
	uint8_t guid[16] = {1, (uint8_t)(number >> 8), (uint8_t)number};
	char dn[64];
	const struct fake_attribute attributes[] = {
		{.name = "objectClass", .text = "group"},
		{.name = "objectGUID", .octets = guid, .length = sizeof(guid)},
		{.name = "uSNChanged", .text = "7"},
		{0},
	};

	snprintf(dn, sizeof(dn), "CN=g%d," FAKE_DOMAIN, number);
	fake_entry(connection, request, dn, attributes);
}

/* ---- the small AD ---- */

static void answer_rootdse(struct fake_connection *connection, const struct fake_request *request)
{
	static const char *const controls[] = {"1.2.840.113556.1.4.319", "1.2.840.113556.1.4.529",
					       "1.2.840.113556.1.4.1413", NULL};
	static const struct fake_attribute attributes[] = {
		{.name = "supportedCapabilities", .text = "1.2.840.113556.1.4.800"},
		{.name = "supportedControl", .texts = controls},
		{.name = "dnsHostName", .text = "fake.test"},
		{.name = "defaultNamingContext", .text = FAKE_DOMAIN},
		{.name = "configurationNamingContext", .text = "CN=Configuration," FAKE_DOMAIN},
		{.name = "schemaNamingContext", .text = "CN=Schema,CN=Configuration," FAKE_DOMAIN},
		{.name = "highestCommittedUSN", .text = "1000"},
		{.name = "isGlobalCatalogReady", .text = "FALSE"},
		{.name = "dsServiceName", .text = "CN=NTDS Settings,CN=FAKE," FAKE_DOMAIN},
		{0},
	};

	fake_entry(connection, request, "", attributes);
	fake_result(connection, request, LDAP_SUCCESS, NULL);
}

static void answer_search(struct fake_connection *connection, const struct fake_request *request)
{
	static const uint8_t guid[16] = {42};
	static const struct fake_attribute domain[] = {
		{.name = "objectGUID", .octets = guid, .length = sizeof(guid)}, {0}};
	static const struct fake_attribute settings[] = {
		{.name = "invocationId", .octets = guid, .length = sizeof(guid)}, {0}};

	if (!request->name[0]) {
		answer_rootdse(connection, request);
		return;
	}
	if (strncmp(request->name, "CN=Recycle", 10) == 0) {
		fake_result(connection, request, LDAP_NO_SUCH_OBJECT, NULL);
		return;
	}
	if (request->attribute && strcmp(request->attribute, "invocationId") == 0) {
		fake_entry(connection, request, request->name, settings);
	} else if (strcmp(request->name, FAKE_DOMAIN) == 0 && request->page_size == 0) {
		fake_entry(connection, request, request->name, domain);
	}
	fake_result(connection, request, LDAP_SUCCESS, NULL);
}

void fake_default(struct fake_connection *connection, const struct fake_request *request)
{
	switch (request->type) {
	case LDAP_REQ_UNBIND:
		fake_hang_up(connection);
	case LDAP_REQ_ABANDON:
		break;
	case LDAP_REQ_SEARCH:
		answer_search(connection, request);
		break;
	default:
		fake_result(connection, request, LDAP_SUCCESS, NULL);
	}
}

/* ---- serving ---- */

static char *copy(const struct berval *value)
{
	return gb_strndup(NULL, value->bv_val ? value->bv_val : "", value->bv_len);
}

/* "{oeeiib" of RFC 4511 4.5.1, the filter passed over, then the first attribute. */
static void parse_search(BerElement *ber, struct fake_request *request)
{
	struct berval base = {0};
	struct berval attribute = {0};
	ber_int_t scope;
	ber_int_t deref;
	ber_int_t size;
	ber_int_t time_limit;
	ber_int_t types_only;

	ber_scanf(ber, "{meeiib", &base, &scope, &deref, &size, &time_limit, &types_only);
	request->name = copy(&base);
	ber_scanf(ber, "x{m", &attribute);
	request->attribute = copy(&attribute);
}

static void parse_controls(BerElement *ber, struct fake_request *request)
{
	ber_len_t length;
	char *last;

	if (ber_peek_tag(ber, &length) != LDAP_TAG_CONTROLS) {
		return;
	}
	for (ber_tag_t tag = ber_first_element(ber, &length, &last); tag != LBER_DEFAULT;
	     tag = ber_next_element(ber, &length, last)) {
		struct berval oid = {0};
		struct berval value = {0};
		ber_int_t critical;

		ber_scanf(ber, "{m", &oid);
		if (ber_peek_tag(ber, &length) == LBER_BOOLEAN) {
			ber_scanf(ber, "b", &critical);
		}
		if (ber_peek_tag(ber, &length) == LBER_OCTETSTRING) {
			ber_scanf(ber, "m", &value);
		}
		ber_scanf(ber, "}");
		if (strncmp(oid.bv_val, LDAP_CONTROL_PAGEDRESULTS, oid.bv_len) == 0) {
			BerElement *inner = ber_init(&value);
			struct berval cookie = {0};

			ber_scanf(inner, "{im}", &request->page_size, &cookie);
			request->cookie = copy(&cookie);
			ber_free(inner, 1);
		}
	}
}

static void skip_attributes(BerElement *ber)
{
	ber_len_t length;

	/* The rest of the list of attributes, then the end of the request. */
	while (ber_peek_tag(ber, &length) == LBER_OCTETSTRING) {
		ber_scanf(ber, "x");
	}
}

static void serve_message(struct fake_connection *connection)
{
	BerElement *ber = read_message(connection);
	struct fake_request request = {.name = "", .cookie = ""};
	struct fake_counts *counts = fake_counts(connection);
	ber_len_t length;

	ber_scanf(ber, "{i", &request.message_id);
	request.type = ber_peek_tag(ber, &length);
	request.number = ++connection->numbers[request.type & 31];
	if (request.type == LDAP_REQ_SEARCH) {
		parse_search(ber, &request);
		skip_attributes(ber);
		parse_controls(ber, &request);
		if (request.page_size > 0) {
			__atomic_store_n(&counts->page_size, request.page_size, __ATOMIC_SEQ_CST);
		}
		__atomic_add_fetch(&counts->searches, 1, __ATOMIC_SEQ_CST);
	} else if (request.type == LDAP_REQ_BIND) {
		__atomic_add_fetch(&counts->binds, 1, __ATOMIC_SEQ_CST);
	} else if (request.type == LDAP_REQ_ABANDON) {
		__atomic_add_fetch(&counts->abandons, 1, __ATOMIC_SEQ_CST);
	} else if (request.type != LDAP_REQ_UNBIND) {
		__atomic_add_fetch(&counts->writes, 1, __ATOMIC_SEQ_CST);
	}
	ber_free(ber, 1);
	if (connection->server->answer) {
		connection->server->answer(connection, &request);
	} else {
		fake_default(connection, &request);
	}
}

static _Noreturn void serve(const struct server *server, int fd)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct fake_connection connection = {.server = server, .fd = fd};
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));

	if (server->manner == FAKE_SILENT || server->manner == FAKE_SILENT_LDAP) {
		pause();
	}
	if (server->manner == FAKE_PLAIN) {
		(void)!write(fd, http, sizeof(http) - 1);
		fake_hang_up(&connection);
	}
	connection.ssl = SSL_new(server->tls);
	SSL_set_fd(connection.ssl, fd);
	if (SSL_accept(connection.ssl) != 1) {
		fake_hang_up(&connection);
	}
	for (;;) {
		serve_message(&connection);
	}
}

static _Noreturn void run_server(const struct server *server)
{
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(server->listener, NULL, NULL);

		__atomic_add_fetch(&server->counts->connections, 1, __ATOMIC_SEQ_CST);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(server->listener);
			serve(server, fd);
		}
		close(fd);
	}
}

/* ---- the test's side ---- */

static int end_server(struct fake *fake)
{
	kill(-fake->pid, SIGKILL);
	waitpid(fake->pid, NULL, 0);
	munmap(fake->counts, sizeof(*fake->counts));
	return 0;
}

static int listen_locally(char **ret_address, const void *ctx)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*ret_address = gb_printf(ctx, "127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
	return fd;
}

struct fake *fake_start(const void *ctx, enum fake_manner manner, fake_answer answer)
{
	struct fake *fake = gb_new(ctx, struct fake);
	struct server server = {.manner = manner, .answer = answer};

	fake->ca_file = gb_printf(fake, "%s/ca.pem", unit_folder(fake));
	fake->counts = mmap(NULL, sizeof(*fake->counts), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(fake->counts, MAP_FAILED);
	server.counts = fake->counts;
	server.tls = make_tls(manner, fake->ca_file);
	server.listener = listen_locally(&fake->address, fake);
	fake->pid = fork();
	assert_true(fake->pid >= 0);
	if (fake->pid == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_server(&server);
	}
	setpgid(fake->pid, fake->pid);
	close(server.listener);
	SSL_CTX_free(server.tls);
	talloc_set_destructor(fake, end_server);
	return fake;
}

struct gb_directory_options fake_options(const void *ctx, struct fake *const *fakes, size_t count)
{
	const char **servers = gb_new_array(ctx, const char *, count);
	char *ca_file = gb_printf(ctx, "%s/all.pem", unit_folder(ctx));
	FILE *file = fopen(ca_file, "w");

	assert_non_null(file);
	for (size_t i = 0; i < count; i++) {
		servers[i] = fakes[i]->address;
		fputs(unit_read(servers, fakes[i]->ca_file), file);
	}
	assert_int_equal(fclose(file), 0);
	return (struct gb_directory_options){
		.servers = servers,
		.server_count = count,
		.account = "CN=svc," FAKE_DOMAIN,
		.password = gb_secret_new(ctx, "secret", 6),
		.ca_file = ca_file,
		.connect_timeout_ms = 2000,
		.operation_timeout_ms = 1000,
	};
}

struct talk *fake_open_patient(fake_answer answer, int timeout_ms, struct fake **ret_fake)
{
	struct talk *talk = talk_new();
	struct gb_directory_options options;

	*ret_fake = fake_start(talk, FAKE_GOOD, answer);
	options = fake_options(talk, ret_fake, 1);
	options.operation_timeout_ms = timeout_ms;
	if (talk_open(talk, &options) != GB_OK) {
		fail_msg("%s", gb_err_line(talk, &talk->err));
	}
	return talk;
}

struct talk *fake_open(fake_answer answer, struct fake **ret_fake)
{
	return fake_open_patient(answer, 1000, ret_fake);
}
