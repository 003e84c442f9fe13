/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A world on arrays: directory, source, sink, and the hand that carries a plan out. */
#include "config.h"

#include "engine/base/attributes.h"
#include "engine/base/text.h"
#include "engine/plan/diff.h"
#include "engine/plan/mapping.h"
#include "tests/unit/plan/world.h"

#define CONTAINER "OU=c,DC=x"

struct world *world_new(const void *ctx, size_t size)
{
	struct world *world = gb_new(ctx, struct world);

	world->policy = (struct gb_plan_policy){.security_groups = true,
						.microsoft365_groups = true,
						.has_external_id = true,
						.hold.removals.count = GB_LIMIT_NONE,
						.container_dn = CONTAINER};
	world->size = size;
	world->objects = gb_new_array(world, struct world_object, size);
	world->stream[0] = gb_new_array(world, int64_t, size);
	world->stream[1] = gb_new_array(world, int64_t, size);
	world->groups = gb_new_array(world, struct world_group, WORLD_MAX_GROUPS);
	world->object_count = 1;
	world->plan = gb_new_tmp(world);
	return world;
}

static int64_t new_number(struct world *world)
{
	assert_in_range(world->object_count, 1, world->size - 1);
	return world->object_count++;
}

int64_t world_add_person(struct world *world)
{
	int64_t no = new_number(world);

	world->objects[no].exists = true;
	world->objects[no].is_known = true;
	world->objects[no].object.object_class = GB_CLASS_USER;
	return no;
}

struct world_group *world_add_group(struct world *world, const char *name)
{
	size_t index = world->group_count++;
	struct world_group *group = &world->groups[index];

	assert_in_range(index, 0, WORLD_MAX_GROUPS - 1);
	group->people = gb_new_array(world, int64_t, world->size);
	group->group.cloud = (struct gb_cloud_group){.present = GB_GROUP_HAS_ALL,
						     .display_name = gb_strdup(world, name),
						     .security_enabled = GB_YES,
						     .mail_enabled = GB_NO,
						     .on_premises_sync_enabled = GB_UNKNOWN,
						     .is_assignable_to_role = GB_UNKNOWN,
						     .writeback_enabled = GB_YES};
	group->group.cloud.id.bytes[0] = 0xaa;
	group->group.cloud.id.bytes[15] = (uint8_t)(index + 1);
	group->group.anchor = GB_ANCHOR_ABSENT;
	group->group.cloud_complete = true;
	group->group.directory_complete = true;
	return group;
}

struct world_object *world_add_object(struct world *world, struct world_group *group)
{
	int64_t no = new_number(world);
	struct world_object *object = &world->objects[no];
	const struct gb_cloud_group *cloud = &group->group.cloud;
	const char *anchor = gb_naming_anchor(world, &cloud->id);

	group->object_no = no;
	group->group.anchor = GB_ANCHOR_OURS;
	object->members = gb_new_array(world, int64_t, world->size);
	object->exists = true;
	object->is_known = true;
	object->object = (struct gb_directory_object){
		.object_class = GB_CLASS_GROUP,
		.in_container = true,
		.cn = gb_naming_cn(world, world->policy.name, cloud->display_name, &cloud->id, 0),
		.dn = "CN=as it was," CONTAINER,
		.group_type = gb_mapping_group_type(&world->policy, cloud),
		.display_name = gb_naming_display_name(world, cloud->display_name),
		.description = gb_naming_description(world, cloud->description),
		.admin_description = anchor,
		.external_directory_id = world->policy.has_external_id ? anchor : NULL,
		.extra = WORLD_EXTRA};
	return object;
}

static size_t place_of(const struct world_object *object, int64_t member)
{
	size_t at = 0;

	while (at < object->member_count && object->members[at] < member) {
		at++;
	}
	return at;
}

static bool is_linked(const struct world_object *object, int64_t member)
{
	size_t at = place_of(object, member);

	return at < object->member_count && object->members[at] == member;
}

void world_link(struct world_object *object, int64_t member)
{
	size_t at = place_of(object, member);

	memmove(&object->members[at + 1], &object->members[at],
		(object->member_count - at) * sizeof(object->members[0]));
	object->members[at] = member;
	object->member_count++;
}

static void unlink_member(struct world_object *object, int64_t member)
{
	size_t at = place_of(object, member);

	object->member_count--;
	memmove(&object->members[at], &object->members[at + 1],
		(object->member_count - at) * sizeof(object->members[0]));
}

/* The source. Each call of it, and of the sink, may be the one that fails. */

