/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The planner's source, made of the state. */
#include "config.h"

#include "engine/sync/source.h"

#include <ctype.h>
#include <string.h>
#include "engine/base/hash.h"

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/plan/lapse.h"
#include "engine/plan/match.h"
#include "engine/state/life.h"
#include "engine/state/streams.h"
#include "engine/sync/age.h"
#include "engine/sync/former.h"
#include "engine/sync/holders.h"
#include "engine/sync/own.h"
#include "engine/sync/places.h"

/** Members that are taken from the state at once. */
#define READ_AT_ONCE 256

/* Claims that are allocated at once: each alone would take more for its talloc header. */
#define CLAIMS_AT_ONCE 256
/* Bytes of a digest that stand for a name. */
#define CLAIM_KEY_BYTES 16

/* A name that this run has given away. There are two for each group that is created. */
struct claim {
	uint8_t key[CLAIM_KEY_BYTES]; /* beginning of the SHA-256 of kind and folded name */
	int64_t object_no;            /* for whom */
	UT_hash_handle hh;
};

/* An object number that this run creates. */
struct planned {
	int64_t object_no; /* the key */
	UT_hash_handle hh;
};

/* A member of the present group's streams that was never read in the directory. */
struct unread {
	int64_t object_no; /* the key */
	enum gb_member_presence presence;
	UT_hash_handle hh;
};

struct gb_source {
	struct gb_session *session;
	const struct gb_anchors *anchors;
	bool all;
	struct gb_state_groups_iter *iter;
	const struct gb_state_group *group; /* the present one */
	struct gb_holders *holders;
	enum gb_lapse lapse; /* of the present group, as an earlier run stored it */
	void *fight;         /* texts of its fight; or NULL */
	const struct gb_addresses *addresses;
	struct gb_places *places;
	struct claim *claims;
	struct claim *free_claims; /* of the last block */
	size_t free_claim_count;
	struct planned *planned;
	struct unread *unread; /* few: most members are people who were read */
};

/* Members of the present group, as the planner reads them. */
struct stream {
	struct gb_source *source;
	struct gb_state_members_iter *iter;
};

static void forget_unread(struct gb_source *source)
{
	struct unread *unread = NULL;
	struct unread *next = NULL;

	HASH_ITER (hh, source->unread, unread, next) {
		HASH_DEL(source->unread, unread);
		talloc_free(unread);
	}
}

static int forget(struct gb_source *source)
{
	gb_state_groups_end(source->iter);
	HASH_CLEAR(hh, source->claims);
	HASH_CLEAR(hh, source->planned);
	HASH_CLEAR(hh, source->unread);
	return 0;
}

struct gb_source *gb_source_new(const void *ctx, struct gb_session *session,
				const struct gb_anchors *anchors,
				const struct gb_addresses *addresses, bool all)
{
	struct gb_source *source = gb_new(ctx, struct gb_source);

	source->session = session;
	source->anchors = anchors;
	source->addresses = addresses;
	source->places = gb_places_new(source, session);
	source->all = all;
	source->holders = gb_holders_new(source, session);
	talloc_set_destructor(source, forget);
	return source;
}

static enum gb_rc restart(void *user, struct gb_err *err)
{
	struct gb_source *source = user;

	gb_state_groups_end(source->iter);
	source->iter = gb_state_groups_begin(source, source->session->state,
					     source->all ? GB_GROUPS_ALL : GB_GROUPS_DIRTY);
	(void)err;
	return GB_OK;
}

/* A group of ours that no cloud group is matched to: nothing but its anchor is known of it. */
static void fill_orphan(const struct gb_state_group *group, struct gb_plan_group *ret_group)
{
	ret_group->cloud.id = group->directory->cloud_id;
	ret_group->cloud.display_name = group->directory->object.display_name;
	ret_group->life = GB_LIFE_GONE;
	ret_group->is_orphan = true;
}

static void fill_cloud(const struct gb_state_group *group, struct gb_plan_group *ret_group)
{
	ret_group->cloud = group->cloud->group;
	ret_group->life = group->cloud->life;
	ret_group->cloud_complete = group->cloud->members_known;
}

/* A member that was not matched yet (code 0) is as uncertain as one that cannot be read. */
static void fill_counts(const struct gb_state_code_count *unmatched, size_t count,
			struct gb_plan_group *ret_group)
{
	ret_group->counted = true;
	for (size_t i = 0; i < count; i++) {
		enum gb_cause cause = (enum gb_cause)unmatched[i].code;

		if (gb_cause_is_member(cause)) {
			ret_group->unmatched[cause - GB_CAUSE_MEMBER_FIRST] +=
				(int64_t)unmatched[i].count;
		}
		if (!gb_cause_is_member(cause) || gb_cause_is_uncertain(cause)) {
			ret_group->uncertain = true;
		}
	}
}

