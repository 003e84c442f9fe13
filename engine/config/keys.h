/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE table of configuration keys: what can be said, what it means, what may stand there. */
#ifndef GB_CONFIG_KEYS_H
#define GB_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest value in bytes, as it stands in the file between its quotes. */
#define GB_CONFIG_MAX_VALUE_BYTES 900
/** Longest line in bytes, without its end; iniparser loses longer ones. */
#define GB_CONFIG_MAX_LINE_BYTES 1000
/** Largest file in bytes. */
#define GB_CONFIG_MAX_BYTES (256u * 1024u)
/** Most servers in one list. */
#define GB_CONFIG_MAX_SERVERS 16

/** What kind of value a key takes; in brackets the type of its field. */
enum gb_key_type {
	GB_KEY_BOOL,     /**< yes or no [bool] */
	GB_KEY_CHOICE,   /**< one of choices [an enum] */
	GB_KEY_FLAGS,    /**< one or more of choices, separated by blanks [unsigned] */
	GB_KEY_NUMBER,   /**< min … max, or zero_word for 0 [int64_t] */
	GB_KEY_LIMIT,    /**< a count, a share, or both (base/limit.h) [struct gb_limit] */
	GB_KEY_DURATION, /**< seconds min … max, written as 90s, 30m, 12h, 7d [int64_t, seconds] */
	GB_KEY_PATH,     /**< absolute path without "." and ".." [char *] */
	GB_KEY_DN,       /**< distinguished name (RFC 4514) [char *] */
	GB_KEY_ACCOUNT,  /**< DN, UPN, principal or DOMAIN\user [char *] */
	GB_KEY_TENANT,   /**< GUID or domain name [char *] */
	GB_KEY_GUID,     /**< GUID [char *] */
	GB_KEY_HTTPS,    /**< https://host[:port] [char *] */
	GB_KEY_DNS_NAME, /**< host.domain, or one label of it [char *] */
	GB_KEY_PROXY,    /**< http[s]://host:port [char *] */
	GB_KEY_SERVERS   /**< host[:port], separated by blanks [struct gb_config_list] */
};

/** One word that a GB_KEY_CHOICE or GB_KEY_FLAGS takes. */
struct gb_key_choice {
	const char *word; /**< as it stands in the file */
	int value;        /**< what the field becomes; the bit for GB_KEY_FLAGS */
	const char *help; /**< one short line, marked for translation */
};

/** One key. */
struct gb_key {
	const char *section;   /**< lower case, without brackets */
	const char *name;      /**< lower case; may hold blanks */
	enum gb_key_type type; /**< what stands there, and the type of the field */
	size_t offset;         /**< of the field in struct gb_config */
	const char *fallback;  /**< the default as it would stand in the file; NULL: not set */
	bool is_needed;        /**< no configuration works without it */
	const struct gb_key_choice *choices; /**< ends with a NULL word; or NULL */
	int64_t min;                         /**< GB_KEY_NUMBER, GB_KEY_DURATION */
	int64_t max;                         /**< GB_KEY_NUMBER, GB_KEY_DURATION */
	const char *zero_word;               /**< GB_KEY_NUMBER: the word for 0; or NULL */
	const char *unit; /**< what a number counts, marked for translation; or NULL */
	const char *help; /**< one line, marked for translation */
};

/** All keys in the order of the file, section by section. @ret_count: how many. */
const struct gb_key *gb_keys(size_t *ret_count);

/** The key of that name, ASCII case ignored (as iniparser does), or NULL. */
const struct gb_key *gb_key_find(const char *section, const char *name);

/** True if the table has a key in that section; ASCII case ignored. */
bool gb_key_is_section(const char *section);

/** What may stand behind the key, as one translated sentence below @ctx: "Use yes or no." */
char *gb_key_rule(const void *ctx, const struct gb_key *key);

#endif
