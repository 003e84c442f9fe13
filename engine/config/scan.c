/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strict scan of groupback.conf. */
#include "config.h"

#include "engine/config/scan.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Most of an unknown name that an error repeats. */
#define MAX_SHOWN_UNITS 60

struct scanner {
	const char *name;
	struct gb_config_problems *problems;
	struct gb_config_scan *scan;
	const char *line; /* begin of the current line */
	size_t length;    /* of the line, without its end */
	size_t number;    /* of the line, from 1 */
	char *section;    /* current one; NULL before the first, and in an unknown one */
	bool in_unknown;  /* in an unknown or doubled section: its keys are not looked at */
	char **seen;      /* sections so far, in lower case or not */
	size_t seen_count;
	const struct gb_config_vocabulary *more; /* NULL: the table is all */
	void *tmp;
};

static void complain(struct scanner *s, const char *at, const char *id, const char *fmt, ...)
	GB_PRINTF(4, 5);

/* Columns are characters: bytes that do not continue one. */
static size_t column_of(const struct scanner *s, const char *at)
{
	size_t column = 1;

	for (const char *c = s->line; c < at; c++) {
		column += ((unsigned char)*c & 0xc0) != 0x80;
	}
	return column;
}

static void complain(struct scanner *s, const char *at, const char *id, const char *fmt, ...)
{
	struct gb_err err;
	va_list args;
	char *text;

	va_start(args, fmt);
	text = gb_mem_check(talloc_vasprintf(s->tmp, fmt, args));
	va_end(args);
	gb_err_set(&err, GB_E_CONFIG, id, "%s:%zu:%zu: %s", s->name, s->number, column_of(s, at),
		   text);
	gb_config_problems_add(s->problems, &err);
}

/* Some bytes of the line, safe to show. */
static const char *shown(struct scanner *s, const char *begin, size_t length)
{
	char *copy = gb_strndup(s->tmp, begin, length);

	return gb_text_cut_utf16(s->tmp, gb_text_display(s->tmp, copy), MAX_SHOWN_UNITS);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Moves both ends inwards over blanks. */
static void trim(const char **begin, const char **end)
{
	while (*begin < *end && is_blank(**begin)) {
		(*begin)++;
	}
	while (*end > *begin && is_blank((*end)[-1])) {
		(*end)--;
	}
}

/* The first byte of the line that cannot be in a text file of ours; NULL if there is none. */
static const char *first_bad_byte(const struct scanner *s)
{
	size_t size;

	for (size_t at = 0; at < s->length; at += size) {
		ucs4_t c;
		int got = u8_mbtoucr(&c, (const uint8_t *)s->line + at, s->length - at);

		if (got <= 0 ||
		    (c != '\t' && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc))) {
			return s->line + at;
		}
		size = (size_t)got;
	}
	return NULL;
}

static bool check_bytes(struct scanner *s)
{
	const char *bad = first_bad_byte(s);

	if (s->number == 1 && s->length >= 3 && memcmp(s->line, "\xef\xbb\xbf", 3) == 0) {
		complain(
			s, s->line, "config-bom",
			_("The file begins with a byte order mark. Save it as UTF-8 without one."));
		return false;
	}
	if (!bad) {
		return true;
	}
	if (*bad == '\r' && bad + 1 == s->line + s->length) {
		complain(s, bad, "config-crlf",
			 _("The line ends with a carriage return. Save the file with Unix line "
			   "ends."));
	} else if ((unsigned char)*bad < 0x80) {
		complain(s, bad, "config-control", _("A control character (0x%02x) stands here."),
			 (unsigned)(unsigned char)*bad);
	} else {
		complain(s, bad, "config-utf8",
			 _("This is not UTF-8 text, or a control character."));
	}
	return false;
}

static bool was_seen(const struct scanner *s, const char *section)
{
	for (size_t i = 0; i < s->seen_count; i++) {
		if (gb_text_equal_nocase(s->seen[i], section)) {
			return true;
		}
	}
	return false;
}

