/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who an engine is, for the lease. */
#include "config.h"

#include "engine/sync/lease_value.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/digest.h"
#include "engine/base/guid.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Without one (a minimal container) the name of the host alone tells machines apart. */
static char *machine_id(const void *ctx)
{
	char text[64] = "";
	int fd = open("/etc/machine-id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;

	if (fd >= 0) {
		close(fd);
	}
	text[n > 0 ? (size_t)n : 0] = '\0';
	return gb_text_trim(ctx, text);
}

/*
 * The machine and the folder, and nothing that is kept: a lost state is the same engine. The id of the
 * machine itself is not shown (machine-id(5)).
 */
static const char *instance_of(const void *ctx, const char *state_directory)
{
	void *tmp = gb_new_tmp(NULL);
	char folder[PATH_MAX];
	const char *path = realpath(state_directory, folder);
	char *what = gb_printf(tmp, "groupback lease %s %s", machine_id(tmp),
			       path != NULL ? path : state_directory);
	uint8_t digest[32];
	struct gb_guid guid;
	char text[GB_GUID_TEXT_BYTES];

	gb_digest_sha256(what, strlen(what), digest);
	memcpy(guid.bytes, digest, sizeof(guid.bytes));
	talloc_free(tmp);
	return gb_strdup(ctx, gb_guid_format(&guid, text));
}

struct gb_lease_value gb_lease_self(const void *ctx, const char *state_directory)
{
	char host[GB_LEASE_MAX_HOST_BYTES] = "";

	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0') {
		host[0] = '?';
	}
	return (struct gb_lease_value){
		.format = GB_LEASE_FORMAT,
		.instance = instance_of(ctx, state_directory),
		.host = gb_text_display(ctx, host),
		.version = PACKAGE_VERSION,
	};
}
