/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page "Writeback" found out about the chosen container, for the page of rights. */
#ifndef WZ_PAGES_CONTAINER_H
#define WZ_PAGES_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

struct wz;
struct wz_steps;

/** The rights of the account on the container; zero before they were asked for. */
struct wz_rights {
	bool known;             /**< they were read */
	bool sufficient;        /**< nothing is missing, as far as can be seen */
	bool privileged;        /**< the account is an administrator: the engine will refuse it */
	struct wz_steps *steps; /**< one row a right */
	char *commands;         /**< dsacls and samba-tool lines that grant what is missing */
};

/** The rights as they were read last; borrowed. */
const struct wz_rights *wz_container_rights(struct wz *wz);

/** Ask for them again; wz_container_rights() changes when the answer is there. */
void wz_container_ask_rights(struct wz *wz);

/** Length of the first RDN of @dn in bytes, without its comma (RFC 4514). */
size_t wz_container_rdn_length(const char *dn);

/** What is behind the first RDN of @dn and its comma: its parent; "" if there is none. */
const char *wz_container_parent(const char *dn);

/** Next is pressed while the rights are on their way: it is pressed again when they are there. False: they are not. */
bool wz_container_wait_for_rights(struct wz *wz);

#endif
