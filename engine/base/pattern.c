/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns: PCRE2 with limits. */
#include "config.h"

#include "engine/base/pattern.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/** Steps of the matcher: a name of 256 characters needs a few thousand of them. */
#define MAX_STEPS 100000
/** Depth of backtracking. */
#define MAX_DEPTH 1000
/** Memory of one match in KiB. */
#define MAX_HEAP_KIB 1024
/** Longest result of a replacement in bytes. */
#define MAX_RESULT_BYTES 65536

struct gb_pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static int forget(struct gb_pattern *pattern)
{
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->limits);
	return 0;
}

static enum gb_rc refuse(const char *text, int code, size_t offset, struct gb_err *err)
{
	PCRE2_UCHAR reason[128];
	void *tmp = gb_new_tmp(NULL);

	pcre2_get_error_message(code, reason, sizeof(reason));
	gb_err_set(err, GB_E_CONFIG, "pattern",
		   _("The regular expression \"%s\" is wrong at character %zu: %s."),
		   gb_text_display(tmp, text), offset + 1, (const char *)reason);
	talloc_free(tmp);
	return gb_err_remedy(err, _("Correct it; the syntax is that of PCRE2 (man pcre2pattern)."));
}

static enum gb_rc too_long(struct gb_err *err)
{
	return gb_err_set(err, GB_E_CONFIG, "pattern",
			  _("A regular expression has more than %d bytes."), GB_PATTERN_MAX_BYTES);
}

enum gb_rc gb_pattern_new(const void *ctx, const char *text, struct gb_pattern **ret_pattern,
			  size_t *ret_offset, struct gb_err *err)
{
	struct gb_pattern *pattern;
	size_t length = strlen(text);
	PCRE2_SIZE offset = 0;
	pcre2_code *compiled;
	int code = 0;

	if (ret_offset) {
		*ret_offset = 0;
	}
	if (length > GB_PATTERN_MAX_BYTES) {
		return too_long(err);
	}
	compiled = pcre2_compile((PCRE2_SPTR)text, length,
				 PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &offset,
				 NULL);
	if (!compiled) {
		if (ret_offset) {
			*ret_offset = offset;
		}
		return refuse(text, code, offset, err);
	}
	pattern = gb_new(ctx, struct gb_pattern);
	pattern->code = compiled;
	pattern->limits = gb_mem_check(pcre2_match_context_create(NULL));
	pcre2_set_match_limit(pattern->limits, MAX_STEPS);
	pcre2_set_depth_limit(pattern->limits, MAX_DEPTH);
	pcre2_set_heap_limit(pattern->limits, MAX_HEAP_KIB);
	talloc_set_destructor(pattern, forget);
	*ret_pattern = pattern;
	return GB_OK;
}

static enum gb_pattern_answer answer_of(int code)
{
	if (code >= 0) {
		return GB_PATTERN_YES;
	}
	/* Everything between these two says that the subject is no UTF-8. */
	if (code == PCRE2_ERROR_NOMATCH ||
	    (code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21)) {
		return GB_PATTERN_NO;
	}
	return GB_PATTERN_GAVE_UP;
}

static enum gb_pattern_answer match_from(const struct gb_pattern *pattern, const char *subject,
					 size_t start, uint32_t options, pcre2_match_data *data)
{
	return answer_of(pcre2_match(pattern->code, (PCRE2_SPTR)subject, strlen(subject), start,
				     options, data, pattern->limits));
}

static pcre2_match_data *new_data(const struct gb_pattern *pattern)
{
	return gb_mem_check(pcre2_match_data_create_from_pattern(pattern->code, NULL));
}

enum gb_pattern_answer gb_pattern_match(const struct gb_pattern *pattern, const char *subject)
{
	pcre2_match_data *data = new_data(pattern);
	enum gb_pattern_answer answer = match_from(pattern, subject, 0, 0, data);

	pcre2_match_data_free(data);
	return answer;
}

static int number_of(const struct gb_pattern *pattern, const char *name)
{
	return pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)name);
}

bool gb_pattern_has_group(const struct gb_pattern *pattern, const char *name)
{
	return number_of(pattern, name) > 0;
}

