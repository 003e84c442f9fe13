/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, random bytes and base64 (libcrypto). */
#include "config.h"

#include "engine/base/digest.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "engine/base/err.h"
#include "engine/base/mem.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static _Noreturn void no_crypto(const char *text)
{
	ssize_t written = write(STDERR_FILENO, text, strlen(text));

	(void)written;
	_exit(gb_rc_exit_code(GB_E_SYSTEM));
}

static void must(int result)
{
	if (result != 1) {
		no_crypto("groupback: the cryptographic library cannot compute SHA-256; nothing "
			  "was done. Check the installation of OpenSSL.\n");
	}
}

/* Looking the algorithm up and making a context cost more than digesting a name: both are kept. */
void gb_digest_sha256(const void *bytes, size_t length, uint8_t ret_digest[32])
{
	static EVP_MD *sha256;
	static EVP_MD_CTX *md;

	if (md == NULL) {
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
		must(sha256 != NULL);
		md = gb_mem_check(EVP_MD_CTX_new());
	}
	must(EVP_DigestInit_ex2(md, sha256, NULL));
	must(EVP_DigestUpdate(md, bytes, length));
	must(EVP_DigestFinal_ex(md, ret_digest, NULL));
}

struct gb_digest {
	EVP_MD_CTX *md;
};

static int free_digest(struct gb_digest *digest)
{
	EVP_MD_CTX_free(digest->md);
	return 0;
}

struct gb_digest *gb_digest_new(const void *ctx)
{
	struct gb_digest *digest = gb_new(ctx, struct gb_digest);

	digest->md = gb_mem_check(EVP_MD_CTX_new());
	talloc_set_destructor(digest, free_digest);
	must(EVP_DigestInit_ex(digest->md, EVP_sha256(), NULL));
	return digest;
}

void gb_digest_add(struct gb_digest *digest, const void *bytes, size_t length)
{
	must(EVP_DigestUpdate(digest->md, bytes, length));
}

void gb_digest_end(struct gb_digest *digest, char ret_hex[GB_DIGEST_HEX_BYTES])
{
	uint8_t bytes[32];
	char *hex;

	must(EVP_DigestFinal_ex(digest->md, bytes, NULL));
	hex = gb_digest_hex(digest, bytes, sizeof(bytes));
	memcpy(ret_hex, hex, GB_DIGEST_HEX_BYTES);
	talloc_free(hex);
}

char *gb_digest_hex(const void *ctx, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *source = bytes;
	char *text = gb_new_array(ctx, char, 2 * length + 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[source[i] >> 4];
		text[2 * i + 1] = digits[source[i] & 15];
	}
	return text;
}

void gb_digest_random(void *bytes, size_t length)
{
	assert(length <= INT_MAX);
	if (RAND_bytes(bytes, (int)length) != 1) {
		no_crypto("groupback: the system gives no random bytes; nothing was done. Run it "
			  "again when the machine has finished starting.\n");
	}
}

struct gb_guid gb_digest_random_guid(void)
{
	struct gb_guid guid;

	gb_digest_random(guid.bytes, sizeof(guid.bytes));
	guid.bytes[6] = (uint8_t)((guid.bytes[6] & 0x0f) | 0x40); /* version 4 */
	guid.bytes[8] = (uint8_t)((guid.bytes[8] & 0x3f) | 0x80); /* variant of RFC 4122 */
	return guid;
}

char *gb_digest_base64(const void *ctx, const void *bytes, size_t length)
{
	char *text = gb_new_array(ctx, char, (length + 2) / 3 * 4 + 1);

	assert(length <= INT_MAX / 2);
	if (length) {
		EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
	}
	return text;
}

char *gb_digest_base64url(const void *ctx, const void *bytes, size_t length)
{
	char *text = gb_digest_base64(ctx, bytes, length);

	for (char *at = text; *at; at++) {
		if (*at == '+') {
			*at = '-';
		} else if (*at == '/') {
			*at = '_';
		} else if (*at == '=') {
			*at = '\0';
			break;
		}
	}
	return text;
}

/* Six bits of a character of base64, or -1. */
static int sextet(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/*
 * Own decoder: EVP_DecodeBlock() skips white space, counts padding as bytes and takes unused bits
 * that are not zero; two texts for one value would defeat comparisons.
 */
static int decode(const char *text, size_t digits, bool url, uint8_t *buffer, size_t size_bytes)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t used = 0;

	if (digits % 4 == 1 || digits / 4 * 3 + (digits % 4 * 3) / 4 > size_bytes) {
		return -1;
	}
	for (size_t i = 0; i < digits; i++) {
		char c = text[i];
		int value = !url                   ? sextet(c)
			    : c == '-'             ? 62
			    : c == '_'             ? 63
			    : c == '+' || c == '/' ? -1
						   : sextet(c);

		if (value < 0) {
			return -1;
		}
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buffer[used++] = (uint8_t)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	return bits == 0 ? (int)used : -1;
}

int gb_digest_base64_decode(const char *text, uint8_t *buffer, size_t size_bytes)
{
	size_t length = strlen(text);
	size_t digits = length;

	if (length % 4 != 0 || length > INT_MAX) {
		return -1;
	}
	while (digits > 0 && length - digits < 2 && text[digits - 1] == '=') {
		digits--;
	}
	return decode(text, digits, false, buffer, size_bytes);
}

int gb_digest_base64url_decode(const char *text, uint8_t *buffer, size_t size_bytes)
{
	size_t length = strlen(text);

	return length > INT_MAX ? -1 : decode(text, length, true, buffer, size_bytes);
}
