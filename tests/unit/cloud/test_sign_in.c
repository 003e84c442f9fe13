/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/cloud/assertion, token_exchange and aadsts: a sign-in without the network. */
#include "config.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/json.h"
#include "engine/cloud/assertion.h"
#include "engine/cloud/token_exchange.h"
#include "tests/unit/cloud/certificates.h"
#include "tests/unit/unit.h"

#define AUTHORITY "https://login.test"
#define GRAPH     "https://graph.test"
#define CLIENT    "11111111-2222-3333-4444-555555555555"
/* 2026-01-02T03:04:05Z */
#define NOW_MS 1767323045000LL

static struct certificate rsa;
static struct certificate other_rsa;
static struct certificate elliptic;
static void *group;

static struct gb_secret *secret_of(const void *ctx, const char *text)
{
	return gb_secret_new(ctx, text, strlen(text));
}

static struct gb_assertion *load(const void *ctx, enum gb_cloud_assertion algorithm)
{
	struct gb_assertion *assertion = NULL;
	struct gb_err err;

	assert_int_equal(gb_assertion_new(ctx, secret_of(ctx, rsa.key), rsa.pem, strlen(rsa.pem),
					  algorithm, &assertion, &err),
			 GB_OK);
	return assertion;
}

static EVP_PKEY *public_key(void)
{
	BIO *bio = BIO_new_mem_buf(rsa.pem, -1);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	EVP_PKEY *key = X509_get_pubkey(certificate);

	X509_free(certificate);
	BIO_free(bio);
	return key;
}

static bool verifies(const char *jws, enum gb_cloud_assertion algorithm)
{
	const char *dot = strrchr(jws, '.');
	uint8_t signature[512];
	int length = gb_digest_base64url_decode(dot + 1, signature, sizeof(signature));
	EVP_PKEY *key = public_key();
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	EVP_PKEY_CTX *context = NULL;
	bool is_good;

	assert_int_equal(EVP_DigestVerifyInit(digest, &context, EVP_sha256(), NULL, key), 1);
	if (algorithm == GB_CLOUD_ASSERTION_PS256) {
		EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32);
	}
	is_good = EVP_DigestVerify(digest, signature, (size_t)length, (const uint8_t *)jws,
				   (size_t)(dot - jws)) == 1;
	EVP_MD_CTX_free(digest);
	EVP_PKEY_free(key);
	return is_good;
}

/* Part 0 or 1 of a compact JWS as a document. */
static const struct gb_json *part(const void *ctx, const char *jws, int number)
{
	const char *begin = number == 0 ? jws : strchr(jws, '.') + 1;
	char *text = gb_strndup(ctx, begin, (size_t)(strchr(begin, '.') - begin));
	uint8_t bytes[1024];
	int length = gb_digest_base64url_decode(text, bytes, sizeof(bytes));
	struct gb_json_doc *doc = NULL;
	struct gb_err err;

	assert_true(length > 0);
	assert_int_equal(gb_json_parse(ctx, (char *)bytes, (size_t)length, "part", &doc, &err),
			 GB_OK);
	return gb_json_root(doc);
}

