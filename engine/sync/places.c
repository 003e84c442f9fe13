/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places that the map puts groups into. */
#include "config.h"

#include "engine/sync/places.h"

#include <string.h>

#include "engine/base/hash.h"
#include "engine/base/mem.h"

/* A container. */
struct place {
	char *key; /* comparable DN */
	bool is_there;
	UT_hash_handle hh;
};

struct gb_places {
	struct gb_session *session;
	struct place *places;
	/* The question under way. */
	bool done;
	bool can_create;
	enum gb_rc rc;
	struct gb_err err;
};

static int forget(struct gb_places *places)
{
	HASH_CLEAR(hh, places->places);
	return 0;
}

struct gb_places *gb_places_new(const void *ctx, struct gb_session *session)
{
	struct gb_places *places = gb_new(ctx, struct gb_places);

	places->session = session;
	talloc_set_destructor(places, forget);
	return places;
}

static enum gb_rc on_container(void *user, const struct gb_directory_container *container)
{
	struct gb_places *places = user;

	places->can_create = container->can_create_groups;
	return GB_OK;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct gb_places *places = user;

	places->done = true;
	places->rc = rc;
	if (rc != GB_OK) {
		places->err = *err;
	}
}

static enum gb_rc ask(struct gb_places *places, const char *dn, bool *ret_is_there,
		      struct gb_err *err)
{
	struct gb_directory_reference by_dn = {.dn = dn};

	places->done = false;
	places->can_create = false;
	gb_directory_find_container(places->session->directory, &by_dn, on_container, on_done,
				    places);
	gb_session_wait(places->session, &places->done);
	*ret_is_there = places->rc == GB_OK && places->can_create;
	/* Not there, or no container: both are an answer. */
	if (places->rc == GB_OK || places->rc == GB_E_NOT_FOUND || places->rc == GB_E_CONFIG ||
	    places->rc == GB_E_CONSTRAINT) {
		return GB_OK;
	}
	*err = places->err;
	return places->rc;
}

enum gb_rc gb_places_find(struct gb_places *places, const char *key, const char *dn,
			  bool *ret_is_there, struct gb_err *err)
{
	struct place *place;
	enum gb_rc rc;

	HASH_FIND_STR(places->places, key, place);
	if (place != NULL) {
		*ret_is_there = place->is_there;
		return GB_OK;
	}
	rc = ask(places, dn, ret_is_there, err);
	if (rc == GB_OK) {
		place = gb_new(places, struct place);
		place->key = gb_strdup(place, key);
		place->is_there = *ret_is_there;
		HASH_ADD_KEYPTR(hh, places->places, place->key, strlen(place->key), place);
	}
	return rc;
}
