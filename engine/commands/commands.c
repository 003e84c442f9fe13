/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands. */
#include "config.h"

#include "engine/commands/command.h"

#include <stdint.h>
#include <string.h>

#include "engine/base/i18n.h"

/** Longest command name that is compared for "did you mean". */
#define NAME_MAX_CHARS 32
/** A word that is further away than this many edits is no typing mistake. */
#define NEAR_EDITS 3

const struct gb_command gb_commands[] = {
	{"sync",
	 N_("read the cloud and the directory, and write what differs"),
	 {.options = GB_ARGUMENT_POLICY | GB_ARGUMENT_DRY_RUN | GB_ARGUMENT_FIRST |
		     GB_ARGUMENT_IF_DUE | GB_ARGUMENT_GROUP},
	 gb_command_sync},
	{"plan",
	 N_("show what 'sync' would write"),
	 {.options = GB_ARGUMENT_POLICY | GB_ARGUMENT_OUT},
	 gb_command_plan},
	{"approve",
	 N_("carry out a plan that was shown or that waits"),
	 {.words = "DIGEST", .min_words = 1, .max_words = 1},
	 gb_command_approve},
	{"apply",
	 N_("carry out a plan that 'plan --out' wrote"),
	 {.words = "FILE", .min_words = 1, .max_words = 1},
	 gb_command_apply},
	{"undo",
	 N_("put back what a run changed"),
	 {.options = GB_ARGUMENT_DRY_RUN, .words = "RUN", .min_words = 1, .max_words = 1},
	 gb_command_undo},
	{"adopt",
	 N_("take over groups that another tool wrote, or give them back"),
	 {.options = GB_ARGUMENT_DRY_RUN | GB_ARGUMENT_GROUP | GB_ARGUMENT_FIRST |
		     GB_ARGUMENT_RELEASE},
	 gb_command_adopt},
	{"pause",
	 N_("leave a group as it is until it is resumed"),
	 {.words = "GROUP", .min_words = 1, .max_words = 1},
	 gb_command_pause},
	{"resume",
	 N_("let a paused group go on"),
	 {.words = "GROUP", .min_words = 1, .max_words = 1},
	 gb_command_resume},
	{"audit",
	 N_("prove that nobody changed the audit"),
	 {.words = "verify [FILE]...", .min_words = 1, .max_words = GB_ARGUMENTS_MAX_WORDS},
	 gb_command_audit},
	{"history",
	 N_("show the runs, or what one of them did"),
	 {.words = "[RUN]", .max_words = 1},
	 gb_command_history},
	{"check",
	 N_("test configuration, credentials, connections and rights"),
	 {.options = GB_ARGUMENT_OFFLINE},
	 gb_command_check},
	{"scheduler",
	 N_("show or change the schedule, or run it as a resident service"),
	 {.words = N_("[show|enable|disable|set interval TIME|run]"), .max_words = 3},
	 gb_command_scheduler},
	{"lease",
	 N_("show which engine writes to the container; give that up, or take it over"),
	 {.words = "[show|release|take]", .max_words = 1},
	 gb_command_lease},
	{"permissions",
	 N_("show or grant the rights of the account on its container"),
	 {.options = GB_ARGUMENT_PERMISSIONS, .words = "show|grant", .min_words = 1, .max_words = 1},
	 gb_command_permissions},
	{"settings",
	 N_("carry the configuration to another machine, or go back to an earlier one"),
	 {.options = GB_ARGUMENT_NO_STAGING,
	  .words = "[list|export [FILE]|import FILE|undo [NUMBER]]",
	  .max_words = 2},
	 gb_command_settings},
	{"status", N_("show the last runs and what is written"), {0}, gb_command_status},
	{"support",
	 N_("collect configuration, reports and audit in one file, without any secret"),
	 {.words = "[FILE]", .max_words = 1},
	 gb_command_support},
	{"explain",
	 N_("say why a group or member is written or not"),
	 {.words = "GROUP|MEMBER", .min_words = 1, .max_words = 1},
	 gb_command_explain},
	{"features",
	 N_("show or change what the tenant marks for writeback, signed in as yourself"),
	 {.options = GB_ARGUMENT_DRY_RUN,
	  .words = "show | set default|all-microsoft365 on|off | set group OBJECT-ID on|off",
	  .max_words = 4},
	 gb_command_features},
	{"configure",
	 N_("carry out what the wizard was told (JSON), in a process of its own"),
	 {.options = GB_ARGUMENT_STOP},
	 gb_command_configure},
	{"probe", N_("answer one question of the wizard (JSON lines)"), {0}, gb_command_probe},
	{NULL, NULL, {0}, NULL},
};

const struct gb_command *gb_command_find(const char *name)
{
	for (const struct gb_command *c = gb_commands; c->name != NULL; c++) {
		if (strcmp(c->name, name) == 0) {
			return c;
		}
	}
	return NULL;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein distance over one row; words are short and bounded. */
static unsigned edits(const char *a, const char *b)
{
	unsigned row[NAME_MAX_CHARS + 1];
	size_t length = strlen(b);

	for (unsigned j = 0; j <= length; j++) {
		row[j] = j;
	}
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			unsigned above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return row[length];
}

const struct gb_command *gb_command_nearest(const char *word)
{
	const struct gb_command *best = NULL;
	unsigned best_edits = NEAR_EDITS;

	if (strlen(word) > NAME_MAX_CHARS) {
		return NULL;
	}
	for (const struct gb_command *c = gb_commands; c->name != NULL; c++) {
		unsigned distance = edits(word, c->name);

		if (distance < best_edits) {
			best = c;
			best_edits = distance;
		}
	}
	return best;
}
