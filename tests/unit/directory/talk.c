/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests that talk. */
#include "config.h"

#include "tests/unit/directory/talk.h"

#include <strings.h>

#include "engine/base/clock.h"
#include "tests/unit/unit.h"

struct talk *talk_new(void)
{
	struct talk *talk = gb_new(NULL, struct talk);

	talk->ev = gb_mem_check(tevent_context_init(talk));
	return talk;
}

const char *talk_env(const char *name)
{
	const char *value = getenv(name);

	if (!value) {
		fail_msg("The environment has no %s: run this by test_live.sh.", name);
	}
	return value;
}

enum gb_rc talk_open(struct talk *talk, const struct gb_directory_options *options)
{
	gb_err_clear(&talk->err);
	talk->rc = gb_directory_open(talk, talk->ev, options, &talk->directory, &talk->err);
	return talk->rc;
}

void talk_begin(struct talk *talk)
{
	talk->ends = 0;
	talk->rc = GB_OK;
	gb_err_clear(&talk->err);
	talk->outcome_known = false;
	talk->is_transient = false;
	talk->count = 0;
	TALLOC_FREE(talk->objects);
	TALLOC_FREE(talk->members);
	TALLOC_FREE(talk->texts);
	talk->objects = gb_new_array(talk, struct gb_directory_object, 1);
	talk->members = gb_new_array(talk, struct gb_directory_reference, 1);
	talk->texts = gb_new_array(talk, char *, 1);
}

static void on_too_late(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
			void *user)
{
	bool *is_late = user;

	(void)ev;
	(void)timer;
	(void)now;
	*is_late = true;
}

void talk_await(struct talk *talk, unsigned ends)
{
	bool is_late = false;
	struct tevent_timer *timer =
		tevent_add_timer(talk->ev, talk, tevent_timeval_current_ofs(TALK_MAX_MS / 1000, 0),
				 on_too_late, &is_late);

	assert_non_null(timer);
	while (talk->ends < ends && !is_late) {
		assert_int_equal(tevent_loop_once(talk->ev), 0);
	}
	assert_false(is_late);
	talloc_free(timer);
	assert_int_equal(talk->ends, ends);
}

void talk_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct talk *talk = user;

	assert_int_equal(rc == GB_OK, err == NULL);
	talk->ends++;
	talk->rc = rc;
	if (err) {
		assert_int_equal(err->rc, rc);
		talk->err = *err;
	}
}

void talk_write_done(void *user, const struct gb_directory_outcome *outcome)
{
	struct talk *talk = user;

	talk->outcome_known = outcome->outcome_known;
	talk->is_transient = outcome->is_transient;
	talk_done(user, outcome->rc, outcome->err);
}

static enum gb_rc counted(struct talk *talk)
{
	talk->count++;
	return talk->stop_after && talk->count >= talk->stop_after ? GB_E_CANCELLED : GB_OK;
}

enum gb_rc talk_on_object(void *user, const struct gb_directory_object *object)
{
	struct talk *talk = user;
	struct gb_directory_object *copy;

	talk->objects = gb_mem_check(talloc_realloc(talk, talk->objects, struct gb_directory_object,
						    (unsigned)talk->count + 1));
	copy = &talk->objects[talk->count];
	*copy = *object;
	copy->dn = gb_strdup(talk->objects, object->dn);
	copy->dn_key = gb_strdup(talk->objects, object->dn_key);
	copy->sam_account_name = gb_strdup(talk->objects, object->sam_account_name);
	copy->cn = gb_strdup(talk->objects, object->cn);
	copy->display_name = gb_strdup(talk->objects, object->display_name);
	copy->description = gb_strdup(talk->objects, object->description);
	copy->admin_description = gb_strdup(talk->objects, object->admin_description);
	copy->external_directory_id = gb_strdup(talk->objects, object->external_directory_id);
	return counted(talk);
}

enum gb_rc talk_on_member(void *user, const struct gb_directory_reference *member)
{
	struct talk *talk = user;

	talk->members = gb_mem_check(talloc_realloc(
		talk, talk->members, struct gb_directory_reference, (unsigned)talk->count + 1));
	talk->members[talk->count] = *member;
	talk->members[talk->count].dn = gb_strdup(talk->members, member->dn);
	talk->members[talk->count].dn_key = gb_strdup(talk->members, member->dn_key);
	return counted(talk);
}

static void add_text(struct talk *talk, const char *text)
{
	talk->texts =
		gb_mem_check(talloc_realloc(talk, talk->texts, char *, (unsigned)talk->count + 1));
	talk->texts[talk->count] = gb_strdup(talk->texts, text);
}

enum gb_rc talk_on_container(void *user, const struct gb_directory_container *container)
{
	struct talk *talk = user;

	add_text(talk, container->name);
	talk->container = *container;
	talk->container.dn = gb_strdup(talk->texts, container->dn);
	talk->container.dn_key = gb_strdup(talk->texts, container->dn_key);
	talk->container.name = gb_strdup(talk->texts, container->name);
	return counted(talk);
}

enum gb_rc talk_on_rights(void *user, const struct gb_directory_rights *rights)
{
	struct talk *talk = user;

	for (size_t i = 0; i < rights->attribute_count; i++) {
		add_text(talk, rights->attributes[i]);
		talk->count++;
	}
	return GB_OK;
}