static enum gb_rc called(struct world *world, struct gb_err *err)
{
	world->calls++;
	return world->calls == world->fails_at ? gb_err_set(err, GB_E_IO, "world", "It fails.")
					       : GB_OK;
}

static enum gb_rc restart(void *user, struct gb_err *err)
{
	struct world *world = user;

	assert_int_equal(world->open_streams, 0);
	world->at = 0;
	return called(world, err);
}

static enum gb_rc next_group(void *user, struct gb_plan_group *ret_group, bool *ret_more,
			     struct gb_err *err)
{
	struct world *world = user;
	struct world_group *group = &world->groups[world->at];

	assert_int_equal(world->open_streams, 0);
	*ret_more = world->at < world->group_count;
	if (!*ret_more) {
		return called(world, err);
	}
	world->at++;
	*ret_group = group->group;
	ret_group->object_no = group->object_no;
	if (group->object_no && world->objects[group->object_no].exists) {
		ret_group->observed = &world->objects[group->object_no].object;
		ret_group->observed_members =
			(int64_t)world->objects[group->object_no].member_count;
	}
	return called(world, err);
}

static enum gb_rc reserve(void *user, const struct gb_guid *cloud_id, int64_t *ret_object_no,
			  struct gb_err *err)
{
	struct world *world = user;
	struct world_group *group = &world->groups[world->at - 1];

	assert_int_equal(gb_guid_compare(cloud_id, &group->group.cloud.id), 0);
	if (!group->object_no) {
		group->object_no = new_number(world);
	}
	group->reserved = true;
	*ret_object_no = group->object_no;
	return called(world, err);
}

static const char *name_of(const struct world *world, const struct gb_directory_object *object,
			   enum gb_name_kind kind)
{
	struct gb_attribute mail;

	if (kind != GB_NAME_KIND_MAIL) {
		return kind == GB_NAME_KIND_CN ? object->cn : object->sam_account_name;
	}
	mail = gb_attributes_get(world->plan, object->extra, "mail");
	return mail.count > 0 ? mail.values[0] : NULL;
}

static bool is_taken(struct world *world, enum gb_name_kind kind, const char *name, int64_t no)
{
	for (int64_t i = 1; i < world->object_count; i++) {
		const struct gb_directory_object *object = &world->objects[i].object;
		const char *have = name_of(world, object, kind);

		if (i != no && world->objects[i].exists && have &&
		    gb_text_equal_nocase(have, name)) {
			return true;
		}
	}
	return false;
}

static enum gb_rc claim_name(void *user, const struct gb_name_claim *wanted, bool *ret_free,
			     struct gb_err *err)
{
	struct world *world = user;
	char *claim = gb_printf(world->plan, "%d %s", wanted->kind, wanted->name);

	*ret_free = !is_taken(world, wanted->kind, wanted->name, wanted->object_no);
	for (size_t i = 0; i < world->claim_count; i++) {
		*ret_free = *ret_free && !gb_text_equal_nocase(world->claims[i], claim);
	}
	if (*ret_free) {
		world->claims = gb_mem_check(talloc_realloc(world->plan, world->claims, char *,
							    (unsigned)world->claim_count + 1));
		world->claims[world->claim_count++] = claim;
	}
	return called(world, err);
}

static enum gb_rc presence(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			   struct gb_err *err)
{
	struct world *world = user;
	const struct world_object *object = &world->objects[object_no];

	assert_in_range(object_no, 1, world->object_count - 1);
	*ret_presence = object->is_known ? GB_MEMBER_KNOWN : GB_MEMBER_STUB;
	if (!object->exists) {
		*ret_presence = GB_MEMBER_ABSENT;
		for (size_t i = 0; i < world->group_count; i++) {
			if (world->groups[i].object_no == object_no && world->groups[i].reserved) {
				*ret_presence = GB_MEMBER_PLANNED;
			}
		}
	}
	return called(world, err);
}

static enum gb_rc read_stream(struct world *world, int which, int64_t *buffer, size_t capacity,
			      size_t *ret_count, struct gb_err *err)
{
	size_t left = world->stream_count[which] - world->stream_at[which];
	size_t count = left < capacity ? left : capacity;

	if (world->read_size && count > world->read_size) {
		count = world->read_size;
	}
	memcpy(buffer, &world->stream[which][world->stream_at[which]], count * sizeof(buffer[0]));
	world->stream_at[which] += count;
	*ret_count = count;
	return called(world, err);
}

static enum gb_rc read_desired(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
			       struct gb_err *err)
{
	return read_stream(user, 0, buffer, capacity, ret_count, err);
}

static enum gb_rc read_observed(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
				struct gb_err *err)
{
	return read_stream(user, 1, buffer, capacity, ret_count, err);
}

