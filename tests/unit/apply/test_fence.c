/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/apply/fence. */
#include "config.h"

#include "engine/apply/fence.h"
#include "tests/unit/unit.h"

#define CONTAINER_KEY "ou=groups,dc=lab,dc=test"
#define INSIDE        "CN=Group_1,OU=Groups,DC=lab,DC=test"
#define OURS          "Group_11111111-2222-3333-4444-555555555555"
#define OTHER         "Group_99999999-2222-3333-4444-555555555555"
#define ID            "11111111-2222-3333-4444-555555555555"

static const char *const FORMER_KEYS[] = {"ou=old,dc=lab,dc=test", "ou=older,dc=lab,dc=test", NULL};
static const struct gb_fence FENCE = {.container_key = CONTAINER_KEY, .former_keys = FORMER_KEYS};

static struct gb_change change_of(enum gb_change_kind kind)
{
	struct gb_change change = {.kind = kind, .object_no = 1, .dn = INSIDE};

	assert_true(gb_guid_parse(ID, &change.cloud_id));
	if (kind == GB_CHANGE_MOVE) {
		change.new_parent = "OU=Groups,DC=lab,DC=test";
	}
	return change;
}

static void check(const struct gb_change *change, const struct gb_directory_object *object,
		  const char *expected_id)
{
	struct gb_err err = {0};
	enum gb_rc rc = gb_fence_check(&FENCE, change, object, &err);

	assert_string_equal(rc == GB_OK ? "" : err.id, expected_id);
	if (rc != GB_OK) {
		assert_int_equal(rc, GB_E_CONSTRAINT);
		assert_true(err.what[0] && err.undone[0] && err.remedy[0]);
	}
}

static void a_create_stays_inside_the_container(void **state)
{
	static const struct {
		const char *dn;
		const char *id;
	} rows[] = {
		{INSIDE, ""},
		{"cn=x, ou=GROUPS , dc=LAB,dc=test", ""},
		{"CN=x,OU=Sub,OU=Groups,DC=lab,DC=test", ""},
		{"OU=Groups,DC=lab,DC=test", "fence-outside"},
		{"CN=x,OU=Other,DC=lab,DC=test", "fence-outside"},
		{"CN=x,OU=NotGroups,DC=lab,DC=test", "fence-outside"},
		{"CN=x\\,OU=Groups,DC=lab,DC=test", "fence-outside"},
		{"CN=x,OU=Groups,DC=lab,DC=test,DC=evil", "fence-outside"},
		{"CN=x,DC=lab,DC=test", "fence-outside"},
		{"no dn", "fence-outside"},
		{"", "fence-outside"},
		{NULL, "fence-outside"},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_change change = change_of(GB_CHANGE_CREATE);

		change.dn = rows[i].dn;
		check(&change, NULL, rows[i].id);
	}
}

static void only_our_own_unprotected_groups_inside_the_container_are_written(void **state)
{
	static const struct {
		const char *dn;
		enum gb_directory_class object_class;
		bool is_protected;
		const char *admin_description;
		const char *external_id;
		const char *id;
	} rows[] = {
		{INSIDE, GB_CLASS_GROUP, false, OURS, NULL, ""},
		{INSIDE, GB_CLASS_GROUP, false, NULL, OURS, ""},
		{INSIDE, GB_CLASS_GROUP, false, OURS, OURS, ""},
		{INSIDE, GB_CLASS_GROUP, false, "by hand", OURS, ""},
		{INSIDE, GB_CLASS_GROUP, false, OURS, OTHER, "fence-anchor-other"},
		{INSIDE, GB_CLASS_GROUP, false, OTHER, OURS, "fence-anchor-other"},
		{INSIDE, GB_CLASS_GROUP, false, OTHER, NULL, "fence-anchor-other"},
		{INSIDE, GB_CLASS_GROUP, false, "by hand", NULL, "fence-anchor-missing"},
		{INSIDE, GB_CLASS_GROUP, false, NULL, NULL, "fence-anchor-missing"},
		{INSIDE, GB_CLASS_GROUP, false, ID, NULL, "fence-anchor-missing"},
		{INSIDE, GB_CLASS_GROUP, true, OURS, OURS, "fence-protected"},
		{INSIDE, GB_CLASS_USER, false, OURS, OURS, "fence-not-a-group"},
		{INSIDE, GB_CLASS_OTHER, false, OURS, OURS, "fence-not-a-group"},
		{"CN=Domain Admins,CN=Users,DC=lab,DC=test", GB_CLASS_GROUP, false, OURS, OURS,
		 "fence-outside"},
		{NULL, GB_CLASS_GROUP, false, OURS, OURS, "fence-outside"},
	};

	(void)state;
	for (int kind = GB_CHANGE_ATTRIBUTES; kind <= GB_CHANGE_DELETE; kind++) {
		struct gb_change change = change_of((enum gb_change_kind)kind);

		for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
			const struct gb_directory_object object = {
				.dn = rows[i].dn,
				.object_class = rows[i].object_class,
				.is_protected = rows[i].is_protected,
				.admin_description = rows[i].admin_description,
				.external_directory_id = rows[i].external_id,
			};

			check(&change, &object, rows[i].id);
		}
		check(&change, NULL, "fence-outside");
	}
}

static void a_move_ends_inside_the_container(void **state)
{
	static const struct {
		const char *parent;
		const char *id;
	} rows[] = {
		{"OU=Groups,DC=lab,DC=test", ""},
		{"ou=groups,dc=lab,dc=test", ""},
		{"OU=Sub,OU=Groups,DC=lab,DC=test", ""},
		{"DC=lab,DC=test", "fence-outside"},
		{"CN=Users,DC=lab,DC=test", "fence-outside"},
		{NULL, "fence-outside"},
	};
	const struct gb_directory_object object = {
		.dn = INSIDE, .object_class = GB_CLASS_GROUP, .admin_description = OURS};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct gb_change change = change_of(GB_CHANGE_MOVE);

		change.new_parent = rows[i].parent;
		check(&change, &object, rows[i].id);
	}
}

static void a_former_container_is_left_and_never_entered(void **state)
{
	const struct gb_directory_object object = {.dn = "CN=x,OU=Sub,OU=Older,DC=lab,DC=test",
						   .object_class = GB_CLASS_GROUP,
						   .admin_description = OURS};
	struct gb_directory_object foreign = object;
	struct gb_change change = change_of(GB_CHANGE_MOVE);

	(void)state;
	check(&change, &object, "");
	foreign.admin_description = OTHER;
	check(&change, &foreign, "fence-anchor-other");
	change.new_parent = "OU=Old,DC=lab,DC=test";
	check(&change, &object, "fence-outside");
	change = change_of(GB_CHANGE_CREATE);
	change.dn = object.dn;
	check(&change, NULL, "fence-outside");
}

static void an_empty_container_lets_nothing_through(void **state)
{
	const struct gb_change change = change_of(GB_CHANGE_CREATE);
	struct gb_err err;

	(void)state;
	assert_int_equal(
		gb_fence_check(&(struct gb_fence){.container_key = ""}, &change, NULL, &err),
		GB_E_CONSTRAINT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_create_stays_inside_the_container),
		cmocka_unit_test(only_our_own_unprotected_groups_inside_the_container_are_written),
		cmocka_unit_test(a_move_ends_inside_the_container),
		cmocka_unit_test(a_former_container_is_left_and_never_entered),
		cmocka_unit_test(an_empty_container_lets_nothing_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
