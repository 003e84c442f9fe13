/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The origin check in front of every request that carries the token. */
#include "config.h"

#include "engine/cloud/origin.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

struct gb_origin {
	char *url;
	char *host;
	char *port;
};

/* The parts of a URL that are looked at, as talloc strings; NULL where the URL has none. */
struct parts {
	char *scheme;
	char *user;
	char *host;
	char *port;
	char *path;
	char *query;
	char *fragment;
};

static bool is_plain_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= 0x20 || *text >= 0x7f || *text == '\\') {
			return false;
		}
	}
	return true;
}

static char *take_part(const void *ctx, CURLU *handle, CURLUPart part, unsigned flags)
{
	char *text = NULL;
	char *copy;

	if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) {
		return NULL;
	}
	copy = gb_strdup(ctx, text);
	curl_free(text);
	return copy;
}

/*
 * Without CURLU_PATH_AS_IS: dot segments go away here as they do when the URL is sent. Nothing
 * that curl would have to guess or complete is taken: no missing scheme, no user.
 */
static bool split(const void *ctx, const char *url, struct parts *ret_parts)
{
	CURLU *handle = gb_mem_check(curl_url());
	bool is_good = curl_url_set(handle, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK;

	if (is_good) {
		*ret_parts = (struct parts){
			.scheme = take_part(ctx, handle, CURLUPART_SCHEME, 0),
			.user = take_part(ctx, handle, CURLUPART_USER, 0),
			.host = take_part(ctx, handle, CURLUPART_HOST, 0),
			.port = take_part(ctx, handle, CURLUPART_PORT, CURLU_DEFAULT_PORT),
			.path = take_part(ctx, handle, CURLUPART_PATH, 0),
			.query = take_part(ctx, handle, CURLUPART_QUERY, 0),
			.fragment = take_part(ctx, handle, CURLUPART_FRAGMENT, 0),
		};
	}
	curl_url_cleanup(handle);
	return is_good;
}

static bool is_https_host(const struct parts *parts)
{
	return parts->scheme != NULL && strcmp(parts->scheme, "https") == 0 &&
	       parts->host != NULL && parts->host[0] != '\0' && parts->port != NULL &&
	       parts->user == NULL && parts->fragment == NULL;
}

static bool is_base(const char *url, const struct parts *parts)
{
	bool has_no_path = parts->path == NULL || strcmp(parts->path, "/") == 0;

	return is_https_host(parts) && has_no_path && parts->query == NULL &&
	       strchr(url, '?') == NULL && strchr(url, '#') == NULL;
}

static char *ascii_lower(char *text)
{
	for (char *p = text; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z') {
			*p = (char)(*p - 'A' + 'a');
		}
	}
	return text;
}

static struct gb_origin *new_origin(const void *ctx, const struct parts *parts)
{
	struct gb_origin *origin = gb_new(ctx, struct gb_origin);

	origin->host = ascii_lower(gb_strdup(origin, parts->host));
	origin->port = gb_strdup(origin, parts->port);
	if (strcmp(origin->port, "443") == 0) {
		origin->url = gb_printf(origin, "https://%s", origin->host);
	} else {
		origin->url = gb_printf(origin, "https://%s:%s", origin->host, origin->port);
	}
	return origin;
}

enum gb_rc gb_origin_new(const void *ctx, const char *key, const char *base_url,
			 struct gb_origin **ret_origin, struct gb_err *err)
{
	void *tmp = gb_new_tmp(ctx);
	struct parts parts = {0};
	enum gb_rc rc = GB_OK;

	if (base_url != NULL && strlen(base_url) <= GB_ORIGIN_MAX_LINK_BYTES &&
	    is_plain_ascii(base_url) && split(tmp, base_url, &parts) && is_base(base_url, &parts)) {
		*ret_origin = new_origin(ctx, &parts);
	} else {
		rc = gb_err_set(err, GB_E_CONFIG, "cloud-bad-url",
				_("The %s \"%s\" is not the address of a server."), key,
				gb_text_display(tmp, base_url));
		gb_err_undone(err, _("Nothing was sent."));
		gb_err_remedy(err,
			      _("Give it as https://host or https://host:port, without a path."));
	}
	talloc_free(tmp);
	return rc;
}

const char *gb_origin_url(const struct gb_origin *origin)
{
	return origin->url;
}

static bool begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_of_origin(const struct gb_origin *origin, const struct parts *parts)
{
	return is_https_host(parts) && strcasecmp(parts->host, origin->host) == 0 &&
	       strcmp(parts->port, origin->port) == 0 && parts->path != NULL &&
	       (begins_with(parts->path, "/v1.0/") || begins_with(parts->path, "/beta/"));
}

char *gb_origin_path(const void *ctx, const struct gb_origin *origin, const char *link)
{
	void *tmp = gb_new_tmp(ctx);
	struct parts parts = {0};
	char *path = NULL;

	if (strlen(link) <= GB_ORIGIN_MAX_LINK_BYTES && is_plain_ascii(link) &&
	    strchr(link, '#') == NULL && split(tmp, link, &parts) && is_of_origin(origin, &parts)) {
		path = gb_strdup(ctx, parts.path);
	}
	talloc_free(tmp);
	return path;
}

bool gb_origin_allows(const struct gb_origin *origin, const char *link)
{
	char *path = gb_origin_path(NULL, origin, link);
	bool is_allowed = path != NULL;

	talloc_free(path);
	return is_allowed;
}

enum gb_rc gb_origin_check(const struct gb_origin *origin, const char *link, const char *what,
			   struct gb_err *err)
{
	void *tmp;
	struct parts parts = {0};

	if (gb_origin_allows(origin, link)) {
		return GB_OK;
	}
	tmp = gb_new_tmp(NULL);
	if (strlen(link) > GB_ORIGIN_MAX_LINK_BYTES || !split(tmp, link, &parts) ||
	    parts.host == NULL) {
		parts.host = gb_strdup(tmp, _("somewhere that is no valid address"));
	}
	gb_err_set(err, GB_E_PROTOCOL, "cloud-foreign-link",
		   _("The link to %s leads to %s, not to %s."), what,
		   gb_text_display(tmp, parts.host), origin->url);
	gb_err_undone(err,
		      _("It was not followed, the token was not sent, and nothing was changed."));
	gb_err_remedy(err,
		      _("Something between this host and Microsoft Graph changes answers, or the "
			"stored state was tampered with: find out which before the next run."));
	talloc_free(tmp);
	return GB_E_PROTOCOL;
}
