/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opaque tokens in nextLinks and deltaLinks. */
#include "config.h"

#include "sim/graph/page_token.h"

#include <string.h>
#include <strings.h>

/** Bytes of the authenticator. */
#define MAC_SIZE 16
/** First byte of a list's token. */
#define KIND_LIST 'L'

static const char prefix[] = "DSpt\n"; /* RFNwdAo: as Graph's own tokens begin */

char *sim_page_token_seal(const void *ctx, const struct sim_world *world,
			  const struct sim_buf *payload)
{
	struct sim_buf *out = sim_buf_new(ctx);
	uint8_t mac[MAC_SIZE];
	char *text = NULL;

	sim_buf_text(out, prefix);
	sim_buf_number(out, payload->length, 2);
	sim_buf_add(out, payload->data, payload->length);
	for (int64_t i = 0; i < world->switches.token_padding; i++) {
		sim_buf_byte(out, (char)('A' + i % 26));
	}
	sim_mac(world->token_key, out->data, out->length, mac);
	sim_buf_add(out, mac, sizeof(mac));
	text = sim_base64url(ctx, out->data, out->length);
	talloc_free(out);
	return text;
}

bool sim_page_token_open(const void *ctx, const struct sim_world *world, const char *text,
			 struct sim_token_reader *ret_reader)
{
	const size_t head = sizeof(prefix) - 1;
	size_t length = 0;
	uint8_t *bytes = sim_base64url_decode(ctx, text, strlen(text), &length);
	uint8_t mac[MAC_SIZE];
	size_t payload = 0;

	if (!bytes || length < head + 2 + MAC_SIZE) {
		return false;
	}
	sim_mac(world->token_key, bytes, length - MAC_SIZE, mac);
	if (memcmp(mac, bytes + length - MAC_SIZE, MAC_SIZE) != 0) {
		return false;
	}
	payload = (size_t)bytes[head] << 8 | bytes[head + 1];
	if (payload > length - head - 2 - MAC_SIZE) {
		return false;
	}
	*ret_reader = (struct sim_token_reader){bytes + head + 2, payload, false};
	return true;
}

uint64_t sim_token_number(struct sim_token_reader *reader, size_t size)
{
	uint64_t number = 0;

	if (reader->left < size) {
		reader->is_short = true;
		return 0;
	}
	for (size_t i = 0; i < size; i++) {
		number = number << 8 | reader->bytes[i];
	}
	reader->bytes += size;
	reader->left -= size;
	return number;
}

/* A token serves the collection it was made for, and no other. */
static uint64_t collection_mark(const struct sim_call *call)
{
	char *text = sim_printf(NULL, "%s/%s", call->beta ? "beta" : "v1.0", call->resource);
	uint8_t digest[32];
	uint64_t mark = 0;

	for (char *p = text; *p; p++) {
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	}
	sim_sha256(text, strlen(text), digest);
	memcpy(&mark, digest, sizeof(mark));
	talloc_free(text);
	return mark ^ call->world->tenant->epoch;
}

char *sim_position_seal(struct sim_call *call, const struct sim_position *position)
{
	struct sim_buf *payload = sim_buf_new(call->request);

	sim_buf_byte(payload, KIND_LIST);
	sim_buf_byte(payload, position->eventual ? 1 : 0);
	sim_buf_number(payload, (uint64_t)sim_clock_now(&call->world->clock), 8);
	sim_buf_number(payload, collection_mark(call), 8);
	sim_buf_number(payload, position->at, 8);
	sim_buf_number(payload, position->page, 4);
	return sim_page_token_seal(call->request, call->world, payload);
}

bool sim_position_open(struct sim_call *call, const char *text, struct sim_position *ret_position)
{
	struct sim_token_reader reader;
	int64_t age = 0;

	if (!sim_page_token_open(call->request, call->world, text, &reader) ||
	    sim_token_number(&reader, 1) != KIND_LIST) {
		return sim_graph_error(call, 400, "Request_BadRequest", "Badly formed token.");
	}
	ret_position->eventual = sim_token_number(&reader, 1) == 1;
	age = sim_clock_now(&call->world->clock) - (int64_t)sim_token_number(&reader, 8);
	if (sim_token_number(&reader, 8) != collection_mark(call)) {
		return sim_graph_error(call, 400, "Request_BadRequest", "Badly formed token.");
	}
	ret_position->at = sim_token_number(&reader, 8);
	ret_position->page = (uint32_t)sim_token_number(&reader, 4);
	/* Page two in another mode than page one, or too late: the same answer. */
	if (age > call->world->switches.page_token_s || ret_position->eventual != call->eventual) {
		return sim_graph_error(call, 400, "Directory_ExpiredPageToken",
				       "The specified page token value has expired and can no "
				       "longer be included in your request.");
	}
	return true;
}

static bool is_skiptoken(const char *name)
{
	return strcasecmp(name, "$skiptoken") == 0 || strcasecmp(name, "skiptoken") == 0;
}

char *sim_next_link(const struct sim_call *call, const char *token)
{
	const struct sim_request *request = call->request;
	char *link = sim_printf(request, "%s%s?", request->origin, request->path);

	for (size_t i = 0; i < request->query.count; i++) {
		const struct sim_pair *pair = &request->query.items[i];

		if (!is_skiptoken(pair->name)) {
			link = sim_mem_check(talloc_asprintf_append_buffer(link, "%s&", pair->raw));
		}
	}
	return sim_mem_check(talloc_asprintf_append_buffer(link, "$skiptoken=%s", token));
}
