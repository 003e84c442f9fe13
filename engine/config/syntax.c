/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may stand in a configuration value. */
#include "config.h"

#include "engine/config/syntax.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "engine/base/guid.h"
#include "engine/base/mem.h"
#include "engine/config/dn_text.h"

#define MAX_HOST_BYTES  253u /* RFC 1035 section 3.1, as text */
#define MAX_LABEL_BYTES 63u
#define MAX_PORT        65535u

static bool is_host_character(char c)
{
	/* The underscore is in names of real Windows hosts (RFC 1123 does not know it). */
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

static bool is_label(const char *text, size_t length)
{
	if (length == 0 || length > MAX_LABEL_BYTES || text[0] == '-' || text[length - 1] == '-') {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		if (!is_host_character(text[i])) {
			return false;
		}
	}
	return true;
}

static bool is_host(const char *text, size_t length)
{
	size_t at = 0;

	if (length == 0 || length > MAX_HOST_BYTES) {
		return false;
	}
	while (at < length) {
		const char *dot = memchr(text + at, '.', length - at);
		size_t label = dot ? (size_t)(dot - text) - at : length - at;

		if (!is_label(text + at, label)) {
			return false;
		}
		at += label + 1;
	}
	return at == length + 1; /* no dot at the end */
}

/* "[v6]" at the beginning of @text: its length with the brackets, or 0. */
static size_t bracketed_length(const char *text)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;
	const char *end = strchr(text, ']');
	size_t length;

	if (text[0] != '[' || !end) {
		return 0;
	}
	length = (size_t)(end - text) - 1;
	if (length >= sizeof(address)) {
		return 0;
	}
	memcpy(address, text + 1, length);
	address[length] = '\0';
	return inet_pton(AF_INET6, address, &parsed) == 1 ? length + 2 : 0;
}

static bool is_port(const char *text)
{
	unsigned port = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && at < text + 5; at++) {
		port = port * 10 + (unsigned)(*at - '0');
	}
	return *at == '\0' && text[0] != '0' && port >= 1 && port <= MAX_PORT;
}

/* host[:port]; *ret_has_port tells which. */
static bool is_endpoint(const char *text, bool *ret_has_port)
{
	size_t host = bracketed_length(text);

	if (host == 0) {
		host = strcspn(text, ":");
		if (!is_host(text, host)) {
			return false;
		}
	}
	*ret_has_port = text[host] == ':';
	return *ret_has_port ? is_port(text + host + 1) : text[host] == '\0';
}

char *gb_syntax_server(const void *ctx, const char *text)
{
	bool has_port;

	return is_endpoint(text, &has_port) ? gb_strdup(ctx, text) : NULL;
}

/* An origin: @scheme with "://", host, port; a slash at the end is dropped. */
static char *origin(const void *ctx, const char *text, const char *scheme, bool needs_port)
{
	size_t length = strlen(text);
	bool has_port;
	char *copy;

	if (strncmp(text, scheme, strlen(scheme)) != 0) {
		return NULL;
	}
	copy = gb_strndup(ctx, text, length - (text[length - 1] == '/'));
	if (strlen(copy) <= strlen(scheme) || !is_endpoint(copy + strlen(scheme), &has_port) ||
	    (needs_port && !has_port)) {
		talloc_free(copy);
		return NULL;
	}
	return copy;
}

char *gb_syntax_https(const void *ctx, const char *text)
{
	return origin(ctx, text, "https://", false);
}

char *gb_syntax_proxy(const void *ctx, const char *text)
{
	char *proxy = origin(ctx, text, "http://", true);

	return proxy ? proxy : origin(ctx, text, "https://", true);
}

char *gb_syntax_guid(const void *ctx, const char *text)
{
	char formatted[GB_GUID_TEXT_BYTES];
	struct gb_guid guid;

	if (!gb_guid_parse(text, &guid) || gb_guid_is_none(&guid)) {
		return NULL;
	}
	return gb_strdup(ctx, gb_guid_format(&guid, formatted));
}

char *gb_syntax_tenant(const void *ctx, const char *text)
{
	char *guid = gb_syntax_guid(ctx, text);

	if (guid) {
		return guid;
	}
	/* common, organizations and consumers, which name no tenant, have no dot. */
	return is_host(text, strlen(text)) && strchr(text, '.') ? gb_strdup(ctx, text) : NULL;
}

char *gb_syntax_dns_name(const void *ctx, const char *text)
{
	return is_host(text, strlen(text)) ? gb_strdup(ctx, text) : NULL;
}

/* NetBIOS domain and sAMAccountName; MS-ADTS 3.1.1.8.1 lists what the latter cannot hold. */
static bool is_down_level_name(const char *text)
{
	const char *name = strchr(text, '\\') + 1;

	return name > text + 1 && !strchr(text, '"') && *name != '\0' &&
	       !strpbrk(name, "\"/\\[]:;|=,+*?<>@");
}

/* name@domain, or a Kerberos principal with its realm. */
static bool is_principal(const char *text)
{
	const char *at_sign = strrchr(text, '@');

	return at_sign && at_sign > text && is_host(at_sign + 1, strlen(at_sign + 1)) &&
	       !memchr(text, '"', (size_t)(at_sign - text));
}

char *gb_syntax_account(const void *ctx, const char *text)
{
	size_t length = strlen(text);

	if (strchr(text, '=')) {
		return gb_dn_text_canonical(ctx, text);
	}
	if (length == 0 || text[0] == ' ' || text[length - 1] == ' ') {
		return NULL;
	}
	if (strchr(text, '\\') ? is_down_level_name(text) : is_principal(text)) {
		return gb_strdup(ctx, text);
	}
	return NULL;
}

/* A part of a path, without slashes. */
static bool is_path_part(const char *text, size_t length)
{
	return length > 0 && !(length == 1 && text[0] == '.') &&
	       !(length == 2 && text[0] == '.' && text[1] == '.');
}

char *gb_syntax_path(const void *ctx, const char *text)
{
	size_t length = strlen(text);
	size_t at = 0;

	if (length < 2 || text[0] != '/' || strchr(text, '"')) {
		return NULL;
	}
	length -= text[length - 1] == '/';
	while (at < length) {
		size_t part = strcspn(text + at + 1, "/");

		if (!is_path_part(text + at + 1, part)) {
			return NULL;
		}
		at += part + 1;
	}
	return gb_strndup(ctx, text, length);
}
