/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a field's row and the table of configuration keys say together. */
#include "config.h"

#include "wizard/field.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/dn_text.h"
#include "engine/config/keys.h"
#include "engine/config/value.h"
#include "wizard/draft.h"

bool wz_field_is_shown(struct wz *wz, const struct wz_field *field)
{
	return !(field->flags & WZ_CONSENT) && (!field->shown || field->shown(wz));
}

bool wz_field_has_value(const struct wz_field *field)
{
	return field->name && field->kind != WZ_SECRET;
}

static bool can_change_something(const struct wz_field *field)
{
	return field->name || field->kind == WZ_ACTION;
}

const char *wz_field_blocked(struct wz *wz, const struct wz_field *field)
{
	if (wz_is_read_only(wz) && can_change_something(field)) {
		return _("Another setup is open; this one can only look.");
	}
	return field->blocked ? field->blocked(wz) : NULL;
}

static const struct gb_key *key_of(const struct wz_field *field)
{
	return field->name ? wz_draft_key(field->name) : NULL;
}

bool wz_field_is_needed(const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);

	return (field->flags & WZ_NEEDED) != 0 || (key && key->is_needed);
}

bool wz_field_option(const struct wz_field *field, size_t i, struct wz_option *ret_option)
{
	const struct gb_key *key = key_of(field);

	if (i >= wz_field_option_count(field)) {
		return false;
	}
	if (field->choices) {
		*ret_option =
			(struct wz_option){field->choices[i].word, _(field->choices[i].label)};
	} else {
		*ret_option = (struct wz_option){key->choices[i].word, _(key->choices[i].help)};
	}
	return true;
}

size_t wz_field_option_count(const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);
	size_t count = 0;

	if (field->choices) {
		while (field->choices[count].word) {
			count++;
		}
	} else if (key && key->choices) {
		while (key->choices[count].word) {
			count++;
		}
	}
	return count;
}

const char *wz_field_check_word(const struct wz_field *field, bool is_on)
{
	return field->choices ? field->choices[is_on].word : is_on ? "yes" : "no";
}

bool wz_field_is_on(struct wz *wz, const struct wz_field *field)
{
	return wz_is(wz, field->name, wz_field_check_word(field, true));
}

char *wz_field_shown_value(const void *ctx, struct wz *wz, const struct wz_field *field)
{
	const char *value = wz_value(wz, field->name);
	struct wz_option option;

	if (field->kind == WZ_CHECK) {
		return gb_strdup(ctx, wz_field_is_on(wz, field) ? _("yes") : _("no"));
	}
	for (size_t i = 0; field->kind == WZ_CHOICE && wz_field_option(field, i, &option); i++) {
		if (strcmp(option.word, value) == 0) {
			return gb_strdup(ctx, option.label);
		}
	}
	return gb_text_display(ctx, value);
}

const char *wz_field_help(const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);

	if (field->help) {
		return _(field->help);
	}
	return key ? _(key->help) : "";
}

const char *wz_field_label(const struct wz_field *field)
{
	if (field->label) {
		return _(field->label);
	}
	return field->name ? field->name : "";
}

const char *wz_field_unit(const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);

	if (field->unit) {
		return _(field->unit);
	}
	return key && key->unit ? _(key->unit) : "";
}

static char *choice_rule(const void *ctx, const struct wz_field *field)
{
	struct gb_buffer *words = gb_buffer_new(NULL);
	struct wz_option option;
	char *rule;

	for (size_t i = 0; wz_field_option(field, i, &option); i++) {
		gb_buffer_add_format(words, "%s%s", i ? ", " : "", option.word);
	}
	rule = field->kind == WZ_FLAGS ? gb_printf(ctx, _("Use one or more of: %s."), words->text)
				       : gb_printf(ctx, _("Use one of: %s."), words->text);
	talloc_free(words);
	return rule;
}

