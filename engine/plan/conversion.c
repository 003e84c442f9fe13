/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversion: the way from one groupType to another. */
#include "config.h"

#include "engine/plan/conversion.h"

#include "engine/base/directory_object.h"

int32_t gb_conversion_scope_bit(enum gb_group_scope scope)
{
	switch (scope) {
	case GB_GROUP_SCOPE_GLOBAL:
		return GB_GROUP_TYPE_GLOBAL;
	case GB_GROUP_SCOPE_DOMAIN_LOCAL:
		return GB_GROUP_TYPE_DOMAIN_LOCAL;
	case GB_GROUP_SCOPE_UNIVERSAL:
		break;
	}
	return GB_GROUP_TYPE_UNIVERSAL;
}

static int32_t scope_of(int32_t group_type)
{
	return group_type & GB_CONVERSION_SCOPES;
}

static int32_t with_scope(int32_t group_type, int32_t scope)
{
	return (group_type & ~GB_CONVERSION_SCOPES) | scope;
}

/* Whether nesting stands against @group becoming a member or holder of scope @to. */
static bool is_against(const struct gb_nesting_facts *facts, int32_t to)
{
	switch (to) {
	case GB_GROUP_TYPE_UNIVERSAL:
		return (facts->parents & GB_GROUP_TYPE_GLOBAL) != 0 ||
		       (facts->members & GB_GROUP_TYPE_DOMAIN_LOCAL) != 0;
	case GB_GROUP_TYPE_GLOBAL:
		return (facts->members & (GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_DOMAIN_LOCAL)) !=
		       0;
	default:
		return (facts->parents & (GB_GROUP_TYPE_UNIVERSAL | GB_GROUP_TYPE_GLOBAL)) != 0;
	}
}

struct gb_conversion gb_conversion_plan(int32_t from, int32_t to,
					const struct gb_nesting_facts *facts)
{
	struct gb_conversion way = {.count = 0};
	bool by_universal = scope_of(from) != GB_GROUP_TYPE_UNIVERSAL &&
			    scope_of(to) != GB_GROUP_TYPE_UNIVERSAL;

	if (scope_of(from) != scope_of(to)) {
		way.is_blocked = is_against(facts, scope_of(to)) ||
				 (by_universal && is_against(facts, GB_GROUP_TYPE_UNIVERSAL));
	}
	if (way.is_blocked) {
		to = with_scope(to, scope_of(from));
	} else if (scope_of(from) != scope_of(to) && by_universal) {
		way.steps[way.count++] = with_scope(from, GB_GROUP_TYPE_UNIVERSAL);
	}
	if (from != to) {
		way.steps[way.count++] = to;
	}
	return way;
}
