/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gzip bomb: a small answer that unpacks to a gibibyte of JSON. */
#ifndef SIM_HTTP_BOMB_H
#define SIM_HTTP_BOMB_H

#include "sim/util/buf.h"

/** Bytes of blanks in the bomb. */
#define SIM_BOMB_SIZE ((size_t)1 << 30)

/** Append the gzip stream (RFC 1952) of {"value":[ … blanks … ]} to @out. */
void sim_bomb_write(struct sim_buf *out);

#endif
