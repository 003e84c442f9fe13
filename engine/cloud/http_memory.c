/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcurl's memory: it copies tokens and forms into buffers of its own, so its free() wipes. The
 * size comes from the C library, which knows it for every block.
 */
#include "config.h"

#include "engine/cloud/http_private.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/mem.h"

static void wiping_free(void *block)
{
	if (block != NULL) {
		gb_secret_wipe(block, malloc_usable_size(block));
		free(block);
	}
}

/* realloc() may move a block and leave the old bytes behind. */
static void *wiping_realloc(void *block, size_t size)
{
	size_t old_size = block == NULL ? 0 : malloc_usable_size(block);
	void *moved = malloc(size);

	if (moved == NULL) {
		return NULL;
	}
	if (block != NULL) {
		memcpy(moved, block, old_size < size ? old_size : size);
		wiping_free(block);
	}
	return moved;
}

void gb_http_global_init(void)
{
	static bool is_done;

	if (is_done) {
		return;
	}
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc, strdup,
				 calloc) != CURLE_OK) {
		gb_oom();
	}
	is_done = true;
}