static void the_assertion_says_who_and_for_how_long_and_verifies(void **state)
{
	static const struct {
		enum gb_cloud_assertion algorithm;
		const char *alg;
		const char *thumbprint;
		size_t length;
	} rows[] = {{GB_CLOUD_ASSERTION_PS256, "PS256", "x5t#S256", 43},
		    {GB_CLOUD_ASSERTION_RS256, "RS256", "x5t", 27}};
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_assertion *assertion = load(tmp, rows[i].algorithm);
		const char *jws = gb_secret_bytes(gb_assertion_sign(
			tmp, assertion, CLIENT, AUTHORITY "/t/oauth2/v2.0/token", NOW_MS));
		const struct gb_json *header = part(tmp, jws, 0);
		const struct gb_json *claims = part(tmp, jws, 1);
		struct gb_guid jti;
		int64_t number;

		assert_true(verifies(jws, rows[i].algorithm));
		assert_string_equal(gb_json_get_text(header, "alg"), rows[i].alg);
		assert_int_equal(strlen(gb_json_get_text(header, rows[i].thumbprint)),
				 rows[i].length);
		assert_string_equal(gb_json_get_text(claims, "aud"),
				    AUTHORITY "/t/oauth2/v2.0/token");
		assert_string_equal(gb_json_get_text(claims, "iss"), CLIENT);
		assert_string_equal(gb_json_get_text(claims, "sub"), CLIENT);
		assert_true(gb_guid_parse(gb_json_get_text(claims, "jti"), &jti));
		assert_true(gb_json_get_int(claims, "nbf", &number) && number == NOW_MS / 1000);
		assert_true(gb_json_get_int(claims, "exp", &number) &&
			    number == NOW_MS / 1000 + 600);
	}
	talloc_free(tmp);
}

static void no_two_assertions_are_the_same(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_assertion *assertion = load(tmp, GB_CLOUD_ASSERTION_RS256);
	struct gb_secret *a = gb_assertion_sign(tmp, assertion, CLIENT, AUTHORITY, NOW_MS);
	struct gb_secret *b = gb_assertion_sign(tmp, assertion, CLIENT, AUTHORITY, NOW_MS);

	(void)state;
	assert_false(gb_secret_equal(a, b));
	talloc_free(tmp);
}

static void the_certificate_tells_its_end(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_assertion *assertion = load(tmp, GB_CLOUD_ASSERTION_PS256);
	int64_t left_ms = gb_assertion_end_ms(assertion) - gb_clock_wall_ms();

	(void)state;
	assert_in_range(left_ms, 3500 * 1000, 3601 * 1000);
	assert_int_equal(strlen(gb_assertion_sha1(assertion)), 40);
	assert_int_equal(strlen(gb_assertion_sha256(assertion)), 64);
	talloc_free(tmp);
}

static char *encrypted_key(const void *ctx)
{
	BIO *in = BIO_new_mem_buf(rsa.key, -1);
	BIO *out = BIO_new(BIO_s_mem());
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	char *bytes;
	long length;
	char *text;

	PEM_write_bio_PrivateKey(out, key, EVP_aes_128_cbc(), (const unsigned char *)"pass", 4,
				 NULL, NULL);
	length = BIO_get_mem_data(out, &bytes);
	text = gb_strndup(ctx, bytes, (size_t)length);
	EVP_PKEY_free(key);
	BIO_free(in);
	BIO_free(out);
	return text;
}

