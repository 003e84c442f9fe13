/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The planner alone: an initial plan over groups and members that are made up while they are read, into
 * a sink that counts. No state, no directory, no cloud.
 *
 * usage: planner GROUPS LINKS
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/base/mem.h"
#include "engine/plan/plan.h"

/** Numbers of people begin here; groups have the ones below. */
#define FIRST_PERSON 1000000

/** Where the source stands, and what the sink was told. */
struct bench {
	int64_t groups;
	int64_t links;
	int64_t at;        /* group, from 1 */
	int64_t next;      /* of the stream that is open */
	int64_t end;       /* behind its last number */
	char name[64];     /* of the group at hand */
	int64_t planned;   /* changes */
	int64_t to_add;    /* members in them */
};

static enum gb_rc restart(void *user, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	bench->at = 0;
	return GB_OK;
}

static int64_t members_of(const struct bench *bench)
{
	return bench->links / bench->groups;
}

static enum gb_rc next_group(void *user, struct gb_plan_group *ret_group, bool *ret_more,
			     struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	*ret_more = bench->at < bench->groups;
	if (!*ret_more) {
		return GB_OK;
	}
	bench->at++;
	snprintf(bench->name, sizeof(bench->name), "Department number %" PRId64, bench->at);
	*ret_group = (struct gb_plan_group){
		.cloud = {.present = GB_GROUP_HAS_ALL,
			  .display_name = bench->name,
			  .description = "Made for a benchmark",
			  .security_enabled = GB_YES,
			  .mail_enabled = GB_NO,
			  .on_premises_sync_enabled = GB_UNKNOWN,
			  .is_assignable_to_role = GB_NO,
			  .writeback_enabled = GB_YES},
		.object_no = bench->at,
		.anchor = GB_ANCHOR_ABSENT,
		.cloud_complete = true,
		.listed = members_of(bench),
		.counted = true,
	};
	memcpy(ret_group->cloud.id.bytes, &bench->at, sizeof(bench->at));
	return GB_OK;
}

static enum gb_rc reserve(void *user, const struct gb_guid *cloud_id, int64_t *ret_object_no,
			  struct gb_err *err)
{
	const struct bench *bench = user;

	(void)cloud_id;
	(void)err;
	*ret_object_no = bench->at;
	return GB_OK;
}

static enum gb_rc claim_name(void *user, const struct gb_name_claim *claim, bool *ret_free,
			     struct gb_err *err)
{
	(void)user;
	(void)claim;
	(void)err;
	*ret_free = true;
	return GB_OK;
}

static enum gb_rc presence(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			   struct gb_err *err)
{
	(void)user;
	(void)err;
	*ret_presence = object_no < FIRST_PERSON ? GB_MEMBER_PLANNED : GB_MEMBER_KNOWN;
	return GB_OK;
}

static enum gb_rc read_stream(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
			      struct gb_err *err)
{
	struct bench *bench = user;
	size_t count = 0;

	(void)err;
	while (count < capacity && bench->next < bench->end) {
		buffer[count++] = bench->next++;
	}
	*ret_count = count;
	return GB_OK;
}

static enum gb_rc open_desired(void *user, const struct gb_plan_group *group,
			       struct gb_member_stream *ret_stream, struct gb_err *err)
{
	struct bench *bench = user;

	(void)group;
	(void)err;
	bench->next = FIRST_PERSON + bench->at;
	bench->end = bench->next + members_of(bench);
	*ret_stream = (struct gb_member_stream){.user = bench, .read = read_stream};
	return GB_OK;
}

static enum gb_rc on_change(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct bench *bench = user;

	(void)err;
	bench->planned++;
	bench->to_add += (int64_t)change->member_count;
	return GB_OK;
}

static enum gb_rc on_note(void *user, const struct gb_plan_note *note, struct gb_err *err)
{
	(void)user;
	(void)note;
	(void)err;
	return GB_OK;
}

static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum gb_rc plan(struct bench *bench, struct gb_err *err)
{
	struct gb_plan_policy policy = {.security_groups = true,
					.hold = {.removals = {.count = GB_LIMIT_NONE}},
					.container_dn = "OU=Cloud Groups,DC=lab,DC=test",
					.has_external_id = true};
	struct gb_plan_source source = {.user = bench,
					.restart = restart,
					.next_group = next_group,
					.reserve = reserve,
					.claim_name = claim_name,
					.presence = presence,
					.open_desired = open_desired};
	struct gb_plan_sink sink = {.user = bench, .change = on_change, .note = on_note};
	struct gb_plan_counts counts;

	return gb_plan_run(NULL, &policy, &source, &sink, &counts, err);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	struct gb_err err;
	double took;

	if (argc != 3 || (bench.groups = strtoll(argv[1], NULL, 10)) < 1 ||
	    bench.groups >= FIRST_PERSON || (bench.links = strtoll(argv[2], NULL, 10)) < 0) {
		fprintf(stderr, "usage: planner GROUPS LINKS\n");
		return 64;
	}
	took = cpu_s();
	if (plan(&bench, &err) != GB_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	took = cpu_s() - took;
	printf("%" PRId64 " changes, %" PRId64 " links, %.3f s of CPU: %.0f links a second\n",
	       bench.planned, bench.to_add, took, (double)bench.to_add / took);
	return 0;
}
