/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The public files that a configuration names: the application's certificate, and the authorities
 * that are trusted. Held ones (held.h) go before those on the disk.
 */
#ifndef GB_CONFIG_AUTHORITIES_H
#define GB_CONFIG_AUTHORITIES_H

#include <stddef.h>

#include "engine/base/compiler.h"
#include "engine/base/err.h"
#include "engine/config/configuration.h"
#include "engine/config/held.h"

/** Largest certificate file in bytes. */
#define GB_AUTHORITIES_MAX_CERTIFICATE_BYTES 65536u

/**
 * The application's certificate as PEM, below @ctx.
 *
 * Errors: those of gb_file_read_trusted().
 */
GB_MUST_CHECK enum gb_rc gb_authorities_certificate(const void *ctx, const struct gb_config *config,
						    char **ret_pem, size_t *ret_length,
						    struct gb_err *err);

/**
 * Path of the authorities that issue the domain controllers' certificates; NULL: the system's.
 * Borrowed from the configuration.
 *
 * Errors: GB_E_SYSTEM; what gb_held_take_stored() met.
 */
GB_MUST_CHECK enum gb_rc gb_authorities_directory(const struct gb_config *config,
						  const char **ret_path, struct gb_err *err);

/**
 * The authorities that are trusted on the way to the cloud: as PEM if they are held, else their path;
 * both NULL: the system's. Borrowed from the configuration.
 *
 * Errors: what gb_held_take_stored() met.
 */
GB_MUST_CHECK enum gb_rc gb_authorities_cloud(const struct gb_config *config, const char **ret_pem,
					      const char **ret_path, struct gb_err *err);

#endif