static void keys_and_certificates_that_cannot_serve_are_refused(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct certificate_order order = {
		.name = "short", .alternatives = "DNS:x", .until_s = 3600, .rsa_bits = 1024};
	struct certificate short_rsa = certificate_make(tmp, &order);
	const struct {
		const char *key;
		const char *pem;
		const char *id;
	} rows[] = {
		{"", rsa.pem, "cloud-key-format"},
		{"-----BEGIN PRIVATE KEY-----\nAAAA\n", rsa.pem, "cloud-key-format"},
		{rsa.pem, rsa.pem, "cloud-key-format"},
		{encrypted_key(tmp), rsa.pem, "cloud-key-encrypted"},
		{elliptic.key, elliptic.pem, "cloud-key-type"},
		{short_rsa.key, short_rsa.pem, "cloud-key-short"},
		{rsa.key, NULL, "cloud-certificate-format"},
		{rsa.key, "", "cloud-certificate-format"},
		{rsa.key, rsa.key, "cloud-certificate-format"},
		{rsa.key, other_rsa.pem, "cloud-certificate-pair"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_assertion *assertion = NULL;
		struct gb_err err;
		enum gb_rc rc = gb_assertion_new(tmp, secret_of(tmp, rows[i].key), rows[i].pem,
						 rows[i].pem != NULL ? strlen(rows[i].pem) : 0,
						 GB_CLOUD_ASSERTION_PS256, &assertion, &err);

		assert_int_equal(rc, GB_E_CONFIG);
		assert_string_equal(err.id, rows[i].id);
		assert_null(strstr(err.what, "BEGIN"));
	}
	talloc_free(tmp);
}

static struct gb_token_identity with_secret(const void *ctx, const char *secret)
{
	return (struct gb_token_identity){.authority = AUTHORITY,
					  .graph = GRAPH,
					  .tenant = "contoso.test",
					  .client_id = CLIENT,
					  .secret = secret_of(ctx, secret)};
}

static void the_form_carries_the_secret_encoded(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_token_identity identity = with_secret(tmp, "a&b=c~d %+\xc3\xa4");

	(void)state;
	assert_string_equal(gb_token_endpoint(tmp, &identity),
			    AUTHORITY "/contoso.test/oauth2/v2.0/token");
	assert_string_equal(gb_token_form(tmp, &identity, NOW_MS),
			    "grant_type=client_credentials&client_id=" CLIENT
			    "&scope=https%3A%2F%2Fgraph.test%2F.default"
			    "&client_secret=a%26b%3Dc~d%20%25%2B%C3%A4");
	talloc_free(tmp);
}

static void the_form_carries_an_assertion_instead_of_a_secret(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_token_identity identity = with_secret(tmp, "x");
	const char *form;
	const char *jws;

	(void)state;
	identity.secret = NULL;
	identity.assertion = load(tmp, GB_CLOUD_ASSERTION_PS256);
	form = gb_token_form(tmp, &identity, NOW_MS);
	assert_non_null(strstr(form, "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-"
				     "assertion-type%3Ajwt-bearer&"));
	assert_null(strstr(form, "client_secret"));
	jws = strstr(form, "client_assertion=") + strlen("client_assertion=");
	assert_true(verifies(jws, GB_CLOUD_ASSERTION_PS256));
	assert_string_equal(gb_json_get_text(part(tmp, jws, 1), "aud"),
			    AUTHORITY "/contoso.test/oauth2/v2.0/token");
	talloc_free(tmp);
}

static enum gb_rc verdict(int status, const char *body, const char *date, struct gb_secret **token,
			  int64_t *life_s, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_token_identity identity = with_secret(tmp, "s3cret");
	struct gb_http_answer answer = {.status = status,
					.body = body,
					.body_length = strlen(body),
					.content_type = "application/json; charset=utf-8",
					.date = date};
	enum gb_rc rc = gb_token_verdict(group, &identity, &answer, NOW_MS, token, life_s, err);

	talloc_free(tmp);
	return rc;
}

static void a_good_answer_gives_the_token(void **state)
{
	struct gb_secret *token = NULL;
	int64_t life_s = 0;
	struct gb_err err;

	(void)state;
	assert_int_equal(verdict(200,
				 "{\"token_type\":\"bearer\",\"expires_in\":4177,"
				 "\"ext_expires_in\":4177,\"access_token\":\"eyJ.a-b_c.~+/=\"}",
				 NULL, &token, &life_s, &err),
			 GB_OK);
	assert_string_equal(gb_secret_bytes(token), "eyJ.a-b_c.~+/=");
	assert_int_equal(life_s, 4177);
	assert_int_equal(verdict(200,
				 "{\"token_type\":\"Bearer\",\"expires_in\":1000000000000,"
				 "\"access_token\":\"t\"}",
				 NULL, &token, &life_s, &err),
			 GB_OK);
	assert_int_equal(life_s, GB_TOKEN_MAX_LIFE_S);
}

static void an_answer_that_is_not_as_it_should_be_gives_none(void **state)
{
	static const char *const bodies[] = {
		"{\"token_type\":\"Bearer\",\"expires_in\":0,\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":-1,\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":1.5,\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":\"3600\",\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"Bearer\",\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"mac\",\"expires_in\":3600,\"access_token\":\"CANARY\"}",
		"{\"expires_in\":3600,\"access_token\":\"CANARY\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"CANARY x\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"CANARY\\r\\nX: "
		"y\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":"
		"\"CANARY\xc3\xa4\"}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":null}",
		"{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"CANARY\"",
		"<html>CANARY</html>",
		"",
	};
	struct gb_secret *token = NULL;
	int64_t life_s = 0;
	struct gb_err err;

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bodies); i++) {
		if (verdict(200, bodies[i], NULL, &token, &life_s, &err) != GB_E_PROTOCOL) {
			fail_msg("taken: %s", bodies[i]);
		}
		assert_null(strstr(err.what, "CANARY"));
	}
	assert_null(token);
}

