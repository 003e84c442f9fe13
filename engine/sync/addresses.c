/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SMTP addresses: who has them already. */
#include "config.h"

#include "engine/sync/addresses.h"

#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/plan/mapping.h"
#include "engine/plan/scope.h"
#include "engine/sync/own.h"

/** More bearers of one address need not be told apart. */
#define MAX_BEARERS 4

/* An address that is to be written. */
struct wanted {
	char *address; /* the key, in lower case */
	bool searched; /* every search ended well */
	struct gb_guid bearers[MAX_BEARERS];
	size_t count;
	UT_hash_handle hh;
};

struct gb_addresses {
	struct gb_session *session;
	struct wanted *wanted;
	struct wanted *present; /* the one that is searched for */
	bool failed;
	bool done;
};

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct gb_addresses *addresses = user;
	struct wanted *wanted = addresses->present;

	for (size_t i = 0; i < wanted->count; i++) {
		if (gb_guid_compare(&wanted->bearers[i], &object->guid) == 0) {
			return GB_OK;
		}
	}
	if (wanted->count < MAX_BEARERS) {
		wanted->bearers[wanted->count++] = object->guid;
	}
	return GB_OK;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_addresses *addresses = user;

	addresses->done = true;
	if (rc != GB_OK) {
		addresses->failed = true;
		gb_log_err(GB_LOG_WARNING, "directory", err);
	}
}

static void search(struct gb_addresses *addresses, enum gb_directory_reach reach)
{
	addresses->done = false;
	gb_directory_find_address(addresses->session->directory, addresses->present->address, reach,
				  on_object, on_done, addresses);
	gb_session_wait(addresses->session, &addresses->done);
}

static void search_everywhere(struct gb_addresses *addresses, struct wanted *wanted)
{
	addresses->present = wanted;
	addresses->failed = false;
	search(addresses, GB_REACH_DOMAIN);
	if (!addresses->failed &&
	    gb_directory_facts(addresses->session->directory)->dialect == GB_DIALECT_AD) {
		search(addresses, GB_REACH_FOREST);
	}
	wanted->searched = !addresses->failed;
}

static void want(struct gb_addresses *addresses, const char *address)
{
	char *key = gb_text_lower(addresses, address);
	struct wanted *wanted;

	HASH_FIND_STR(addresses->wanted, key, wanted);
	if (wanted != NULL) {
		talloc_free(key);
		return;
	}
	wanted = gb_new(addresses, struct wanted);
	wanted->address = talloc_steal(wanted, key);
	HASH_ADD_KEYPTR(hh, addresses->wanted, wanted->address, strlen(wanted->address), wanted);
}

static void consider(struct gb_addresses *addresses, const struct gb_state_group *group)
{
	const struct gb_state_directory_object *own = gb_own_object(group);
	struct gb_mapping_input input = {.policy = &addresses->session->policy};
	void *tmp = gb_new_tmp(addresses);
	const char *address = NULL;

	if (group->cloud != NULL && group->cloud->life == GB_LIFE_LIVE) {
		input.group = &group->cloud->group;
		input.observed = own != NULL ? &own->object : NULL;
		address = gb_mapping_new_address(tmp, &input);
	}
	if (address != NULL &&
	    gb_scope_check(input.policy, input.group, own != NULL ? &own->object.sid : NULL)
			    .verdict == GB_SCOPE_IN) {
		want(addresses, address);
	}
	talloc_free(tmp);
}

static enum gb_rc collect(struct gb_addresses *addresses, bool all, struct gb_err *err)
{
	struct gb_state_groups_iter *iter = gb_state_groups_begin(
		addresses, addresses->session->state, all ? GB_GROUPS_ALL : GB_GROUPS_DIRTY);
	const struct gb_state_group *group;
	enum gb_rc rc;

	while ((rc = gb_state_groups_next(iter, &group, err)) == GB_OK && group != NULL) {
		consider(addresses, group);
	}
	gb_state_groups_end(iter);
	return rc;
}

static int forget(struct gb_addresses *addresses)
{
	HASH_CLEAR(hh, addresses->wanted);
	return 0;
}

enum gb_rc gb_addresses_search(const void *ctx, struct gb_session *session, bool all,
			       struct gb_addresses **ret_addresses, struct gb_err *err)
{
	struct gb_addresses *addresses = gb_new(ctx, struct gb_addresses);
	struct wanted *wanted;
	struct wanted *next;
	enum gb_rc rc = GB_OK;

	addresses->session = session;
	talloc_set_destructor(addresses, forget);
	if (session->policy.mail_attributes) {
		rc = collect(addresses, all, err);
	}
	HASH_ITER (hh, addresses->wanted, wanted, next) {
		if (rc == GB_OK) {
			search_everywhere(addresses, wanted);
			rc = gb_session_alive(session, err);
		}
	}
	if (rc != GB_OK) {
		talloc_free(addresses);
		return rc;
	}
	*ret_addresses = addresses;
	return GB_OK;
}

bool gb_addresses_taken(const struct gb_addresses *addresses, const char *address,
			const struct gb_state_directory_object *own)
{
	char *key = gb_text_lower(addresses, address);
	struct wanted *wanted;

	HASH_FIND_STR(addresses->wanted, key, wanted);
	talloc_free(key);
	if (wanted == NULL || !wanted->searched) {
		return true;
	}
	for (size_t i = 0; i < wanted->count; i++) {
		if (own == NULL || gb_guid_compare(&wanted->bearers[i], &own->object.guid) != 0) {
			return true;
		}
	}
	return false;
}