bool talk_has_text(const struct talk *talk, const char *text)
{
	for (size_t i = 0; i < talk->count; i++) {
		if (strcasecmp(talk->texts[i], text) == 0) {
			return true;
		}
	}
	return false;
}

static enum gb_rc await_one(struct talk *talk)
{
	/* "never from inside the function that began it" */
	assert_int_equal(talk->ends, 0);
	talk_await(talk, 1);
	return talk->rc;
}

enum gb_rc talk_read_objects(struct talk *talk, unsigned classes, const char *since)
{
	struct gb_directory_read read = {.classes = classes, .since = since};

	talk_begin(talk);
	gb_directory_read_objects(talk->directory, &read, talk_on_object, talk_done, talk);
	return await_one(talk);
}

enum gb_rc talk_read_group(struct talk *talk, const char *dn)
{
	struct gb_directory_reference object = {.dn = dn};

	talk_begin(talk);
	gb_directory_read_group(talk->directory, &object, talk_on_object, talk_done, talk);
	return await_one(talk);
}

enum gb_rc talk_read_members(struct talk *talk, const char *dn)
{
	struct gb_directory_reference group = {.dn = dn};

	talk_begin(talk);
	gb_directory_read_members(talk->directory, &group, talk_on_member, talk_done, talk);
	return await_one(talk);
}

enum gb_rc talk_find_anchor(struct talk *talk, const char *anchor, enum gb_directory_reach reach)
{
	talk_begin(talk);
	gb_directory_find_anchor(talk->directory, anchor, reach, talk_on_object, talk_done, talk);
	return await_one(talk);
}

enum gb_rc talk_find_name(struct talk *talk, const char *name)
{
	talk_begin(talk);
	gb_directory_find_name(talk->directory, name, talk_on_object, talk_done, talk);
	return await_one(talk);
}

enum gb_rc talk_find_container(struct talk *talk, const char *dn)
{
	struct gb_directory_reference container = {.dn = dn};

	talk_begin(talk);
	gb_directory_find_container(talk->directory, &container, talk_on_container, talk_done,
				    talk);
	return await_one(talk);
}

enum gb_rc talk_check_account(struct talk *talk)
{
	talk_begin(talk);
	gb_directory_check_account(talk->directory, talk_done, talk);
	return await_one(talk);
}

/* References to @dns, ending with NULL; below @talk until the next request. */
static struct gb_directory_reference *references(struct talk *talk, const char *const *dns,
						 size_t *ret_count)
{
	size_t count = 0;
	struct gb_directory_reference *all;

	while (dns && dns[count]) {
		count++;
	}
	all = gb_new_array(talk->members, struct gb_directory_reference, count + 1);
	for (size_t i = 0; i < count; i++) {
		all[i].dn = dns[i];
	}
	*ret_count = count;
	return all;
}

enum gb_rc talk_add_group(struct talk *talk, const char *dn, const char *name,
			  const char *const *members)
{
	struct gb_change_value values[] = {
		{.attribute = "sAMAccountName", .value = name},
		{.attribute = "displayName", .value = name},
		{.attribute = "groupType", .value = "-2147483640"},
		{.attribute = "description", .value = ""},
		{.attribute = "info", .value = NULL},
		{.attribute = "msDS-ExternalDirectoryObjectId",
		 .value = gb_printf(talk, "Group_%s", name)},
	};
	struct gb_directory_entry entry = {
		.dn = dn, .values = values, .value_count = GB_ARRAY_SIZE(values)};

	talk_begin(talk);
	entry.members = references(talk, members, &entry.member_count);
	gb_directory_add(talk->directory, &entry, talk_write_done, talk);
	return await_one(talk);
}

enum gb_rc talk_modify(struct talk *talk, const char *dn, const char *attribute, const char *value)
{
	struct gb_directory_reference object = {.dn = dn};
	struct gb_change_value change = {.attribute = attribute, .value = value};

	talk_begin(talk);
	gb_directory_modify(talk->directory, &object, &change, 1, talk_write_done, talk);
	return await_one(talk);
}

enum gb_rc talk_swap(struct talk *talk, const char *dn, const struct gb_change_value *value)
{
	struct gb_directory_reference object = {.dn = dn};

	talk_begin(talk);
	gb_directory_swap(talk->directory, &object, value, talk_write_done, talk);
	return await_one(talk);
}

enum gb_rc talk_members(struct talk *talk, const char *dn, bool remove, const char *const *members)
{
	struct gb_directory_reference group = {.dn = dn};
	struct gb_directory_members change = {.group = &group, .remove = remove};

	talk_begin(talk);
	change.members = references(talk, members, &change.member_count);
	gb_directory_change_members(talk->directory, &change, talk_write_done, talk);
	return await_one(talk);
}

enum gb_rc talk_rename(struct talk *talk, const char *dn, const char *new_rdn, const char *parent)
{
	talk_begin(talk);
	gb_directory_rename(talk->directory, dn, new_rdn, parent, talk_write_done, talk);
	return await_one(talk);
}

enum gb_rc talk_delete(struct talk *talk, const char *dn)
{
	struct gb_directory_reference object = {.dn = dn};

	talk_begin(talk);
	gb_directory_delete(talk->directory, &object, talk_write_done, talk);
	return await_one(talk);
}
