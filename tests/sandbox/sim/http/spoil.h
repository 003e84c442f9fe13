/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a fault does to an exchange: answers in the service's place, or a good answer spoilt.
 */
#ifndef SIM_HTTP_SPOIL_H
#define SIM_HTTP_SPOIL_H

#include "sim/http/message.h"
#include "sim/util/json_read.h"

/** Ways to spoil the body of a good answer. */
enum sim_spoil_body {
	SIM_SPOIL_NOTHING,
	SIM_SPOIL_SHORT,          /**< fewer bytes than Content-Length */
	SIM_SPOIL_TRUNCATED,      /**< JSON that ends in the middle, Content-Length honest */
	SIM_SPOIL_CONTENT_TYPE,   /**< text/html over a good body */
	SIM_SPOIL_HTML,           /**< a proxy's page with status 200 */
	SIM_SPOIL_INVALID_JSON,   /**< a trailing comma */
	SIM_SPOIL_BAD_UTF8,       /**< a byte that no UTF-8 has */
	SIM_SPOIL_DUPLICATE_KEYS, /**< every top-level answer has "value" twice */
	SIM_SPOIL_DEEP,           /**< 100,000 nested arrays */
	SIM_SPOIL_HUGE,           /**< 64 MiB of blanks in front of the end */
	SIM_SPOIL_GZIP_BOMB,      /**< a gibibyte of blanks, packed into a mebibyte */
	SIM_SPOIL_TRAILING_ERROR, /**< a good page and an error object behind it */
	SIM_SPOIL_NEXT_LINK,      /**< another @odata.nextLink */
	SIM_SPOIL_FEWER           /**< half of the items, no @odata.nextLink: well-formed */
};

/** An action. */
struct sim_spoil {
	unsigned status;          /**< answer with this status; 0: let the service answer */
	struct sim_pairs headers; /**< set on the answer */
	char *body;               /**< body for status; NULL: Graph's envelope for the status */
	char *code;               /**< error code of that envelope */
	unsigned delay_ms;        /**< wait first */
	size_t drip_bytes;        /**< bytes that are sent at a time; 0: as fast as can be */
	unsigned drip_ms;         /**< time between them */
	bool reset;               /**< close the connection instead of answering */
	enum sim_spoil_body how;  /**< what happens to a good body */
	char *next_link; /**< for SIM_SPOIL_NEXT_LINK: a URL, or one of the words of spoil.c */
};

/** Read an action of docs/simulator.md; texts live below @ctx. */
bool sim_spoil_read(const void *ctx, const cJSON *json, struct sim_spoil *ret_spoil,
		    struct sim_err *err) SIM_MUST_CHECK;

/** True if the action answers in the service's place, and then it has. */
bool sim_spoil_replace(const struct sim_spoil *spoil, const struct sim_request *request,
		       struct sim_response *response);

/** What of the action an item of a batch can have: another nextLink, and headers. @spoil may be NULL. */
void sim_spoil_item(const struct sim_spoil *spoil, const struct sim_request *request,
		    struct sim_response *response);

/** Apply the action to what the service answered. */
void sim_spoil_answer(const struct sim_spoil *spoil, const struct sim_request *request,
		      struct sim_response *response);

#endif
