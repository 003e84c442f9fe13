/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of a written group. */
#include "config.h"

#include "engine/plan/naming.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

/* Digits of the objectId behind a readable name: its last block. */
#define SUFFIX_DIGITS 12

static const char *suffix_of(const char text[GB_GUID_TEXT_BYTES])
{
	return text + GB_GUID_TEXT_BYTES - 1 - SUFFIX_DIGITS;
}

char *gb_naming_anchor(const void *ctx, const struct gb_guid *id)
{
	char text[GB_GUID_TEXT_BYTES];

	return gb_printf(ctx, "Group_%s", gb_guid_format(id, text));
}

/* U+FFFD too: a byte that is not UTF-8 reads as that. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfffd;
}

/* Characters that only turn the order of what is shown around them (Unicode UAX 9). */
static bool is_bidi_control(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* Characters that show nothing: soft hyphen, zero width, joiners, selectors, tags. */
static bool is_invisible(uint32_t c)
{
	return is_bidi_control(c) || c == 0x00ad || c == 0x034f || c == 0x180e ||
	       (c >= 0x200b && c <= 0x200d) || (c >= 0x2060 && c <= 0x2064) ||
	       (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff);
}

/* Controls become blanks, so that "a\nb" stays two words; AD keeps \n for names of tombstones. */
static char *readable_for_cn(const void *ctx, const char *display_name)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	uint32_t c;
	size_t size;

	for (const char *at = display_name; (size = gb_text_next(at, &c)) > 0; at += size) {
		if (is_control(c)) {
			gb_buffer_add_char(out, ' ');
		} else if (!is_bidi_control(c)) {
			gb_buffer_add(out, at, size);
		}
	}
	return gb_buffer_steal(ctx, out);
}

static char *display_name_cn(const void *ctx, const char *display_name, const struct gb_guid *id)
{
	void *tmp = gb_new_tmp(ctx);
	char text[GB_GUID_TEXT_BYTES];
	char *name = gb_text_trim(tmp, readable_for_cn(tmp, display_name ? display_name : ""));
	char *cn = NULL;

	if (*name != '\0') {
		cn = gb_printf(ctx, "%s_%s", gb_text_cut_utf16(tmp, name, GB_NAMING_NAME_UNITS),
			       suffix_of(gb_guid_format(id, text)));
	}
	talloc_free(tmp);
	return cn;
}

char *gb_naming_cn(const void *ctx, enum gb_name_format format, const char *display_name,
		   const struct gb_guid *id, unsigned candidate)
{
	char *name = format == GB_NAME_DISPLAY_NAME ? display_name_cn(ctx, display_name, id) : NULL;

	if (!name) {
		return candidate == 0 ? gb_naming_anchor(ctx, id) : NULL;
	}
	if (candidate == 0) {
		return name;
	}
	talloc_free(name);
	return candidate == 1 ? gb_naming_anchor(ctx, id) : NULL;
}

char *gb_naming_cn_mapped(const void *ctx, const char *value, const struct gb_guid *id,
			  unsigned candidate)
{
	void *tmp = gb_new_tmp(ctx);
	char *name = gb_text_trim(tmp, readable_for_cn(tmp, value ? value : ""));
	char *cn = NULL;

	if (*name != '\0' && candidate == 0) {
		cn = gb_text_cut_utf16(ctx, name, GB_NAMING_MAX_CN);
	} else if (candidate == (*name != '\0')) {
		cn = gb_naming_anchor(ctx, id);
	}
	talloc_free(tmp);
	return cn;
}

bool gb_naming_is_own_sam(const char *sam, const struct gb_guid *id)
{
	char text[GB_GUID_TEXT_BYTES];
	size_t length = strlen(sam);

	return length > SUFFIX_DIGITS && sam[length - SUFFIX_DIGITS - 1] == '_' &&
	       strcmp(sam + length - SUFFIX_DIGITS, suffix_of(gb_guid_format(id, text))) == 0;
}

/* Blanks other than the common one (Unicode category Zs): in a logon name nobody could tell. */
static bool is_odd_blank(uint32_t c)
{
	return c == 0x00a0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

static bool is_forbidden_in_sam(uint32_t c)
{
	return is_control(c) || (c < 0x80 && strchr("\"/\\[]:;|=,+*?<>", (int)c) != NULL);
}

static void drop_last(struct gb_buffer *out)
{
	out->text[--out->length] = '\0';
}

/* Forbidden characters become one "-" a run; what shows nothing goes. */
static char *replace_forbidden(const void *ctx, const char *display_name)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	uint32_t c;
	size_t size;

	for (const char *at = display_name; (size = gb_text_next(at, &c)) > 0; at += size) {
		if (is_forbidden_in_sam(c)) {
			if (out->length > 0 && out->text[out->length - 1] != '-') {
				gb_buffer_add_char(out, '-');
			}
		} else if (is_odd_blank(c)) {
			gb_buffer_add_char(out, ' ');
		} else if (!is_invisible(c)) {
			gb_buffer_add(out, at, size);
		}
	}
	while (out->length > 0 && strchr("-.$ ", out->text[out->length - 1]) != NULL) {
		drop_last(out);
	}
	return gb_buffer_steal(ctx, out);
}

static char *readable_for_sam(const void *ctx, const char *display_name, const struct gb_guid *id)
{
	char *base = gb_strdup(ctx, display_name ? display_name : "");
	char *name;

	if (gb_naming_is_own_sam(base, id)) {
		base[strlen(base) - SUFFIX_DIGITS - 1] = '\0';
	}
	name = gb_text_trim(ctx, replace_forbidden(ctx, base));

	return *name == '\0' ? gb_strdup(ctx, "Group") : name;
}

char *gb_naming_sam(const void *ctx, const char *display_name, const struct gb_guid *id,
		    unsigned candidate)
{
	void *tmp;
	char text[GB_GUID_TEXT_BYTES];
	const char *tag;
	char *base;
	char *sam;

	if (candidate >= GB_NAMING_MAX_CANDIDATES) {
		return NULL;
	}
	tmp = gb_new_tmp(ctx);
	tag = candidate == 0 ? "" : gb_printf(tmp, "-%u", candidate + 1);
	base = gb_text_cut_utf16(tmp, readable_for_sam(tmp, display_name, id),
				 GB_NAMING_NAME_UNITS - strlen(tag));
	sam = gb_printf(ctx, "%s%s_%s", base, tag, suffix_of(gb_guid_format(id, text)));
	talloc_free(tmp);
	return sam;
}

char *gb_naming_rdn(const void *ctx, const char *cn)
{
	char *value = gb_text_dn_escape(ctx, cn, strlen(cn));
	char *rdn = gb_printf(ctx, "CN=%s", value);

	talloc_free(value);
	return rdn;
}

char *gb_naming_dn(const void *ctx, const char *rdn, const char *parent_dn)
{
	return gb_printf(ctx, "%s,%s", rdn, parent_dn);
}

char *gb_naming_description(const void *ctx, const char *description)
{
	char *trimmed = gb_text_trim(ctx, description ? description : "");
	char *cut = *trimmed == '\0' ? NULL
				     : gb_text_cut_utf16(ctx, trimmed, GB_NAMING_MAX_DESCRIPTION);

	talloc_free(trimmed);
	return cut;
}

char *gb_naming_display_name(const void *ctx, const char *display_name)
{
	char *trimmed = gb_text_trim(ctx, display_name ? display_name : "");
	bool blank = *trimmed == '\0';

	talloc_free(trimmed);
	return blank ? NULL : gb_text_cut_utf16(ctx, display_name, GB_NAMING_MAX_DISPLAY_NAME);
}
