/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping: what the object of a cloud group should carry. */
#include "config.h"

#include "engine/plan/mapping.h"

#include <assert.h>
#include <string.h>

#include "engine/base/attributes.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/conversion.h"
#include "engine/plan/map.h"
#include "engine/plan/naming.h"

/* A group being mapped. */
struct work {
	const void *ctx;
	const struct gb_mapping_input *input;
	struct gb_mapping *out;
};

static bool is_security(const struct gb_cloud_group *group)
{
	switch (group->writeback_type) {
	case GB_WRITEBACK_UNIVERSAL_DISTRIBUTION:
		return false;
	case GB_WRITEBACK_UNIVERSAL_SECURITY:
	case GB_WRITEBACK_UNIVERSAL_MAIL_ENABLED_SECURITY:
		return true;
	case GB_WRITEBACK_TYPE_UNSET:
	case GB_WRITEBACK_TYPE_OTHER: /* never in scope; the kind's default harms least */
		break;
	}
	return !group->unified;
}

int32_t gb_mapping_group_type(const struct gb_plan_policy *policy,
			      const struct gb_cloud_group *group)
{
	int32_t scope = gb_conversion_scope_bit(policy->group_scope);

	return is_security(group) ? scope | GB_GROUP_TYPE_SECURITY : scope;
}

static void put(struct work *work, const char *attribute, const char *value)
{
	struct gb_mapping *out = work->out;

	assert(out->count < GB_MAPPING_MAX_VALUES);
	out->values[out->count++] =
		(struct gb_change_value){.attribute = attribute, .value = value};
}

static void remark(struct work *work, enum gb_cause cause)
{
	if (work->out->remark == GB_CAUSE_NONE) {
		work->out->remark = cause;
	}
}

static bool is_mapped(const struct work *work, const char *attribute)
{
	return gb_map_find(work->input->policy->map, attribute, NULL);
}

/* Attributes of the built-in map, unless the configuration's map has them. */
static void put_names(struct work *work)
{
	const struct gb_cloud_group *group = work->input->group;

	/* displayName is required in Entra: null means that it was kept from us. */
	if (!is_mapped(work, "displayName") && (group->present & GB_GROUP_HAS_DISPLAY_NAME) &&
	    group->display_name) {
		put(work, "displayName", gb_naming_display_name(work->ctx, group->display_name));
	}
	if (!is_mapped(work, "description") && (group->present & GB_GROUP_HAS_DESCRIPTION)) {
		put(work, "description", gb_naming_description(work->ctx, group->description));
	}
}

static void put_anchors(struct work *work)
{
	const struct gb_cloud_group *group = work->input->group;
	char *anchor = gb_naming_anchor(work->ctx, &group->id);

	put(work, "groupType",
	    gb_printf(work->ctx, "%d", gb_mapping_group_type(work->input->policy, group)));
	put(work, "adminDescription", anchor);
	if (work->input->policy->has_external_id) {
		put(work, "msDS-ExternalDirectoryObjectId", anchor);
	}
}

/* Mail. */

static const char *address_of(const struct gb_cloud_group *group)
{
	return (group->present & GB_GROUP_HAS_MAIL) && group->mail && group->mail[0] ? group->mail
										     : NULL;
}

static struct gb_attribute observed_values(const struct work *work, const char *attribute)
{
	const struct gb_directory_object *observed = work->input->observed;

	return observed ? gb_attributes_get(work->ctx, observed->extra, attribute)
			: (struct gb_attribute){.state = GB_ATTRIBUTE_ABSENT};
}

const char *gb_mapping_new_address(const void *ctx, const struct gb_mapping_input *input)
{
	struct work work = {.ctx = ctx, .input = input};
	const char *address = address_of(input->group);
	struct gb_attribute mail;

	if (!input->policy->mail_attributes || !address) {
		return NULL;
	}
	mail = observed_values(&work, "mail");
	return mail.count > 0 && gb_text_equal_nocase(mail.values[0], address) ? NULL : address;
}

/* "SMTP:" in capitals marks the primary address, "smtp:" the others (Exchange, proxyAddresses). */
static bool is_smtp(const char *value)
{
	char scheme[6] = {0};

	memcpy(scheme, value, strnlen(value, 5));
	return gb_text_equal_nocase(scheme, "smtp:");
}

