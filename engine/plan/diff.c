/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diff: the differences of one object. */
#include "config.h"

#include "engine/plan/diff.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/mem.h"

/* What stands there: NULL if nothing. An attribute that is not read cannot be told from absent. */
static const char *observed_value(const void *ctx, const struct gb_directory_object *observed,
				  const char *attribute)
{
	if (strcmp(attribute, "displayName") == 0) {
		return observed->display_name;
	}
	if (strcmp(attribute, "description") == 0) {
		return observed->description;
	}
	if (strcmp(attribute, "adminDescription") == 0) {
		return observed->admin_description;
	}
	if (strcmp(attribute, "msDS-ExternalDirectoryObjectId") == 0) {
		return observed->external_directory_id;
	}
	if (strcmp(attribute, "groupType") == 0) {
		return gb_printf(ctx, "%d", observed->group_type);
	}
	return NULL;
}

static bool is_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

void gb_diff_attributes(const void *ctx, const struct gb_mapping *wanted,
			const struct gb_directory_object *observed, struct gb_mapping *ret_diff)
{
	*ret_diff = (struct gb_mapping){.count = 0};
	for (size_t i = 0; i < wanted->count; i++) {
		struct gb_change_value value = wanted->values[i];

		value.old_value = observed_value(ctx, observed, value.attribute);
		if (!is_equal(value.value, value.old_value)) {
			ret_diff->values[ret_diff->count++] = value;
		}
	}
}

const struct gb_change_value *gb_diff_find(const struct gb_mapping *diff, const char *attribute)
{
	for (size_t i = 0; i < diff->count; i++) {
		if (strcmp(diff->values[i].attribute, attribute) == 0) {
			return &diff->values[i];
		}
	}
	return NULL;
}

bool gb_diff_is_rename(const struct gb_directory_object *observed, const char *cn)
{
	return !is_equal(observed->cn, cn);
}
