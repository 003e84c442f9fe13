/* SPDX-License-Identifier: GPL-3.0-or-later */
/* $filter: for now the forms by id, which lists and delta share. */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "sim/graph/odata.h"

static const char *skip_space(const char *p)
{
	return p + strspn(p, " ");
}

/* The word at @p, any case; NULL if another stands there. */
static const char *word(const char *p, const char *text)
{
	size_t length = strlen(text);

	p = skip_space(p);
	if (strncasecmp(p, text, length) != 0 || isalnum((unsigned char)p[length])) {
		return NULL;
	}
	return p + length;
}

static const char *quoted_guid(const char *p, uint8_t ret_id[SIM_GUID_SIZE])
{
	char text[SIM_GUID_TEXT];

	p = skip_space(p);
	if (*p != '\'' || strlen(p) < SIM_GUID_TEXT + 1 || p[SIM_GUID_TEXT] != '\'') {
		return NULL;
	}
	memcpy(text, p + 1, SIM_GUID_TEXT - 1);
	text[SIM_GUID_TEXT - 1] = '\0';
	return sim_guid_parse(text, ret_id) ? p + SIM_GUID_TEXT + 1 : NULL;
}

/* One id at @p, kept in @odata while there is room; the count goes on so that 51 is seen. */
static const char *take_id(const char *p, struct sim_odata *odata)
{
	uint8_t id[SIM_GUID_SIZE];

	p = quoted_guid(p, id);
	if (p && odata->id_count < SIM_FILTER_ID_MAX) {
		memcpy(odata->ids[odata->id_count], id, SIM_GUID_SIZE);
	}
	odata->id_count += p ? 1 : 0;
	return p;
}

static const char *take_list(const char *p, struct sim_odata *odata)
{
	p = skip_space(p);
	if (*p != '(') {
		return NULL;
	}
	do {
		p = take_id(p + 1, odata);
		p = p ? skip_space(p) : NULL;
	} while (p && *p == ',');
	return p && *p == ')' ? p + 1 : NULL;
}

static const char *take_term(const char *p, struct sim_odata *odata)
{
	const char *after = NULL;

	p = word(p, "id");
	if (!p) {
		return NULL;
	}
	after = word(p, "eq");
	if (after) {
		return take_id(after, odata);
	}
	after = word(p, "in");
	return after ? take_list(after, odata) : NULL;
}

bool sim_odata_id_filter(struct sim_call *call, const char *filter, struct sim_odata *odata)
{
	const char *p = filter;

	do {
		p = take_term(p, odata);
	} while (p && *skip_space(p) && (p = word(p, "or")) != NULL);
	if (!p) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "Unsupported or invalid query filter clause specified.");
	}
	if (odata->id_count > SIM_FILTER_ID_MAX) {
		return sim_graph_error(call, 400, "Request_UnsupportedQuery",
				       "The filter names more than %d objects.", SIM_FILTER_ID_MAX);
	}
	return true;
}