static bool is_flat(const struct gb_source *source)
{
	return source->session->policy.nesting != GB_NESTING_KEEP;
}

static struct gb_state_flat flat_of(const struct gb_source *source)
{
	const struct gb_plan_policy *policy = &source->session->policy;

	return (struct gb_state_flat){.keeps_groups = policy->nesting == GB_NESTING_BOTH,
				      .with_hidden = policy->hidden_membership};
}

/* A member of a nested group is no link of this group: links alone do not say what changed. */
static bool compares_all_members(const struct gb_source *source, const struct gb_state_group *group)
{
	return source->all || is_flat(source) || (group->dirty & GB_DIRTY_MEMBERS) != 0;
}

/* With its nested groups: incomplete if one of them is. */
static enum gb_rc fill_flat(struct gb_source *source, struct gb_plan_group *ret_group,
			    struct gb_err *err)
{
	struct gb_state_flat flat = flat_of(source);
	struct gb_state_flat_facts facts;
	enum gb_rc rc = gb_state_flat_look(source->session->state, source->group->cloud_no, &flat,
					   &facts, err);

	if (rc == GB_OK) {
		ret_group->listed = (int64_t)facts.listed;
		ret_group->cloud_complete = facts.members_known;
		fill_counts(facts.unmatched, facts.unmatched_count, ret_group);
	}
	return rc;
}

static enum gb_rc fill_members(struct gb_source *source, struct gb_plan_group *ret_group,
			       struct gb_err *err)
{
	const struct gb_state_group *group = source->group;

	if (is_flat(source)) {
		return fill_flat(source, ret_group, err);
	}
	ret_group->listed = (int64_t)group->listed;
	fill_counts(group->unmatched, group->unmatched_count, ret_group);
	return GB_OK;
}

static void fill_directory(const struct gb_source *source, const struct gb_state_group *group,
			   struct gb_plan_group *ret_group)
{
	const struct gb_state_directory_object *own = gb_own_object(group);

	if (own != NULL) {
		ret_group->observed = &own->object;
		ret_group->observed_members = (int64_t)group->observed;
		ret_group->new_parent_dn = gb_former_holds(source->session, own->object.dn_key)
						   ? source->session->policy.container_dn
						   : NULL;
		ret_group->directory_complete = own->members_known;
	}
	if (own != NULL ||
	    (group->directory != NULL && group->directory->presence == GB_PRESENCE_SLOT)) {
		ret_group->object_no = group->object_no;
	}
}

static enum gb_rc fill_lapse(struct gb_source *source, struct gb_plan_group *ret_group,
			     struct gb_err *err)
{
	struct gb_state_lapse lapse;
	enum gb_rc rc =
		gb_state_lapse_get(source->session->state, &ret_group->cloud.id, &lapse, err);

	source->lapse = (enum gb_lapse)lapse.lapse;
	if (rc == GB_OK && source->lapse != GB_LAPSE_NONE) {
		ret_group->lapse = source->lapse;
		ret_group->lapse_age_ms = gb_age_ms(gb_directory_facts(source->session->directory),
						    gb_clock_wall_ms(), lapse.since_ms);
	}
	return rc;
}

/* Who holds it costs a search: only where it decides something, or has to be named. */
static bool needs_holders(const struct gb_source *source, const struct gb_plan_group *group)
{
	struct gb_decision decision;

	if (!group->observed) {
		return false;
	}
	if (group->observed->is_protected) {
		return true;
	}
	decision = gb_decide(&source->session->policy, group);
	return gb_lapse_is_due(&source->session->policy, group, decision.lapse);
}

/* Once a day it is tried again. */
static enum gb_rc fill_fight(struct gb_source *source, struct gb_plan_group *ret_group,
			     struct gb_err *err)
{
	struct gb_state_fight fight;
	int64_t age_ms;
	enum gb_rc rc;

	TALLOC_FREE(source->fight);
	source->fight = gb_new_tmp(source);
	rc = gb_state_fight_get(source->fight, source->session->state, &ret_group->cloud.id, &fight,
				err);
	age_ms = gb_clock_wall_ms() - fight.last_ms;
	if (rc == GB_OK && fight.what != NULL && age_ms >= 0 && age_ms < GB_SOURCE_TRUCE_MS) {
		ret_group->fight_runs = fight.runs;
		ret_group->fight_over = fight.what;
	}
	return rc;
}

