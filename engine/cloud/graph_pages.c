/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From page to page, with a guard against links that lead in a circle. */
#include "config.h"

#include "engine/cloud/graph_pages.h"

#include <string.h>
#include <strings.h>

#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"

struct gb_graph_pages {
	struct gb_graph *graph;
	struct gb_graph_call first; /* own copies */
	enum gb_graph_list list;
	struct gb_graph_sink sink;
	unsigned pages;
	unsigned empty_pages; /* in a row */
	unsigned restarts;
	/* Brent's cycle search: one remembered link, replaced at each power of two. */
	uint8_t seen[32];
	unsigned seen_until;
};

static void on_answer(void *user, enum gb_rc rc, const struct gb_json *root,
		      const struct gb_err *err);

static void finish(struct gb_graph_pages *pages, enum gb_rc rc, const char *delta_link,
		   const struct gb_err *err)
{
	void *holder = gb_new_tmp(NULL);

	talloc_steal(holder, pages);
	if (rc == GB_OK) {
		pages->sink.done(pages->sink.user, GB_OK, delta_link, NULL);
	} else {
		pages->sink.done(pages->sink.user, rc, NULL, err);
	}
	talloc_free(holder);
}

static enum gb_rc refuse(const struct gb_graph_pages *pages, const char *id, const char *why,
			 struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, id, _("Reading %s failed at page %u: %s."),
		   pages->first.purpose, pages->pages, why);
	gb_err_undone(err, _("The list is not complete, and nothing was concluded from it."));
	return gb_err_remedy(err,
			     _("Run again; if it stays so, check what stands between this host "
			       "and Graph, and report it."));
}

static bool is_circle(struct gb_graph_pages *pages, const char *link)
{
	uint8_t digest[32];

	gb_digest_sha256(link, strlen(link), digest);
	if (pages->seen_until > 0 && memcmp(digest, pages->seen, sizeof(digest)) == 0) {
		return true;
	}
	if (pages->pages >= pages->seen_until) {
		memcpy(pages->seen, digest, sizeof(digest));
		pages->seen_until = pages->pages * 2;
	}
	return false;
}

static enum gb_rc check_progress(struct gb_graph_pages *pages, const struct gb_json *value,
				 const char *next, struct gb_err *err)
{
	pages->empty_pages = gb_json_first(value) == NULL ? pages->empty_pages + 1 : 0;
	if (next == NULL) {
		return GB_OK;
	}
	if (is_circle(pages, next)) {
		return refuse(pages, "graph-page-circle", _("the pages lead in a circle"), err);
	}
	if (pages->pages >= GB_GRAPH_MAX_PAGES || pages->empty_pages >= GB_GRAPH_MAX_EMPTY_PAGES) {
		return refuse(pages, "graph-too-many-pages", _("the pages do not end"), err);
	}
	return GB_OK;
}

/* Of "/v1.0/groups/{id}/members": the bytes of "/v1.0/groups". */
static size_t collection_length(const char *path)
{
	size_t version = 1 + strcspn(path + 1, "/");

	return path[version] == '/' ? version + 1 + strcspn(path + version + 1, "/(?") : version;
}

/* Pages of another collection would be taken for this one's: people for groups. */
static bool stays_in_collection(const struct gb_graph_pages *pages, const char *link)
{
	const struct gb_origin *origin = gb_graph_origin(pages->graph);
	void *tmp = gb_new_tmp(NULL);
	const char *first = pages->first.url;
	const char *path = gb_origin_path(tmp, origin, link);
	size_t length;
	bool stays;

	first = first[0] == '/' ? first : gb_origin_path(tmp, origin, first);
	length = first != NULL ? collection_length(first) : 0;
	stays = path != NULL && length > 0 && collection_length(path) == length &&
		strncasecmp(path, first, length) == 0;
	talloc_free(tmp);
	return stays;
}

