/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets: locked memory, wiped at the end. */
#include "config.h"

#include "engine/base/secret.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

struct gb_secret {
	char *bytes;         /* a mapping of its own */
	size_t length;       /* bytes of the secret */
	size_t mapped_bytes; /* size of the mapping */
};

static int wipe_and_unmap(struct gb_secret *secret)
{
	gb_secret_wipe(secret->bytes, secret->mapped_bytes);
	munmap(secret->bytes, secret->mapped_bytes);
	return 0;
}

struct gb_secret *gb_secret_new_empty(const void *ctx, size_t capacity)
{
	struct gb_secret *secret = gb_new(ctx, struct gb_secret);

	secret->mapped_bytes = capacity + 1; /* and a NUL */
	secret->bytes = mmap(NULL, secret->mapped_bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret->bytes == MAP_FAILED) {
		gb_oom();
	}
	/* RLIMIT_MEMLOCK may be small or zero: then the secret can be swapped, and nothing else. */
	mlock(secret->bytes, secret->mapped_bytes);
	madvise(secret->bytes, secret->mapped_bytes, MADV_DONTDUMP);
	talloc_set_destructor(secret, wipe_and_unmap);
	return secret;
}

struct gb_secret *gb_secret_new(const void *ctx, const void *bytes, size_t length)
{
	struct gb_secret *secret;

	assert(length <= GB_SECRET_MAX_BYTES);
	secret = gb_secret_new_empty(ctx, length);
	if (length) {
		memcpy(secret->bytes, bytes, length);
	}
	secret->length = length;
	return secret;
}

char *gb_secret_room(struct gb_secret *secret)
{
	return secret->bytes;
}

void gb_secret_set_length(struct gb_secret *secret, size_t length)
{
	assert(length < secret->mapped_bytes);
	secret->length = length;
	gb_secret_wipe(secret->bytes + length, secret->mapped_bytes - length);
}

const char *gb_secret_bytes(const struct gb_secret *secret)
{
	return secret->bytes;
}

size_t gb_secret_length(const struct gb_secret *secret)
{
	return secret->length;
}

bool gb_secret_equal(const struct gb_secret *a, const struct gb_secret *b)
{
	volatile unsigned char difference = 0;

	if (a->length != b->length) {
		return false;
	}
	for (size_t i = 0; i < a->length; i++) {
		difference |= (unsigned char)(a->bytes[i] ^ b->bytes[i]);
	}
	return difference == 0;
}

void gb_secret_wipe(void *bytes, size_t length)
{
	explicit_bzero(bytes, length);
}

/* Editors and `echo` end a file with a line end that is not part of the secret. */
static void cut_line_end(struct gb_secret *secret)
{
	if (secret->length > 0 && secret->bytes[secret->length - 1] == '\n') {
		secret->bytes[--secret->length] = '\0';
		if (secret->length > 0 && secret->bytes[secret->length - 1] == '\r') {
			secret->bytes[--secret->length] = '\0';
		}
	}
}

static enum gb_rc check_content(const struct gb_secret *secret, const char *name, bool is_text,
				struct gb_err *err)
{
	if (secret->length == 0) {
		return gb_err_set(err, GB_E_CONFIG, "secret-empty",
				  _("%s is empty; a secret was expected in it."), name);
	}
	if (secret->length > GB_SECRET_MAX_BYTES) {
		return gb_err_set(err, GB_E_CONFIG, "secret-too-long",
				  _("%s is too long for a secret; it was not used."), name);
	}
	if (is_text && memchr(secret->bytes, '\0', secret->length)) {
		return gb_err_set(err, GB_E_CONFIG, "secret-nul",
				  _("%s holds a zero byte, so it is not a text; it was not used."),
				  name);
	}
	return GB_OK;
}

static enum gb_rc read_secret(const void *ctx, const char *path, bool is_text,
			      struct gb_secret **ret_secret, struct gb_err *err)
{
	struct gb_secret *secret;
	enum gb_rc rc;
	size_t size;
	int fd;

	rc = gb_file_open_trusted(path, GB_FILE_PRIVATE, GB_SECRET_MAX_BYTES + 2, &fd, &size, err);
	if (rc != GB_OK) {
		return rc;
	}
	secret = gb_secret_new_empty(ctx, size);
	rc = gb_file_read_fd(fd, path, secret->bytes, size, &secret->length, err);
	close(fd);
	if (rc == GB_OK) {
		if (is_text) {
			cut_line_end(secret);
		}
		rc = check_content(secret, gb_text_display(secret, path), is_text, err);
	}
	if (rc != GB_OK) {
		talloc_free(secret);
		return rc;
	}
	*ret_secret = secret;
	return GB_OK;
}

enum gb_rc gb_secret_read_file(const void *ctx, const char *path, struct gb_secret **ret_secret,
			       struct gb_err *err)
{
	return read_secret(ctx, path, true, ret_secret, err);
}

enum gb_rc gb_secret_read_binary(const void *ctx, const char *path, struct gb_secret **ret_secret,
				 struct gb_err *err)
{
	return read_secret(ctx, path, false, ret_secret, err);
}
