/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content codings. */
#include "config.h"

#include "sim/http/gzip.h"

#include <string.h>
#include <strings.h>
#include <zlib.h>

/** Window bits of zlib with a gzip header. */
#define GZIP_WINDOW (15 + 16)

/* "gzip;q=0" refuses what "gzip" accepts. */
static bool is_refused(const char *parameters, size_t length)
{
	const char *q = memchr(parameters, '=', length);

	return q && strspn(q + 1, "0.") == strcspn(q + 1, ", ") && q[1] == '0';
}

bool sim_gzip_is_accepted(const char *accept_encoding)
{
	for (const char *p = accept_encoding ? accept_encoding : ""; *p;) {
		size_t length = strcspn(p, ",");
		size_t name = strcspn(p, ",; ");

		if (name == 4 && strncasecmp(p, "gzip", 4) == 0) {
			return !is_refused(p + name, length - name);
		}
		p += length;
		p += strspn(p, ", ");
	}
	return false;
}

struct sim_buf *sim_gzip(const void *ctx, const char *bytes, size_t length)
{
	struct sim_buf *out = sim_buf_new(ctx);
	z_stream stream;

	memset(&stream, 0, sizeof(stream));
	/* The fastest level: a page is sent once, and to the same machine. */
	if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK) {
		sim_oom();
	}
	sim_buf_reserve(out, deflateBound(&stream, length));
	stream.next_in = (Bytef *)(uintptr_t)bytes;
	stream.avail_in = (uInt)length;
	stream.next_out = (Bytef *)out->data;
	stream.avail_out = (uInt)(out->capacity - 1);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
		sim_oom();
	}
	out->length = stream.total_out;
	out->data[out->length] = '\0';
	deflateEnd(&stream);
	return out;
}

/* False when the stream is damaged or longer than @max. */
static bool inflate_all(z_stream *stream, struct sim_buf *out, size_t max)
{
	char chunk[16384];
	int result = Z_OK;

	while (result == Z_OK) {
		stream->next_out = (Bytef *)chunk;
		stream->avail_out = sizeof(chunk);
		result = inflate(stream, Z_NO_FLUSH);
		if (out->length + sizeof(chunk) - stream->avail_out > max) {
			return false;
		}
		sim_buf_add(out, chunk, sizeof(chunk) - stream->avail_out);
	}
	return result == Z_STREAM_END;
}

struct sim_buf *sim_gunzip(const void *ctx, const char *bytes, size_t length, size_t max)
{
	struct sim_buf *out = sim_buf_new(ctx);
	z_stream stream;
	bool ok = false;

	memset(&stream, 0, sizeof(stream));
	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
		sim_oom();
	}
	stream.next_in = (Bytef *)(uintptr_t)bytes;
	stream.avail_in = (uInt)length;
	ok = inflate_all(&stream, out, max);
	inflateEnd(&stream);
	if (!ok) {
		TALLOC_FREE(out);
	}
	return out;
}