static enum gb_pattern_answer replace_whole(const void *ctx, const struct gb_pattern *pattern,
					    const char *subject, const char *text, char **ret_text)
{
	PCRE2_SIZE size = MAX_RESULT_BYTES;
	char *out = gb_new_array(ctx, char, size);
	int code = pcre2_substitute(pattern->code, (PCRE2_SPTR)subject, strlen(subject), 0,
				    PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY, NULL,
				    pattern->limits, (PCRE2_SPTR)text, strlen(text),
				    (PCRE2_UCHAR *)out, &size);

	if (code < 0) {
		talloc_free(out);
		return GB_PATTERN_GAVE_UP;
	}
	*ret_text = gb_strdup(ctx, out);
	talloc_free(out);
	return code == 0 ? GB_PATTERN_NO : GB_PATTERN_YES;
}

/* The bytes that group @number matched; false if it took no part. */
static bool group_at(pcre2_match_data *data, int number, PCRE2_SIZE *ret_begin, PCRE2_SIZE *ret_end)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(data);

	*ret_begin = ovector[2 * number];
	*ret_end = ovector[2 * number + 1];
	return *ret_begin != PCRE2_UNSET && *ret_begin <= *ret_end;
}

/* Past an empty match the search goes on behind the next character, so that it ends. */
static size_t step_over(const char *subject, size_t at)
{
	uint32_t c;
	size_t size = gb_text_next(subject + at, &c);

	return at + (size > 0 ? size : 1);
}

static enum gb_pattern_answer replace_group(const void *ctx, const struct gb_pattern *pattern,
					    const char *subject, int group, const char *text,
					    char **ret_text)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	pcre2_match_data *data = new_data(pattern);
	enum gb_pattern_answer answer = GB_PATTERN_NO;
	size_t length = strlen(subject);
	size_t copied = 0;
	size_t at = 0;

	while (at <= length &&
	       (answer = match_from(pattern, subject, at, 0, data)) == GB_PATTERN_YES) {
		PCRE2_SIZE begin;
		PCRE2_SIZE end;

		if (group_at(data, group, &begin, &end) && begin >= copied) {
			gb_buffer_add(out, subject + copied, begin - copied);
			gb_buffer_add_text(out, text);
			copied = end;
		}
		(void)group_at(data, 0, &begin, &end);
		at = end > at ? end : step_over(subject, at);
	}
	pcre2_match_data_free(data);
	gb_buffer_add_text(out, subject + copied);
	*ret_text = gb_buffer_steal(ctx, out);
	if (answer == GB_PATTERN_GAVE_UP || strlen(*ret_text) > MAX_RESULT_BYTES) {
		TALLOC_FREE(*ret_text);
		return GB_PATTERN_GAVE_UP;
	}
	return copied > 0 ? GB_PATTERN_YES : GB_PATTERN_NO;
}

enum gb_pattern_answer gb_pattern_replace(const void *ctx, const struct gb_pattern *pattern,
					  const char *subject,
					  const struct gb_pattern_replacement *replacement,
					  char **ret_text)
{
	int group;

	*ret_text = NULL;
	if (!replacement->group) {
		return replace_whole(ctx, pattern, subject, replacement->text, ret_text);
	}
	group = number_of(pattern, replacement->group);
	return group > 0 ? replace_group(ctx, pattern, subject, group, replacement->text, ret_text)
			 : GB_PATTERN_GAVE_UP;
}

enum gb_pattern_answer gb_pattern_extract(const void *ctx, const struct gb_pattern *pattern,
					  const char *subject, const char *group, char **ret_text)
{
	pcre2_match_data *data = new_data(pattern);
	enum gb_pattern_answer answer = match_from(pattern, subject, 0, 0, data);
	int number = number_of(pattern, group);
	PCRE2_SIZE begin;
	PCRE2_SIZE end;

	*ret_text = NULL;
	if (answer == GB_PATTERN_YES && number > 0 && group_at(data, number, &begin, &end)) {
		*ret_text = gb_strndup(ctx, subject + begin, end - begin);
	}
	pcre2_match_data_free(data);
	return answer;
}
