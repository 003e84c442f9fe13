/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distinguished names: keys, parents, RDN values. */
#include "config.h"

#include "engine/directory/dn.h"

#include <ctype.h>
#include <ldap.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Most parts of one RDN ("a=1+b=2") that a key is made of. */
#define MAX_PARTS 16

/* Samba escapes more characters than RFC 4514 lists ("\?", "\*"), and libldap refuses a DN with such
 * a pair: every escaped character that is no hex digit becomes a hex pair. */
static char *with_hex_pairs(const char *dn)
{
	struct gb_buffer *out = gb_buffer_new(NULL);

	for (const char *p = dn; *p != '\0'; p++) {
		if (p[0] == '\\' && p[1] != '\0' && !isxdigit((unsigned char)p[1])) {
			gb_buffer_add_format(out, "\\%02X", (unsigned)(unsigned char)p[1]);
			p++;
		} else {
			gb_buffer_add_char(out, *p);
		}
	}
	return gb_buffer_steal(NULL, out);
}

static LDAPDN parse(const char *dn)
{
	LDAPDN parsed = NULL;
	size_t length = strnlen(dn, GB_DN_MAX_BYTES + 1);
	char *plain;
	int rc;

	if (length == 0 || length > GB_DN_MAX_BYTES) {
		return NULL;
	}
	/* libldap takes LDAPv2 spellings such as ";" as well, unless it is told which one it is. */
	plain = with_hex_pairs(dn);
	rc = ldap_str2dn(plain, &parsed, LDAP_DN_FORMAT_LDAPV3);
	talloc_free(plain);
	return rc == LDAP_SUCCESS ? parsed : NULL;
}