struct refusal {
	int status;
	const char *description;
	enum gb_rc rc;
	const char *id;
	const char *says;
};

static void each_refusal_says_what_to_do(void **state)
{
	static const struct refusal rows[] = {
		{401, "AADSTS7000215: Invalid client secret provided. Trace ID: x", GB_E_ACCESS,
		 "aadsts-7000215", "secret's value"},
		{401, "AADSTS7000222: expired", GB_E_ACCESS, "aadsts-7000222", "certificate"},
		{401, "AADSTS700027: bad signature", GB_E_ACCESS, "aadsts-700027", "Upload"},
		{401, "AADSTS50012: bad", GB_E_ACCESS, "aadsts-50012", "Upload"},
		{400, "AADSTS700016: not found", GB_E_ACCESS, "aadsts-700016", "client id"},
		{400, "AADSTS90002: Tenant not found", GB_E_CONFIG, "aadsts-90002", "tenant"},
		{400, "AADSTS900432: other cloud", GB_E_CONFIG, "aadsts-900432", "environment"},
		{400, "AADSTS500011: resource", GB_E_CONFIG, "aadsts-500011", "Graph address"},
		{400, "AADSTS53003: blocked", GB_E_ACCESS, "aadsts-53003", "policy"},
		{400, "AADSTS90055: busy", GB_E_UNAVAILABLE, "aadsts-90055", "next run"},
		{400, "AADSTS99999999: something new", GB_E_ACCESS, "aadsts-99999999",
		 "AADSTS error"},
		{500, "AADSTS1234: broken", GB_E_UNAVAILABLE, "aadsts-1234", "AADSTS error"},
		{400, "no code at all", GB_E_ACCESS, "token-refused", "AADSTS error"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		char *body = gb_printf(
			group,
			"{\"error\":\"invalid_client\",\"error_description\":\"%s\","
			"\"error_codes\":[1],\"trace_id\":\"TRACE-1\","
			"\"correlation_id\":\"CORR-1\",\"timestamp\":\"2026-01-02 03:04\"}",
			rows[i].description);
		struct gb_secret *token = NULL;
		int64_t life_s;
		struct gb_err err;

		assert_int_equal(verdict(rows[i].status, body, NULL, &token, &life_s, &err),
				 rows[i].rc);
		assert_string_equal(err.id, rows[i].id);
		assert_non_null(
			strstr(err.what, "trace TRACE-1, correlation CORR-1, 2026-01-02 03:04"));
		assert_non_null(strstr(err.what, CLIENT));
		assert_non_null(strstr(err.what, "contoso.test"));
		assert_non_null(strstr(err.remedy, rows[i].says));
		assert_string_not_equal(err.undone, "");
		assert_null(strstr(err.what, "s3cret"));
	}
}

static void a_clock_that_is_off_is_told_by_how_much(void **state)
{
	static const char body[] =
		"{\"error\":\"invalid_client\",\"error_description\":"
		"\"AADSTS700024: Client assertion is not within its valid time\"}";
	struct gb_secret *token = NULL;
	int64_t life_s;
	struct gb_err err;

	(void)state;
	assert_int_equal(verdict(401, body, "Fri, 02 Jan 2026 03:14:05 GMT", &token, &life_s, &err),
			 GB_E_ACCESS);
	assert_non_null(strstr(err.remedy, "600 seconds behind"));
	verdict(401, body, "Fri, 02 Jan 2026 03:03:05 GMT", &token, &life_s, &err);
	assert_non_null(strstr(err.remedy, "60 seconds ahead"));
	verdict(401, body, "garbage", &token, &life_s, &err);
	assert_null(strstr(err.remedy, "seconds"));
}

static void an_unknown_certificate_is_named_by_its_thumbprints(void **state)
{
	static const char body[] =
		"{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700027: "
		"key not found\"}";
	void *tmp = gb_new_tmp(NULL);
	struct gb_token_identity identity = with_secret(tmp, "x");
	struct gb_http_answer answer = {.status = 401,
					.body = body,
					.body_length = strlen(body),
					.content_type = "application/json"};
	struct gb_secret *token;
	int64_t life_s;
	struct gb_err err;

	(void)state;
	identity.secret = NULL;
	identity.assertion = load(tmp, GB_CLOUD_ASSERTION_PS256);
	assert_int_equal(gb_token_verdict(tmp, &identity, &answer, NOW_MS, &token, &life_s, &err),
			 GB_E_ACCESS);
	assert_non_null(strstr(err.remedy, gb_assertion_sha1(identity.assertion)));
	assert_non_null(strstr(err.remedy, gb_assertion_sha256(identity.assertion)));
	talloc_free(tmp);
}

static void a_refusal_that_is_no_json_is_told_by_its_status(void **state)
{
	static const struct {
		int status;
		const char *content_type;
		const char *body;
		enum gb_rc rc;
	} rows[] = {
		{200, "text/html", "<html>login to the WiFi</html>", GB_E_PROTOCOL},
		{302, "text/html", "", GB_E_PROTOCOL},
		{404, "text/html", "", GB_E_PROTOCOL},
		{429, "text/html", "", GB_E_UNAVAILABLE},
		{502, "text/html", "", GB_E_UNAVAILABLE},
		{503, "application/json", "{", GB_E_UNAVAILABLE},
		{400, "application/json", "{", GB_E_PROTOCOL},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		void *tmp = gb_new_tmp(NULL);
		struct gb_token_identity identity = with_secret(tmp, "x");
		struct gb_http_answer answer = {.status = rows[i].status,
						.body = rows[i].body,
						.body_length = strlen(rows[i].body),
						.content_type = rows[i].content_type};
		struct gb_secret *token;
		int64_t life_s;
		struct gb_err err;

		assert_int_equal(
			gb_token_verdict(tmp, &identity, &answer, NOW_MS, &token, &life_s, &err),
			rows[i].rc);
		assert_string_equal(err.id, "token-status");
		assert_int_equal(err.native, rows[i].status);
		talloc_free(tmp);
	}
}

static int set_up(void **state)
{
	struct certificate_order order = {
		.name = "app", .alternatives = "DNS:app", .until_s = 3600, .rsa_bits = 2048};

	(void)state;
	group = gb_new_tmp(NULL);
	rsa = certificate_make(group, &order);
	other_rsa = certificate_make(group, &order);
	order.rsa_bits = 0;
	elliptic = certificate_make(group, &order);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return talloc_free(group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_assertion_says_who_and_for_how_long_and_verifies),
		cmocka_unit_test(no_two_assertions_are_the_same),
		cmocka_unit_test(the_certificate_tells_its_end),
		cmocka_unit_test(keys_and_certificates_that_cannot_serve_are_refused),
		cmocka_unit_test(the_form_carries_the_secret_encoded),
		cmocka_unit_test(the_form_carries_an_assertion_instead_of_a_secret),
		cmocka_unit_test(a_good_answer_gives_the_token),
		cmocka_unit_test(an_answer_that_is_not_as_it_should_be_gives_none),
		cmocka_unit_test(each_refusal_says_what_to_do),
		cmocka_unit_test(a_clock_that_is_off_is_told_by_how_much),
		cmocka_unit_test(an_unknown_certificate_is_named_by_its_thumbprints),
		cmocka_unit_test(a_refusal_that_is_no_json_is_told_by_its_status),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
