/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worlds by chance, for the properties of the planner. */
#include "config.h"

#include "engine/plan/map.h"
#include "engine/plan/naming.h"
#include "tests/unit/plan/world.h"

#define MAX_PEOPLE 30
#define MAX_GROUPS 8

static bool one_in(struct unit_chance *chance, size_t n)
{
	return unit_below(chance, n) == 0;
}

static const char *random_name(struct unit_chance *chance)
{
	static const char *const names[] = {"Sales", "SALES", "sales", "Sales ",          "R&D", "",
					    " ",     "a",     "b",     "\xf0\x9f\x98\x80"};

	return names[unit_below(chance, GB_ARRAY_SIZE(names))];
}

static void random_cloud(struct world_group *group, struct unit_chance *chance)
{
	static const char *const texts[] = {NULL, "", "one", "two"};
	struct gb_cloud_group *cloud = &group->group.cloud;

	cloud->description = texts[unit_below(chance, GB_ARRAY_SIZE(texts))];
	cloud->unified = one_in(chance, 3);
	cloud->writeback_enabled = one_in(chance, 5) ? GB_UNKNOWN : GB_YES;
	cloud->writeback_type = (enum gb_writeback_type)unit_below(chance, 5);
	if (one_in(chance, 8)) {
		cloud->present &= ~(1u << unit_below(chance, 12));
	}
	if (one_in(chance, 10)) {
		cloud->display_name = NULL;
	}
	if (one_in(chance, 3)) {
		/* the same last block for several groups: names that meet */
		cloud->id.bytes[9] = cloud->id.bytes[15];
		cloud->id.bytes[15] = 0;
	}
	cloud->mail = one_in(chance, 2) ? NULL
					: gb_printf(group->people, "m%u@b.example",
						    (unsigned)unit_below(chance, 6));
	cloud->mail_nickname = one_in(chance, 3) ? NULL : "nick";
	group->group.life = one_in(chance, 12) ? GB_LIFE_SOFT_DELETED : GB_LIFE_LIVE;
	group->group.cloud_complete = !one_in(chance, 6);
	group->group.directory_complete = !one_in(chance, 6);
	group->group.uncertain = one_in(chance, 6);
	group->group.skip_members = one_in(chance, 20);
	group->group.listed = one_in(chance, 20) ? 300000 : 10;
}

static void random_members(struct world *world, struct world_group *group,
			   struct unit_chance *chance, int64_t people)
{
	for (int64_t no = 1; no <= people; no++) {
		if (one_in(chance, 2)) {
			group->people[group->person_count++] = no;
		}
	}
	for (size_t i = 0; i < world->group_count; i++) {
		if (one_in(chance, 3)) {
			group->nested[group->nested_count++] = i;
		}
	}
}

static void random_object(struct world *world, struct world_group *group,
			  struct unit_chance *chance, int64_t people)
{
	static const char *const names[] = {"Sales_000000000001", "Group_x", "old"};
	struct world_object *written = world_add_object(world, group);
	struct gb_directory_object *object = &written->object;

	if (one_in(chance, 2)) {
		object->cn = gb_printf(world, "%s %d", names[unit_below(chance, 3)],
				       (int)group->object_no);
	}
	object->display_name = one_in(chance, 3) ? "other" : object->display_name;
	object->description = one_in(chance, 3) ? "other" : object->description;
	object->group_type = one_in(chance, 3) ? GB_GROUP_TYPE_GLOBAL : object->group_type;
	object->external_directory_id = one_in(chance, 3) ? NULL : object->external_directory_id;
	if (one_in(chance, 3)) {
		object->sam_account_name =
			gb_naming_sam(world, random_name(chance), &group->group.cloud.id, 0);
	}
	if (one_in(chance, 3)) {
		object->extra =
			"mail=m1@b.example\nmailNickname\nproxyAddresses=SMTP:m1@b.example\n"
			"proxyAddresses=X500:/o=x\ninfo=other\n";
	}
	object->admin_description = one_in(chance, 9) ? "Group_bb000000-0000-0000-0000-000000000000"
						      : object->admin_description;
	object->is_protected = one_in(chance, 9);
	object->in_container = !one_in(chance, 9);
	group->group.anchor = one_in(chance, 9) ? GB_ANCHOR_TWINS : GB_ANCHOR_OURS;
	for (int64_t no = 1; no <= people; no++) {
		if (one_in(chance, 2)) {
			world_link(written, no);
		}
	}
}

static void random_absence(struct world *world, struct world_group *group,
			   struct unit_chance *chance)
{
	static const enum gb_anchor_state states[] = {GB_ANCHOR_UNSEARCHED, GB_ANCHOR_ELSEWHERE,
						      GB_ANCHOR_TWINS};

	if (one_in(chance, 4)) {
		group->group.anchor = states[unit_below(chance, GB_ARRAY_SIZE(states))];
	}
	if (one_in(chance, 4)) {
		group->object_no = world->object_count++; /* a number from an earlier run */
	}
}

static const struct gb_map *random_map(struct world *world, struct unit_chance *chance)
{
	static const char *const texts[] = {
		"info = Append(\"x\", [mailNickname])",
		"info = IIF([securityEnabled], 1, 2)",
		"cn = Join(\"-\", [displayName], Mid([objectId], 25, 12))",
		"description = ToUpper([description])\ndisplayName = Left([displayName], 2)",
		"sAMAccountName = Coalesce([mailNickname], [displayName])\ninfo = [description]",
		"proxyAddresses = Split([mail], \"@\")",
		"description = none\ncn = [mailNickname]",
	};
	struct gb_map *map = NULL;

	if (gb_map_parse(world, "map", texts[unit_below(chance, GB_ARRAY_SIZE(texts))], &map,
			 NULL) != GB_OK) {
		return NULL;
	}
	return map;
}

struct world *world_random(const void *ctx, struct unit_chance *chance)
{
	struct world *world = world_new(ctx, 64);
	int64_t people = (int64_t)unit_below(chance, MAX_PEOPLE);
	size_t groups = 1 + unit_below(chance, MAX_GROUPS);

	world->policy.scope = (enum gb_scope_mode)unit_below(chance, 3);
	world->policy.group_scope = (enum gb_group_scope)unit_below(chance, 3);
	world->policy.account_name = (enum gb_account_name)unit_below(chance, 2);
	world->policy.mail_attributes = one_in(chance, 2);
	world->policy.has_mail_nickname = one_in(chance, 2);
	world->policy.map = one_in(chance, 3) ? random_map(world, chance) : NULL;
	world->policy.name = one_in(chance, 2) ? GB_NAME_DISPLAY_NAME : GB_NAME_OBJECT_ID;
	world->policy.has_external_id = one_in(chance, 2);
	world->read_size = unit_below(chance, 4);
	for (int64_t i = 0; i < people; i++) {
		int64_t no = world_add_person(world);

		world->objects[no].is_known = !one_in(chance, 8);
	}
	for (size_t i = 0; i < groups; i++) {
		random_cloud(world_add_group(world, random_name(chance)), chance);
	}
	for (size_t i = 0; i < groups; i++) {
		random_members(world, &world->groups[i], chance, people);
		if (one_in(chance, 2)) {
			random_object(world, &world->groups[i], chance, people);
		} else {
			random_absence(world, &world->groups[i], chance);
		}
	}
	return world;
}