char *wz_field_rule(const void *ctx, const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);

	if (key) {
		return gb_key_rule(ctx, key);
	}
	switch (field->kind) {
	case WZ_CHECK:
	case WZ_ACTION:
		return gb_strdup(ctx, _("Use yes or no."));
	case WZ_CHOICE:
	case WZ_FLAGS:
		return choice_rule(ctx, field);
	case WZ_NUMBER:
		return gb_printf(ctx, _("Use a whole number from %" PRId64 " to %" PRId64 "."),
				 field->min, field->max);
	case WZ_DN:
	case WZ_TREE:
		return gb_strdup(ctx, _("Use a distinguished name, such as "
					"OU=Groups,DC=example,DC=com."));
	case WZ_END:
	case WZ_NOTE:
	case WZ_HEADING:
	case WZ_TEXT:
	case WZ_SECRET:
	case WZ_LIST:
	case WZ_STEPS:
		break;
	}
	return field->example ? gb_printf(ctx, _("Example: %s"), field->example)
			      : gb_strdup(ctx, "");
}

const char *wz_field_fallback(const struct wz_field *field)
{
	const struct gb_key *key = key_of(field);

	if (field->fallback) {
		return field->fallback;
	}
	if (key) {
		return key->fallback;
	}
	return field->kind == WZ_CHECK ? wz_field_check_word(field, false) : NULL;
}

static bool is_number(const struct wz_field *field, const char *text)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 &&
	       number >= field->min && number <= field->max;
}

static bool is_word(const struct wz_field *field, const char *text, size_t length)
{
	struct wz_option option;

	for (size_t i = 0; wz_field_option(field, i, &option); i++) {
		if (strlen(option.word) == length && strncmp(option.word, text, length) == 0) {
			return true;
		}
	}
	return false;
}

/* Blank-separated words, all of them known. */
static bool are_words(const struct wz_field *field, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		if (length > 0 && !is_word(field, text, length)) {
			return false;
		}
		text += length + strspn(text + length, " ");
	}
	return true;
}

static bool is_dn(const char *text)
{
	char *canonical = gb_dn_text_canonical(NULL, text);
	bool is = canonical != NULL;

	talloc_free(canonical);
	return is;
}

static bool fits_kind(const struct wz_field *field, const char *text)
{
	switch (field->kind) {
	case WZ_CHECK:
	case WZ_ACTION:
		return strcmp(text, wz_field_check_word(field, true)) == 0 ||
		       strcmp(text, wz_field_check_word(field, false)) == 0;
	case WZ_CHOICE:
		return is_word(field, text, strlen(text));
	case WZ_FLAGS:
		return are_words(field, text);
	case WZ_NUMBER:
		return is_number(field, text);
	case WZ_DN:
	case WZ_TREE:
		return is_dn(text);
	case WZ_END:
	case WZ_NOTE:
	case WZ_HEADING:
	case WZ_TEXT:
	case WZ_SECRET:
	case WZ_LIST:
	case WZ_STEPS:
		break;
	}
	return true;
}

static enum gb_rc refuse(const struct wz_field *field, const char *text, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *shown = gb_text_cut_utf16(tmp, gb_text_display(tmp, text), 60);

	gb_err_set(err, GB_E_CONFIG, "field-value", _("%s cannot be \"%s\"."),
		   wz_field_label(field), shown);
	gb_err_remedy(err, "%s", wz_field_rule(tmp, field));
	talloc_free(tmp);
	return GB_E_CONFIG;
}

static enum gb_rc refuse_empty(const struct wz_field *field, struct gb_err *err)
{
	char *rule = wz_field_rule(NULL, field);

	gb_err_set(err, GB_E_CONFIG, "field-empty", _("%s is needed."), wz_field_label(field));
	gb_err_remedy(err, "%s", rule);
	talloc_free(rule);
	return GB_E_CONFIG;
}

