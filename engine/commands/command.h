/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of groupback-engine: one file a command, one table (commands.c).
 *
 * main() hardens the process, finds the command by its name, lets arguments.h read the command line
 * against what the command takes, and exits with what the command returns. A command prints to
 * standard output what was asked for and to standard error what went wrong; nothing else does.
 */
#ifndef GB_COMMANDS_COMMAND_H
#define GB_COMMANDS_COMMAND_H

#include "engine/commands/arguments.h"

/** One command. */
struct gb_command {
	const char *name;             /**< the word on the command line */
	const char *summary;          /**< one line for --help, marked for translation */
	struct gb_argument_set takes; /**< options and words */
	/** Do it. Returns the exit code of the process. */
	int (*run)(const struct gb_arguments *arguments);
};

/** The table; ends with a NULL name. */
extern const struct gb_command gb_commands[];

/** The command of that name, or NULL. */
const struct gb_command *gb_command_find(const char *name);

/** The command whose name is nearest to @word (for "did you mean"), or NULL if none is near. */
const struct gb_command *gb_command_nearest(const char *word);

/** One cycle (or its dry run). */
int gb_command_sync(const struct gb_arguments *arguments);
/** What one cycle would do. */
int gb_command_plan(const struct gb_arguments *arguments);
/** Carry out the plan with a digest. */
int gb_command_approve(const struct gb_arguments *arguments);
/** Carry out the plan in a file. */
int gb_command_apply(const struct gb_arguments *arguments);
/** Put back what a run changed. */
int gb_command_undo(const struct gb_arguments *arguments);
/** Take groups of other tools over, or give them back. */
int gb_command_adopt(const struct gb_arguments *arguments);
/** Leave a group alone. */
int gb_command_pause(const struct gb_arguments *arguments);
/** Let it go on. */
int gb_command_resume(const struct gb_arguments *arguments);
/** Prove the audit. */
int gb_command_audit(const struct gb_arguments *arguments);
/** The runs, or one of them. */
int gb_command_history(const struct gb_arguments *arguments);
/** Preflight: everything that can be known before a cycle. */
int gb_command_check(const struct gb_arguments *arguments);
/** The schedule: show it, change it, run it. */
int gb_command_scheduler(const struct gb_arguments *arguments);
/** Which engine writes. */
int gb_command_lease(const struct gb_arguments *arguments);
/** The rights of the account on its container. */
int gb_command_permissions(const struct gb_arguments *arguments);
/** The configuration: carried away, brought here, put back. */
int gb_command_settings(const struct gb_arguments *arguments);
/** One file for whoever helps. */
int gb_command_support(const struct gb_arguments *arguments);
/** Why a group or member is (not) written. */
int gb_command_explain(const struct gb_arguments *arguments);
/** What the tenant marks for writeback, seen and changed by a person. */
int gb_command_features(const struct gb_arguments *arguments);
/** The last cycles, and what is written. */
int gb_command_status(const struct gb_arguments *arguments);
/** The detached run behind the wizard's page Configuring. */
int gb_command_configure(const struct gb_arguments *arguments);
/** One question of the wizard. */
int gb_command_probe(const struct gb_arguments *arguments);

#endif
