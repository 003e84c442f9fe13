/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members: the difference of two ascending streams, in chunks. */
#include "config.h"

#include "engine/plan/members.h"

/* The compiler zeroes automatic variables. These are 40 KiB for each group; begin() and start() fill what is
 * read of them. */
#define NOT_ZEROED __attribute__((uninitialized))

/* Behind the last number of a stream. */
#define END INT64_MAX

struct reader {
	const struct gb_member_stream *stream;
	int64_t current; /* END when there is none any more */
	size_t next;     /* index behind current */
	size_t count;
	int64_t buffer[GB_MEMBERS_READ_COUNT];
};

struct chunk {
	enum gb_change_kind kind;
	size_t count;
	int64_t members[GB_CHANGE_MAX_MEMBERS];
};

struct merge {
	const struct gb_members_input *input;
	const struct gb_members_sink *sink;
	struct gb_members_counts counts;
	struct chunk adds;
	struct chunk planned; /* gb_members_diff(), where the sink wants them apart */
	struct chunk removes; /* gb_members_create(): the members of the create itself */
	bool created;         /* gb_members_create(): that chunk was sent */
	struct reader desired;
	struct reader observed;
};

/* A number out of order would make a member look absent: then we would remove somebody wrongly. */
static enum gb_rc check_ascending(const struct reader *reader, struct gb_err *err)
{
	int64_t last = reader->current;

	for (size_t i = 0; i < reader->count; i++) {
		if (reader->buffer[i] <= last || reader->buffer[i] == END) {
			return gb_err_set(err, GB_E_INTERNAL, "plan-stream-order",
					  "A list of members is not in ascending order.");
		}
		last = reader->buffer[i];
	}
	return GB_OK;
}

static enum gb_rc refill(struct reader *reader, struct gb_err *err)
{
	enum gb_rc rc;

	reader->next = 0;
	reader->count = 0;
	rc = reader->stream->read(reader->stream->user, reader->buffer, GB_MEMBERS_READ_COUNT,
				  &reader->count, err);
	return rc == GB_OK ? check_ascending(reader, err) : rc;
}

static inline enum gb_rc advance(struct reader *reader, struct gb_err *err)
{
	if (reader->next == reader->count) {
		enum gb_rc rc = refill(reader, err);

		if (rc != GB_OK) {
			return rc;
		}
		if (reader->count == 0) {
			reader->current = END;
			return GB_OK;
		}
	}
	reader->current = reader->buffer[reader->next++];
	return GB_OK;
}

static enum gb_rc start(struct reader *reader, const struct gb_member_stream *stream,
			struct gb_err *err)
{
	reader->stream = stream;
	reader->current = 0;
	reader->next = 0;
	reader->count = 0;
	return advance(reader, err);
}

static enum gb_rc flush(struct merge *merge, struct chunk *chunk, struct gb_err *err)
{
	size_t count = chunk->count;

	if (count == 0) {
		return GB_OK;
	}
	chunk->count = 0;
	if (chunk == &merge->planned) {
		return merge->sink->planned(merge->sink->user, chunk->members, count, err);
	}
	return merge->sink->chunk(merge->sink->user, chunk->kind, chunk->members, count, err);
}

static enum gb_rc put(struct merge *merge, struct chunk *chunk, int64_t object_no,
		      struct gb_err *err)
{
	chunk->members[chunk->count++] = object_no;
	return chunk->count < GB_CHANGE_MAX_MEMBERS ? GB_OK : flush(merge, chunk, err);
}

static enum gb_rc presence_of(struct merge *merge, int64_t object_no,
			      enum gb_member_presence *ret_presence, struct gb_err *err)
{
	const struct gb_members_oracle *oracle = merge->input->oracle;

	return oracle->presence(oracle->user, object_no, ret_presence, err);
}

static enum gb_rc missing(struct merge *merge, int64_t object_no, struct gb_err *err)
{
	enum gb_member_presence presence;
	enum gb_rc rc = presence_of(merge, object_no, &presence, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (presence == GB_MEMBER_ABSENT) {
		merge->counts.absent++;
		return GB_OK;
	}
	merge->counts.added++;
	return put(merge,
		   presence == GB_MEMBER_PLANNED && merge->sink->planned ? &merge->planned
									 : &merge->adds,
		   object_no, err);
}

static enum gb_rc unwanted(struct merge *merge, int64_t object_no, struct gb_err *err)
{
	enum gb_member_presence presence;
	enum gb_rc rc = presence_of(merge, object_no, &presence, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (presence != GB_MEMBER_KNOWN) {
		merge->counts.unidentified++;
		return GB_OK;
	}
	if (merge->input->hold_removals) {
		merge->counts.held++;
		return GB_OK;
	}
	merge->counts.removed++;
	return put(merge, &merge->removes, object_no, err);
}

static enum gb_rc step(struct merge *merge, struct gb_err *err)
{
	struct reader *desired = &merge->desired;
	struct reader *observed = &merge->observed;
	int64_t want = desired->current;
	int64_t have = observed->current;
	enum gb_rc rc = GB_OK;

