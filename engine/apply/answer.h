/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to do with the answer to a write: one table, LDAP result × kind of change. Pure.
 * Source: RFC 4511 4.1.9 and appendix A (the codes), MS-ADTS 3.1.1.5 (what AD answers to which write);
 * where Samba 4.17 answers otherwise, its own answers, measured.
 */
#ifndef GB_APPLY_ANSWER_H
#define GB_APPLY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/change.h"
#include "engine/base/err.h"

/** What comes next. */
enum gb_next {
	GB_NEXT_DONE,  /**< it is done */
	GB_NEXT_AGAIN, /**< busy, gone, or no answer: wait, read again, repeat what is not done */
	GB_NEXT_LOOK, /**< it depends on what stands there: look, then repeat the rest or give up */
	GB_NEXT_FAIL, /**< refused for good; the other groups go on */
	GB_NEXT_STOP  /**< it would fail for every group: stop the run */
};

/** The answer, as far as the table looks at it. */
struct gb_answer {
	enum gb_change_kind kind; /**< what was sent */
	size_t members;           /**< values of member that the request carried */
	enum gb_rc rc;            /**< of the outcome */
	int result;               /**< LDAP result code; 0 if done or if there was no answer */
	bool outcome_known;       /**< false: sent, never answered */
	bool is_transient;        /**< the server is busy or gone */
};

/** Look it up. A code that the table does not name is GB_NEXT_FAIL. */
enum gb_next gb_answer_decide(const struct gb_answer *answer);

/** True for results that say "there already" about a member: 68 (AD, Samba), 20 (slapd). */
bool gb_answer_is_there(int result);

/** True for results that say "there is no such member object": 32, 21 (Samba, unknown GUID). */
bool gb_answer_is_missing(int result);

#endif