static void remember_section(struct scanner *s, char *section)
{
	s->seen = gb_mem_check(
		talloc_realloc(s->tmp, s->seen, char *, gb_mem_count(s->seen_count + 1)));
	s->seen[s->seen_count++] = section;
	s->section = section;
	s->in_unknown = false;
}

static bool is_section(const struct scanner *s, const char *section)
{
	return gb_key_is_section(section) ||
	       (s->more && s->more->has_section(s->more->data, section));
}

static void scan_section(struct scanner *s, const char *begin, const char *end)
{
	char *section;

	s->section = NULL;
	s->in_unknown = true;
	if (end[-1] != ']') {
		complain(s, end, "config-section",
			 _("A section is [name], with nothing behind it."));
		return;
	}
	section = gb_strndup(s->tmp, begin + 1, (size_t)(end - begin) - 2);
	if (!is_section(s, section)) {
		complain(s, begin + 1, "config-unknown-section", _("There is no section [%s]."),
			 shown(s, begin + 1, strlen(section)));
	} else if (was_seen(s, section)) {
		complain(s, begin + 1, "config-double-section",
			 _("Section [%s] stands in the file twice."), section);
	} else {
		remember_section(s, section);
	}
}

static const struct gb_config_entry *find_entry(const struct gb_config_scan *scan,
						const char *section, const char *name)
{
	for (size_t i = 0; i < scan->count; i++) {
		if (gb_text_equal_nocase(scan->entries[i].section, section) &&
		    gb_text_equal_nocase(scan->entries[i].name, name)) {
			return &scan->entries[i];
		}
	}
	return NULL;
}

static bool is_key(const struct scanner *s, const char *name)
{
	return gb_key_find(s->section, name) ||
	       (s->more && s->more->has_key(s->more->data, s->section, name));
}

/* The name that ends before the equals sign; NULL after a complaint. */
static char *scan_name(struct scanner *s, const char *begin, const char *end)
{
	const char *first = begin;
	const struct gb_config_entry *entry;
	char *name;

	trim(&begin, &end);
	if (begin == end) {
		complain(s, first, "config-line", _("The name of a key is missing."));
		return NULL;
	}
	if (!s->section) {
		complain(s, begin, "config-no-section",
			 _("A key stands before the first section."));
		return NULL;
	}
	name = gb_strndup(s->tmp, begin, (size_t)(end - begin));
	if (!is_key(s, name)) {
		complain(s, begin, "config-unknown-key", _("Section [%s] has no key \"%s\"."),
			 s->section, shown(s, begin, (size_t)(end - begin)));
		return NULL;
	}
	entry = find_entry(s->scan, s->section, name);
	if (entry) {
		complain(s, begin, "config-double-key",
			 _("Key \"%s\" stands in this section twice, first in line %zu."),
			 entry->name, entry->line);
		return NULL;
	}
	return name;
}

/* Between double quotes; iniparser would end the value at the first quote. */
static bool check_quoted(struct scanner *s, const char *begin, const char *end)
{
	const char *quote = memchr(begin + 1, '"', (size_t)(end - begin) - 1);

	if (!quote) {
		complain(s, begin, "config-quote", _("The closing double quote is missing."));
		return false;
	}
	if (quote + 1 != end) {
		complain(
			s, quote, "config-quote",
			_("Nothing may follow the closing double quote. Inside a DN, write a quote "
			  "as \\22; a comment needs a line of its own."));
		return false;
	}
	return true;
}

