/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generations of the settings. */
#include "config.h"

#include "engine/config/generations.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"

#define MAX_COPY_BYTES     (1024u * 1024u)
#define MAX_MANIFEST_BYTES (64u * 1024u)

static char *generations_folder(const void *ctx, const char *config_path)
{
	const char *slash = strrchr(config_path, '/');
	int length = slash ? (int)(slash - config_path) : 1;

	return gb_printf(ctx, "%.*s/generations", length, slash ? config_path : ".");
}

static enum gb_rc io_failed(const char *path, const char *doing, struct gb_err *err)
{
	int error = errno;
	char *shown = gb_text_display(NULL, path);

	gb_err_set(err, GB_E_IO, "generation-io", _("%s %s failed: %s."), doing, shown,
		   strerror(error));
	talloc_free(shown);
	gb_err_remedy(err, _("Check the free space and the rights of the folder, then try again."));
	return gb_err_native(err, error);
}

static enum gb_rc make_folder(const char *path, struct gb_err *err)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST ? GB_OK
							 : io_failed(path, _("Making"), err);
}

/* The number that a folder's name stands for; 0 if it is none of ours. */
static int64_t number_of(const char *name)
{
	char *end;
	long long number;

	if (name[0] < '1' || name[0] > '9' || strlen(name) > 9) {
		return 0;
	}
	number = strtoll(name, &end, 10);
	return *end ? 0 : number;
}

static int compare_numbers(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

enum gb_rc gb_generations_list(const void *ctx, const char *config_path, int64_t **ret_numbers,
			       size_t *ret_count, struct gb_err *err)
{
	char *folder = generations_folder(NULL, config_path);
	int64_t *numbers = gb_new_array(ctx, int64_t, 0);
	size_t count = 0;
	DIR *dir = opendir(folder);
	enum gb_rc rc = dir || errno == ENOENT ? GB_OK : io_failed(folder, _("Reading"), err);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		int64_t number = number_of(entry->d_name);

		if (number > 0) {
			numbers = gb_mem_check(talloc_realloc(ctx, numbers, int64_t,
							      gb_mem_count(count + 1)));
			numbers[count++] = number;
		}
	}
	if (dir) {
		closedir(dir);
	}
	if (count > 0) {
		qsort(numbers, count, sizeof(*numbers), compare_numbers);
	}
	talloc_free(folder);
	*ret_numbers = numbers;
	*ret_count = count;
	return rc;
}

static void remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.') {
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
		}
	}
	if (dir) {
		closedir(dir);
	}
	(void)rmdir(path);
}

/* What cannot be removed stays: it disturbs nobody. */
static void prune(const char *folder, const int64_t *numbers, size_t count, size_t keeps)
{
	for (size_t i = 0; i + keeps <= count; i++) {
		char *path = gb_printf(NULL, "%s/%lld", folder, (long long)numbers[i]);

		remove_folder(path);
		talloc_free(path);
	}
}

static char *manifest_path(const void *ctx, const struct gb_generation *generation)
{
	return gb_printf(ctx, "%s/manifest.json", generation->folder);
}

static char *copy_path(const void *ctx, const struct gb_generation *generation, size_t index)
{
	return gb_printf(ctx, "%s/file-%zu", generation->folder, index);
}

static enum gb_rc write_manifest(const struct gb_generation *generation, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_writer *w = gb_json_writer_new(tmp, true);
	const char *text;
	enum gb_rc rc;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_int(w, "madeMs", generation->made_ms);
	gb_json_begin_array(w, "files");
	for (size_t i = 0; i < generation->file_count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "path", generation->paths[i]);
		gb_json_put_bool(w, "existed", generation->existed[i]);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	rc = gb_file_write_atomic(manifest_path(tmp, generation), text, strlen(text), 0600, err);
	talloc_free(tmp);
	return rc;
}

static struct gb_generation *new_generation(const void *ctx, const char *folder, int64_t number)
{
	struct gb_generation *generation = gb_new(ctx, struct gb_generation);

	generation->number = number;
	generation->made_ms = gb_clock_wall_ms();
	generation->folder = gb_printf(generation, "%s/%lld", folder, (long long)number);
	return generation;
}

