/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling the service manager how we are: the datagrams of sd_notify(3), without its library. Where no
 * service manager listens ($NOTIFY_SOCKET is not set) nothing happens.
 */
#ifndef GB_BASE_NOTIFY_H
#define GB_BASE_NOTIFY_H

#include <stdint.h>

#include "engine/base/compiler.h"

/**
 * Send one message, such as "READY=1\nSTATUS=…". A message that cannot be delivered is dropped: the
 * service manager will notice by itself.
 */
void gb_notify(const char *fmt, ...) GB_PRINTF(1, 2);

/** How often "WATCHDOG=1" is expected, in milliseconds ($WATCHDOG_USEC); 0: never. */
int64_t gb_notify_watchdog_ms(void);

#endif
