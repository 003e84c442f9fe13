/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of a configuration: from text to its field and back. */
#include "config.h"

#include "engine/config/value.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/limit.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/config/dn_text.h"
#include "engine/config/syntax.h"

/* How much of a refused value an error repeats. */
#define MAX_SHOWN_UNITS 120

/* Enums are written through memcpy() as unsigned. */
_Static_assert(sizeof(enum gb_config_environment) == sizeof(unsigned), "size of an enum");

static void *field_of(struct gb_config *config, const struct gb_key *key)
{
	return (char *)config + key->offset;
}

static const void *const_field_of(const struct gb_config *config, const struct gb_key *key)
{
	return (const char *)config + key->offset;
}

static unsigned read_unsigned(const struct gb_config *config, const struct gb_key *key)
{
	unsigned value;

	memcpy(&value, const_field_of(config, key), sizeof(value));
	return value;
}

static char *read_text(const struct gb_config *config, const struct gb_key *key)
{
	char *text;

	memcpy(&text, const_field_of(config, key), sizeof(text));
	return text;
}

static enum gb_rc refuse(const struct gb_key *key, const char *text, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);

	if (*text == '\0') {
		gb_err_set(err, GB_E_CONFIG, "config-value", _("[%s] %s has no value."),
			   key->section, key->name);
	} else {
		gb_err_set(err, GB_E_CONFIG, "config-value", _("[%s] %s cannot be \"%s\"."),
			   key->section, key->name,
			   gb_text_cut_utf16(tmp, gb_text_display(tmp, text), MAX_SHOWN_UNITS));
	}
	gb_err_remedy(err, "%s", gb_key_rule(tmp, key));
	talloc_free(tmp);
	return GB_E_CONFIG;
}

static enum gb_rc refuse_length(const struct gb_key *key, struct gb_err *err)
{
	return gb_err_set(err, GB_E_CONFIG, "config-value", _("[%s] %s is longer than %d bytes."),
			  key->section, key->name, GB_CONFIG_MAX_VALUE_BYTES);
}

/* Well-formed, and without controls, which an INI reader takes for ends of lines or blanks. */
static bool is_printable(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	ucs4_t c;

	if (!gb_text_is_utf8(text, strlen(text))) {
		return false;
	}
	while ((at = u8_next(&c, at)) != NULL) {
		if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc)) {
			return false;
		}
	}
	return true;
}

static const struct gb_key_choice *find_choice(const struct gb_key *key, const char *word,
					       size_t length)
{
	for (const struct gb_key_choice *choice = key->choices; choice->word; choice++) {
		if (strlen(choice->word) == length && memcmp(choice->word, word, length) == 0) {
			return choice;
		}
	}
	return NULL;
}

static bool set_bool(void *field, const char *text)
{
	bool value = strcmp(text, "yes") == 0;

	if (!value && strcmp(text, "no") != 0) {
		return false;
	}
	memcpy(field, &value, sizeof(value));
	return true;
}

static bool set_choice(void *field, const struct gb_key *key, const char *text)
{
	const struct gb_key_choice *choice = find_choice(key, text, strlen(text));
	unsigned value;

	if (!choice) {
		return false;
	}
	value = (unsigned)choice->value;
	memcpy(field, &value, sizeof(value));
	return true;
}

/* The next word of a list; NULL at the end. *text moves behind it. */
static const char *next_word(const char **text, size_t *ret_length)
{
	const char *word = *text + strspn(*text, " ");

	*ret_length = strcspn(word, " ");
	*text = word + *ret_length;
	return *ret_length ? word : NULL;
}

static bool set_flags(void *field, const struct gb_key *key, const char *text)
{
	unsigned flags = 0;
	const char *word;
	size_t length;

	while ((word = next_word(&text, &length)) != NULL) {
		const struct gb_key_choice *choice = find_choice(key, word, length);

		if (!choice) {
			return false;
		}
		flags |= (unsigned)choice->value;
	}
	if (flags == 0) {
		return false;
	}
	memcpy(field, &flags, sizeof(flags));
	return true;
}

static bool set_number(void *field, const struct gb_key *key, const char *text)
{
	int64_t value = 0;

	if (!key->zero_word || strcmp(text, key->zero_word) != 0) {
		/* No sign, no leading zero; max is far from overflow. */
		for (const char *at = text; *at; at++) {
			if (*at < '0' || *at > '9' || text[0] == '0' || value > key->max) {
				return false;
			}
			value = value * 10 + (*at - '0');
		}
		if (value < key->min || value > key->max) {
			return false;
		}
	}
	memcpy(field, &value, sizeof(value));
	return true;
}

