/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graph's error envelope, status and code, to our errors. */
#include "config.h"

#include "engine/cloud/graph_error.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* What the envelope says; texts are fit to be shown. */
struct envelope {
	const char *code;    /* "" if there is none */
	const char *inner;   /* the more specific one in innerError; "" if there is none */
	const char *message; /* cut */
};

static const char *shown(const void *ctx, const char *text, size_t max_units)
{
	return text == NULL ? "" : gb_text_cut_utf16(ctx, gb_text_display(ctx, text), max_units);
}

static void read_envelope(const void *ctx, const struct gb_http_answer *answer,
			  struct envelope *envelope)
{
	struct gb_json_doc *doc = NULL;
	const struct gb_json *error;
	const struct gb_json *inner;

	*envelope = (struct envelope){.code = "", .inner = "", .message = ""};
	if (!gb_http_is_json(answer->content_type) ||
	    gb_json_parse(ctx, answer->body, answer->body_length, "", &doc, NULL) != GB_OK) {
		return;
	}
	error = gb_json_get(gb_json_root(doc), "error");
	inner = gb_json_get(error, "innerError");
	if (inner == NULL) {
		inner = gb_json_get(error, "innererror");
	}
	envelope->code = shown(ctx, gb_json_get_text(error, "code"), 60);
	envelope->inner = shown(ctx, gb_json_get_text(inner, "code"), 60);
	envelope->message = shown(ctx, gb_json_get_text(error, "message"), 150);
}

static bool has_code(const struct envelope *envelope, const char *const *codes)
{
	for (; *codes != NULL; codes++) {
		if (gb_text_equal_nocase(envelope->code, *codes) ||
		    gb_text_equal_nocase(envelope->inner, *codes)) {
			return true;
		}
	}
	return false;
}

static bool is_stale(const struct envelope *envelope)
{
	static const char *const codes[] = {"syncStateNotFound",
					    "syncStateInvalid",
					    "resyncRequired",
					    "Directory_ExpiredPageToken",
					    "DirectoryPageTokenNotFoundException",
					    NULL};

	return has_code(envelope, codes);
}

static bool is_not_found(const struct envelope *envelope)
{
	static const char *const codes[] = {"Request_ResourceNotFound", "ResourceNotFound",
					    "Directory_ObjectNotFound", NULL};

	return has_code(envelope, codes);
}

/*
 * Graph has answered 404 UnknownError to links that it had given itself: that is no word about the
 * object. When the object itself is gone, its page tokens are too, and reading anew will tell.
 */
static enum gb_rc classify_404(const struct gb_graph_call *call, const struct envelope *envelope)
{
	if (!is_not_found(envelope)) {
		return GB_E_UNAVAILABLE;
	}
	return call->is_link ? GB_E_STALE_CURSOR : GB_E_NOT_FOUND;
}

static enum gb_rc classify(const struct gb_graph_call *call, int status,
			   const struct envelope *envelope)
{
	if (status == 410 || (status < 500 && is_stale(envelope))) {
		return GB_E_STALE_CURSOR;
	}
	if (status == 404) {
		return classify_404(call, envelope);
	}
	if (status == 401 || status == 403) {
		return GB_E_ACCESS;
	}
	if (status == 429) {
		return GB_E_TRY_AGAIN;
	}
	if (status == 408 || (status >= 500 && status != 501)) {
		return GB_E_UNAVAILABLE;
	}
	return status == 400 && call->is_link ? GB_E_STALE_CURSOR : GB_E_PROTOCOL;
}

static void advise_access(const struct gb_graph_call *call, int status, struct gb_err *err)
{
	if (status == 401) {
		gb_err_remedy(
			err, _("A new token was refused as well: check that the application still "
			       "exists and is enabled, and that authority and Graph address belong "
			       "to one cloud."));
	} else {
		gb_err_remedy(err,
			      _("Give the application the permission %s, of type application, and "
				"grant admin consent."),
			      call->permission);
	}
}

static void advise(const struct gb_graph_call *call, enum gb_rc rc, int status, struct gb_err *err)
{
	if (rc == GB_E_ACCESS) {
		advise_access(call, status, err);
	} else if (rc == GB_E_TRY_AGAIN) {
		gb_err_remedy(err, _("Graph limits this application; the next run tries again."));
	} else if (rc == GB_E_UNAVAILABLE) {
		gb_err_remedy(err,
			      _("The next run tries again; if it stays so, look at Microsoft's "
				"service health."));
	} else if (rc == GB_E_STALE_CURSOR) {
		gb_err_remedy(err, _("It has to be read anew from its beginning."));
	} else if (rc == GB_E_PROTOCOL) {
		gb_err_remedy(err,
			      _("Check the Graph address and what stands in between; if both are "
				"right, report this."));
	}
}

enum gb_rc gb_graph_explain(const struct gb_graph_call *call, const struct gb_http_answer *answer,
			    struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	struct envelope envelope;
	enum gb_rc rc;
	char id[sizeof(err->id)];

	read_envelope(tmp, answer, &envelope);
	rc = classify(call, answer->status, &envelope);
	snprintf(id, sizeof(id), "graph-%d", answer->status);
	gb_err_set(err, rc, id,
		   /*
		 * TRANSLATORS: "the list of groups", 403, "Authorization_RequestDenied", text, id
		 */
		   _("Reading %s failed: Microsoft Graph answers %d %s %s (request %s)."),
		   call->purpose, answer->status, envelope.code, envelope.message,
		   answer->request_id != NULL ? shown(tmp, answer->request_id, 40) : "-");
	gb_err_undone(err, _("It was not read, and nothing was concluded from it."));
	advise(call, rc, answer->status, err);
	talloc_free(tmp);
	return gb_err_native(err, answer->status);
}
