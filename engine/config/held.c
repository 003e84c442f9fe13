/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets and certificates that a configuration has in memory. */
#include "config.h"

#include "engine/config/held.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/config/credentials.h"
#include "engine/config/credstore.h"

_Static_assert((int)GB_HELD_DIRECTORY_KEYTAB == (int)GB_CREDENTIAL_DIRECTORY_KEYTAB,
	       "the secrets come first, in one order");

/* One thing that is held. */
struct thing {
	struct gb_secret *secret; /* or NULL */
	char *text;               /* or NULL */
	struct gb_err *failure;   /* why it is not there; or NULL */
	int fd;     /* file in memory; valid if path is set */
	char *path; /* or NULL */
};

struct gb_held {
	struct thing things[GB_HELD_COUNT];
};

static int close_files(struct gb_held *held)
{
	for (size_t i = 0; i < GB_HELD_COUNT; i++) {
		if (held->things[i].path) {
			close(held->things[i].fd);
		}
	}
	return 0;
}

/* An empty place for @kind. */
static struct thing *place(struct gb_config *config, enum gb_held_kind kind)
{
	struct thing *thing;

	if (!config->held) {
		config->held = gb_new(config, struct gb_held);
		talloc_set_destructor(config->held, close_files);
	}
	thing = &config->held->things[kind];
	if (thing->path) {
		close(thing->fd);
	}
	talloc_free(thing->path);
	talloc_free(thing->secret);
	talloc_free(thing->text);
	talloc_free(thing->failure);
	*thing = (struct thing){0};
	return thing;
}

void gb_held_put(struct gb_config *config, enum gb_held_kind kind, const struct gb_secret *secret)
{
	struct thing *thing = place(config, kind);

	assert(kind < GB_HELD_CERTIFICATE);
	thing->secret = gb_secret_new(config->held, gb_secret_bytes(secret),
				      gb_secret_length(secret));
}

void gb_held_put_public(struct gb_config *config, enum gb_held_kind kind, const char *pem)
{
	struct thing *thing = place(config, kind);

	assert(kind >= GB_HELD_CERTIFICATE);
	thing->text = gb_strdup(config->held, pem);
}

static const struct thing *find(const struct gb_config *config, enum gb_held_kind kind)
{
	return config->held ? &config->held->things[kind] : NULL;
}

const struct gb_secret *gb_held_secret(const struct gb_config *config, enum gb_held_kind kind)
{
	const struct thing *thing = find(config, kind);

	return thing ? thing->secret : NULL;
}

const char *gb_held_public(const struct gb_config *config, enum gb_held_kind kind)
{
	const struct thing *thing = find(config, kind);

	return thing ? thing->text : NULL;
}

const struct gb_err *gb_held_failure(const struct gb_config *config, enum gb_held_kind kind)
{
	const struct thing *thing = find(config, kind);

	return thing ? thing->failure : NULL;
}

static void put_failure(struct gb_config *config, enum gb_held_kind kind, const struct gb_err *err)
{
	struct thing *thing = place(config, kind);

	thing->failure = gb_new(config->held, struct gb_err);
	*thing->failure = *err;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR) {
			return -1;
		}
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return 0;
}

enum gb_rc gb_held_path(const struct gb_config *config, enum gb_held_kind kind,
			const char **ret_path, struct gb_err *err)
{
	struct thing *thing = config->held ? &config->held->things[kind] : NULL;
	const char *bytes;
	size_t length;

	*ret_path = thing ? thing->path : NULL;
	if (!thing || thing->path || (!thing->secret && !thing->text)) {
		return GB_OK;
	}
	bytes = thing->secret ? gb_secret_bytes(thing->secret) : thing->text;
	length = thing->secret ? gb_secret_length(thing->secret) : strlen(thing->text);
	thing->fd = memfd_create("groupback", MFD_CLOEXEC);
	if (thing->fd < 0 || write_all(thing->fd, bytes, length) != 0) {
		return gb_err_set(err, GB_E_SYSTEM, "held-file",
				  _("A file in memory cannot be made: %s."), strerror(errno));
	}
	/* A process may open its own descriptors again, whoever it has become since (proc(5)). */
	thing->path = gb_printf(config->held, "/proc/self/fd/%d", thing->fd);
	*ret_path = thing->path;
	return GB_OK;
}

/* From systemd, from our folder, or from the store that root can decrypt. */
static void take_secret(struct gb_config *config, enum gb_credential which)
{
	struct gb_secret *secret = NULL;
	char *path = NULL;
	struct gb_err err;
	enum gb_rc rc = gb_credential_find(config, config, which, &path, &err);

	if (rc == GB_OK) {
		rc = which == GB_CREDENTIAL_DIRECTORY_KEYTAB
			     ? gb_secret_read_binary(config, path, &secret, &err)
			     : gb_secret_read_file(config, path, &secret, &err);
	} else if (gb_credstore_is_encrypted()) {
		rc = gb_credstore_read(config, config, which, false, &secret, &err);
	}
	talloc_free(path);
	if (rc == GB_OK) {
		gb_held_put(config, (enum gb_held_kind)which, secret);
		talloc_free(secret);
	} else {
		put_failure(config, (enum gb_held_kind)which, &err);
	}
}

static void take_public(struct gb_config *config, enum gb_held_kind kind, const char *path)
{
	struct gb_err err;
	size_t length;
	char *pem;

	if (!path || gb_held_public(config, kind)) {
		return;
	}
	if (gb_file_read_trusted(config, path, GB_FILE_MAX_BYTES, &pem, &length, &err) == GB_OK) {
		gb_held_put_public(config, kind, pem);
		talloc_free(pem);
	} else {
		put_failure(config, kind, &err);
	}
}

void gb_held_take_stored(struct gb_config *config)
{
	bool certificate = config->cloud.credential == GB_CONFIG_CREDENTIAL_CERTIFICATE;
	bool machine = config->cloud.credential == GB_CONFIG_CREDENTIAL_MANAGED_IDENTITY;
	bool gssapi = config->directory.bind == GB_CONFIG_BIND_GSSAPI;
	const enum gb_credential wanted[] = {
		gssapi ? GB_CREDENTIAL_DIRECTORY_KEYTAB : GB_CREDENTIAL_DIRECTORY_PASSWORD,
		certificate ? GB_CREDENTIAL_CLOUD_KEY : GB_CREDENTIAL_CLOUD_SECRET,
	};
	size_t count = GB_ARRAY_SIZE(wanted) - machine;

	for (size_t i = 0; i < count; i++) {
		if (!gb_held_secret(config, (enum gb_held_kind)wanted[i])) {
			take_secret(config, wanted[i]);
		}
	}
	if (certificate) {
		take_public(config, GB_HELD_CERTIFICATE, config->cloud.certificate_file);
	}
	take_public(config, GB_HELD_CLOUD_CA, config->cloud.ca_file);
	take_public(config, GB_HELD_DIRECTORY_CA, config->directory.ca_file);
}
