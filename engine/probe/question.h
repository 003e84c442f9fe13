/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The questions: one table (questions.c), one file a question or a family of them.
 *
 * A question's function runs in a process of its own, which is killed when the request is cancelled
 * or late: it may block, keeps nothing that must be cleaned up, and writes `progress` and `item` as it
 * goes. It ends with GB_OK after it wrote its `result`, or with an error, which the caller writes.
 */
#ifndef GB_PROBE_QUESTION_H
#define GB_PROBE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/base/json.h"
#include "engine/base/secret.h"
#include "engine/config/configuration.h"
#include "engine/probe/answer.h"

/** What of the draft a question needs; an "or" of these. */
enum gb_probe_need {
	GB_NEED_TENANT = 1 << 0,      /**< [cloud] tenant, and the origins of a custom cloud */
	GB_NEED_APPLICATION = 1 << 1, /**< [cloud] client id; its credential is read when used */
	GB_NEED_DIRECTORY = 1 << 2,   /**< [directory] servers or domain, and an account */
	GB_NEED_SERVERS = 1 << 3,     /**< [directory] servers or domain alone */
	GB_NEED_CONTAINER = 1 << 4,   /**< [writeback] container */
	GB_NEED_ALL = 1 << 5          /**< everything that a run of the engine needs */
};

/** Type of an argument. */
enum gb_argument_type {
	GB_PROBE_TEXT = 0, /**< min … max bytes */
	GB_PROBE_DN,       /**< a distinguished name; handed on in its canonical spelling */
	GB_PROBE_BOOL,
	GB_PROBE_NUMBER /**< min … max */
};

/** One argument of a question. */
struct gb_probe_argument {
	const char *name;
	enum gb_argument_type type;
	bool is_needed;   /**< must be there and not null */
	int64_t min, max; /**< see the types */
	int64_t fallback; /**< NUMBER, BOOL: when it is not there */
};

/** A request that is being answered. */
struct gb_probe {
	const struct gb_probe_question *question;
	struct gb_config *config;        /**< the draft; typed secrets are held in it */
	const struct gb_json *arguments; /**< checked against the question's table; or NULL */
	struct gb_secret *administrator; /**< administrator-password; or NULL */
	const char *scratch;   /**< path of a folder that the question may make; removed afterwards */
	const char *config_path;         /**< of the installed configuration */
	void *prepared;                  /**< what the question's `prepare` made; or NULL */
	bool is_resumed;                 /**< likewise: something from before was found */
	int64_t timeout_ms;              /**< deadline of the whole request */
	int64_t deadline_ms;             /**< the same by gb_clock_boot_ms() */
	struct gb_answer_field field;    /**< what an error is to blame on; a question may set it */
	struct gb_answer answer;
};

/** One question. */
struct gb_probe_question {
	const char *name;
	unsigned needs;     /**< enum gb_probe_need */
	int64_t timeout_ms; /**< default deadline */
	bool writes;        /**< it changes something outside, so cancelling it leaves a doubt */
	const struct gb_probe_argument *arguments; /**< ends with a NULL name; or NULL */
	/** What only root can do, before root is given up; or NULL. */
	enum gb_rc (*prepare)(struct gb_probe *probe, struct gb_err *err);
	enum gb_rc (*run)(struct gb_probe *probe, struct gb_err *err);
};

/** The table; ends with a NULL name. */
extern const struct gb_probe_question gb_probe_questions[];

/** The question of that name, or NULL. */
const struct gb_probe_question *gb_probe_question_find(const char *name);

/** A text argument; NULL if it is not there or null. Borrowed. */
const char *gb_probe_text(const struct gb_probe *probe, const char *name);

/** A number argument, or its fallback. */
int64_t gb_probe_number(const struct gb_probe *probe, const char *name);

/** A boolean argument, or its fallback. */
bool gb_probe_flag(const struct gb_probe *probe, const char *name);

/** True if the argument is there and not null. */
bool gb_probe_has(const struct gb_probe *probe, const char *name);

/** Tell that a step begins. */
void gb_probe_begin(struct gb_probe *probe, const char *step, const char *text);
/** Tell that a step ended. @time_ms: how long it took. */
void gb_probe_end(struct gb_probe *probe, const char *step, enum gb_answer_state state,
		  const char *text, int64_t time_ms);
/** Tell how far a step is. @total -1: unknown. */
void gb_probe_count(struct gb_probe *probe, const char *step, const char *text, int64_t done,
		    int64_t total);

#endif
