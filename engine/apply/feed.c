/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The changes of one phase in the order in which they may be sent. */
#include "config.h"

#include "engine/apply/feed.h"

#include <assert.h>
#include <sys/queue.h>

#include "engine/base/hash.h"

/* A change that waits for its object. */
struct waiting {
	struct gb_state_change *change;
	STAILQ_ENTRY(waiting) next;
};

/* One object at work, and what waits for it. */
struct chain {
	int64_t object_no;
	bool is_busy;
	STAILQ_HEAD(, waiting) waiting;
	TAILQ_ENTRY(chain) ready; /* in feed->ready while not busy */
	UT_hash_handle hh;
};

struct gb_feed {
	gb_feed_fetch fetch;
	void *user;
	struct chain *chains;
	TAILQ_HEAD(, chain) ready;
	size_t waiting_count;
	size_t waiting_members;   /* of all those that wait */
	int64_t newest_object_no; /* of the change read last */
	bool is_exhausted;
};

static int clear(struct gb_feed *feed)
{
	HASH_CLEAR(hh, feed->chains);
	return 0;
}

struct gb_feed *gb_feed_new(const void *ctx, gb_feed_fetch fetch, void *user)
{
	struct gb_feed *feed = gb_new(ctx, struct gb_feed);

	feed->fetch = fetch;
	feed->user = user;
	TAILQ_INIT(&feed->ready);
	talloc_set_destructor(feed, clear);
	return feed;
}

static struct chain *find(const struct gb_feed *feed, int64_t object_no)
{
	struct chain *chain = NULL;

	HASH_FIND(hh, feed->chains, &object_no, sizeof(object_no), chain);
	return chain;
}

static struct chain *make(struct gb_feed *feed, int64_t object_no)
{
	struct chain *chain = gb_new(feed, struct chain);

	chain->object_no = object_no;
	STAILQ_INIT(&chain->waiting);
	HASH_ADD(hh, feed->chains, object_no, sizeof(chain->object_no), chain);
	TAILQ_INSERT_TAIL(&feed->ready, chain, ready);
	return chain;
}

/* Read one change and put it behind those of its object. */
static enum gb_rc read_one(struct gb_feed *feed, struct gb_err *err)
{
	struct gb_state_change *change = NULL;
	struct waiting *waiting;
	struct chain *chain;
	enum gb_rc rc = feed->fetch(feed->user, feed, &change, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (!change) {
		feed->is_exhausted = true;
		return GB_OK;
	}
	feed->newest_object_no = change->change.object_no;
	chain = find(feed, change->change.object_no);
	if (!chain) {
		chain = make(feed, change->change.object_no);
	}
	waiting = gb_new(chain, struct waiting);
	waiting->change = talloc_steal(waiting, change);
	STAILQ_INSERT_TAIL(&chain->waiting, waiting, next);
	feed->waiting_count++;
	feed->waiting_members += change->change.member_count;
	return GB_OK;
}

static struct gb_state_change *take(struct gb_feed *feed, struct chain *chain)
{
	struct waiting *waiting = STAILQ_FIRST(&chain->waiting);
	struct gb_state_change *change = talloc_steal(feed, waiting->change);

	TAILQ_REMOVE(&feed->ready, chain, ready);
	STAILQ_REMOVE_HEAD(&chain->waiting, next);
	feed->waiting_count--;
	feed->waiting_members -= change->change.member_count;
	chain->is_busy = true;
	talloc_free(waiting);
	return change;
}

enum gb_rc gb_feed_next(struct gb_feed *feed, struct gb_state_change **ret_change,
			struct gb_err *err)
{
	while (TAILQ_EMPTY(&feed->ready) && !feed->is_exhausted &&
	       feed->waiting_count < GB_FEED_LOOK_AHEAD &&
	       feed->waiting_members < GB_FEED_LOOK_AHEAD_MEMBERS) {
		enum gb_rc rc = read_one(feed, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	*ret_change = TAILQ_EMPTY(&feed->ready) ? NULL : take(feed, TAILQ_FIRST(&feed->ready));
	return GB_OK;
}

void gb_feed_done(struct gb_feed *feed, int64_t object_no)
{
	struct chain *chain = find(feed, object_no);

	assert(chain && chain->is_busy);
	chain->is_busy = false;
	if (STAILQ_EMPTY(&chain->waiting)) {
		HASH_DELETE(hh, feed->chains, chain);
		talloc_free(chain);
	} else {
		/* In front: a group that was begun is finished before new ones are. */
		TAILQ_INSERT_HEAD(&feed->ready, chain, ready);
	}
}

bool gb_feed_is_last(struct gb_feed *feed, int64_t object_no)
{
	const struct chain *chain = find(feed, object_no);
	struct gb_err err;

	assert(chain && chain->is_busy);
	if (STAILQ_EMPTY(&chain->waiting) && feed->newest_object_no == object_no &&
	    !feed->is_exhausted && read_one(feed, &err) != GB_OK) {
		return false; /* the same error comes back from gb_feed_next() */
	}
	return STAILQ_EMPTY(&chain->waiting);
}

bool gb_feed_is_empty(const struct gb_feed *feed)
{
	return feed->is_exhausted && !feed->chains;
}
