/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed lists of numbers. */
#include "config.h"

#include "engine/state/list.h"

#include <assert.h>
#include <string.h>

#include "engine/base/mem.h"
#include "engine/state/pack.h"

#define NUMBER_BITS 32

/* Numbers of one owner that gb_list_fill() stores at a time. */
#define FILL_AT_ONCE ((size_t)16 * GB_LIST_CHUNK)

#define SQL_OF(TABLE)                                                                       \
	{                                                                                   \
		.of_owner = "SELECT place, numbers FROM " TABLE                             \
			    " WHERE place >= ?1 AND place < ?2 ORDER BY place",             \
		.of_number = "SELECT place, numbers FROM " TABLE                            \
			     " WHERE place BETWEEN ?1 AND ?2 ORDER BY place DESC LIMIT 1",  \
		.of_all = "SELECT place, numbers FROM " TABLE " ORDER BY place",            \
		.next = "SELECT min(place) FROM " TABLE " WHERE place > ?1 AND place < ?2", \
		.write = "REPLACE INTO " TABLE " VALUES (?, ?)",                            \
		.drop = "DELETE FROM " TABLE " WHERE place >= ?1 AND place < ?2",           \
	}

static const struct {
	const char *of_owner;
	const char *of_number;
	const char *of_all;
	const char *next;
	const char *write;
	const char *drop;
} sql[] = {
	[GB_LIST_CLOUD_BY_GROUP] = SQL_OF("cloud_link_by_group"),
	[GB_LIST_DIRECTORY_BY_GROUP] = SQL_OF("directory_link_by_group"),
	[GB_LIST_CLOUD_BY_MEMBER] = SQL_OF("cloud_link_by_member"),
	[GB_LIST_DIRECTORY_BY_MEMBER] = SQL_OF("directory_link_by_member"),
};

static int64_t place_of(int64_t owner, int64_t number)
{
	return (owner << NUMBER_BITS) + number;
}

#define CHECKSUM_BYTES 4

/* FNV-1a: another byte anywhere is always another sum. */
static uint32_t checksum(int64_t place, const uint8_t *bytes, size_t length)
{
	uint32_t sum = 2166136261u;

	for (size_t i = 0; i < sizeof(place); i++) {
		sum = (sum ^ (uint8_t)((uint64_t)place >> (8 * i))) * 16777619u;
	}
	for (size_t i = 0; i < length; i++) {
		sum = (sum ^ bytes[i]) * 16777619u;
	}
	return sum;
}

static void put_checksum(int64_t place, uint8_t *bytes, size_t length)
{
	uint32_t sum = checksum(place, bytes, length);

	for (size_t i = 0; i < CHECKSUM_BYTES; i++) {
		bytes[length + i] = (uint8_t)(sum >> (8 * i));
	}
}

static bool has_checksum(int64_t place, const uint8_t *bytes, size_t length)
{
	uint32_t sum = checksum(place, bytes, length);
	bool is_good = true;

	for (size_t i = 0; i < CHECKSUM_BYTES; i++) {
		is_good = is_good && bytes[length + i] == (uint8_t)(sum >> (8 * i));
	}
	return is_good;
}

/* Reading. */

enum gb_rc gb_list_query(struct gb_db *db, enum gb_list list, int64_t owner,
			 struct gb_db_query *ret_query, struct gb_err *err)
{
	return gb_db_query(
		db, sql[list].of_owner,
		GB_DB_VALUES(GB_DB_INT(place_of(owner, 0)), GB_DB_INT(place_of(owner + 1, 0))),
		ret_query, err);
}

enum gb_rc gb_list_query_one(struct gb_db *db, enum gb_list list, int64_t owner, int64_t number,
			     struct gb_db_query *ret_query, struct gb_err *err)
{
	return gb_db_query(
		db, sql[list].of_number,
		GB_DB_VALUES(GB_DB_INT(place_of(owner, 0)), GB_DB_INT(place_of(owner, number))),
		ret_query, err);
}

enum gb_rc gb_list_query_all(struct gb_db *db, enum gb_list list, struct gb_db_query *ret_query,
			     struct gb_err *err)
{
	return gb_db_query(db, sql[list].of_all, GB_DB_NO_VALUES, ret_query, err);
}