/* A link's member: absent is fine, anything but a string is not. */
static enum gb_rc read_link(const struct gb_graph_pages *pages, const struct gb_json *root,
			    const char *key, const char **ret_link, struct gb_err *err)
{
	enum gb_json_kind kind = gb_json_member_kind(root, key);

	if (kind != GB_JSON_ABSENT && kind != GB_JSON_STRING) {
		return refuse(pages, "graph-page-link", _("a link is no text"), err);
	}
	*ret_link = gb_json_get_text(root, key);
	if (*ret_link == NULL) {
		return GB_OK;
	}
	if (gb_origin_check(gb_graph_origin(pages->graph), *ret_link, pages->first.purpose, err) !=
	    GB_OK) {
		return err->rc;
	}
	return stays_in_collection(pages, *ret_link)
		       ? GB_OK
		       : refuse(pages, "graph-page-link", _("a link leads to another list"), err);
}

struct page {
	const struct gb_json *value;
	const char *next;
	const char *delta;
};

static enum gb_rc read_page(struct gb_graph_pages *pages, const struct gb_json *root,
			    struct page *page, struct gb_err *err)
{
	enum gb_rc rc = read_link(pages, root, "@odata.nextLink", &page->next, err);

	if (rc == GB_OK) {
		rc = read_link(pages, root, "@odata.deltaLink", &page->delta, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	page->value = gb_json_get(root, "value");
	if (gb_json_kind(page->value) != GB_JSON_ARRAY) {
		return refuse(pages, "graph-page-value", _("it has no list of records"), err);
	}
	if (page->next != NULL && page->delta != NULL) {
		return refuse(pages, "graph-page-link", _("it is the last page and is not"), err);
	}
	if (pages->list == GB_GRAPH_DELTA && page->next == NULL && page->delta == NULL) {
		return refuse(pages, "graph-page-end", _("it ends early, without a delta link"),
			      err);
	}
	return check_progress(pages, page->value, page->next, err);
}

static void read_link_next(struct gb_graph_pages *pages, const char *link)
{
	struct gb_graph_call call = pages->first;

	call.url = link;
	call.is_link = true;
	gb_graph_get(pages->graph, pages, &call, on_answer, pages);
}

static void take_page(struct gb_graph_pages *pages, const struct gb_json *root)
{
	struct page page = {0};
	struct gb_err err;
	enum gb_rc rc;

	pages->pages++;
	rc = read_page(pages, root, &page, &err);
	if (rc == GB_OK) {
		rc = pages->sink.on_page(pages->sink.user, page.value, &err);
	}
	if (rc == GB_OK && page.next != NULL) {
		read_link_next(pages, page.next);
		return;
	}
	finish(pages, rc, page.delta, &err);
}

static void restart(struct gb_graph_pages *pages, const struct gb_err *why)
{
	struct gb_err err;
	enum gb_rc rc = GB_OK;

	pages->restarts++;
	pages->pages = 0;
	pages->empty_pages = 0;
	pages->seen_until = 0;
	gb_log(GB_LOG_INFO, "cloud", "%s: begun anew: %s", pages->first.purpose, why->what);
	if (pages->sink.on_restart != NULL) {
		rc = pages->sink.on_restart(pages->sink.user, &err);
	}
	if (rc == GB_OK) {
		gb_graph_get(pages->graph, pages, &pages->first, on_answer, pages);
	} else {
		finish(pages, rc, NULL, &err);
	}
}

static void on_answer(void *user, enum gb_rc rc, const struct gb_json *root,
		      const struct gb_err *err)
{
	struct gb_graph_pages *pages = user;

	if (rc == GB_OK) {
		take_page(pages, root);
	} else if (rc == GB_E_STALE_CURSOR && pages->sink.is_restartable &&
		   pages->restarts < GB_GRAPH_MAX_RESTARTS) {
		restart(pages, err);
	} else {
		finish(pages, rc, NULL, err);
	}
}

struct gb_graph_pages *gb_graph_pages(struct gb_graph *graph, const void *ctx,
				      const struct gb_graph_call *call, enum gb_graph_list list,
				      const struct gb_graph_sink *sink)
{
	struct gb_graph_pages *pages = gb_new(ctx, struct gb_graph_pages);

	pages->graph = graph;
	pages->first = *call;
	pages->first.url = gb_strdup(pages, call->url);
	pages->first.purpose = gb_strdup(pages, call->purpose);
	pages->list = list;
	pages->sink = *sink;
	gb_graph_get(graph, pages, &pages->first, on_answer, pages);
	return pages;
}