static enum gb_rc fill_life(struct gb_source *source, struct gb_plan_group *ret_group,
			    struct gb_err *err)
{
	enum gb_rc rc = fill_lapse(source, ret_group, err);

	if (rc == GB_OK && ret_group->drifted) {
		rc = fill_fight(source, ret_group, err);
	}
	if (rc == GB_OK && needs_holders(source, ret_group)) {
		ret_group->holders_known =
			gb_holders_of(source->holders, ret_group->object_no,
				      ret_group->observed->dn, &ret_group->holders);
	}
	return rc;
}

static enum gb_rc fill_group(struct gb_source *source, struct gb_plan_group *ret_group,
			     struct gb_err *err)
{
	const struct gb_state_group *group = source->group;
	enum gb_rc rc;

	memset(ret_group, 0, sizeof(*ret_group));
	fill_directory(source, group, ret_group);
	ret_group->drifted = (group->dirty & GB_DIRTY_DRIFT) != 0;
	ret_group->skip_members =
		!source->all && (group->dirty & (GB_DIRTY_LINKS | GB_DIRTY_MEMBERS)) == 0;
	if (group->cloud != NULL) {
		fill_cloud(group, ret_group);
		rc = fill_members(source, ret_group, err);
		if (rc != GB_OK) {
			return rc;
		}
	} else {
		fill_orphan(group, ret_group);
	}
	ret_group->is_paused =
		gb_decisions_find_paused(source->session->decisions, &ret_group->cloud.id) != NULL;
	rc = gb_anchors_state(source->anchors, group, &ret_group->anchor, err);
	return rc == GB_OK ? fill_life(source, ret_group, err) : rc;
}

/* Nothing of it is known to the record of what was taken over. */
static bool is_adoptable(const struct gb_source *source)
{
	const struct gb_session *session = source->session;
	const struct gb_state_directory_object *own = gb_own_object(source->group);

	return own != NULL && gb_adoption_find(session->adoption, &own->cloud_id) == NULL &&
	       gb_maker_of(&own->object, &own->cloud_id, session->policy.has_external_id) !=
		       GB_MAKER_OURS;
}

static bool is_asked_for(const struct gb_source *source)
{
	const struct gb_guid *only = &source->session->only;
	const struct gb_guid *id = source->group->cloud != NULL
					   ? &source->group->cloud->group.id
					   : &source->group->directory->cloud_id;

	if (!gb_guid_is_none(only) && gb_guid_compare(only, id) != 0) {
		return false;
	}
	return !source->session->only_adoptable || is_adoptable(source);
}

static enum gb_rc next_group(void *user, struct gb_plan_group *ret_group, bool *ret_more,
			     struct gb_err *err)
{
	struct gb_source *source = user;
	enum gb_rc rc;

	forget_unread(source);
	do {
		rc = gb_state_groups_next(source->iter, &source->group, err);
		if (rc != GB_OK) {
			return rc;
		}
	} while (source->group != NULL && !is_asked_for(source));
	*ret_more = source->group != NULL;
	return *ret_more ? fill_group(source, ret_group, err) : GB_OK;
}

static enum gb_rc reserve(void *user, const struct gb_guid *cloud_id, int64_t *ret_object_no,
			  struct gb_err *err)
{
	struct gb_source *source = user;
	struct planned *planned;
	enum gb_rc rc = gb_state_slot_get(source->session->state, source->group->cloud_no,
					  GB_MATCH_WRITTEN, ret_object_no, err);

	(void)cloud_id; /* the group whose turn it is */
	if (rc != GB_OK) {
		return rc;
	}
	planned = gb_new(source, struct planned);
	planned->object_no = *ret_object_no;
	HASH_ADD(hh, source->planned, object_no, sizeof(planned->object_no), planned);
	return GB_OK;
}

/* The DN key of @name in the container of the claim, or in that of the object; NULL: no DN. */
static char *claimed_key(const void *ctx, const struct gb_source *source,
			 const struct gb_name_claim *claim)
{
	const struct gb_state_directory_object *own = gb_own_object(source->group);
	const char *parent = claim->parent_dn;

	if (parent == NULL && own != NULL && own->object.dn != NULL) {
		parent = gb_dn_parent(ctx, own->object.dn);
	}
	if (parent == NULL) {
		parent = source->session->policy.container_dn;
	}
	return gb_dn_key(ctx, gb_dn_child(ctx, claim->name, parent));
}