static void close_stream(void *user)
{
	((struct world *)user)->open_streams--;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a;
	int64_t two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

/* Numbers of the wanted members, ascending, each once, as the state would list them. */
static size_t list_desired(const struct world *world, const struct world_group *group,
			   int64_t *numbers)
{
	size_t count = 0;
	size_t kept = 0;

	for (size_t i = 0; i < group->person_count; i++) {
		numbers[count++] = group->people[i];
	}
	for (size_t i = 0; i < group->nested_count; i++) {
		int64_t no = world->groups[group->nested[i]].object_no;

		if (no) {
			numbers[count++] = no;
		}
	}
	qsort(numbers, count, sizeof(numbers[0]), compare_numbers);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || numbers[kept - 1] != numbers[i]) {
			numbers[kept++] = numbers[i];
		}
	}
	return kept;
}

static enum gb_rc open_desired(void *user, const struct gb_plan_group *group,
			       struct gb_member_stream *ret_stream, struct gb_err *err)
{
	struct world *world = user;
	enum gb_rc rc;

	(void)group;
	world->stream_count[0] =
		list_desired(world, &world->groups[world->at - 1], world->stream[0]);
	world->stream_at[0] = 0;
	*ret_stream = (struct gb_member_stream){
		.user = world, .read = read_desired, .close = close_stream};
	rc = called(world, err);
	world->open_streams += rc == GB_OK;
	return rc;
}

static enum gb_rc open_observed(void *user, const struct gb_plan_group *group,
				struct gb_member_stream *ret_stream, struct gb_err *err)
{
	struct world *world = user;
	enum gb_rc rc;
	const struct world_object *object = &world->objects[group->object_no];

	assert_non_null(group->observed);
	world->stream_count[1] = object->member_count;
	world->stream_at[1] = 0;
	memcpy(world->stream[1], object->members,
	       object->member_count * sizeof(object->members[0]));
	*ret_stream = (struct gb_member_stream){
		.user = world, .read = read_observed, .close = close_stream};
	rc = called(world, err);
	world->open_streams += rc == GB_OK;
	return rc;
}

/* The sink. */

static char *text_of(const void *ctx, const struct gb_change *change)
{
	char id[GB_GUID_TEXT_BYTES];
	char *text = gb_printf(ctx, "%d %d %d %s|%s|%s|%s", (int)change->seq, change->kind,
			       (int)change->object_no, gb_guid_format(&change->cloud_id, id),
			       change->name ? change->name : "-", change->dn ? change->dn : "-",
			       change->new_rdn ? change->new_rdn : "-");

	for (size_t i = 0; i < change->value_count; i++) {
		const struct gb_change_value *value = &change->values[i];

		text = talloc_asprintf_append(text, "|%s=%s<%s", value->attribute,
					      value->value ? value->value : "-",
					      value->old_value ? value->old_value : "-");
	}
	for (size_t i = 0; i < change->member_count; i++) {
		text = talloc_asprintf_append(text, ",%d", (int)change->members[i]);
	}
	return text;
}

static enum gb_rc take_change(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct world *world = user;
	struct world_change *copy;
	struct gb_change_value *values =
		gb_new_array(world->plan, struct gb_change_value, change->value_count + 1);

	world->changes =
		gb_mem_check(talloc_realloc(world->plan, world->changes, struct world_change,
					    (unsigned)world->change_count + 1));
	copy = &world->changes[world->change_count++];
	copy->change = *change;
	for (size_t i = 0; i < change->value_count; i++) {
		values[i].attribute = change->values[i].attribute;
		values[i].value = gb_strdup(world->plan, change->values[i].value);
		values[i].old_value = gb_strdup(world->plan, change->values[i].old_value);
	}
	copy->change.values = values;
	copy->change.dn = gb_strdup(world->plan, change->dn);
	copy->change.name = gb_strdup(world->plan, change->name);
	copy->change.new_rdn = gb_strdup(world->plan, change->new_rdn);
	copy->change.members = gb_mem_check(
		talloc_memdup(world->plan, change->members ? change->members : (int64_t[]){0},
			      (change->member_count + 1) * sizeof(int64_t) -
				      (change->members ? sizeof(int64_t) : 0)));
	copy->text = text_of(world->plan, change);
	assert_int_equal(change->seq, world->change_count);
	assert_in_range(change->member_count, 0, GB_CHANGE_MAX_MEMBERS);
	return called(world, err);
}

static enum gb_rc take_note(void *user, const struct gb_plan_note *note, struct gb_err *err)
{
	struct world *world = user;
	struct world_note *copy = &world->notes[world->note_count++];

