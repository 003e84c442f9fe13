/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files. */
#include "config.h"

#include "sim/util/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool read_stream(const void *ctx, FILE *file, char **ret_text, size_t *ret_length)
{
	struct stat st;
	char *text = NULL;
	size_t got = 0;

	if (fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode) ||
	    (size_t)st.st_size > SIM_FILE_MAX) {
		errno = EFBIG;
		return false;
	}
	text = sim_mem_check(talloc_size(ctx, (size_t)st.st_size + 1));
	got = fread(text, 1, (size_t)st.st_size, file);
	text[got] = '\0';
	*ret_text = text;
	*ret_length = got;
	return !ferror(file);
}

bool sim_file_read(const void *ctx, const char *path, char **ret_text, size_t *ret_length,
		   struct sim_err *err)
{
	FILE *file = fopen(path, "re");
	bool ok = file && read_stream(ctx, file, ret_text, ret_length);

	if (!ok) {
		sim_fail(err, "The file %s cannot be read: %s.", path, strerror(errno));
	}
	if (file) {
		fclose(file);
	}
	return ok;
}

bool sim_file_write(const char *path, const char *text, struct sim_err *err)
{
	char *other = sim_printf(NULL, "%s.new", path);
	FILE *file = fopen(other, "we");
	bool ok = file && fputs(text, file) >= 0;

	ok = (!file || fclose(file) == 0) && ok;
	ok = ok && rename(other, path) == 0;
	if (!ok) {
		sim_fail(err, "The file %s cannot be written: %s.", path, strerror(errno));
	}
	talloc_free(other);
	return ok;
}
