/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tiny domain controller for what real servers do not do on demand: cut ranges, refuse cookies,
 * fall silent, hang up, answer nonsense.
 *
 * It speaks LDAP inside TLS on loopback, in processes of its own (one a connection), because the
 * client blocks while it connects. Each request goes to the test's function; what that does not
 * care about, fake_default() answers as a small AD would.
 */
#ifndef GB_TESTS_UNIT_DIRECTORY_FAKE_H
#define GB_TESTS_UNIT_DIRECTORY_FAKE_H

#include <lber.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/directory/options.h"

#define FAKE_DOMAIN "DC=fake,DC=test"

/** Counters that the processes of a server share; read them when the conversation is over. */
struct fake_counts {
	int connections;
	int binds;
	int searches; /**< without those of opening */
	int writes;
	int abandons;
	int page_size; /**< of the last paged search */
	int ticks;     /**< a test's own: how often its loop came round */
};

/** How a server differs from a good one before LDAP begins. */
enum fake_manner {
	FAKE_GOOD = 0,
	FAKE_SILENT,        /**< accepts, and never says anything */
	FAKE_PLAIN,         /**< answers in HTTP */
	FAKE_TLS_1_1,       /**< knows TLS 1.1 and older only */
	FAKE_NO_NAME,       /**< certificate names the host in its subject alone */
	FAKE_NOT_YET_VALID, /**< certificate begins next year */
	FAKE_SILENT_LDAP    /**< plain LDAP port (StartTLS) that reads and never answers */
};

/** A server. talloc_free() it to end it. */
struct fake {
	char *address; /**< "127.0.0.1:12345" */
	char *ca_file; /**< trust this */
	struct fake_counts *counts;
	int pid;
};

/** One connection, in its own process. */
struct fake_connection;

/** One request. */
struct fake_request {
	int message_id;
	ber_tag_t type;     /**< LDAP_REQ_… */
	const char *name;   /**< base or DN */
	const char *filter; /**< of a search: only its tag's first bytes are looked at; or NULL */
	const char *attribute; /**< of a search: the first one asked for; or NULL */
	int page_size;         /**< 0: not paged */
	const char *cookie;    /**< text; "" on the first page */
	int number; /**< how many of this type came on this connection, this one included */
};

/** Answers one request; calls fake_default() for everything that it leaves alone. */
typedef void (*fake_answer)(struct fake_connection *connection, const struct fake_request *request);

/** Start a server that trusts nobody and tells everything. Never returns NULL. */
struct fake *fake_start(const void *ctx, enum fake_manner manner, fake_answer answer);

/** Options for it: simple bind over LDAPS, two seconds to connect, one for a request. */
struct gb_directory_options fake_options(const void *ctx, struct fake *const *fakes, size_t count);

struct talk;

/**
 * An open conversation (talk.h) with a good server that answers with @answer; *ret_fake is its child.
 * Fails the test if it cannot be opened.
 */
struct talk *fake_open(fake_answer answer, struct fake **ret_fake);

/** The same with @timeout_ms for a request. */
struct talk *fake_open_patient(fake_answer answer, int timeout_ms, struct fake **ret_fake);

/** The usual answer. */
void fake_default(struct fake_connection *connection, const struct fake_request *request);

/** A result; @text may be NULL. */
void fake_result(struct fake_connection *connection, const struct fake_request *request, int code,
		 const char *text);

/** The end of a page; @cookie "" for the last one. */
void fake_page(struct fake_connection *connection, const struct fake_request *request,
	       const char *cookie);

/** One attribute of an entry. */
struct fake_attribute {
	const char *name;
	const char *const *texts; /**< ends with NULL; or NULL */
	const char *text;         /**< one text value; or NULL */
	const void *octets;       /**< one binary value; or NULL */
	size_t length;
};

/** An entry; @attributes ends with an element without name. */
void fake_entry(struct fake_connection *connection, const struct fake_request *request,
		const char *dn, const struct fake_attribute *attributes);

/** A group with a GUID made of @number. */
void fake_group(struct fake_connection *connection, const struct fake_request *request, int number);

/** A continuation reference. */
void fake_reference(struct fake_connection *connection, const struct fake_request *request,
		    const char *url);

/** A result 10 with this referral. */
void fake_referral(struct fake_connection *connection, const struct fake_request *request,
		   const char *url);

/** Raw bytes inside TLS. */
void fake_raw(struct fake_connection *connection, const void *bytes, size_t length);

/** Notice of disconnection with this code. */
void fake_notice(struct fake_connection *connection, int code, const char *text);

/** Hang up; does not return. */
_Noreturn void fake_hang_up(struct fake_connection *connection);

/** The shared counters, inside the server. */
struct fake_counts *fake_counts(struct fake_connection *connection);

#endif