static enum gb_rc check_key(const struct wz_field *field, const struct gb_key *key,
			    const char *text, struct gb_err *err)
{
	struct gb_config *scratch = gb_config_new(NULL);
	struct gb_err ignored;
	enum gb_rc rc = gb_config_set(scratch, key, text, &ignored);

	talloc_free(scratch);
	return rc == GB_OK ? GB_OK : refuse(field, text, err);
}

enum gb_rc wz_field_check_type(const struct wz_field *field, const char *text, struct gb_err *err)
{
	const struct gb_key *key = key_of(field);

	if (key) {
		return check_key(field, key, text, err);
	}
	return text[0] == '\0' || fits_kind(field, text) ? GB_OK : refuse(field, text, err);
}

static enum gb_rc check_secret(struct wz *wz, const struct wz_field *field, struct gb_err *err)
{
	if (wz_secret(wz, field->name) || !wz_field_is_needed(field)) {
		return field->check ? field->check(wz, "", err) : GB_OK;
	}
	gb_err_set(err, GB_E_CONFIG, "field-empty", _("%s is needed."), wz_field_label(field));
	return GB_E_CONFIG;
}

enum gb_rc wz_field_check(struct wz *wz, const struct wz_field *field, const char *text,
			  struct gb_err *err)
{
	if (field->kind == WZ_SECRET) {
		return check_secret(wz, field, err);
	}
	if (text[0] == '\0' && wz_field_is_needed(field)) {
		return refuse_empty(field, err);
	}
	if (wz_field_check_type(field, text, err) != GB_OK) {
		return GB_E_CONFIG;
	}
	return field->check ? field->check(wz, text, err) : GB_OK;
}

static enum gb_rc check_own_rule(struct wz *wz, const struct wz_page *page,
				 const struct wz_field **ret_field, struct gb_err *err)
{
	const char *name = NULL;
	enum gb_rc rc = page->check ? page->check(wz, &name, err) : GB_OK;

	*ret_field = rc != GB_OK && name ? wz_page_field(page, name) : NULL;
	return rc;
}

enum gb_rc wz_field_check_page(struct wz *wz, const struct wz_page *page,
			       const struct wz_field **ret_field, struct gb_err *err)
{
	for (const struct wz_field *field = page->fields; field->kind != WZ_END; field++) {
		if (!field->name || field->kind == WZ_ACTION || !wz_field_is_shown(wz, field)) {
			continue;
		}
		if (wz_field_check(wz, field, wz_value(wz, field->name), err) != GB_OK) {
			*ret_field = field;
			return GB_E_CONFIG;
		}
	}
	return check_own_rule(wz, page, ret_field, err);
}

bool wz_field_holds_word(const char *value, const char *word)
{
	size_t length = strlen(word);

	while (*value) {
		size_t here = strcspn(value, " ");

		if (here == length && strncmp(value, word, length) == 0) {
			return true;
		}
		value += here + strspn(value + here, " ");
	}
	return false;
}

bool wz_has(struct wz *wz, const char *name, const char *word)
{
	return wz_field_holds_word(wz_value(wz, name), word);
}

char *wz_field_toggled(const void *ctx, const struct wz_field *field, const char *value,
		       const char *word)
{
	struct gb_buffer *words = gb_buffer_new(ctx);
	struct wz_option option;

	for (size_t i = 0; wz_field_option(field, i, &option); i++) {
		bool is_on = wz_field_holds_word(value, option.word);

		if (is_on != (strcmp(option.word, word) == 0)) {
			gb_buffer_add_format(words, "%s%s", words->length ? " " : "", option.word);
		}
	}
	return gb_buffer_steal(ctx, words);
}

const struct wz_field *wz_page_field(const struct wz_page *page, const char *name)
{
	for (const struct wz_field *field = page->fields; field->kind != WZ_END; field++) {
		if (field->name && strcmp(field->name, name) == 0) {
			return field;
		}
	}
	return NULL;
}
