/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page "Connect your directory" found out, for the pages behind it. */
#ifndef WZ_PAGES_DIRECTORY_H
#define WZ_PAGES_DIRECTORY_H

#include <stdbool.h>

#include "engine/base/json.h"

struct wz;

/** What the directory said when it was tested last; zero before. */
struct wz_directory_facts {
	bool known;             /**< a test went as far as reading it */
	bool has_external_id;   /**< schema of Windows Server 2016: the second anchor */
	bool has_mail_nickname; /**< Exchange's schema: mail attributes can be written */
	bool has_recycle_bin;   /**< deleted objects can be had back whole */
	char *domain;           /**< DN of the domain; or NULL */
	char *server;           /**< the server that answered; or NULL */
};

/** The facts; borrowed. */
const struct wz_directory_facts *wz_directory_facts(struct wz *wz);

/** Take the "facts" of an answer (docs/probe.md). NULL changes nothing. */
void wz_directory_take_facts(struct wz *wz, const struct gb_json *facts);

#endif