	assert_int_equal(world->note_count, world->at);
	copy->note = *note;
	copy->group = world->at - 1;
	copy->note.name = NULL;
	copy->note.dn = NULL;
	copy->note.unmatched = NULL;
	return called(world, err);
}

static enum gb_rc hold_changes(void *user, int64_t first_seq, enum gb_cause cause,
			       struct gb_err *err)
{
	struct world *world = user;

	assert_in_range(first_seq, 1, world->change_count);
	for (size_t i = (size_t)first_seq - 1; i < world->change_count; i++) {
		world->changes[i].change.waits = (int)cause;
	}
	return called(world, err);
}

static enum gb_rc check_parent(void *user, const struct gb_plan_group *group, const char *parent_dn,
			       enum gb_parent_state *ret_state, struct gb_err *err)
{
	struct world *world = user;

	(void)group;
	assert_non_null(parent_dn);
	*ret_state = world->parent;
	return called(world, err);
}

static enum gb_rc nesting(void *user, const struct gb_plan_group *group,
			  struct gb_nesting_facts *ret_facts, struct gb_err *err)
{
	struct world *world = user;

	(void)group;
	*ret_facts = world->nested;
	return called(world, err);
}

static enum gb_rc take_drift(void *user, const struct gb_change *change, struct gb_err *err)
{
	struct world *world = user;

	assert_non_null(change);
	world->drifts++;
	return called(world, err);
}

static void forget_plan(struct world *world)
{
	talloc_free(world->plan);
	world->plan = gb_new_tmp(world);
	world->changes = NULL;
	world->change_count = 0;
	world->note_count = 0;
	world->claims = NULL;
	world->claim_count = 0;
	world->open_streams = 0;
	world->drifts = 0;
	world->calls = 0;
	for (size_t i = 0; i < world->group_count; i++) {
		world->groups[i].reserved = false;
	}
}

enum gb_rc world_try_plan(struct world *world, struct gb_err *err)
{
	struct gb_plan_source source = {.user = world,
					.restart = restart,
					.next_group = next_group,
					.reserve = reserve,
					.claim_name = claim_name,
					.presence = presence,
					.check_parent = check_parent,
					.nesting = nesting,
					.open_desired = open_desired,
					.open_observed = open_observed};
	struct gb_plan_sink sink = {.user = world,
				    .change = take_change,
				    .hold = hold_changes,
				    .drift = take_drift,
				    .note = take_note};

	forget_plan(world);
	return gb_plan_run(world, &world->policy, &source, &sink, &world->counts, err);
}

void world_plan(struct world *world)
{
	struct gb_err err;

	gb_err_clear(&err);
	assert_int_equal(world_try_plan(world, &err), GB_OK);
	assert_int_equal(world->open_streams, 0);
	assert_int_equal(world->note_count, world->group_count);
}

/* The hand. */

/* True if the attribute has a field. */
static bool set_value(struct world *world, struct gb_directory_object *object,
		      const struct gb_change_value *value)
{
	const char *text = gb_strdup(world, value->value);

	if (strcmp(value->attribute, "groupType") == 0) {
		object->group_type = atoi(value->value);
	} else if (strcmp(value->attribute, "displayName") == 0) {
		object->display_name = text;
	} else if (strcmp(value->attribute, "description") == 0) {
		object->description = text;
	} else if (strcmp(value->attribute, "adminDescription") == 0) {
		object->admin_description = text;
	} else if (strcmp(value->attribute, "msDS-ExternalDirectoryObjectId") == 0) {
		object->external_directory_id = text;
	} else if (strcmp(value->attribute, "sAMAccountName") == 0) {
		assert_non_null(text);
		object->sam_account_name = text;
	} else {
		return false;
	}
	return true;
}

/* Attributes without a field; the values of a list follow each other. */
static size_t set_values(struct world *world, struct gb_directory_object *object,
			 const struct gb_change_value *values, size_t count)
{
	struct gb_buffer *patch;
	size_t length = 0;

	if (set_value(world, object, values)) {
		return 1;
	}
	patch = gb_buffer_new(world);
	for (; length < count && strcmp(values[length].attribute, values[0].attribute) == 0;
	     length++) {
		if (values[length].value) {
			gb_attributes_add(patch, values[0].attribute, values[length].value);
		}
	}
	if (patch->length == 0) {
		gb_attributes_add(patch, values[0].attribute, NULL);
	}
	object->extra = gb_attributes_merge(world, object->extra, patch->text);
	return length;
}

