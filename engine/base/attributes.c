/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes by name in one text. */
#include "config.h"

#include "engine/base/attributes.h"

#include <string.h>
#include <strings.h>

#include "engine/base/compiler.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* One line of the text, borrowed. */
struct line {
	const char *name;
	size_t name_length;
	const char *value; /* escaped; NULL: absent */
	size_t value_length;
};

static void add_escaped(struct gb_buffer *out, const char *value)
{
	for (const char *at = value; *at != '\0'; at++) {
		switch (*at) {
		case '\n':
			gb_buffer_add_text(out, "\\n");
			break;
		case '\r':
			gb_buffer_add_text(out, "\\r");
			break;
		case '\\':
			gb_buffer_add_text(out, "\\\\");
			break;
		default:
			gb_buffer_add_char(out, *at);
			break;
		}
	}
}

void gb_attributes_add(struct gb_buffer *packed, const char *name, const char *value)
{
	gb_buffer_add_text(packed, name);
	if (value) {
		gb_buffer_add_char(packed, '=');
		add_escaped(packed, value);
	}
	gb_buffer_add_char(packed, '\n');
}

static bool next_line(const char **at, struct line *ret_line)
{
	const char *begin = *at;
	size_t length;
	const char *sign;

	if (!begin || *begin == '\0') {
		return false;
	}
	length = strcspn(begin, "\n");
	*at = begin + length + (begin[length] == '\n');
	sign = memchr(begin, '=', length);
	ret_line->name = begin;
	ret_line->name_length = sign ? (size_t)(sign - begin) : length;
	ret_line->value = sign ? sign + 1 : NULL;
	ret_line->value_length = sign ? length - ret_line->name_length - 1 : 0;
	return true;
}

static bool is_named(const struct line *line, const char *name)
{
	return strlen(name) == line->name_length &&
	       strncasecmp(line->name, name, line->name_length) == 0;
}

static char *unescape(const void *ctx, const struct line *line)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	for (size_t i = 0; i < line->value_length; i++) {
		char c = line->value[i];

		if (c == '\\' && i + 1 < line->value_length) {
			c = line->value[++i];
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		gb_buffer_add_char(out, c);
	}
	return gb_buffer_steal(ctx, out);
}

struct gb_attribute gb_attributes_get(const void *ctx, const char *packed, const char *name)
{
	struct gb_attribute attribute = {.state = GB_ATTRIBUTE_UNKNOWN};
	struct line line;

	while (next_line(&packed, &line)) {
		if (!is_named(&line, name)) {
			continue;
		}
		if (!line.value) {
			attribute.state = GB_ATTRIBUTE_ABSENT;
			continue;
		}
		attribute.state = GB_ATTRIBUTE_PRESENT;
		attribute.values = gb_mem_check(talloc_realloc(ctx, attribute.values, const char *,
							       gb_mem_count(attribute.count + 1)));
		attribute.values[attribute.count++] = unescape(attribute.values, &line);
	}
	return attribute;
}

char *gb_attributes_next_name(const void *ctx, const char *packed, const char *name)
{
	struct line line;
	bool is_behind = name == NULL;

	while (next_line(&packed, &line)) {
		bool is_it = name != NULL && is_named(&line, name);

		if (is_behind && !is_it) {
			return gb_strndup(ctx, line.name, line.name_length);
		}
		is_behind = is_behind || is_it;
	}
	return NULL;
}

bool gb_attributes_has(const char *packed, const char *name)
{
	struct line line;

	while (next_line(&packed, &line)) {
		if (is_named(&line, name)) {
			return true;
		}
	}
	return false;
}

static bool is_patched(const char *patch, const struct line *line)
{
	struct line other;

	while (next_line(&patch, &other)) {
		if (other.name_length == line->name_length &&
		    strncasecmp(other.name, line->name, line->name_length) == 0) {
			return true;
		}
	}
	return false;
}

char *gb_attributes_merge(const void *ctx, const char *packed, const char *patch)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	struct line line;
	char *merged;

	while (next_line(&packed, &line)) {
		if (!is_patched(patch, &line)) {
			gb_buffer_add(out, line.name,
				      line.name_length + (line.value ? line.value_length + 1 : 0));
			gb_buffer_add_char(out, '\n');
		}
	}
	gb_buffer_add_text(out, patch ? patch : "");
	merged = gb_buffer_steal(ctx, out);
	if (*merged == '\0') {
		TALLOC_FREE(merged);
	}
	return merged;
}

bool gb_attribute_is_list(const char *name)
{
	return gb_text_equal_nocase(name, "proxyAddresses");
}