static bool unpack(const struct gb_db_query *query, struct gb_list_chunk *chunk)
{
	int64_t place = gb_db_int(query, 0);
	size_t length = 0;
	const uint8_t *bytes = gb_db_peek_blob(query, 1, &length);

	if (!bytes || length <= CHECKSUM_BYTES) {
		return false;
	}
	length -= CHECKSUM_BYTES;
	chunk->owner = place >> NUMBER_BITS;
	chunk->first = place & UINT32_MAX;
	chunk->count = gb_pack_count(bytes, length);
	if (!has_checksum(place, bytes, length) || chunk->count < 1 ||
	    chunk->count > GB_LIST_CHUNK ||
	    !gb_unpack(bytes, length, chunk->numbers, chunk->count) ||
	    chunk->numbers[0] < chunk->first ||
	    chunk->numbers[chunk->count - 1] > GB_LIST_MAX_NUMBER) {
		return false;
	}
	for (size_t i = 1; i < chunk->count; i++) {
		if (chunk->numbers[i] <= chunk->numbers[i - 1]) {
			return false;
		}
	}
	return true;
}

enum gb_rc gb_list_next(struct gb_db_query *query, struct gb_list_chunk *ret_chunk,
			struct gb_err *err)
{
	bool has_row = false;
	enum gb_rc rc = gb_db_next(query, &has_row, err);

	ret_chunk->count = 0;
	if (rc != GB_OK || !has_row) {
		return rc;
	}
	return unpack(query, ret_chunk) ? GB_OK : gb_db_fail(query->db, SQLITE_CORRUPT, err);
}

/* Changing. */

/* The chunk that @number falls into; the place where it would be, if it is not stored. */
static enum gb_rc load(struct gb_db *db, enum gb_list list, int64_t owner, int64_t number,
		       struct gb_list_chunk *ret_chunk, struct gb_err *err)
{
	struct gb_db_query query;
	enum gb_rc rc = gb_list_query_one(db, list, owner, number, &query, err);

	ret_chunk->count = 0;
	if (rc == GB_OK) {
		rc = gb_list_next(&query, ret_chunk, err);
	}
	gb_db_query_end(&query);
	if (rc == GB_OK && ret_chunk->count == 0) {
		ret_chunk->owner = owner;
		ret_chunk->first = 0;
	}
	return rc;
}

/* How many of @numbers fall into the chunk. */
static enum gb_rc count_inside(struct gb_db *db, enum gb_list list,
			       const struct gb_list_chunk *chunk, const int64_t *numbers,
			       size_t count, size_t *ret_count, struct gb_err *err)
{
	int64_t end = place_of(chunk->owner + 1, 0);
	size_t inside = 1;
	enum gb_rc rc = GB_OK;

	if (count > 1) {
		rc = gb_db_read_int(db, sql[list].next,
				    GB_DB_VALUES(GB_DB_INT(place_of(chunk->owner, chunk->first)),
						 GB_DB_INT(end)),
				    end, &end, err);
	}
	while (inside < count && place_of(chunk->owner, numbers[inside]) < end) {
		inside++;
	}
	*ret_count = inside;
	return rc;
}

/* Into @merged, which has room for both; returns how many it has then. */
static size_t merge(const struct gb_list_chunk *chunk, const int64_t *numbers, size_t count,
		    bool present, int64_t *merged, int64_t *ret_changed)
{
	size_t filled = 0;
	size_t i = 0;
	size_t j = 0;

	*ret_changed = 0;
	while (i < chunk->count || j < count) {
		if (j == count || (i < chunk->count && chunk->numbers[i] < numbers[j])) {
			merged[filled++] = chunk->numbers[i++];
		} else {
			bool is_stored = i < chunk->count && chunk->numbers[i] == numbers[j];

			if (present) {
				merged[filled++] = numbers[j];
			}
			*ret_changed += is_stored != present;
			i += is_stored;
			for (j++; j < count && numbers[j] == numbers[j - 1]; j++) {
			}
		}
	}
	return filled;
}

