/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packed lists as SQL sees them. */
#include "config.h"

#include "engine/state/link_table.h"

#include "engine/base/mem.h"
#include "engine/state/links.h"
#include "engine/state/list.h"

/* The columns. */
enum {
	GROUP_NO,
	MEMBER_NO
};

/* What a plan asks for: bits of idxNum. */
enum {
	OF_GROUP = 1,
	OF_MEMBER = 2
};

/* What SQLite's planner is told: about as many rows as a group and a member have, and a tenant. */
#define GROUP_ROWS  100
#define MEMBER_ROWS 20
#define ALL_ROWS    1000000

struct table {
	sqlite3_vtab base; /* first */
	struct gb_state *state;
	enum gb_side side;
};

struct cursor {
	sqlite3_vtab_cursor base; /* first */
	struct gb_db_query query;
	bool is_by_member; /* owners are members, numbers are groups */
	struct gb_list_chunk chunk;
	size_t at; /* the row: a number of the chunk */
	size_t end;
};

static struct table *table_of(sqlite3_vtab *base)
{
	return (struct table *)base;
}

static struct cursor *cursor_of(sqlite3_vtab_cursor *base)
{
	return (struct cursor *)base;
}

/* An inner query failed: what it was, for the outer one. */
static int code_of(struct table *table)
{
	int code = sqlite3_extended_errcode(table->state->db.handle);

	return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_CORRUPT_VTAB
									      : code;
}

/* Planning. */

/** Where in info->aConstraint each column is compared with a value; -1: nowhere. */
struct wanted {
	int group;
	int member;
};

static struct wanted find_wanted(const sqlite3_index_info *info)
{
	struct wanted wanted = {-1, -1};

	for (int i = 0; i < info->nConstraint; i++) {
		if (!info->aConstraint[i].usable ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) {
			continue;
		}
		if (info->aConstraint[i].iColumn == GROUP_NO) {
			wanted.group = i;
		} else if (info->aConstraint[i].iColumn == MEMBER_NO) {
			wanted.member = i;
		}
	}
	return wanted;
}

/* Rows come by group, then by member; a column that has one value is in any order. */
static bool comes_in_order(const sqlite3_index_info *info)
{
	int next = GROUP_NO;

	for (int i = 0; i < info->nOrderBy; i++) {
		int column = info->aOrderBy[i].iColumn;
		bool is_fixed = column >= 0 && (info->idxNum & (1 << column));

		if (info->aOrderBy[i].desc) {
			return false;
		}
		while (next <= MEMBER_NO && (info->idxNum & (1 << next))) {
			next++;
		}
		if (!is_fixed && column != next++) {
			return false;
		}
	}
	return true;
}

static void use(sqlite3_index_info *info, int constraint, int bit, int *argument)
{
	info->aConstraintUsage[constraint].argvIndex = ++*argument;
	info->aConstraintUsage[constraint].omit = 1;
	info->idxNum |= bit;
}

static int on_plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
	static const int rows[] = {ALL_ROWS, GROUP_ROWS, MEMBER_ROWS, 1};
	struct table *table = table_of(base);
	struct wanted wanted = find_wanted(info);
	int argument = 0;

	info->idxNum = 0;
	if (wanted.group >= 0) {
		use(info, wanted.group, OF_GROUP, &argument);
	}
	if (wanted.member >= 0 &&
	    (wanted.group >= 0 || table->state->has_member_index[table->side])) {
		use(info, wanted.member, OF_MEMBER, &argument);
	}
	info->orderByConsumed = comes_in_order(info);
	info->estimatedRows = rows[info->idxNum];
	info->estimatedCost = 3 + rows[info->idxNum];
	info->idxFlags = info->idxNum == (OF_GROUP | OF_MEMBER) ? SQLITE_INDEX_SCAN_UNIQUE : 0;
	return SQLITE_OK;
}

/* Reading. */

static int on_open(sqlite3_vtab *base, sqlite3_vtab_cursor **ret_cursor)
{
	(void)base;
	*ret_cursor = &gb_new(NULL, struct cursor)->base;
	return SQLITE_OK;
}

static int on_close(sqlite3_vtab_cursor *base)
{
	gb_db_query_end(&cursor_of(base)->query);
	talloc_free(cursor_of(base));
	return SQLITE_OK;
}

static int read_chunk(struct cursor *cursor)
{
	struct gb_err ignored;

	if (gb_list_next(&cursor->query, &cursor->chunk, &ignored) != GB_OK) {
		return code_of(table_of(cursor->base.pVtab));
	}
	cursor->at = 0;
	cursor->end = cursor->chunk.count;
	if (cursor->end == 0) {
		gb_db_query_end(&cursor->query);
	}
	return SQLITE_OK;
}

/* The row is one number of the chunk, or nothing. */
static void narrow(struct cursor *cursor, int64_t number)
{
	while (cursor->at < cursor->end && cursor->chunk.numbers[cursor->at] < number) {
		cursor->at++;
	}
	if (cursor->at < cursor->end && cursor->chunk.numbers[cursor->at] == number) {
		cursor->end = cursor->at + 1;
	} else {
		cursor->at = cursor->end;
	}
}

