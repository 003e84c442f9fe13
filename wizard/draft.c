/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft: texts by name, secrets apart. */
#include "config.h"

#include "wizard/draft.h"

#include <string.h>

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/value.h"
#include "wizard/draft_values.h"

static int64_t place_of(const struct wz_draft *draft, const char *name)
{
	for (size_t i = 0; i < draft->count; i++) {
		if (strcmp(draft->values[i].name, name) == 0) {
			return (int64_t)i;
		}
	}
	return -1;
}

static struct wz_draft_value *find(const struct wz_draft *draft, const char *name)
{
	int64_t place = place_of(draft, name);

	return place < 0 ? NULL : &draft->values[place];
}

static struct wz_draft_value *find_or_add(struct wz_draft *draft, const char *name)
{
	struct wz_draft_value *value = find(draft, name);

	if (value) {
		return value;
	}
	draft->values = gb_mem_check(talloc_realloc(draft, draft->values, struct wz_draft_value,
						    gb_mem_count(draft->count + 1)));
	value = &draft->values[draft->count++];
	*value = (struct wz_draft_value){.name = gb_strdup(draft, name)};
	return value;
}

static char *name_of(const void *ctx, const struct gb_key *key)
{
	return gb_printf(ctx, "%s.%s", key->section, key->name);
}

const struct gb_key *wz_draft_key(const char *name)
{
	const char *dot = strchr(name, '.');
	const struct gb_key *key;
	char *section;

	if (!dot) {
		return NULL;
	}
	section = gb_strndup(NULL, name, (size_t)(dot - name));
	key = gb_key_find(section, dot + 1);
	talloc_free(section);
	return key;
}

static void take_values_of(struct wz_draft *draft, const struct gb_config *config)
{
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	for (size_t i = 0; i < count; i++) {
		char *name = name_of(NULL, &keys[i]);
		char *text = gb_config_get(name, config, &keys[i]);

		if (text) {
			find_or_add(draft, name)->text = gb_strdup(draft, text);
		}
		talloc_free(name);
	}
}

struct wz_draft *wz_draft_new(const void *ctx, const struct gb_config *before)
{
	struct wz_draft *draft = gb_new(ctx, struct wz_draft);
	struct gb_config *defaults = gb_config_new(draft);

	draft->before = before;
	take_values_of(draft, before ? before : defaults);
	talloc_free(defaults);
	return draft;
}

const struct gb_config *wz_draft_before(const struct wz_draft *draft)
{
	return draft->before;
}

const char *wz_draft_get(const struct wz_draft *draft, const char *name)
{
	const struct wz_draft_value *value = find(draft, name);

	return value ? value->text : NULL;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool wz_draft_set(struct wz_draft *draft, const char *name, const char *text)
{
	struct wz_draft_value *value = find_or_add(draft, name);
	char *copy;

	if (is_same(value->text, text)) {
		return false;
	}
	copy = gb_strdup(draft, text);
	talloc_free(value->text);
	value->text = copy;
	value->stamp = ++draft->clock;
	return true;
}

const struct gb_secret *wz_draft_secret(const struct wz_draft *draft, const char *name)
{
	const struct wz_draft_value *value = find(draft, name);

	return value ? value->secret : NULL;
}

void wz_draft_set_secret(struct wz_draft *draft, const char *name, struct gb_secret *secret)
{
	struct wz_draft_value *value = find_or_add(draft, name);

	if (!secret && !value->secret) {
		return;
	}
	talloc_free(value->secret);
	value->secret = talloc_steal(draft, secret);
	value->stamp = ++draft->clock;
}

uint64_t wz_draft_stamp(const struct wz_draft *draft, const char *prefix)
{
	size_t length = strlen(prefix);
	uint64_t stamp = 0;

	for (size_t i = 0; i < draft->count; i++) {
		const struct wz_draft_value *value = &draft->values[i];

		if (strncmp(value->name, prefix, length) == 0 && value->stamp > stamp) {
			stamp = value->stamp;
		}
	}
	return stamp;
}

struct gb_config *wz_draft_config(const void *ctx, const struct wz_draft *draft)
{
	struct gb_config *config = gb_config_new(ctx);
	struct gb_err ignored;

	for (size_t i = 0; i < draft->count; i++) {
		const struct gb_key *key = wz_draft_key(draft->values[i].name);

		if (key && draft->values[i].text) {
			enum gb_rc rc = gb_config_set(config, key, draft->values[i].text, &ignored);

			(void)rc; /* a value that is wrong stays at its default */
		}
	}
	return config;
}

static void add_change(struct wz_change **changes, size_t *count, const void *ctx,
		       struct wz_change change)
{
	*changes = gb_mem_check(
		talloc_realloc(ctx, *changes, struct wz_change, gb_mem_count(*count + 1)));
	change.before = gb_strdup(*changes, change.before);
	change.after = gb_strdup(*changes, change.after);
	(*changes)[(*count)++] = change;
}

struct wz_change *wz_draft_changes(const void *ctx, const struct wz_draft *draft, size_t *ret_count)
{
	void *tmp = gb_new_tmp(NULL);
	const struct gb_config *before = draft->before ? draft->before : gb_config_new(tmp);
	const struct gb_config *after = wz_draft_config(tmp, draft);
	struct wz_change *changes = NULL;
	size_t count;
	const struct gb_key *keys = gb_keys(&count);

	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct wz_change change = {
			.key = &keys[i],
			.before = gb_config_get(tmp, before, &keys[i]),
			.after = gb_config_get(tmp, after, &keys[i]),
		};

		if (!is_same(change.before, change.after)) {
			add_change(&changes, ret_count, ctx, change);
		}
	}
	talloc_free(tmp);
	return changes;
}

bool wz_draft_is_dirty(const struct wz_draft *draft)
{
	return draft->clock != draft->clean;
}