static enum gb_rc name_in_use(struct gb_source *source, const struct gb_name_claim *claim,
			      const char *key, bool *ret_taken, struct gb_err *err)
{
	struct gb_state *state = source->session->state;

	switch (claim->kind) {
	case GB_NAME_KIND_SAM:
		return gb_state_name_taken(state, claim->name, claim->object_no, ret_taken, err);
	case GB_NAME_KIND_MAIL:
		*ret_taken = gb_addresses_taken(source->addresses, claim->name,
						gb_own_object(source->group));
		return GB_OK;
	case GB_NAME_KIND_CN:
		break;
	}
	*ret_taken = key == NULL;
	return key == NULL ? GB_OK
			   : gb_state_dn_taken(state, key, claim->object_no, ret_taken, err);
}

static char *folded(const void *ctx, enum gb_name_kind kind, const char *name)
{
	char *key = gb_printf(ctx, "%d %s", (int)kind, name);

	for (char *p = key; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z') {
			*p = (char)tolower(*p);
		}
	}
	return key;
}

static struct claim *new_claim(struct gb_source *source)
{
	if (source->free_claim_count == 0) {
		source->free_claims = gb_new_array(source, struct claim, CLAIMS_AT_ONCE);
		source->free_claim_count = CLAIMS_AT_ONCE;
	}
	return &source->free_claims[--source->free_claim_count];
}

static bool claim(struct gb_source *source, enum gb_name_kind kind, const char *name,
		  int64_t object_no)
{
	char *text = folded(source, kind, name);
	uint8_t digest[32];
	struct claim *claim;

	gb_digest_sha256(text, strlen(text), digest);
	talloc_free(text);
	HASH_FIND(hh, source->claims, digest, CLAIM_KEY_BYTES, claim);
	if (claim != NULL) {
		return claim->object_no == object_no;
	}
	claim = new_claim(source);
	memcpy(claim->key, digest, CLAIM_KEY_BYTES);
	claim->object_no = object_no;
	HASH_ADD(hh, source->claims, key, CLAIM_KEY_BYTES, claim);
	return true;
}

static enum gb_rc claim_name(void *user, const struct gb_name_claim *wanted, bool *ret_free,
			     struct gb_err *err)
{
	struct gb_source *source = user;
	void *tmp = gb_new_tmp(source);
	char *key = wanted->kind == GB_NAME_KIND_CN ? claimed_key(tmp, source, wanted) : NULL;
	bool taken = false;
	enum gb_rc rc = name_in_use(source, wanted, key, &taken, err);