/* iniparser would cut at ; and #, treat single quotes as quotes, and join a line behind a backslash. */
static bool check_plain(struct scanner *s, const char *begin, const char *end)
{
	for (const char *at = begin; at < end; at++) {
		if (*at == ';' || *at == '#') {
			complain(s, at, "config-comment",
				 _("A value with %c in it needs double quotes; a comment needs a "
				   "line of its own."),
				 *at);
			return false;
		}
		if (*at == '"' || (*at == '\'' && at == begin)) {
			complain(s, at, "config-quote",
				 _("Double quotes stand around the whole value or not at all; "
				   "single "
				   "quotes are not used."));
			return false;
		}
	}
	return true;
}

static void add_entry(struct scanner *s, const char *name, const char *begin, const char *end)
{
	const struct gb_key *key = gb_key_find(s->section, name);
	struct gb_config_scan *scan = s->scan;
	bool quoted = begin < end && *begin == '"';

	scan->entries = gb_mem_check(talloc_realloc(scan, scan->entries, struct gb_config_entry,
						    gb_mem_count(scan->count + 1)));
	scan->entries[scan->count++] = (struct gb_config_entry){
		.key = key,
		.section = gb_strdup(scan, key ? key->section : s->section),
		.name = gb_strdup(scan, key ? key->name : name),
		.text = quoted ? gb_strndup(scan, begin + 1, (size_t)(end - begin) - 2)
			       : gb_strndup(scan, begin, (size_t)(end - begin)),
		.line = s->number,
		.column = column_of(s, begin + quoted),
	};
}

static void scan_assignment(struct scanner *s, const char *begin, const char *end)
{
	const char *equals = memchr(begin, '=', (size_t)(end - begin));
	const char *value;
	char *name;

	if (s->in_unknown) {
		return;
	}
	if (!equals) {
		complain(s, begin, "config-line",
			 _("This is neither a comment, nor a [section], nor key = value."));
		return;
	}
	name = scan_name(s, begin, equals);
	if (!name) {
		return;
	}
	value = equals + 1;
	trim(&value, &end);
	if (value < end && *value == '"' ? check_quoted(s, value, end)
					 : check_plain(s, value, end)) {
		add_entry(s, name, value, end);
	}
}

static void scan_line(struct scanner *s)
{
	const char *begin = s->line;
	const char *end = s->line + s->length;

	if (s->length > GB_CONFIG_MAX_LINE_BYTES) {
		complain(s, begin, "config-line-length", _("The line is longer than %d bytes."),
			 GB_CONFIG_MAX_LINE_BYTES);
		return;
	}
	if (!check_bytes(s)) {
		return;
	}
	trim(&begin, &end);
	if (begin == end) {
		return;
	}
	if (end[-1] == '\\') {
		complain(s, end - 1, "config-backslash",
			 _("A line cannot end with a backslash. Put a value that does into double "
			   "quotes."));
		return;
	}
	if (*begin == '#' || *begin == ';') {
		return;
	}
	if (*begin == '[') {
		scan_section(s, begin, end);
	} else {
		scan_assignment(s, begin, end);
	}
}

struct gb_config_scan *gb_config_scan(const void *ctx, const char *bytes, size_t length,
				      const char *name, struct gb_config_problems *problems)
{
	return gb_config_scan_more(ctx, bytes, length, name, NULL, problems);
}

struct gb_config_scan *gb_config_scan_more(const void *ctx, const char *bytes, size_t length,
					   const char *name,
					   const struct gb_config_vocabulary *more,
					   struct gb_config_problems *problems)
{
	const char *end = bytes + length;
	struct scanner scanner = {.name = name, .problems = problems, .more = more};
	struct gb_config_scan *scan = gb_new(ctx, struct gb_config_scan);

	scanner.scan = scan;
	scanner.tmp = gb_new_tmp(NULL);
	while (bytes < end) {
		const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));

		line_end = line_end ? line_end : end;
		scanner.line = bytes;
		scanner.length = (size_t)(line_end - bytes);
		scanner.number++;
		scan_line(&scanner);
		bytes = line_end < end ? line_end + 1 : end;
	}
	talloc_free(scanner.tmp);
	return scan;
}
