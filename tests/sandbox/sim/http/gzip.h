/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content codings: gzip (RFC 1952) with zlib. */
#ifndef SIM_HTTP_GZIP_H
#define SIM_HTTP_GZIP_H

#include "sim/util/buf.h"

/** True if the value of Accept-Encoding (NULL: none was sent) lets an answer be gzip. */
bool sim_gzip_is_accepted(const char *accept_encoding);

/** @length bytes as gzip, below @ctx. */
struct sim_buf *sim_gzip(const void *ctx, const char *bytes, size_t length);

/** Undo gzip into a buffer of at most @max bytes below @ctx. NULL if it is damaged or longer. */
struct sim_buf *sim_gunzip(const void *ctx, const char *bytes, size_t length, size_t max);

#endif
