/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the lease, and what it means for one engine. No clock and no directory; all of it is
 * pure but gb_lease_self(), which asks the machine who it is.
 *
 * The text is one line of JSON in one single-valued attribute. Its times are the domain controller's,
 * so that two engines with wrong clocks still agree.
 */
#ifndef GB_SYNC_LEASE_VALUE_H
#define GB_SYNC_LEASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/compiler.h"

/** Version of the text. A reader refuses what is newer. */
#define GB_LEASE_FORMAT 1
/**
 * Longest text: `info` takes 1,024 characters (MS-ADA1 2.323, rangeUpper). Texts of ours are below 500.
 */
#define GB_LEASE_MAX_BYTES 1024
/** Longest host name that is written; longer ones are cut. */
#define GB_LEASE_MAX_HOST_BYTES 200
/** A lease of somebody else counts as run out this long after its end, or half of its life if that is less. */
#define GB_LEASE_MARGIN_MS (5 * 60 * INT64_C(1000))

/** Who writes, and until when. */
struct gb_lease_value {
	int64_t format;       /**< GB_LEASE_FORMAT of the writer */
	const char *instance; /**< id of the engine, the text of a GUID */
	const char *host;     /**< name of the machine */
	const char *version;  /**< of the engine */
	int64_t generation;   /**< grows with each run that takes or renews it */
	int64_t renewed_ms;   /**< when this text was written */
	int64_t until_ms;     /**< it runs out then; 0: it was given up */
};

/** What a lease means for an engine. */
enum gb_lease_verdict {
	GB_LEASE_FREE = 1,  /**< nobody holds it, or whoever did gave it up: take it when writing */
	GB_LEASE_FRESH,     /**< ours, with more than half of its time left */
	GB_LEASE_DUE,       /**< ours, to be renewed */
	GB_LEASE_TAKE_OVER, /**< another one's, run out, and we may take it over */
	GB_LEASE_HELD,      /**< another one's, and valid */
	GB_LEASE_LEFT,      /**< another one's, run out; somebody has to say that it will not come back */
	GB_LEASE_NEWER      /**< another one's, of a newer version than ours */
};

/**
 * Instance, host and version of the engine that works with this state directory; strings below @ctx.
 * The rest is zero.
 */
struct gb_lease_value gb_lease_self(const void *ctx, const char *state_directory);

/** True if @seen is of the engine @self: the same state directory on the same machine. */
bool gb_lease_is_self(const struct gb_lease_value *seen, const struct gb_lease_value *self);

/** One line for people: who holds it and until when. Below @ctx. */
char *gb_lease_describe(const void *ctx, const struct gb_lease_value *value);

/** Its text, below @ctx. */
char *gb_lease_format(const void *ctx, const struct gb_lease_value *value);

/** Read a text; strings below @ctx. False if it is none of ours. */
GB_MUST_CHECK bool gb_lease_parse(const void *ctx, const char *text,
				  struct gb_lease_value *ret_value);

/**
 * What @seen means for @self.
 *
 * @param seen     what stands there; NULL: nothing.
 * @param self     instance, host and version are looked at.
 * @param now_ms   the domain controller's time.
 * @param standby  the configuration says that we take over from others.
 */
enum gb_lease_verdict gb_lease_judge(const struct gb_lease_value *seen,
				     const struct gb_lease_value *self, int64_t now_ms,
				     bool standby);

#endif
