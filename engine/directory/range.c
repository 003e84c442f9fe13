/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranged retrieval: parsing range options and keeping account of them. */
#include "config.h"

#include "engine/directory/range.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"

#define OPTION ";range="

/* A decimal number below GB_RANGE_MAX_VALUES at *@at; moves *@at behind it. */
static bool read_number(const char **at, uint32_t *ret_number)
{
	uint32_t number = 0;
	const char *begin = *at;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		number = number * 10 + (uint32_t)(**at - '0');
		if (number > GB_RANGE_MAX_VALUES) {
			return false;
		}
	}
	*ret_number = number;
	return *at != begin;
}

bool gb_range_parse(const char *description, struct gb_range_part *ret_part)
{
	struct gb_range_part part = {0};
	const char *at = strchr(description, ';');

	/* AD knows no other options beside range, so the option stands right behind the name. */
	if (!at || strncasecmp(at, OPTION, strlen(OPTION)) != 0) {
		return false;
	}
	part.name_length = (size_t)(at - description);
	at += strlen(OPTION);
	if (!read_number(&at, &part.first) || *at++ != '-') {
		return false;
	}
	if (strcmp(at, "*") == 0) {
		part.is_last = true;
	} else if (!read_number(&at, &part.last) || *at || part.last < part.first) {
		return false;
	}
	*ret_part = part;
	return true;
}

static enum gb_rc broken(struct gb_err *err, const struct gb_range *range,
			 const struct gb_range_part *part, size_t count)
{
	gb_err_set(err, GB_E_PROTOCOL, "directory-broken-range",
		   _("The directory answered %zu values from position %u of a long list where "
		     "position %u was expected."),
		   count, part ? part->first : 0, range->next);
	return gb_err_remedy(err, _("Run it again; if it stays, check the domain controller."));
}

enum gb_rc gb_range_take(struct gb_range *range, const struct gb_range_part *part, size_t count,
			 struct gb_err *err)
{
	uint32_t first = part ? part->first : 0;

	if (range->is_complete || first != range->next || count > GB_RANGE_MAX_VALUES - first) {
		return broken(err, range, part, count);
	}
	if (part && !part->is_last && (count == 0 || part->last - part->first + 1 != count)) {
		return broken(err, range, part, count);
	}
	range->next += (uint32_t)count;
	range->is_complete = !part || part->is_last;
	return GB_OK;
}

char *gb_range_request(const void *ctx, const struct gb_range *range, const char *attribute)
{
	return gb_printf(ctx, "%s" OPTION "%u-%u", attribute, range->next,
			 range->next + GB_RANGE_VALUES - 1);
}
