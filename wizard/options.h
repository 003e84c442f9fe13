/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line of groupback-wizard. */
#ifndef WZ_OPTIONS_H
#define WZ_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** Most --secret-file options. */
#define WZ_MAX_SECRET_FILES 8

/** What was asked for; texts are borrowed from argv. */
struct wz_options {
	const char *config_path;       /**< --config */
	const char *answers_path;      /**< --answers; or NULL */
	const char *prefill_path;      /**< --prefill; or NULL */
	const char *save_answers_path; /**< --save-answers; or NULL */
	const char *draft_path;        /**< --draft; or NULL: beside the state */
	const char *engine_path;       /**< --engine; or NULL: beside this program */
	const char *secret_files[WZ_MAX_SECRET_FILES]; /**< --secret-file NAME=PATH */
	size_t secret_file_count;                      /**< how many */
	bool plain;                                    /**< --plain */
	bool mono;                                     /**< --mono */
	bool ascii;                                    /**< --ascii */
	bool help;                                     /**< --help */
	bool version;                                  /**< --version */
};

/** Read the command line. GB_E_USAGE with what is wrong. */
GB_MUST_CHECK enum gb_rc wz_options_parse(int argc, char **argv, struct wz_options *ret_options,
					  struct gb_err *err);

/** Print what --help prints. */
void wz_options_print_help(void);

#endif
