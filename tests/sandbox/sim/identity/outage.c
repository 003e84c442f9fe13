/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fault puts in the place of an answer of the identity platform. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/identity/identity.h"

/** What the platform would say with a status. */
static const struct {
	unsigned status; /* 0: any other */
	const char *error;
	int64_t code;
	const char *text;
} outages[] = {
	{401, "invalid_client", 7000215, "Invalid client secret provided."},
	{429, "temporarily_unavailable", 90055, "There are too many incoming requests."},
	{500, "server_error", 90006, "The service has encountered an internal error."},
	{503, "temporarily_unavailable", 90033,
	 "A transient error has occurred. Please try again."},
	{504, "temporarily_unavailable", 90024,
	 "A transient error has occurred. Please try again."},
	{0, "invalid_request", 9002313, "Invalid request. Request is malformed or invalid."},
};

/* "53003" or "AADSTS53003". */
static int64_t read_code(const char *text, int64_t fallback)
{
	char *end = NULL;
	long code = 0;

	if (!text) {
		return fallback;
	}
	text += strncasecmp(text, "AADSTS", 6) == 0 ? 6 : 0;
	code = strtol(text, &end, 10);
	return end != text && *end == '\0' ? code : fallback;
}

void sim_sts_outage(struct sim_sts *sts, unsigned status, const char *code)
{
	size_t i = 0;

	while (outages[i].status && outages[i].status != status) {
		i++;
	}
	sim_sts_error(sts, outages[i].error, read_code(code, outages[i].code), "%s",
		      outages[i].text);
	sts->response->status = status;
}
