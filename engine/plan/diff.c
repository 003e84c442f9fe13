/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diff: the differences of one object. */
#include "config.h"

#include "engine/plan/diff.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/attributes.h"
#include "engine/base/mem.h"

/* Attributes with a field of their own. NULL: @attribute has none. */
static const char *const *field_of(const struct gb_directory_object *observed,
				   const char *attribute)
{
	const struct {
		const char *attribute;
		const char *const *field;
	} fields[] = {
		{"displayName", &observed->display_name},
		{"description", &observed->description},
		{"sAMAccountName", &observed->sam_account_name},
		{"adminDescription", &observed->admin_description},
		{"msDS-ExternalDirectoryObjectId", &observed->external_directory_id},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(fields[i].attribute, attribute) == 0) {
			return fields[i].field;
		}
	}
	return NULL;
}

static struct gb_attribute one(const void *ctx, const char *value)
{
	struct gb_attribute attribute = {.state = GB_ATTRIBUTE_ABSENT};

	if (value) {
		attribute.state = GB_ATTRIBUTE_PRESENT;
		attribute.values = gb_new_array(ctx, const char *, 1);
		attribute.values[attribute.count++] = value;
	}
	return attribute;
}

/* What stands there. An attribute that was not read is unknown, not absent. */
static struct gb_attribute observed_values(const void *ctx,
					   const struct gb_directory_object *observed,
					   const char *attribute)
{
	const char *const *field = field_of(observed, attribute);

	if (field) {
		return one(ctx, *field);
	}
	if (strcmp(attribute, "groupType") == 0) {
		return one(ctx, gb_printf(ctx, "%d", observed->group_type));
	}
	return gb_attributes_get(ctx, observed->extra, attribute);
}

static bool is_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Values of one attribute that follow each other in @wanted, without those that say "absent". */
struct run {
	const char *attribute;
	const char *values[GB_MAPPING_MAX_LIST];
	size_t count;
	size_t length; /* entries of @wanted */
};

static void take_run(const struct gb_mapping *wanted, size_t at, struct run *run)
{
	run->attribute = wanted->values[at].attribute;
	run->count = 0;
	run->length = 0;
	for (; at < wanted->count && strcmp(wanted->values[at].attribute, run->attribute) == 0;
	     at++) {
		run->length++;
		if (wanted->values[at].value && run->count < GB_MAPPING_MAX_LIST) {
			run->values[run->count++] = wanted->values[at].value;
		}
	}
}

static bool holds(const char *const *values, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(values[i], value) == 0) {
			return true;
		}
	}
	return false;
}

/* As sets: a directory keeps the values of a list in no order. */
static bool is_same(const struct run *run, const struct gb_attribute *observed)
{
	for (size_t i = 0; i < run->count; i++) {
		if (!holds(observed->values, observed->count, run->values[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < observed->count; i++) {
		if (!holds(run->values, run->count, observed->values[i])) {
			return false;
		}
	}
	return true;
}

/* New and old values side by side: more of one kind than of the other leave NULL there. */
static void put_difference(const struct run *run, const struct gb_attribute *observed,
			   struct gb_mapping *diff)
{
	size_t count = run->count > observed->count ? run->count : observed->count;

	for (size_t i = 0; i < count && diff->count < GB_MAPPING_MAX_VALUES; i++) {
		diff->values[diff->count++] = (struct gb_change_value){
			.attribute = run->attribute,
			.value = i < run->count ? run->values[i] : NULL,
			.old_value = i < observed->count ? observed->values[i] : NULL,
		};
	}
}

void gb_diff_attributes(const void *ctx, const struct gb_mapping *wanted,
			const struct gb_directory_object *observed, struct gb_mapping *ret_diff)
{
	struct run run;

	ret_diff->count = 0;
	ret_diff->remark = wanted->remark;
	for (size_t at = 0; at < wanted->count; at += run.length) {
		struct gb_attribute old;

		take_run(wanted, at, &run);
		old = observed_values(ctx, observed, run.attribute);
		if (old.state != GB_ATTRIBUTE_UNKNOWN && !is_same(&run, &old)) {
			put_difference(&run, &old, ret_diff);
		}
	}
}

static void add_lost(const void *ctx, const struct gb_directory_object *observed,
		     const char *attribute, struct gb_mapping *values)
{
	struct gb_attribute old = observed_values(ctx, observed, attribute);

	for (size_t i = 0; i < old.count && values->count < GB_MAPPING_MAX_VALUES; i++) {
		values->values[values->count++] = (struct gb_change_value){
			.attribute = attribute, .old_value = old.values[i]};
	}
}

void gb_diff_lost(const void *ctx, const struct gb_directory_object *observed,
		  struct gb_mapping *ret_values)
{
	static const char *const fields[] = {
		"sAMAccountName", "displayName",      "description",
		"groupType",      "adminDescription", "msDS-ExternalDirectoryObjectId",
	};
	char *name = NULL;

	*ret_values = (struct gb_mapping){.count = 0};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		add_lost(ctx, observed, fields[i], ret_values);
	}
	while ((name = gb_attributes_next_name(ctx, observed->extra, name)) != NULL) {
		add_lost(ctx, observed, name, ret_values);
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