/** A DN that needs no parser. */
struct simple_dn {
	size_t length;       /* of the whole */
	size_t value_offset; /* of the value of its first RDN */
	size_t rdn_length;   /* of its first RDN */
	bool is_ascii;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_type_character(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

/* Stands for itself wherever it stands in a value. */
static bool is_value_character(char c)
{
	switch (c) {
	case '"':
	case '#':
	case '+':
	case ',':
	case ';':
	case '<':
	case '=':
	case '>':
	case '\\':
	case 0x7f:
		return false;
	default:
		return (unsigned char)c >= 0x20;
	}
}

/* Bytes of "type=value" at @rdn, up to its separator or the end; 0: it is not that simple. */
static size_t simple_rdn(const char *rdn, size_t *ret_value_offset)
{
	size_t at = 0;

	if (!is_letter(rdn[0])) {
		return 0;
	}
	while (is_type_character(rdn[at])) {
		at++;
	}
	if (rdn[at] != '=') {
		return 0;
	}
	*ret_value_offset = ++at;
	if (rdn[at] == ' ') {
		return 0;
	}
	while (is_value_character(rdn[at])) {
		at++;
	}
	if (at == *ret_value_offset || rdn[at - 1] == ' ' || (rdn[at] != ',' && rdn[at] != '\0')) {
		return 0;
	}
	return at;
}

static bool has_ascii_alone(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

/*
 * Almost every DN is made of plain "type=value" parts: no escape, no quotes, no second part, no blank at
 * an edge. All spellings of it that a parser knows read as they stand, and there is one for each member
 * of each group.
 */
static bool is_simple(const char *dn, struct simple_dn *ret_simple)
{
	struct simple_dn simple = {.length = 0};
	const char *at = dn;

	while (true) {
		size_t value_offset = 0;
		size_t length = simple_rdn(at, &value_offset);

		if (length == 0) {
			return false;
		}
		if (at == dn) {
			simple.value_offset = value_offset;
			simple.rdn_length = length;
		}
		at += length;
		if (*at == '\0') {
			break;
		}
		at++;
	}
	simple.length = (size_t)(at - dn);
	simple.is_ascii = has_ascii_alone(dn, simple.length);
	*ret_simple = simple;
	return simple.length <= GB_DN_MAX_BYTES &&
	       (simple.is_ascii || gb_text_is_utf8(dn, simple.length));
}

static char *simple_key(const void *ctx, const char *dn, const struct simple_dn *simple)
{
	char *key;

	if (!simple->is_ascii) {
		return gb_text_lower(ctx, dn);
	}
	key = gb_strndup(ctx, dn, simple->length);
	for (char *p = key; *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
	}
	return key;
}

static char *hex_value(const void *ctx, const struct berval *value)
{
	struct gb_buffer *out = gb_buffer_new(ctx);

	gb_buffer_add_char(out, '#');
	for (size_t i = 0; i < value->bv_len; i++) {
		gb_buffer_add_format(out, "%02x", (unsigned)(unsigned char)value->bv_val[i]);
	}
	return gb_buffer_steal(ctx, out);
}

static char *part_key(const void *ctx, const LDAPAVA *part)
{
	char *value =
		part->la_flags & LDAP_AVA_BINARY
			? hex_value(ctx, &part->la_value)
			: gb_text_dn_escape(ctx, part->la_value.bv_val, part->la_value.bv_len);
	char *text =
		gb_printf(ctx, "%.*s=%s", (int)part->la_attr.bv_len, part->la_attr.bv_val, value);

	return gb_text_lower(ctx, text);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The order of the parts of an RDN means nothing (RFC 4514 2.2): they are sorted. */
static bool add_rdn_key(struct gb_buffer *out, LDAPRDN rdn)
{
	void *tmp = gb_new_tmp(out);
	char *parts[MAX_PARTS];
	size_t count = 0;

	for (; rdn[count]; count++) {
		if (count == MAX_PARTS) {
			talloc_free(tmp);
			return false;
		}
		parts[count] = part_key(tmp, rdn[count]);
	}
	qsort(parts, count, sizeof(parts[0]), compare_texts);
	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			gb_buffer_add_char(out, '+');
		}
		gb_buffer_add_text(out, parts[i]);
	}
	talloc_free(tmp);
	return true;
}

/* The key of any DN, by libldap's parser. */
static char *parsed_key(const void *ctx, const char *dn)
{
	LDAPDN parsed = parse(dn);
	struct gb_buffer *out;
	bool valid = parsed != NULL;

	if (!valid) {
		return NULL;
	}
	out = gb_buffer_new(ctx);
	for (size_t i = 0; parsed[i] && valid; i++) {
		if (i > 0) {
			gb_buffer_add_char(out, ',');
		}
		valid = add_rdn_key(out, parsed[i]);
	}
	ldap_dnfree(parsed);
	if (!valid) {
		talloc_free(out);
		return NULL;
	}
	return gb_buffer_steal(ctx, out);
}

char *gb_dn_key(const void *ctx, const char *dn)
{
	struct simple_dn simple;

	return is_simple(dn, &simple) ? simple_key(ctx, dn, &simple) : parsed_key(ctx, dn);
}

/*
 * Bytes up to and with the separator behind the first RDN, or the whole length if there is one RDN
 * only. @dn is known to be a DN, so a separator is a comma (or, from LDAPv2 servers, a semicolon)
 * that is neither escaped nor inside quotes.
 */
static size_t first_rdn_bytes(const char *dn)
{
	bool quoted = false;
	size_t at;

	for (at = 0; dn[at]; at++) {
		if (dn[at] == '\\' && dn[at + 1]) {
			at++;
		} else if (dn[at] == '"') {
			quoted = !quoted;
		} else if (!quoted && (dn[at] == ',' || dn[at] == ';')) {
			return at + 1;
		}
	}
	return at;
}

char *gb_dn_parent(const void *ctx, const char *dn)
{
	struct simple_dn simple;
	LDAPDN parsed;
	const char *parent;

	if (is_simple(dn, &simple)) {
		parent = dn + simple.rdn_length;
		return gb_strdup(ctx, *parent == ',' ? parent + 1 : parent);
	}
	parsed = parse(dn);
	if (!parsed) {
		return NULL;
	}
	ldap_dnfree(parsed);
	parent = dn + first_rdn_bytes(dn);
	while (*parent == ' ') {
		parent++;
	}
	return gb_strdup(ctx, parent);
}

bool gb_dn_is_below(const char *key, const char *base_key)
{
	size_t length = strlen(key);
	size_t base_length = strlen(base_key);
	const char *end;

	if (base_length == 0) {
		return length > 0;
	}
	if (length <= base_length + 1) {
		return false;
	}
	end = key + length - base_length;
	/*
	 * In a key every comma that is not a separator is written \2c, so this one is a separator.
	 */
	return end[-1] == ',' && strcmp(end, base_key) == 0;
}

char *gb_dn_rdn_value(const void *ctx, const char *dn)
{
	struct simple_dn simple;
	LDAPDN parsed;
	const struct berval *value;
	char *text = NULL;

	if (is_simple(dn, &simple)) {
		return gb_strndup(ctx, dn + simple.value_offset,
				  simple.rdn_length - simple.value_offset);
	}
	parsed = parse(dn);
	if (!parsed) {
		return NULL;
	}
	value = &parsed[0][0]->la_value;
	if (!memchr(value->bv_val, '\0', value->bv_len)) {
		text = gb_strndup(ctx, value->bv_val, value->bv_len);
	}
	ldap_dnfree(parsed);
	return text;
}

static void add_inert_part(struct gb_buffer *out, const LDAPAVA *part)
{
	char *value = part->la_flags & LDAP_AVA_BINARY
			      ? hex_value(out, &part->la_value)
			      : gb_text_dn_escape_inert(out, part->la_value.bv_val,
							part->la_value.bv_len);

	gb_buffer_add(out, part->la_attr.bv_val, part->la_attr.bv_len);
	gb_buffer_add_char(out, '=');
	gb_buffer_add_text(out, value);
	talloc_free(value);
}

char *gb_dn_inert(const void *ctx, const char *dn)
{
	LDAPDN parsed = parse(dn);
	struct gb_buffer *out;

	if (!parsed) {
		return NULL;
	}
	out = gb_buffer_new(ctx);
	for (size_t i = 0; parsed[i]; i++) {
		for (size_t k = 0; parsed[i][k]; k++) {
			if (i > 0 || k > 0) {
				gb_buffer_add_char(out, k > 0 ? '+' : ',');
			}
			add_inert_part(out, parsed[i][k]);
		}
	}
	ldap_dnfree(parsed);
	return gb_buffer_steal(ctx, out);
}

char *gb_dn_rdn(const void *ctx, const char *value)
{
	char *escaped = gb_text_dn_escape(ctx, value, strlen(value));
	char *rdn = gb_printf(ctx, "CN=%s", escaped);

	talloc_free(escaped);
	return rdn;
}

char *gb_dn_child(const void *ctx, const char *value, const char *parent)
{
	char *rdn = gb_dn_rdn(ctx, value);
	char *dn = parent[0] ? gb_printf(ctx, "%s,%s", rdn, parent) : gb_strdup(ctx, rdn);

	talloc_free(rdn);
	return dn;
}
