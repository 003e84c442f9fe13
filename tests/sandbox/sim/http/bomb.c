/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gzip bomb. */
#include "config.h"

#include "sim/http/bomb.h"

#include <string.h>
#include <zlib.h>

/** Blanks that are compressed once and repeated. */
#define BLOCK ((size_t)1 << 20)
/** Room for a compressed block, bytes. */
#define ROOM ((size_t)8192)

/* Append what the stream makes of @length bytes; a full flush makes it independent of the rest. */
static void deflate_part(z_stream *stream, const void *bytes, size_t length, int flush,
			 struct sim_buf *out)
{
	sim_buf_reserve(out, ROOM);
	stream->next_in = (Bytef *)(uintptr_t)bytes;
	stream->avail_in = (uInt)length;
	stream->next_out = (Bytef *)out->data + out->length;
	stream->avail_out = (uInt)ROOM;
	deflate(stream, flush);
	out->length += ROOM - stream->avail_out;
	out->data[out->length] = '\0';
}

static void put_little(struct sim_buf *out, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++) {
		sim_buf_byte(out, (char)(uint8_t)(number >> (8 * i)));
	}
}

void sim_bomb_write(struct sim_buf *out)
{
	static const uint8_t head[] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255};
	static const char first[] = "{\"value\":[";
	static const char last[] = "]}";
	struct sim_buf *block = sim_buf_new(out);
	char *blanks = sim_mem_check(talloc_size(block, BLOCK));
	z_stream stream = {0};
	uLong sum = crc32(0, (const Bytef *)first, sizeof(first) - 1);
	uLong block_sum;

	memset(blanks, ' ', BLOCK);
	block_sum = crc32(0, (const Bytef *)blanks, BLOCK);
	if (deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		sim_oom();
	}
	sim_buf_add(out, head, sizeof(head));
	deflate_part(&stream, first, sizeof(first) - 1, Z_FULL_FLUSH, out);
	deflate_part(&stream, blanks, BLOCK, Z_FULL_FLUSH, block);
	for (size_t i = 0; i < SIM_BOMB_SIZE / BLOCK; i++) {
		sim_buf_add(out, block->data, block->length);
		sum = crc32_combine(sum, block_sum, (z_off_t)BLOCK);
	}
	deflate_part(&stream, last, sizeof(last) - 1, Z_FINISH, out);
	deflateEnd(&stream);
	put_little(out, (uint32_t)crc32(sum, (const Bytef *)last, sizeof(last) - 1));
	put_little(out, (uint32_t)(SIM_BOMB_SIZE + sizeof(first) - 1 + sizeof(last) - 1));
	talloc_free(block);
}