	if (rc == GB_OK) {
		*ret_free = !taken && claim(source, wanted->kind, key != NULL ? key : wanted->name,
					    wanted->object_no);
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc check_parent(void *user, const struct gb_plan_group *group, const char *parent_dn,
			       enum gb_parent_state *ret_state, struct gb_err *err)
{
	struct gb_source *source = user;
	void *tmp = gb_new_tmp(source);
	char *key = gb_dn_key(tmp, parent_dn);
	char *container = gb_dn_key(tmp, source->session->policy.container_dn);
	char *present = group->observed != NULL && group->observed->dn != NULL
				? gb_dn_parent(tmp, group->observed->dn)
				: NULL;
	char *present_key = present != NULL ? gb_dn_key(tmp, present) : NULL;
	enum gb_rc rc = GB_OK;

	if (key == NULL || container == NULL ||
	    (strcmp(key, container) != 0 && !gb_dn_is_below(key, container))) {
		*ret_state = GB_PARENT_OUTSIDE;
	} else if (present_key != NULL && strcmp(present_key, key) == 0) {
		*ret_state = GB_PARENT_IS_THERE;
	} else {
		bool is_there = false;

		rc = gb_places_find(source->places, key, parent_dn, &is_there, err);
		*ret_state = is_there ? GB_PARENT_ELSEWHERE : GB_PARENT_MISSING;
	}
	talloc_free(tmp);
	return rc;
}

static enum gb_rc nesting(void *user, const struct gb_plan_group *group,
			  struct gb_nesting_facts *ret_facts, struct gb_err *err)
{
	struct gb_source *source = user;

	return gb_state_nested_types(source->session->state, group->object_no, &ret_facts->members,
				     &ret_facts->parents, err);
}

/* Only numbers of the present group's streams are asked for, and what they are came with them. */
static enum gb_rc presence(void *user, int64_t object_no, enum gb_member_presence *ret_presence,
			   struct gb_err *err)
{
	struct gb_source *source = user;
	struct planned *planned = NULL;
	struct unread *unread = NULL;

	(void)err;
	HASH_FIND(hh, source->planned, &object_no, sizeof(object_no), planned);
	if (planned != NULL) {
		*ret_presence = GB_MEMBER_PLANNED;
		return GB_OK;
	}
	HASH_FIND(hh, source->unread, &object_no, sizeof(object_no), unread);
	*ret_presence = unread != NULL ? unread->presence : GB_MEMBER_KNOWN;
	return GB_OK;
}

static void note_unread(struct gb_source *source, const struct gb_state_member *member)
{
	struct unread *unread = NULL;

	if (member->presence == GB_PRESENCE_READ) {
		return;
	}
	HASH_FIND(hh, source->unread, &member->object_no, sizeof(member->object_no), unread);
	if (unread != NULL) {
		return; /* of the other stream */
	}
	unread = gb_new(source, struct unread);
	unread->object_no = member->object_no;
	unread->presence = member->presence == GB_PRESENCE_STUB ? GB_MEMBER_STUB : GB_MEMBER_ABSENT;
	HASH_ADD(hh, source->unread, object_no, sizeof(unread->object_no), unread);
}

static enum gb_rc read_stream(void *user, int64_t *buffer, size_t capacity, size_t *ret_count,
			      struct gb_err *err)
{
	struct stream *stream = user;
	struct gb_state_member members[READ_AT_ONCE];
	size_t count;
	enum gb_rc rc = gb_state_members_read(stream->iter, members,
					      capacity < READ_AT_ONCE ? capacity : READ_AT_ONCE,
					      &count, err);

	if (rc != GB_OK) {
		return rc;
	}
	for (size_t i = 0; i < count; i++) {
		buffer[i] = members[i].object_no;
		note_unread(stream->source, &members[i]);
	}
	*ret_count = count;
	return GB_OK;
}

static void close_stream(void *user)
{
	struct stream *stream = user;

	gb_state_members_end(stream->iter);
	talloc_free(stream);
}

static struct gb_member_stream new_stream(struct gb_source *source,
					  struct gb_state_members_iter *iter)
{
	struct stream *stream = gb_new(source, struct stream);

	stream->source = source;
	stream->iter = iter;
	return (struct gb_member_stream){
		.user = stream, .read = read_stream, .close = close_stream};
}

static enum gb_state_members which_members(const struct gb_source *source)
{
	return compares_all_members(source, source->group) ? GB_MEMBERS_ALL : GB_MEMBERS_DIRTY;
}

static enum gb_rc open_desired(void *user, const struct gb_plan_group *group,
			       struct gb_member_stream *ret_stream, struct gb_err *err)
{
	struct gb_source *source = user;
	struct gb_state_members_iter *iter;
	/* A group that does not exist yet gets everybody, however few links are dirty. */
	enum gb_state_members which =
		group->observed == NULL ? GB_MEMBERS_ALL : which_members(source);
	struct gb_state_flat flat = flat_of(source);
	enum gb_rc rc = is_flat(source) ? gb_state_flat_begin(source, source->session->state,
							      source->group, &flat, &iter, err)
					: gb_state_desired_begin(source, source->session->state,
								 source->group, which, &iter, err);

	if (rc == GB_OK) {
		*ret_stream = new_stream(source, iter);
	}
	return rc;
}

static enum gb_rc open_observed(void *user, const struct gb_plan_group *group,
				struct gb_member_stream *ret_stream, struct gb_err *err)
{
	struct gb_source *source = user;
	struct gb_state_members_iter *iter;
	enum gb_rc rc = gb_state_observed_begin(source, source->session->state, source->group,
						which_members(source), &iter, err);

	(void)group; /* the group whose turn it is */
	if (rc == GB_OK) {
		*ret_stream = new_stream(source, iter);
	}
	return rc;
}

struct gb_plan_source gb_source_functions(struct gb_source *source)
{
	return (struct gb_plan_source){
		.user = source,
		.restart = restart,
		.next_group = next_group,
		.reserve = reserve,
		.check_parent = check_parent,
		.nesting = nesting,
		.claim_name = claim_name,
		.presence = presence,
		.open_desired = open_desired,
		.open_observed = open_observed,
	};
}

void gb_source_current(const struct gb_source *source, int64_t *ret_cloud_no,
		       int64_t *ret_object_no)
{
	*ret_cloud_no = source->group->cloud_no;
	*ret_object_no = source->group->object_no;
}

const struct gb_directory_object *gb_source_object(const struct gb_source *source)
{
	const struct gb_state_directory_object *own = gb_own_object(source->group);

	return own != NULL ? &own->object : NULL;
}

enum gb_lapse gb_source_lapse(const struct gb_source *source)
{
	return source->lapse;
}
