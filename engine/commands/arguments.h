/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of groupback-engine.
 *
 * One table holds every option of every command; a command says which of them, and how many words, it
 * takes. Values live as long as argv. No option takes a secret.
 */
#ifndef GB_COMMANDS_ARGUMENTS_H
#define GB_COMMANDS_ARGUMENTS_H

#include <stdbool.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** The options; a command's set is an "or" of these. --config, --help, --json, --verbose: all. */
enum gb_argument {
	GB_ARGUMENT_POLICY = 1 << 0,  /**< --policy delta|initial */
	GB_ARGUMENT_DRY_RUN = 1 << 1, /**< --dry-run */
	GB_ARGUMENT_OFFLINE = 1 << 2, /**< --offline: look at files only */
	GB_ARGUMENT_FIRST = 1 << 3,   /**< --approve-first */
	GB_ARGUMENT_OUT = 1 << 4,     /**< --out FILE */
	GB_ARGUMENT_GROUP = 1 << 5,   /**< --group ID|NAME */
	GB_ARGUMENT_IF_DUE = 1 << 6,  /**< --if-due */
	GB_ARGUMENT_STOP = 1 << 7,    /**< --stop */
	GB_ARGUMENT_NO_STAGING = 1 << 8, /**< --no-staging */
	GB_ARGUMENT_RELEASE = 1 << 9, /**< --release */
	/** --account, --container, --reanimate, --what-if, --administrator, --password-file */
	GB_ARGUMENT_PERMISSIONS = 1 << 21
};

/** Most words that a command takes besides its options. */
#define GB_ARGUMENTS_MAX_WORDS 16

/** What a command takes on its command line. */
struct gb_argument_set {
	unsigned options;   /**< enum gb_argument, besides the common ones */
	const char *words;  /**< its words as --help shows them, "RUN"; NULL if it takes none */
	unsigned min_words; /**< fewer are refused */
	unsigned max_words; /**< more are refused; at most GB_ARGUMENTS_MAX_WORDS */
};

/** Which cycle was asked for. */
enum gb_argument_policy {
	GB_POLICY_UNSET = 0, /**< delta where a delta is possible, else initial */
	GB_POLICY_DELTA,
	GB_POLICY_INITIAL
};

/** What the command line said. */
struct gb_arguments {
	const char *config_path; /**< --config; default SYSCONFDIR/groupback/groupback.conf */
	bool json;               /**< --json */
	bool help;               /**< --help */
	unsigned verbose;        /**< --verbose, counted */
	enum gb_argument_policy policy;                /**< --policy */
	bool dry_run;                                  /**< --dry-run */
	bool offline;                                  /**< --offline */
	bool approve_first;                            /**< --approve-first */
	bool stop;                                     /**< --stop */
	bool release;                                  /**< --release */
	const char *out;                               /**< --out, or NULL */
	const char *group;                             /**< --group, or NULL */
	bool if_due;                                   /**< --if-due */
	bool no_staging;                               /**< --no-staging */
	const char *account;                           /**< --account, or NULL */
	const char *container;                         /**< --container, or NULL */
	const char *administrator;                     /**< --administrator, or NULL */
	const char *password_file;                     /**< --password-file, or NULL */
	bool reanimate;                                /**< --reanimate */
	bool what_if;                                  /**< --what-if */
	const char *words[GB_ARGUMENTS_MAX_WORDS + 1]; /**< in their order; the rest is NULL */
	unsigned word_count;                           /**< how many */
};

/**
 * Read what stands behind the command's name; options and words in any order.
 *
 * @param argc, argv  as main() has them, argv[0] being the command's name. Options are moved in
 *                    front of words.
 * @param takes       what the command takes.
 * Errors: GB_E_USAGE with the word that is wrong and what is allowed.
 */
GB_MUST_CHECK enum gb_rc gb_arguments_parse(int argc, char **argv,
					    const struct gb_argument_set *takes,
					    struct gb_arguments *ret_arguments, struct gb_err *err);

/** Print the options that are in @allowed, and the common ones, one a line, to standard output. */
void gb_arguments_print_help(unsigned allowed);

#endif