/* In place of the chunk, in as many rows as it takes, all about as long. */
static enum gb_rc store(struct gb_db *db, enum gb_list list, const struct gb_list_chunk *chunk,
			const int64_t *numbers, size_t count, struct gb_err *err)
{
	size_t rows = (count + GB_LIST_CHUNK - 1) / GB_LIST_CHUNK;
	int64_t place = place_of(chunk->owner, chunk->first);
	enum gb_rc rc = GB_OK;

	if (count == 0) {
		return gb_db_run(db, sql[list].drop,
				 GB_DB_VALUES(GB_DB_INT(place), GB_DB_INT(place + 1)), err);
	}
	for (size_t row = 0; row < rows && rc == GB_OK; row++) {
		uint8_t bytes[GB_PACK_MAX_BYTES(GB_LIST_CHUNK) + CHECKSUM_BYTES];
		size_t begin = count * row / rows;
		size_t length = gb_pack(numbers + begin, count * (row + 1) / rows - begin, bytes);

		if (row > 0) {
			place = place_of(chunk->owner, numbers[begin]);
		}
		put_checksum(place, bytes, length);
		rc = gb_db_run(
			db, sql[list].write,
			GB_DB_VALUES(GB_DB_INT(place), GB_DB_BLOB(bytes, length + CHECKSUM_BYTES)),
			err);
	}
	return rc;
}

static enum gb_rc change_chunk(struct gb_db *db, enum gb_list list,
			       const struct gb_list_chunk *chunk, const int64_t *numbers,
			       size_t count, bool present, int64_t *ret_changed, struct gb_err *err)
{
	int64_t *merged = gb_new_array(NULL, int64_t, chunk->count + count);
	size_t filled = merge(chunk, numbers, count, present, merged, ret_changed);
	enum gb_rc rc = GB_OK;

	if (*ret_changed > 0) {
		rc = store(db, list, chunk, merged, filled, err);
	}
	talloc_free(merged);
	return rc;
}

enum gb_rc gb_list_change(struct gb_db *db, enum gb_list list, int64_t owner,
			  const int64_t *numbers, size_t count, bool present, int64_t *ret_changed,
			  struct gb_err *err)
{
	enum gb_rc rc = GB_OK;
	size_t inside;

	assert(owner > 0 && owner <= GB_LIST_MAX_NUMBER);
	*ret_changed = 0;
	for (size_t at = 0; at < count && rc == GB_OK; at += inside) {
		struct gb_list_chunk chunk;
		int64_t changed = 0;

		assert(numbers[at] > 0 && numbers[at] <= GB_LIST_MAX_NUMBER);
		inside = count;
		rc = load(db, list, owner, numbers[at], &chunk, err);
		if (rc == GB_OK) {
			rc = count_inside(db, list, &chunk, numbers + at, count - at, &inside, err);
		}
		if (rc == GB_OK) {
			rc = change_chunk(db, list, &chunk, numbers + at, inside, present, &changed,
					  err);
		}
		*ret_changed += changed;
	}
	return rc;
}

enum gb_rc gb_list_clear(struct gb_db *db, enum gb_list list, int64_t owner, struct gb_err *err)
{
	return gb_db_run(
		db, sql[list].drop,
		GB_DB_VALUES(GB_DB_INT(place_of(owner, 0)), GB_DB_INT(place_of(owner + 1, 0))),
		err);
}

/* Filling. */

struct filling {
	struct gb_db *db;
	enum gb_list list;
	int64_t owner;
	size_t count;
	int64_t numbers[FILL_AT_ONCE];
};

static enum gb_rc flush(struct filling *filling, struct gb_err *err)
{
	int64_t changed;
	size_t count = filling->count;

	filling->count = 0;
	return gb_list_change(filling->db, filling->list, filling->owner, filling->numbers, count,
			      true, &changed, err);
}

static enum gb_rc fill_in(struct filling *filling, int64_t owner, int64_t number,
			  struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (owner != filling->owner || filling->count == FILL_AT_ONCE) {
		rc = flush(filling, err);
	}
	filling->owner = owner;
	filling->numbers[filling->count++] = number;
	return rc;
}

enum gb_rc gb_list_fill(struct gb_db *db, enum gb_list list, const char *query_sql,
			struct gb_err *err)
{
	struct filling *filling = gb_new(NULL, struct filling);
	struct gb_db_query query;
	bool has_row = true;
	enum gb_rc rc = gb_db_query(db, query_sql, GB_DB_NO_VALUES, &query, err);

	filling->db = db;
	filling->list = list;
	filling->owner = 1; /* nobody's numbers are flushed for it */
	while (rc == GB_OK && has_row) {
		rc = gb_db_next(&query, &has_row, err);
		if (rc == GB_OK && has_row) {
			rc = fill_in(filling, gb_db_int(&query, 0), gb_db_int(&query, 1), err);
		}
	}
	gb_db_query_end(&query);
	if (rc == GB_OK) {
		rc = flush(filling, err);
	}
	talloc_free(filling);
	return rc;
}