/* @keeps: so many stay, the new one included. */
static enum gb_rc begin(const void *ctx, const char *config_path, size_t keeps,
			struct gb_generation **ret_generation, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *folder = generations_folder(tmp, config_path);
	struct gb_generation *generation = NULL;
	int64_t *numbers;
	size_t count;
	enum gb_rc rc = make_folder(folder, err);

	if (rc == GB_OK) {
		rc = gb_generations_list(tmp, config_path, &numbers, &count, err);
	}
	if (rc == GB_OK) {
		prune(folder, numbers, count, keeps);
		generation = new_generation(tmp, folder, count ? numbers[count - 1] + 1 : 1);
		rc = make_folder(generation->folder, err);
	}
	if (rc == GB_OK) {
		rc = write_manifest(generation, err);
	}
	if (rc == GB_OK) {
		*ret_generation = talloc_steal(ctx, generation);
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_generation_begin(const void *ctx, const char *config_path,
			       struct gb_generation **ret_generation, struct gb_err *err)
{
	return begin(ctx, config_path, GB_GENERATIONS_KEPT, ret_generation, err);
}

/* Secrets pass through here: their bytes are wiped. */
static enum gb_rc copy_file(const char *from, const char *to, mode_t mode, struct gb_err *err)
{
	size_t length;
	size_t size;
	char *bytes;
	int fd;
	enum gb_rc rc =
		gb_file_open_trusted(from, GB_FILE_PUBLIC, MAX_COPY_BYTES, &fd, &size, err);

	if (rc != GB_OK) {
		return rc;
	}
	bytes = gb_new_array(NULL, char, size + 1);
	rc = gb_file_read_fd(fd, from, bytes, size, &length, err);
	close(fd);
	if (rc == GB_OK) {
		rc = gb_file_write_atomic(to, bytes, length, mode, err);
	}
	gb_secret_wipe(bytes, size);
	talloc_free(bytes);
	return rc;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 0777 : 0600;
}

static bool is_kept(const struct gb_generation *generation, const char *path)
{
	for (size_t i = 0; i < generation->file_count; i++) {
		if (strcmp(generation->paths[i], path) == 0) {
			return true;
		}
	}
	return false;
}

enum gb_rc gb_generation_keep(struct gb_generation *generation, const char *path,
			      struct gb_err *err)
{
	size_t index = generation->file_count;
	bool exists = access(path, F_OK) == 0;
	enum gb_rc rc = GB_OK;

	if (is_kept(generation, path)) {
		return GB_OK;
	}
	if (index == GB_GENERATION_MAX_FILES) {
		return gb_err_set(err, GB_E_INTERNAL, "generation-full",
				  _("One change replaces more than %d files."),
				  GB_GENERATION_MAX_FILES);
	}
	if (exists) {
		char *copy = copy_path(NULL, generation, index);

		rc = copy_file(path, copy, mode_of(path), err);
		talloc_free(copy);
	}
	if (rc == GB_OK) {
		generation->paths[index] = gb_strdup(generation, path);
		generation->existed[index] = exists;
		generation->file_count++;
		rc = write_manifest(generation, err);
	}
	return rc;
}

static enum gb_rc bad_manifest(const char *path, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, path);

	gb_err_set(err, GB_E_CONFIG, "generation-manifest",
		   _("%s does not say what belongs to this generation."), shown);
	talloc_free(shown);
	return gb_err_undone(err, _("Nothing was put back."));
}

static enum gb_rc read_files(struct gb_generation *generation, const struct gb_json *root,
			     const char *path, struct gb_err *err)
{
	for (const struct gb_json *f = gb_json_first(gb_json_get(root, "files")); f;
	     f = gb_json_next(f)) {
		const char *file = gb_json_get_text(f, "path");
		size_t index = generation->file_count;

		if (!file || file[0] != '/' || index == GB_GENERATION_MAX_FILES ||
		    gb_json_member_kind(f, "existed") != GB_JSON_BOOL) {
			return bad_manifest(path, err);
		}
		generation->paths[index] = gb_strdup(generation, file);
		generation->existed[index] = gb_json_get_bool(f, "existed", false);
		generation->file_count++;
	}
	return GB_OK;
}

static enum gb_rc read_manifest(struct gb_generation *generation, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *path = manifest_path(tmp, generation);
	struct gb_json_doc *doc;
	size_t length;
	char *bytes;
	enum gb_rc rc = gb_file_read_trusted(tmp, path, MAX_MANIFEST_BYTES, &bytes, &length, err);

	if (rc == GB_OK) {
		rc = gb_json_parse(tmp, bytes, length, path, &doc, err);
	}
	if (rc == GB_OK &&
	    !gb_json_get_int(gb_json_root(doc), "madeMs", &generation->made_ms)) {
		rc = bad_manifest(path, err);
	}
	if (rc == GB_OK) {
		rc = read_files(generation, gb_json_root(doc), path, err);
	}
	talloc_free(tmp);
	return rc;
}

enum gb_rc gb_generation_load(const void *ctx, const char *config_path, int64_t number,
			      struct gb_generation **ret_generation, struct gb_err *err)
{
	char *folder = generations_folder(NULL, config_path);
	struct gb_generation *generation = new_generation(ctx, folder, number);
	enum gb_rc rc = read_manifest(generation, err);

	talloc_free(folder);
	if (rc != GB_OK) {
		talloc_free(generation);
		return rc;
	}
	*ret_generation = generation;
	return GB_OK;
}

enum gb_rc gb_generation_latest(const void *ctx, const char *config_path,
				struct gb_generation **ret_generation, struct gb_err *err)
{
	int64_t *numbers;
	size_t count;
	enum gb_rc rc = gb_generations_list(ctx, config_path, &numbers, &count, err);

	*ret_generation = NULL;
	if (rc == GB_OK && count > 0) {
		rc = gb_generation_load(ctx, config_path, numbers[count - 1], ret_generation, err);
	}
	talloc_free(numbers);
	return rc;
}

static enum gb_rc put_back(const struct gb_generation *generation, size_t index,
			   struct gb_err *err)
{
	const char *path = generation->paths[index];
	enum gb_rc rc = GB_OK;
	char *copy;

	if (!generation->existed[index]) {
		return unlink(path) == 0 || errno == ENOENT ? GB_OK
							    : io_failed(path, _("Removing"), err);
	}
	copy = copy_path(NULL, generation, index);
	rc = copy_file(copy, path, mode_of(copy), err);
	talloc_free(copy);
	return rc;
}

enum gb_rc gb_generation_restore(const struct gb_generation *generation, const char *config_path,
				 int64_t *ret_kept, struct gb_err *err)
{
	struct gb_generation *present = NULL;
	/* None is removed: the one that is put back could be the oldest. */
	enum gb_rc rc = begin(NULL, config_path, SIZE_MAX / 2, &present, err);

	for (size_t i = 0; i < generation->file_count && rc == GB_OK; i++) {
		rc = gb_generation_keep(present, generation->paths[i], err);
	}
	for (size_t i = generation->file_count; i > 0 && rc == GB_OK; i--) {
		rc = put_back(generation, i - 1, err);
	}
	if (rc == GB_OK) {
		*ret_kept = present->number;
	}
	talloc_free(present);
	return rc;
}
