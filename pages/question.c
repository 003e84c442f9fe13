/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page does when it asks the engine. */
#include "config.h"

#include "pages/question.h"

#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/mem.h"
#include "wizard/wizard.h"

/** Largest keytab in bytes; as base64 it is still a secret of the size that is allowed. */
#define KEYTAB_MAX_BYTES 45000

/** The secrets that a question may carry, by their names in docs/probe.md. */
static const char *const secrets[] = {
	"cloud-secret",       "cloud-key",    "certificate", "cloud-ca",
	"directory-password", "directory-keytab", "directory-ca",
};

void wz_question_secrets(struct wz *wz, struct wz_ask *ask)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(secrets); i++) {
		char *name = gb_printf(ask, "secret.%s", secrets[i]);
		const struct gb_secret *secret = wz_secret(wz, name);

		if (secret && gb_secret_length(secret) > 0) {
			wz_ask_secret(ask, secrets[i], secret);
		}
		talloc_free(name);
	}
}

struct wz_ask *wz_question_new(struct wz *wz, const char *page_id, const char *question)
{
	struct wz_ask *ask = wz_ask_new(wz_state(wz, page_id), wz, question);

	wz_question_secrets(wz, ask);
	return ask;
}

void wz_question_take_config(struct wz *wz, const struct gb_json *config)
{
	for (const struct gb_json *section = gb_json_first(config); section;
	     section = gb_json_next(section)) {
		for (const struct gb_json *key = gb_json_first(section); key;
		     key = gb_json_next(key)) {
			char *name = gb_printf(NULL, "%s.%s", gb_json_name(section),
					       gb_json_name(key));

			wz_set(wz, name, gb_json_text(key));
			talloc_free(name);
		}
	}
}

/* A binary file as base64, which is how it travels in JSON. */
static enum gb_rc read_binary(const char *path, struct gb_secret **ret_secret, struct gb_err *err)
{
	struct gb_secret *bytes;
	size_t length = 0;
	char *text;
	int fd;
	enum gb_rc rc =
		gb_file_open_trusted(path, GB_FILE_PRIVATE, KEYTAB_MAX_BYTES, &fd, &length, err);

	if (rc != GB_OK) {
		return rc;
	}
	bytes = gb_secret_new_empty(NULL, KEYTAB_MAX_BYTES);
	rc = gb_file_read_fd(fd, path, gb_secret_room(bytes), KEYTAB_MAX_BYTES, &length, err);
	close(fd);
	if (rc == GB_OK) {
		text = gb_digest_base64(bytes, gb_secret_bytes(bytes), length);
		*ret_secret = gb_secret_new(NULL, text, strlen(text));
		gb_secret_wipe(text, strlen(text));
	}
	talloc_free(bytes);
	return rc;
}

enum gb_rc wz_question_read_secret(struct wz *wz, const char *path_name, const char *secret_name,
				   bool is_binary, struct gb_err *err)
{
	const char *path = wz_value(wz, path_name);
	struct gb_secret *secret;
	enum gb_rc rc;

	if (!*path) {
		return GB_OK;
	}
	rc = is_binary ? read_binary(path, &secret, err)
		       : gb_secret_read_file(NULL, path, &secret, err);
	if (rc == GB_OK) {
		wz_set_secret(wz, secret_name, secret);
	}
	return rc;
}