static enum gb_rc begin(struct cursor *cursor, int plan, const int64_t *arguments)
{
	struct table *table = table_of(cursor->base.pVtab);
	struct gb_db *db = &table->state->db;
	enum gb_list by_group = gb_links_by_group(table->side);
	enum gb_list by_member = gb_links_by_member(table->side);
	struct gb_err ignored;

	switch (plan) {
	case OF_GROUP | OF_MEMBER:
		return gb_list_query_one(db, by_group, arguments[0], arguments[1], &cursor->query,
					 &ignored);
	case OF_GROUP:
		return gb_list_query(db, by_group, arguments[0], &cursor->query, &ignored);
	case OF_MEMBER:
		return gb_list_query(db, by_member, arguments[0], &cursor->query, &ignored);
	default:
		return gb_list_query_all(db, by_group, &cursor->query, &ignored);
	}
}

/* Numbers of objects; nothing equals NULL, or a number that no object can have. */
static bool take_arguments(int count, sqlite3_value **values, int64_t *ret_arguments)
{
	for (int i = 0; i < count; i++) {
		ret_arguments[i] = sqlite3_value_int64(values[i]);
		if (sqlite3_value_type(values[i]) != SQLITE_INTEGER || ret_arguments[i] <= 0 ||
		    ret_arguments[i] > GB_LIST_MAX_NUMBER) {
			return false;
		}
	}
	return true;
}

static int on_filter(sqlite3_vtab_cursor *base, int plan, const char *unused, int count,
		     sqlite3_value **values)
{
	struct cursor *cursor = cursor_of(base);
	int64_t arguments[2] = {0, 0};
	int code;

	(void)unused;
	gb_db_query_end(&cursor->query);
	cursor->is_by_member = plan == OF_MEMBER;
	cursor->at = 0;
	cursor->end = 0;
	if (!take_arguments(count, values, arguments)) {
		return SQLITE_OK;
	}
	if (begin(cursor, plan, arguments) != GB_OK) {
		return code_of(table_of(base->pVtab));
	}
	code = read_chunk(cursor);
	if (code == SQLITE_OK && plan == (OF_GROUP | OF_MEMBER)) {
		narrow(cursor, arguments[1]);
	}
	return code;
}

static int on_next(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = cursor_of(base);

	if (++cursor->at < cursor->end) {
		return SQLITE_OK;
	}
	/* Of one chunk alone (LIMIT 1) there is no next one. */
	return read_chunk(cursor);
}

static int on_eof(sqlite3_vtab_cursor *base)
{
	return cursor_of(base)->at >= cursor_of(base)->end;
}

static int64_t column_of(const struct cursor *cursor, int column)
{
	return cursor->is_by_member == (column == MEMBER_NO) ? cursor->chunk.owner
							     : cursor->chunk.numbers[cursor->at];
}

static int on_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	sqlite3_result_int64(context, column_of(cursor_of(base), column));
	return SQLITE_OK;
}

static int on_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
	const struct cursor *cursor = cursor_of(base);

	*ret_rowid = (column_of(cursor, GROUP_NO) << 32) + column_of(cursor, MEMBER_NO);
	return SQLITE_OK;
}

/* The connection. */

static int on_connect(sqlite3 *handle, void *prototype, int count, const char *const *arguments,
		      sqlite3_vtab **ret_table, char **ret_error)
{
	struct table *table = gb_new(NULL, struct table);

	(void)count;
	(void)arguments;
	(void)ret_error;
	*table = *(const struct table *)prototype;
	*ret_table = &table->base;
	return sqlite3_declare_vtab(handle,
				    "CREATE TABLE link (group_no INTEGER, member_no INTEGER)");
}

static int on_disconnect(sqlite3_vtab *base)
{
	talloc_free(table_of(base));
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = on_connect,
	.xBestIndex = on_plan,
	.xDisconnect = on_disconnect,
	.xOpen = on_open,
	.xClose = on_close,
	.xFilter = on_filter,
	.xNext = on_next,
	.xEof = on_eof,
	.xColumn = on_column,
	.xRowid = on_rowid,
};

static int register_one(struct gb_state *state, const char *name, enum gb_side side)
{
	struct table *prototype = gb_new(state, struct table);

	prototype->state = state;
	prototype->side = side;
	return sqlite3_create_module(state->db.handle, name, &module, prototype);
}

enum gb_rc gb_link_tables_register(struct gb_state *state, struct gb_err *err)
{
	int code = register_one(state, "cloud_link", GB_SIDE_CLOUD);

	if (code == SQLITE_OK) {
		code = register_one(state, "directory_link", GB_SIDE_DIRECTORY);
	}
	return code == SQLITE_OK ? GB_OK : gb_db_fail(&state->db, code, err);
}
