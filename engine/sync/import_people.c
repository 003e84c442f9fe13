/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People: lists and delta records into the cloud space. */
#include "config.h"

#include "engine/base/mem.h"
#include "engine/directory/dn.h"
#include "engine/state/cloud_space.h"
#include "engine/sync/import_parts.h"

enum gb_rc gb_cloud_import_put_member(struct gb_cloud_import *import,
				      const struct gb_cloud_member *member, int64_t *ret_no,
				      struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	char *dn_key =
		member->on_premises_dn != NULL ? gb_dn_key(import, member->on_premises_dn) : NULL;
	enum gb_rc rc = gb_state_cloud_put_member(state, member, dn_key, ret_no, NULL, err);

	talloc_free(dn_key);
	return rc == GB_OK ? gb_state_commit_soon(state, err) : rc;
}

static enum gb_rc on_person(void *user, const struct gb_cloud_member *person, struct gb_err *err)
{
	return gb_cloud_import_put_member(user, person, NULL, err);
}

static void list_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	gb_cloud_import_op_done(user, rc, err);
}

void gb_cloud_import_list_users(struct gb_cloud_import *import)
{
	struct gb_cloud_users_sink sink = {
		.on_person = on_person,
		.done = list_done,
		.user = import,
	};

	gb_cloud_list_users(import->session->cloud, &sink);
}

/* A delta record of somebody known is a patch: what it does not carry has not changed. */
static void take_over_absent(struct gb_cloud_member *person, unsigned present,
			     const struct gb_cloud_member *known)
{
	if (!(present & GB_PERSON_HAS_DISPLAY_NAME)) {
		person->display_name = known->display_name;
	}
	if (!(present & GB_PERSON_HAS_ON_PREMISES)) {
		person->on_premises_sync_enabled = known->on_premises_sync_enabled;
	}
	if (!(present & GB_PERSON_HAS_SID)) {
		person->sid = known->sid;
	}
	if (!(present & GB_PERSON_HAS_IMMUTABLE_ID)) {
		person->immutable_id = known->immutable_id;
	}
	if (!(present & GB_PERSON_HAS_DN)) {
		person->on_premises_dn = known->on_premises_dn;
	}
}

static enum gb_rc patch_person(struct gb_cloud_import *import,
			       const struct gb_cloud_person_change *change, struct gb_err *err)
{
	struct gb_state *state = import->session->state;
	struct gb_cloud_member person = change->person;
	struct gb_state_cloud_member *known = NULL;
	int64_t no;
	enum gb_rc rc = gb_state_cloud_find(state, &person.id, &no, err);

	if (rc == GB_OK && no != 0 && person.readable) {
		rc = gb_state_cloud_read_member(import, state, no, &known, err);
	}
	if (rc == GB_OK) {
		if (known != NULL) {
			take_over_absent(&person, change->present, &known->member);
		}
		rc = gb_cloud_import_put_member(import, &person, &no, err);
	}
	talloc_free(known);
	return rc;
}

static enum gb_rc on_change(void *user, const struct gb_cloud_person_change *change,
			    struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	if (change->removed != GB_NOT_REMOVED) {
		return gb_state_cloud_remove(import->session->state, &change->person.id,
					     change->removed, NULL, err);
	}
	return patch_person(import, change, err);
}

static void delta_done(void *user, enum gb_rc rc, const char *delta_link, const struct gb_err *err)
{
	struct gb_cloud_import *import = user;

	if (rc == GB_OK) {
		talloc_free(import->users_link);
		import->users_link = gb_strdup(import, delta_link);
	}
	gb_cloud_import_op_done(import, rc, err);
}

void gb_cloud_import_users_delta(struct gb_cloud_import *import, enum gb_cloud_delta_start start)
{
	struct gb_cloud_users_delta_sink sink = {
		.on_change = on_change,
		.done = delta_done,
		.user = import,
	};

	gb_cloud_users_delta(import->session->cloud, start,
			     start == GB_CLOUD_DELTA_FROM_LINK ? import->users_link : NULL, &sink);
}