/* "CN=x" or "CN=x,OU=…" without escapes beyond what these tests use. */
static const char *cn_of(struct world *world, const char *rdn)
{
	assert_memory_equal(rdn, "CN=", 3);
	return gb_strndup(world, rdn + 3, strcspn(rdn + 3, ","));
}

static void check_fence(const struct world *world, const struct gb_change *change)
{
	const struct world_object *object = &world->objects[change->object_no];

	assert_in_range(change->object_no, 1, world->object_count - 1);
	if (change->kind == GB_CHANGE_CREATE) {
		assert_false(object->exists);
		return;
	}
	assert_true(object->exists);
	assert_int_equal(object->object.object_class, GB_CLASS_GROUP);
	assert_true(object->object.in_container);
	assert_false(object->object.is_protected);
	assert_non_null(strstr(object->object.admin_description
				       ? object->object.admin_description
				       : object->object.external_directory_id,
			       "Group_aa"));
}

static void add_members(struct world *world, struct world_object *object,
			const struct gb_change *change)
{
	for (size_t i = 0; i < change->member_count; i++) {
		assert_true(world->objects[change->members[i]].exists);
		assert_false(is_linked(object, change->members[i]));
		world_link(object, change->members[i]);
	}
}

static void remove_members(struct world_object *object, const struct gb_change *change)
{
	for (size_t i = 0; i < change->member_count; i++) {
		assert_true(is_linked(object, change->members[i]));
		unlink_member(object, change->members[i]);
	}
}

static void create_object(struct world *world, struct world_object *object,
			  const struct gb_change *change)
{
	object->exists = true;
	object->members = gb_new_array(world, int64_t, world->size);
	object->is_known = true;
	object->object = (struct gb_directory_object){.object_class = GB_CLASS_GROUP,
						      .in_container = true,
						      .dn = gb_strdup(world, change->dn),
						      .extra = WORLD_EXTRA,
						      .cn = cn_of(world, change->dn)};
	for (size_t i = 0; i < world->group_count; i++) {
		if (world->groups[i].object_no == change->object_no) {
			world->groups[i].group.anchor = GB_ANCHOR_OURS;
		}
	}
	assert_non_null(strstr(change->dn, "," CONTAINER));
}

static void apply_one(struct world *world, const struct gb_change *change)
{
	struct world_object *object = &world->objects[change->object_no];

	check_fence(world, change);
	switch (change->kind) {
	case GB_CHANGE_CREATE:
		create_object(world, object, change);
		add_members(world, object, change);
		break;
	case GB_CHANGE_ADD_MEMBERS:
		add_members(world, object, change);
		break;
	case GB_CHANGE_REMOVE_MEMBERS:
		remove_members(object, change);
		break;
	case GB_CHANGE_RENAME:
		assert_false(is_taken(world, GB_NAME_KIND_CN, cn_of(world, change->new_rdn),
				      change->object_no));
		object->object.cn = cn_of(world, change->new_rdn);
		break;
	case GB_CHANGE_DELETE:
		object->exists = false;
		for (int64_t i = 1; i < world->object_count; i++) {
			if (world->objects[i].members &&
			    is_linked(&world->objects[i], change->object_no)) {
				unlink_member(&world->objects[i], change->object_no);
			}
		}
		break;
	case GB_CHANGE_ATTRIBUTES:
	case GB_CHANGE_MOVE:
		break;
	}
	for (size_t i = 0; i < change->value_count && object->exists;) {
		i += set_values(world, &object->object, &change->values[i],
				change->value_count - i);
	}
}

void world_apply(struct world *world)
{
	for (int phase = GB_PHASE_CREATE; phase < GB_PHASE_END; phase++) {
		for (size_t i = 0; i < world->change_count; i++) {
			const struct gb_change *change = &world->changes[i].change;

			if ((int)gb_change_phase(change->kind) == phase && !change->waits) {
				apply_one(world, change);
			}
		}
	}
}

const char *world_plan_text(struct world *world)
{
	char *text = gb_strdup(world->plan, "");

	for (size_t i = 0; i < world->change_count; i++) {
		text = talloc_asprintf_append(text, "%s\n", world->changes[i].text);
	}
	return text;
}

const struct gb_plan_note *world_note_of(const struct world *world, const struct world_group *group)
{
	return &world->notes[group - world->groups].note;
}

size_t world_count(const struct world *world, enum gb_change_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < world->change_count; i++) {
		count += world->changes[i].change.kind == kind;
	}
	return count;
}

const struct gb_change *world_first(const struct world *world, enum gb_change_kind kind)
{
	for (size_t i = 0; i < world->change_count; i++) {
		if (world->changes[i].change.kind == kind) {
			return &world->changes[i].change;
		}
	}
	return NULL;
}
