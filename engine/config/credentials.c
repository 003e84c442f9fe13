/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the secrets are. */
#include "config.h"

#include "engine/config/credentials.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/held.h"

static const char *const names[] = {
	[GB_CREDENTIAL_CLOUD_SECRET] = "cloud-secret",
	[GB_CREDENTIAL_CLOUD_KEY] = "cloud-key",
	[GB_CREDENTIAL_DIRECTORY_PASSWORD] = "directory-password",
	[GB_CREDENTIAL_DIRECTORY_KEYTAB] = "directory-keytab",
};

const char *gb_credential_name(enum gb_credential which)
{
	assert(which < GB_ARRAY_SIZE(names));
	return names[which];
}

static bool is_missing(const char *path)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	       (errno == ENOENT || errno == ENOTDIR);
}

/*
 * systemd.exec(5), CREDENTIALS: set for services that load credentials; always absolute. The store comes
 * before the plain files, which LoadCredential= of a whole folder puts behind a name and "_".
 */
static char *path_from_systemd(const void *ctx, enum gb_credential which)
{
	static const char *const prefixes[] = {"", GB_CREDENTIAL_FILE_PREFIX};
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	for (size_t i = 0; folder && folder[0] == '/' && i < GB_ARRAY_SIZE(prefixes); i++) {
		char *path = gb_printf(ctx, "%s/%s%s", folder, prefixes[i], names[which]);

		if (!is_missing(path)) {
			return path;
		}
		talloc_free(path);
	}
	return NULL;
}

static enum gb_rc refuse_missing(enum gb_credential which, const char *path, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, path);

	gb_err_set(err, GB_E_CONFIG, "credential-missing",
		   _("The secret %s is not there: systemd handed none over, and there is no %s."),
		   names[which], shown);
	gb_err_remedy(err,
		      _("Store it with groupback-wizard, or put it into that file, mode 0600."));
	gb_err_native(err, ENOENT);
	talloc_free(shown);
	return GB_E_CONFIG;
}

/* The place that counts: the first one that has something. */
enum gb_rc gb_credential_find(const void *ctx, const struct gb_config *config,
			      enum gb_credential which, char **ret_path, struct gb_err *err)
{
	char *path = path_from_systemd(ctx, which);

	if (path) {
		*ret_path = path;
		return GB_OK;
	}
	path = gb_printf(ctx, "%s/%s", config->paths.credentials_directory, names[which]);
	if (is_missing(path)) {
		enum gb_rc rc = refuse_missing(which, path, err);

		talloc_free(path);
		return rc;
	}
	*ret_path = path;
	return GB_OK;
}

/* What was looked for in vain is not looked for again by somebody who may see less. */
static bool has_failed(const struct gb_config *config, enum gb_credential which, struct gb_err *err)
{
	const struct gb_err *failure = gb_held_failure(config, (enum gb_held_kind)which);

	if (failure && err) {
		*err = *failure;
	}
	return failure != NULL;
}

enum gb_rc gb_credential_read(const void *ctx, const struct gb_config *config,
			      enum gb_credential which, struct gb_secret **ret_secret,
			      struct gb_err *err)
{
	const struct gb_secret *held = gb_held_secret(config, (enum gb_held_kind)which);
	enum gb_rc rc;
	char *path;

	assert(which != GB_CREDENTIAL_DIRECTORY_KEYTAB);
	if (held) {
		*ret_secret = gb_secret_new(ctx, gb_secret_bytes(held), gb_secret_length(held));
		return GB_OK;
	}
	if (has_failed(config, which, err)) {
		return gb_held_failure(config, (enum gb_held_kind)which)->rc;
	}
	rc = gb_credential_find(ctx, config, which, &path, err);
	if (rc == GB_OK) {
		rc = gb_secret_read_file(ctx, path, ret_secret, err);
		talloc_free(path);
	}
	return rc;
}

static enum gb_rc held_path(const void *ctx, const struct gb_config *config, char **ret_path,
			    struct gb_err *err)
{
	const char *path;
	enum gb_rc rc = gb_held_path(config, GB_HELD_DIRECTORY_KEYTAB, &path, err);

	*ret_path = rc == GB_OK ? gb_strdup(ctx, path) : NULL;
	return rc;
}

enum gb_rc gb_credential_path(const void *ctx, const struct gb_config *config,
			      enum gb_credential which, char **ret_path, struct gb_err *err)
{
	enum gb_rc rc;
	size_t size;
	char *path;
	int fd;

	if (gb_held_secret(config, (enum gb_held_kind)which)) {
		return held_path(ctx, config, ret_path, err);
	}
	if (has_failed(config, which, err)) {
		return gb_held_failure(config, (enum gb_held_kind)which)->rc;
	}
	rc = gb_credential_find(ctx, config, which, &path, err);
	if (rc != GB_OK) {
		return rc;
	}
	rc = gb_file_open_trusted(path, GB_FILE_PRIVATE, GB_CREDENTIAL_MAX_KEYTAB_BYTES, &fd, &size,
				  err);
	if (rc != GB_OK) {
		talloc_free(path);
		return rc;
	}
	close(fd);
	*ret_path = path;
	return GB_OK;
}
