/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log of requests that tests count: method, target, status, headers without secrets.
 *
 * A ring: when it is full the oldest entries go and are counted as dropped.
 */
#ifndef SIM_HTTP_REQLOG_H
#define SIM_HTTP_REQLOG_H

#include "sim/http/message.h"
#include "sim/util/json_write.h"
#include "sim/world.h"

/** Entries that are kept. */
#define SIM_REQLOG_MAX 20000

/** An empty log below @ctx. */
struct sim_request_log *sim_reqlog_new(const void *ctx);

/**
 * Remember one exchange. Bodies are not kept, Authorization is kept as its scheme only, and header
 * values are cut at 1,024 bytes.
 */
void sim_reqlog_add(struct sim_request_log *log, const struct sim_request *request,
		    const struct sim_response *response, int64_t now);

/** Forget everything. */
void sim_reqlog_reset(struct sim_request_log *log);

/** Requests since the start or the last reset. */
uint64_t sim_reqlog_total(const struct sim_request_log *log);

/** Which requests are asked for; what is NULL or 0 does not matter. */
struct sim_reqlog_filter {
	const char *method;   /**< method */
	const char *path;     /**< pattern of the path, as fnmatch(3) has it */
	const char *contains; /**< text in path or query */
	int64_t status;       /**< status of the answer */
	int64_t after;        /**< this many of the first requests are left out */
	bool count_only;      /**< no list */
};

/** Read method, path, contains, status, after, count of a query. False if a number is none. */
bool sim_reqlog_filter_read(const struct sim_pairs *query, struct sim_reqlog_filter *ret_filter,
			    struct sim_err *err) SIM_MUST_CHECK;

/** Write {"total":…,"dropped":…,"matched":…,"requests":[…]}. */
void sim_reqlog_write(const struct sim_request_log *log, struct sim_json *json,
		      const struct sim_reqlog_filter *filter);

#endif