static bool set_limit(void *field, const char *text)
{
	struct gb_limit limit;

	if (!gb_limit_parse(text, &limit)) {
		return false;
	}
	memcpy(field, &limit, sizeof(limit));
	return true;
}

/* From the longest; each is what a canonical text is written in if it comes out even. */
static const struct {
	char letter;
	int64_t seconds;
} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

static int64_t unit_seconds(char letter)
{
	for (size_t i = 0; i < GB_ARRAY_SIZE(units); i++) {
		if (units[i].letter == letter) {
			return units[i].seconds;
		}
	}
	return 0;
}

/* A number without sign or leading zero, and its unit. */
static bool set_duration(void *field, const struct gb_key *key, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	int64_t unit = unit_seconds(text[digits]);
	int64_t value = 0;

	if (digits == 0 || unit == 0 || text[digits + 1] || (text[0] == '0' && digits > 1)) {
		return false;
	}
	for (size_t i = 0; i < digits; i++) {
		value = value * 10 + (text[i] - '0');
		if (value > key->max / unit) {
			return false;
		}
	}
	value *= unit;
	if (value < key->min) {
		return false;
	}
	memcpy(field, &value, sizeof(value));
	return true;
}

static void replace_text(void *field, char *text)
{
	char *old;

	memcpy(&old, field, sizeof(old));
	talloc_free(old);
	memcpy(field, &text, sizeof(text));
}

static char *canonical_text(const void *ctx, enum gb_key_type type, const char *text)
{
	static char *(*const readers[])(const void *, const char *) = {
		[GB_KEY_PATH] = gb_syntax_path,       [GB_KEY_DN] = gb_dn_text_canonical,
		[GB_KEY_ACCOUNT] = gb_syntax_account, [GB_KEY_TENANT] = gb_syntax_tenant,
		[GB_KEY_GUID] = gb_syntax_guid,       [GB_KEY_HTTPS] = gb_syntax_https,
		[GB_KEY_PROXY] = gb_syntax_proxy,     [GB_KEY_DNS_NAME] = gb_syntax_dns_name,
	};

	assert(type < GB_ARRAY_SIZE(readers) && readers[type]);
	return readers[type](ctx, text);
}

/* Hex pairs make a DN longer than what was typed: the limit is about what will stand in the file. */
static enum gb_rc set_text(struct gb_config *config, const struct gb_key *key, const char *text,
			   struct gb_err *err)
{
	char *canonical = canonical_text(config, key->type, text);

	if (!canonical) {
		return refuse(key, text, err);
	}
	if (strlen(canonical) > GB_CONFIG_MAX_VALUE_BYTES) {
		talloc_free(canonical);
		return refuse_length(key, err);
	}
	replace_text(field_of(config, key), canonical);
	return GB_OK;
}

static void replace_list(struct gb_config_list *list, struct gb_config_list with)
{
	talloc_free(list->items);
	*list = with;
}

static bool set_servers(struct gb_config *config, struct gb_config_list *list, const char *text)
{
	struct gb_config_list servers = {
		.items = gb_new_array(config, char *, GB_CONFIG_MAX_SERVERS)};
	const char *word;
	size_t length;

	while ((word = next_word(&text, &length)) != NULL) {
		char *copy = gb_strndup(servers.items, word, length);
		char *server = gb_syntax_server(servers.items, copy);

		if (!server || servers.count == GB_CONFIG_MAX_SERVERS) {
			talloc_free(servers.items);
			return false;
		}
		servers.items[servers.count++] = server;
		talloc_free(copy);
	}
	if (servers.count == 0) {
		talloc_free(servers.items);
		return false;
	}
	replace_list(list, servers);
	return true;
}

static enum gb_rc unset(struct gb_config *config, const struct gb_key *key, struct gb_err *err)
{
	if (key->fallback) {
		return refuse(key, "", err);
	}
	if (key->type == GB_KEY_SERVERS) {
		replace_list(field_of(config, key), (struct gb_config_list){0});
	} else {
		replace_text(field_of(config, key), NULL);
	}
	return GB_OK;
}

enum gb_rc gb_config_set(struct gb_config *config, const struct gb_key *key, const char *text,
			 struct gb_err *err)
{
	void *field = field_of(config, key);
	bool good = false;

