/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Generations of the settings: what stood in the configuration file, in stored secrets and in public
 * files before each change, so that the change can be undone.
 *
 * A generation is a folder "generations/NUMBER" beside the configuration file, mode 0700, belonging
 * to whoever changes the settings (root on an installed system). It holds a copy of each file that
 * the change replaced, and manifest.json, which names them. Copies of secrets are as they were
 * stored: encrypted where systemd is.
 *
 * Life cycle of a change: gb_generation_begin(), gb_generation_keep() before each file is replaced,
 * nothing else. gb_generation_restore() puts the files back. The newest GB_GENERATIONS_KEPT stay.
 */
#ifndef GB_CONFIG_GENERATIONS_H
#define GB_CONFIG_GENERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"

/** So many generations are kept. */
#define GB_GENERATIONS_KEPT 20
/** Most files of one generation. */
#define GB_GENERATION_MAX_FILES 16

/** One generation. Strings live below the talloc parent it was made with. */
struct gb_generation {
	int64_t number;   /**< 1 … */
	int64_t made_ms;  /**< wall clock */
	char *folder;     /**< where it is */
	size_t file_count; /**< how many of the two below */
	char *paths[GB_GENERATION_MAX_FILES];  /**< files that were replaced */
	bool existed[GB_GENERATION_MAX_FILES]; /**< false: there was none before */
};

/**
 * Begin a new generation beside @config_path. Old ones beyond GB_GENERATIONS_KEPT are removed.
 *
 * @param ret_generation  below @ctx.
 * Errors: GB_E_IO.
 */
GB_MUST_CHECK enum gb_rc gb_generation_begin(const void *ctx, const char *config_path,
					     struct gb_generation **ret_generation,
					     struct gb_err *err);

/**
 * Copy @path, or remember that it is not there, before it is replaced. A file that was kept already
 * in this generation stays as it was kept first. On the disk when it returns.
 *
 * Errors: GB_E_IO; GB_E_CONFIG (not a file that may be trusted, larger than 1 MiB).
 */
GB_MUST_CHECK enum gb_rc gb_generation_keep(struct gb_generation *generation, const char *path,
					    struct gb_err *err);

/**
 * The newest generation, below @ctx; NULL if there is none.
 *
 * Errors: GB_E_IO, GB_E_CONFIG (its manifest cannot be read).
 */
GB_MUST_CHECK enum gb_rc gb_generation_latest(const void *ctx, const char *config_path,
					      struct gb_generation **ret_generation,
					      struct gb_err *err);

/** The generation of that number, below @ctx. Errors: as gb_generation_latest(). */
GB_MUST_CHECK enum gb_rc gb_generation_load(const void *ctx, const char *config_path,
					    int64_t number, struct gb_generation **ret_generation,
					    struct gb_err *err);

/**
 * Put every file of a generation back: its copy, or its absence. Each is replaced atomically; what
 * stands there now is kept in a new generation first, so that undoing can be undone.
 *
 * @param ret_kept  number of that new generation.
 * Errors: GB_E_IO, GB_E_CONFIG; what was put back until then stays, and trying again is safe.
 */
GB_MUST_CHECK enum gb_rc gb_generation_restore(const struct gb_generation *generation,
					       const char *config_path, int64_t *ret_kept,
					       struct gb_err *err);

/** Numbers of the generations that are there, ascending, below @ctx. Errors: GB_E_IO. */
GB_MUST_CHECK enum gb_rc gb_generations_list(const void *ctx, const char *config_path,
					     int64_t **ret_numbers, size_t *ret_count,
					     struct gb_err *err);

#endif
