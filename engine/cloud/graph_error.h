/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Microsoft Graph's refusals mean (Graph, "Microsoft Graph error responses and resource
 * types"). Pure: decides by status and code, never by the message.
 */
#ifndef GB_CLOUD_GRAPH_ERROR_H
#define GB_CLOUD_GRAPH_ERROR_H

#include <stdbool.h>

#include "engine/base/err.h"
#include "engine/cloud/http.h"

/** One reading of Graph. */
struct gb_graph_call {
	const char *url;     /**< absolute, or a path behind the configured origin: "/v1.0/…" */
	const char *purpose; /**< translated, for errors: "the list of groups" */
	/** The application permission it takes, for 403: "Group.Read.All". */
	const char *permission;
	bool is_link; /**< the URL came from an answer: it holds a page or delta token */
};

/**
 * The error of an answer that is not 200.
 *
 * Returns, and sets in *err: GB_E_STALE_CURSOR (410; 400 with syncStateNotFound, resyncRequired or
 * an expired page token; any other 400 to a link), GB_E_NOT_FOUND (404 of the object itself; a 404
 * to a link is none), GB_E_ACCESS (401, 403), GB_E_TRY_AGAIN (429), GB_E_UNAVAILABLE (5xx, 408,
 * 404 without a known code: worth another try), GB_E_PROTOCOL (the rest, redirects among them).
 * err->native is the status, err->id "graph-STATUS".
 */
enum gb_rc gb_graph_explain(const struct gb_graph_call *call, const struct gb_http_answer *answer,
			    struct gb_err *err);

#endif