	if (want < have) {
		rc = missing(merge, want, err);
	} else if (have < want) {
		rc = unwanted(merge, have, err);
	}
	if (rc == GB_OK && want <= have) {
		merge->counts.desired++;
		rc = advance(desired, err);
	}
	if (rc == GB_OK && have <= want) {
		rc = advance(observed, err);
	}
	return rc;
}

static void begin(struct merge *merge, const struct gb_members_input *input,
		  const struct gb_members_sink *sink)
{
	merge->input = input;
	merge->sink = sink;
	merge->counts = (struct gb_members_counts){0};
	merge->adds.kind = GB_CHANGE_ADD_MEMBERS;
	merge->adds.count = 0;
	merge->planned.count = 0;
	merge->removes.count = 0;
	merge->created = false;
}

enum gb_rc gb_members_diff(const struct gb_members_input *input, const struct gb_members_sink *sink,
			   struct gb_members_counts *ret_counts, struct gb_err *err)
{
	struct merge merge NOT_ZEROED;
	enum gb_rc rc;

	begin(&merge, input, sink);
	merge.removes.kind = GB_CHANGE_REMOVE_MEMBERS;
	rc = start(&merge.desired, input->desired, err);
	if (rc == GB_OK) {
		rc = start(&merge.observed, input->observed, err);
	}
	while (rc == GB_OK && (merge.desired.current != END || merge.observed.current != END)) {
		rc = step(&merge, err);
	}
	if (rc == GB_OK) {
		rc = flush(&merge, &merge.removes, err);
	}
	if (rc == GB_OK) {
		rc = flush(&merge, &merge.adds, err);
	}
	if (rc == GB_OK) {
		rc = flush(&merge, &merge.planned, err);
	}
	if (rc == GB_OK) {
		*ret_counts = merge.counts;
	}
	return rc;
}

/* The create itself is sent even if it names nobody, and before anything is added to it. */
static enum gb_rc send_create(struct merge *merge, struct gb_err *err)
{
	if (merge->created) {
		return GB_OK;
	}
	merge->created = true;
	return merge->sink->chunk(merge->sink->user, GB_CHANGE_CREATE, merge->removes.members,
				  merge->removes.count, err);
}

static enum gb_rc add_later(struct merge *merge, int64_t object_no, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (merge->adds.count == GB_CHANGE_MAX_MEMBERS - 1) {
		rc = send_create(merge, err);
	}
	return rc == GB_OK ? put(merge, &merge->adds, object_no, err) : rc;
}

static enum gb_rc create_step(struct merge *merge, struct gb_err *err)
{
	int64_t object_no = merge->desired.current;
	enum gb_member_presence presence;
	struct chunk *first = &merge->removes;
	enum gb_rc rc = presence_of(merge, object_no, &presence, err);

	merge->counts.desired++;
	if (rc != GB_OK) {
		return rc;
	}
	if (presence == GB_MEMBER_ABSENT) {
		merge->counts.absent++;
	} else if (presence == GB_MEMBER_PLANNED || merge->created) {
		merge->counts.added++;
		rc = add_later(merge, object_no, err);
	} else {
		merge->counts.added++;
		first->members[first->count++] = object_no;
		if (first->count == GB_CHANGE_MAX_MEMBERS) {
			rc = send_create(merge, err);
		}
	}
	return rc == GB_OK ? advance(&merge->desired, err) : rc;
}

enum gb_rc gb_members_create(const struct gb_members_input *input,
			     const struct gb_members_sink *sink,
			     struct gb_members_counts *ret_counts, struct gb_err *err)
{
	struct merge merge NOT_ZEROED;
	enum gb_rc rc;

	begin(&merge, input, sink);
	rc = start(&merge.desired, input->desired, err);
	while (rc == GB_OK && merge.desired.current != END) {
		rc = create_step(&merge, err);
	}
	if (rc == GB_OK) {
		rc = send_create(&merge, err);
	}
	if (rc == GB_OK) {
		rc = flush(&merge, &merge.adds, err);
	}
	if (rc == GB_OK) {
		*ret_counts = merge.counts;
	}
	return rc;
}
