/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the lease. */
#include "config.h"

#include "engine/sync/lease_value.h"

#include <string.h>

#include "engine/base/guid.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

char *gb_lease_format(const void *ctx, const struct gb_lease_value *value)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);
	char *text;

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "groupbackLease", value->format);
	gb_json_put_text(w, "instance", value->instance);
	gb_json_put_text(w, "host", value->host);
	gb_json_put_text(w, "version", value->version);
	gb_json_put_int(w, "generation", value->generation);
	gb_json_put_int(w, "renewedMs", value->renewed_ms);
	gb_json_put_int(w, "untilMs", value->until_ms);
	gb_json_end_object(w);
	text = gb_strdup(ctx, gb_json_writer_text(w));
	talloc_free(w);
	return text;
}

static bool is_complete(const struct gb_lease_value *value)
{
	struct gb_guid guid;

	return value->format > 0 && value->generation > 0 && value->renewed_ms >= 0 &&
	       value->until_ms >= 0 && value->instance != NULL && value->host != NULL &&
	       value->version != NULL && gb_guid_parse(value->instance, &guid);
}

static bool take_fields(const void *ctx, const struct gb_json *root, struct gb_lease_value *value)
{
	if (!gb_json_get_int(root, "groupbackLease", &value->format) ||
	    !gb_json_get_int(root, "generation", &value->generation) ||
	    !gb_json_get_int(root, "renewedMs", &value->renewed_ms) ||
	    !gb_json_get_int(root, "untilMs", &value->until_ms)) {
		return false;
	}
	value->instance = gb_strdup(ctx, gb_json_get_text(root, "instance"));
	/* Whoever may write there may write anything: these are shown to people. */
	value->host = gb_text_display(ctx, gb_json_get_text(root, "host"));
	value->version = gb_text_display(ctx, gb_json_get_text(root, "version"));
	return is_complete(value);
}

bool gb_lease_parse(const void *ctx, const char *text, struct gb_lease_value *ret_value)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_lease_value value = {.format = 0};
	struct gb_json_doc *doc;
	bool is_ours = strlen(text) <= 4 * GB_LEASE_MAX_BYTES &&
		       gb_json_parse(tmp, text, strlen(text), "lease", &doc, NULL) == GB_OK &&
		       take_fields(tmp, gb_json_root(doc), &value);

	if (is_ours) {
		*ret_value = value;
		ret_value->instance = talloc_steal(ctx, value.instance);
		ret_value->host = talloc_steal(ctx, value.host);
		ret_value->version = talloc_steal(ctx, value.version);
	}
	talloc_free(tmp);
	return is_ours;
}

bool gb_lease_is_self(const struct gb_lease_value *seen, const struct gb_lease_value *self)
{
	return gb_text_equal_nocase(seen->instance, self->instance) &&
	       gb_text_equal_nocase(seen->host, self->host);
}

/* A copy of our machine, or another state directory on ours. */
static bool is_related(const struct gb_lease_value *seen, const struct gb_lease_value *self)
{
	return gb_text_equal_nocase(seen->instance, self->instance) ||
	       gb_text_equal_nocase(seen->host, self->host);
}

static bool is_newer(const struct gb_lease_value *seen, const struct gb_lease_value *self)
{
	return seen->format > self->format || strverscmp(seen->version, self->version) > 0;
}

/* Domain controllers may differ by five minutes (Kerberos allows no more), and tell whole seconds. */
static int64_t margin_ms(const struct gb_lease_value *seen)
{
	int64_t half_ms = (seen->until_ms - seen->renewed_ms) / 2;

	return half_ms < 0 ? 0 : half_ms < GB_LEASE_MARGIN_MS ? half_ms : GB_LEASE_MARGIN_MS;
}

static bool has_run_out(const struct gb_lease_value *seen, int64_t now_ms)
{
	return now_ms > seen->until_ms + margin_ms(seen);
}

/* More than half of its time is left, and it was not written by a clock that ran ahead. */
static bool is_fresh(const struct gb_lease_value *seen, int64_t now_ms)
{
	return seen->until_ms - now_ms > (seen->until_ms - seen->renewed_ms) / 2 &&
	       now_ms + margin_ms(seen) >= seen->renewed_ms;
}

enum gb_lease_verdict gb_lease_judge(const struct gb_lease_value *seen,
				     const struct gb_lease_value *self, int64_t now_ms,
				     bool standby)
{
	if (seen == NULL) {
		return GB_LEASE_FREE;
	}
	if (gb_lease_is_self(seen, self)) {
		return seen->until_ms == 0	? GB_LEASE_FREE
		       : is_fresh(seen, now_ms) ? GB_LEASE_FRESH
						: GB_LEASE_DUE;
	}
	if (is_newer(seen, self)) {
		return GB_LEASE_NEWER;
	}
	if (seen->until_ms == 0) {
		return GB_LEASE_FREE;
	}
	if (!has_run_out(seen, now_ms)) {
		return GB_LEASE_HELD;
	}
	return standby || is_related(seen, self) ? GB_LEASE_TAKE_OVER : GB_LEASE_LEFT;
}