/*
 * The primary address becomes the cloud's, one that was primary stays as a further one: mail that is
 * under way still arrives. Nothing else of an object that another tool made is touched.
 */
static void put_proxy_addresses(struct work *work, const char *address)
{
	struct gb_attribute old = observed_values(work, "proxyAddresses");

	put(work, "proxyAddresses", gb_printf(work->ctx, "SMTP:%s", address));
	for (size_t i = 0; i < old.count && i < GB_MAPPING_MAX_LIST - 1; i++) {
		const char *value = old.values[i];

		if (!is_smtp(value)) {
			put(work, "proxyAddresses", value);
		} else if (!gb_text_equal_nocase(value + 5, address)) {
			put(work, "proxyAddresses", gb_printf(work->ctx, "smtp:%s", value + 5));
		}
	}
}

static void put_mail(struct work *work)
{
	const struct gb_plan_policy *policy = work->input->policy;
	const struct gb_cloud_group *group = work->input->group;
	const char *address = address_of(group);

	if (!policy->mail_attributes || !address) {
		return;
	}
	if (work->input->mail_is_taken) {
		remark(work, GB_CAUSE_MAIL_TAKEN);
		return;
	}
	if (!is_mapped(work, "mail")) {
		put(work, "mail", address);
	}
	if (!is_mapped(work, "mailNickname") && policy->has_mail_nickname &&
	    (group->present & GB_GROUP_HAS_MAIL_NICKNAME) && group->mail_nickname) {
		put(work, "mailNickname", group->mail_nickname);
	}
	if (!is_mapped(work, "proxyAddresses")) {
		put_proxy_addresses(work, address);
	}
}

/* The configuration's map. */

static const char *fitting(const struct work *work, const char *attribute, const char *value)
{
	if (value[0] == '\0') {
		return NULL;
	}
	return strcmp(attribute, "displayName") == 0 ? gb_naming_display_name(work->ctx, value)
						     : value;
}

static void put_mapped(struct work *work, const char *attribute,
		       const struct gb_expression *expression)
{
	struct gb_attribute value = gb_expression_value(work->ctx, expression, work->input->group);
	size_t most = gb_attribute_is_list(attribute) ? GB_MAPPING_MAX_LIST : 1;

	if (value.state == GB_ATTRIBUTE_UNKNOWN) {
		remark(work, GB_CAUSE_ATTRIBUTE_UNDECIDED);
		return;
	}
	if (value.count == 0) {
		put(work, attribute, NULL);
	}
	for (size_t i = 0; i < value.count && i < most; i++) {
		put(work, attribute, fitting(work, attribute, value.values[i]));
	}
}

/* Names and places are found by the planner, which has to know whether they are free. */
static bool is_name(const char *attribute)
{
	return strcmp(attribute, "cn") == 0 || strcmp(attribute, "sAMAccountName") == 0 ||
	       strcmp(attribute, "parentDistinguishedName") == 0;
}

static void put_map(struct work *work)
{
	const struct gb_map *map = work->input->policy->map;

	for (size_t i = 0; i < gb_map_count(map); i++) {
		const struct gb_expression *expression = gb_map_expression(map, i);

		if (expression && !is_name(gb_map_attribute(map, i))) {
			put_mapped(work, gb_map_attribute(map, i), expression);
		}
	}
}

void gb_mapping_values(const void *ctx, const struct gb_mapping_input *input,
		       struct gb_mapping *ret_mapping)
{
	struct work work = {.ctx = ctx, .input = input, .out = ret_mapping};

	ret_mapping->count = 0;
	ret_mapping->remark = GB_CAUSE_NONE;
	put_names(&work);
	put_anchors(&work);
	put_mail(&work);
	put_map(&work);
}

struct gb_mapped_text gb_mapping_text(const void *ctx, const struct gb_plan_policy *policy,
				      const struct gb_cloud_group *group, const char *attribute)
{
	const struct gb_expression *expression = NULL;
	struct gb_mapped_text mapped = {.is_mapped =
						gb_map_find(policy->map, attribute, &expression)};
	struct gb_attribute value;

	if (!mapped.is_mapped || !expression) {
		return mapped;
	}
	value = gb_expression_value(ctx, expression, group);
	mapped.is_unknown = value.state == GB_ATTRIBUTE_UNKNOWN;
	mapped.text = value.count > 0 ? value.values[0] : NULL;
	return mapped;
}
