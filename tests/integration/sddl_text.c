/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our reader and writer of security descriptors as a filter, for sddl_oracle.py. Each line of standard
 * input is "bytes DOMAIN HEX" or "text DOMAIN SDDL"; the answer is the SDDL, or the bytes in hex, or "-" if
 * it is refused.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/directory/descriptor.h"
#include "engine/directory/sddl.h"

#define LINE_BYTES (1024 * 1024)

static size_t from_hex(const char *hex, uint8_t *bytes)
{
	size_t count = 0;
	unsigned value;

	for (; sscanf(hex, "%2x", &value) == 1; hex += 2) {
		bytes[count++] = (uint8_t)value;
		if (!hex[1]) {
			break;
		}
	}
	return count;
}

static void print_text(const void *ctx, const char *hex, const struct gb_sid *domain)
{
	uint8_t *bytes = gb_new_array(ctx, uint8_t, strlen(hex) / 2 + 1);
	struct gb_descriptor *descriptor;
	struct gb_err err;

	if (gb_descriptor_read(ctx, bytes, from_hex(hex, bytes), &descriptor, &err) == GB_OK) {
		puts(gb_sddl_write(ctx, descriptor, domain));
	} else {
		puts("-");
	}
}

static void print_bytes(const void *ctx, const char *text, const struct gb_sid *domain)
{
	struct gb_descriptor *descriptor = gb_sddl_read(ctx, text, domain);
	size_t length = 0;
	uint8_t *bytes = descriptor ? gb_descriptor_write(ctx, descriptor, &length) : NULL;

	for (size_t i = 0; i < length; i++) {
		printf("%02x", bytes[i]);
	}
	puts(bytes ? "" : "-");
}

int main(void)
{
	char *line = gb_new_array(NULL, char, LINE_BYTES);

	while (fgets(line, LINE_BYTES, stdin)) {
		void *tmp = gb_new_tmp(NULL);
		char *save = NULL;
		const char *what = strtok_r(line, " \n", &save);
		const char *sid = strtok_r(NULL, " \n", &save);
		const char *rest = strtok_r(NULL, "\n", &save);
		struct gb_sid domain;

		if (!what || !sid || !gb_sid_parse(sid, &domain)) {
			puts("-");
		} else if (strcmp(what, "bytes") == 0) {
			print_text(tmp, rest ? rest : "", &domain);
		} else {
			print_bytes(tmp, rest ? rest : "", &domain);
		}
		fflush(stdout);
		talloc_free(tmp);
	}
	talloc_free(line);
	return 0;
}