	if (!text) {
		text = key->fallback ? key->fallback : "";
	}
	if (*text == '\0') {
		return unset(config, key, err);
	}
	if (strlen(text) > GB_CONFIG_MAX_VALUE_BYTES) {
		return refuse_length(key, err);
	}
	if (!is_printable(text)) {
		return refuse(key, text, err);
	}
	switch (key->type) {
	case GB_KEY_BOOL:
		good = set_bool(field, text);
		break;
	case GB_KEY_CHOICE:
		good = set_choice(field, key, text);
		break;
	case GB_KEY_FLAGS:
		good = set_flags(field, key, text);
		break;
	case GB_KEY_NUMBER:
		good = set_number(field, key, text);
		break;
	case GB_KEY_LIMIT:
		good = set_limit(field, text);
		break;
	case GB_KEY_DURATION:
		good = set_duration(field, key, text);
		break;
	case GB_KEY_SERVERS:
		good = set_servers(config, field, text);
		break;
	case GB_KEY_PATH:
	case GB_KEY_DN:
	case GB_KEY_ACCOUNT:
	case GB_KEY_TENANT:
	case GB_KEY_GUID:
	case GB_KEY_HTTPS:
	case GB_KEY_DNS_NAME:
	case GB_KEY_PROXY:
		return set_text(config, key, text, err);
	}
	return good ? GB_OK : refuse(key, text, err);
}

static char *get_choice(const void *ctx, const struct gb_key *key, unsigned value)
{
	for (const struct gb_key_choice *choice = key->choices; choice->word; choice++) {
		if ((unsigned)choice->value == value) {
			return gb_strdup(ctx, choice->word);
		}
	}
	return NULL;
}

static char *get_flags(const void *ctx, const struct gb_key *key, unsigned flags)
{
	struct gb_buffer *words = gb_buffer_new(ctx);

	for (const struct gb_key_choice *choice = key->choices; choice->word; choice++) {
		if (flags & (unsigned)choice->value) {
			gb_buffer_add_format(words, "%s%s", words->length ? " " : "", choice->word);
		}
	}
	return gb_buffer_steal(ctx, words);
}

static char *get_number(const void *ctx, const struct gb_key *key, const void *field)
{
	int64_t value;

	memcpy(&value, field, sizeof(value));
	return value == 0 && key->zero_word ? gb_strdup(ctx, key->zero_word)
					    : gb_printf(ctx, "%" PRId64, value);
}

static char *get_duration(const void *ctx, const void *field)
{
	int64_t value;
	size_t i = 0;

	memcpy(&value, field, sizeof(value));
	while (value % units[i].seconds != 0) {
		i++;
	}
	return gb_printf(ctx, "%" PRId64 "%c", value / units[i].seconds, units[i].letter);
}

static char *get_servers(const void *ctx, const struct gb_config_list *list)
{
	struct gb_buffer *words;

	if (list->count == 0) {
		return NULL;
	}
	words = gb_buffer_new(ctx);
	for (size_t i = 0; i < list->count; i++) {
		gb_buffer_add_format(words, "%s%s", i ? " " : "", list->items[i]);
	}
	return gb_buffer_steal(ctx, words);
}

static char *get_bool(const void *ctx, const void *field)
{
	bool value;

	memcpy(&value, field, sizeof(value));
	return gb_strdup(ctx, value ? "yes" : "no");
}

char *gb_config_get(const void *ctx, const struct gb_config *config, const struct gb_key *key)
{
	const void *field = const_field_of(config, key);

	switch (key->type) {
	case GB_KEY_BOOL:
		return get_bool(ctx, field);
	case GB_KEY_CHOICE:
		return get_choice(ctx, key, read_unsigned(config, key));
	case GB_KEY_FLAGS:
		return get_flags(ctx, key, read_unsigned(config, key));
	case GB_KEY_NUMBER:
		return get_number(ctx, key, field);
	case GB_KEY_LIMIT:
		return gb_limit_format(ctx, field);
	case GB_KEY_DURATION:
		return get_duration(ctx, field);
	case GB_KEY_SERVERS:
		return get_servers(ctx, field);
	case GB_KEY_PATH:
	case GB_KEY_DN:
	case GB_KEY_ACCOUNT:
	case GB_KEY_TENANT:
	case GB_KEY_GUID:
	case GB_KEY_HTTPS:
	case GB_KEY_DNS_NAME:
	case GB_KEY_PROXY:
		break;
	}
	return gb_strdup(ctx, read_text(config, key));
}
