/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One engine writes: the lease in the container. */
#include "config.h"

#include "engine/sync/lease.h"

#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/guid.h"
#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cursors.h"
#include "engine/sync/lease_former.h"
#include "engine/sync/lease_refusal.h"

/** Reads and writes in one round: each one that another engine was faster in costs one. */
#define MAX_TRIES 4
/** A renewal that failed is repeated after this part of the lease's life. */
#define RETRY_PART 16
#define RETRY_MIN_MS 1000

/** What a round is for. */
enum purpose {
	LOOK,    /* renew what is ours, take over what may be taken over */
	TAKE,    /* the same, and take what is free */
	RELEASE, /* give up what is ours */
	SEIZE    /* as TAKE, from whoever left it */
};

struct gb_lease {
	struct gb_session *session;
	char *dn;
	struct gb_lease_value self;  /* what we write; the times are filled in */
	struct gb_lease_value *seen; /* what stood there last; NULL: nothing */
	char *seen_text;             /* likewise, word for word; NULL: no value */
	bool exists;                 /* the object is there */
	bool is_ours;
	bool is_standby;
	bool is_lost;
	int64_t life_ms;
	int64_t known_generation;  /* of the state */
	int64_t clock_base_ms;     /* the server's time … */
	int64_t clock_boot_ms;     /* … at this time of the boot clock */
	int64_t good_until_ms;     /* boot clock */
	struct gb_lease_traffic traffic;
	struct round *round; /* under way; or NULL */
	struct tevent_timer *timer;
	void (*on_lost)(void *user, const struct gb_err *err);
	void *on_lost_user;
};

/* Reading, judging and writing, until the lease is as it should be. */
struct round {
	struct gb_lease *lease;
	enum purpose purpose;
	unsigned tries;
	char *sent; /* text of the last write */
	int64_t sent_until_ms;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
	bool is_background;
};

static void read_lease(struct round *round);
static void look_later(struct gb_lease *lease, int64_t delay_ms);

char *gb_lease_dn(const void *ctx, const struct gb_config *config)
{
	return gb_printf(ctx, GB_LEASE_RDN ",%s", config->writeback.container);
}

static struct gb_lease_sight sight_of(const struct gb_lease *lease)
{
	return (struct gb_lease_sight){.dn = lease->dn, .self = &lease->self, .seen = lease->seen};
}

static enum gb_rc lost(const struct gb_lease *lease, struct gb_err *err)
{
	struct gb_lease_sight sight = sight_of(lease);

	/* What was seen before it became ours has nothing to do with it. */
	sight.seen = lease->is_ours ? NULL : lease->seen;
	return gb_lease_refuse_lost(&sight, err);
}

/* Time --------------------------------------------------------------------------------------- */

static void set_clock(struct gb_lease *lease)
{
	const struct gb_directory_facts *facts = gb_directory_facts(lease->session->directory);

	lease->clock_boot_ms = gb_clock_boot_ms();
	lease->clock_base_ms = gb_clock_wall_ms() + (facts->has_clock ? facts->clock_ahead_ms : 0);
}

static int64_t server_now_ms(const struct gb_lease *lease)
{
	return lease->clock_base_ms + gb_clock_boot_ms() - lease->clock_boot_ms;
}

/* Between two runs it must hold, too. */
static int64_t life_of(const struct gb_config *config)
{
	int64_t life_s = config->safety.lease_time_s;
	int64_t rounds_s = 3 * config->schedule.interval_s;

	return 1000 * (config->schedule.enabled && rounds_s > life_s ? rounds_s : life_s);
}

/* A round ------------------------------------------------------------------------------------ */

static void lose(struct gb_lease *lease)
{
	struct gb_err err;

	lease->is_lost = true;
	(void)lost(lease, &err);
	gb_log_err(GB_LOG_ERROR, "lease", &err);
	if (lease->on_lost != NULL) {
		lease->on_lost(lease->on_lost_user, &err);
	}
}

static bool is_lost_for_good(const struct round *round)
{
	return round->rc == GB_E_GUARD || gb_clock_boot_ms() >= round->lease->good_until_ms;
}

static void end(struct round *round, enum gb_rc rc)
{
	struct gb_lease *lease = round->lease;

	round->done = true;
	round->rc = rc;
	lease->round = NULL;
	if (!round->is_background) {
		return;
	}
	if (rc == GB_OK) {
		look_later(lease, lease->life_ms / 2);
	} else if (is_lost_for_good(round)) {
		lease->is_ours = lease->is_ours && rc != GB_E_GUARD;
		lose(lease);
	} else {
		gb_log_err(GB_LOG_WARNING, "lease", &round->err);
		look_later(lease, lease->life_ms / RETRY_PART);
	}
	talloc_free(round);
}

static bool is_good(const struct gb_lease *lease)
{
	return lease->is_ours && !lease->is_lost && gb_clock_boot_ms() < lease->good_until_ms;
}

/* A machine that slept wakes up in the middle of anything: so it is asked where requests leave. */
static bool may_write(void *user)
{
	struct gb_lease *lease = user;

	if (!is_good(lease) && !lease->is_lost) {
		lose(lease);
	}
	return !lease->is_lost;
}

static void have(struct gb_lease *lease, int64_t until_ms)
{
	lease->is_ours = true;
	lease->good_until_ms = gb_clock_boot_ms() + until_ms - server_now_ms(lease);
	gb_directory_set_gate(lease->session->directory, may_write, lease);
}

static void keep(struct round *round, int64_t until_ms)
{
	have(round->lease, until_ms);
	end(round, GB_OK);
}

static void on_written(void *user, const struct gb_directory_outcome *outcome)
{
	struct round *round = user;
	struct gb_lease *lease = round->lease;

	if (outcome->rc == GB_OK) {
		lease->exists = true;
		talloc_free(lease->seen_text);
		lease->seen_text = talloc_steal(lease, round->sent);
		round->sent = NULL;
		keep(round, round->sent_until_ms);
		return;
	}
	round->err = *outcome->err;
	/* Somebody was faster, or nobody knows: what stands there now tells. */
	if (outcome->outcome_known && outcome->rc != GB_E_EXISTS &&
	    outcome->rc != GB_E_CONSTRAINT && outcome->rc != GB_E_NOT_FOUND) {
		gb_err_prefix(&round->err, "%s", _("the lease"));
		end(round, outcome->rc);
		return;
	}
	read_lease(round);
}

static void add_object(struct round *round)
{
	struct gb_lease *lease = round->lease;
	char guid[GB_GUID_TEXT_BYTES];
	char *name = gb_printf(round, "groupback-lease-%s",
			       gb_guid_format(&lease->session->container_guid, guid) + 24);
	const struct gb_change_value values[] = {
		{.attribute = "sAMAccountName", .value = name},
		{.attribute = "groupType", .value = "8"},
		{.attribute = "description",
		 .value = "Tells which groupback engine writes the groups of this container."},
		{.attribute = GB_LEASE_ATTRIBUTE, .value = round->sent},
	};
	const struct gb_directory_entry entry = {
		.dn = lease->dn,
		.values = values,
		.value_count = GB_ARRAY_SIZE(values),
	};

	lease->traffic.adds++;
	gb_directory_add(lease->session->directory, &entry, on_written, round);
	talloc_free(name);
}

static void swap_value(struct round *round)
{
	struct gb_lease *lease = round->lease;
	const struct gb_directory_reference object = {.dn = lease->dn};
	const struct gb_change_value value = {
		.attribute = GB_LEASE_ATTRIBUTE, .value = round->sent, .old_value = lease->seen_text};

	lease->traffic.modifies++;
	gb_directory_swap(lease->session->directory, &object, &value, on_written, round);
}

static void write_lease(struct round *round, bool give_up)
{
	struct gb_lease *lease = round->lease;

	lease->self.renewed_ms = server_now_ms(lease);
	lease->self.until_ms = give_up ? 0 : lease->self.renewed_ms + lease->life_ms;
	round->sent_until_ms = lease->self.until_ms;
	talloc_free(round->sent);
	round->sent = gb_lease_format(round, &lease->self);
	if (lease->exists) {
		swap_value(round);
	} else {
		add_object(round);
	}
}

static void refuse(struct round *round, gb_lease_refusal why)
{
	struct gb_lease_sight sight = sight_of(round->lease);

	end(round, why(&sight, &round->err));
}

/* Somebody was told to take over from whoever left it; or the configuration says so. */
static bool takes_over(const struct round *round)
{
	return round->purpose == SEIZE || round->lease->session->config->safety.standby;
}

static void release_ours(struct round *round, enum gb_lease_verdict verdict)
{
	if (verdict == GB_LEASE_FRESH || verdict == GB_LEASE_DUE) {
		write_lease(round, true);
	} else if (verdict == GB_LEASE_FREE) {
		end(round, GB_OK);
	} else {
		refuse(round, gb_lease_refuse_held);
	}
}

static void act(struct round *round)
{
	struct gb_lease *lease = round->lease;
	enum gb_lease_verdict verdict = gb_lease_judge(lease->seen, &lease->self,
						       server_now_ms(lease), takes_over(round));

	if (round->purpose == RELEASE) {
		release_ours(round, verdict);
		return;
	}
	switch (verdict) {
	case GB_LEASE_FREE:
		if (round->purpose == LOOK) {
			end(round, GB_OK);
		} else {
			write_lease(round, false);
		}
		break;
	case GB_LEASE_FRESH:
		/* A run that was counted says so, or an older copy of the state would not be noticed. */
		if (lease->seen->generation == lease->self.generation) {
			keep(round, lease->seen->until_ms);
		} else {
			write_lease(round, false);
		}
		break;
	case GB_LEASE_DUE:
	case GB_LEASE_TAKE_OVER:
		write_lease(round, false);
		break;
	case GB_LEASE_HELD:
		refuse(round, gb_lease_refuse_held);
		break;
	case GB_LEASE_LEFT:
		refuse(round, gb_lease_refuse_left);
		break;
	case GB_LEASE_NEWER:
		refuse(round, gb_lease_refuse_newer);
		break;
	}
}

static enum gb_rc on_text(void *user, const char *text)
{
	struct round *round = user;

	round->lease->exists = true;
	round->lease->seen_text = gb_strdup(round->lease, text);
	return GB_OK;
}

static bool take_text(struct gb_lease *lease)
{
	if (lease->seen_text == NULL) {
		return true;
	}
	lease->seen = gb_new(lease, struct gb_lease_value);
	return gb_lease_parse(lease->seen, lease->seen_text, lease->seen);
}

static void on_read(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct round *round = user;
	struct gb_lease *lease = round->lease;

	if (rc != GB_OK && rc != GB_E_NOT_FOUND) {
		round->err = *err;
		gb_err_prefix(&round->err, "%s", _("the lease"));
		end(round, rc);
	} else if (!take_text(lease)) {
		TALLOC_FREE(lease->seen);
		refuse(round, gb_lease_refuse_foreign);
	} else {
		act(round);
	}
}

static void read_lease(struct round *round)
{
	struct gb_lease *lease = round->lease;

	if (++round->tries > MAX_TRIES) {
		refuse(round, gb_lease_refuse_restless);
		return;
	}
	lease->exists = false;
	TALLOC_FREE(lease->seen);
	TALLOC_FREE(lease->seen_text);
	gb_directory_read_text(lease->session->directory, lease->dn, GB_LEASE_ATTRIBUTE, on_text,
			       on_read, round);
}

static struct round *begin(struct gb_lease *lease, enum purpose purpose, bool is_background)
{
	struct round *round = gb_new(lease, struct round);

	round->lease = lease;
	round->purpose = purpose;
	round->is_background = is_background;
	lease->round = round;
	read_lease(round);
	return round;
}

static enum gb_rc run(struct gb_lease *lease, enum purpose purpose, struct gb_err *err)
{
	struct round *round = begin(lease, purpose, false);
	enum gb_rc rc;

	gb_session_wait(lease->session, &round->done);
	rc = round->rc;
	if (rc != GB_OK) {
		*err = round->err;
		err->rc = rc;
	}
	talloc_free(round);
	return rc;
}

/* Renewing itself ---------------------------------------------------------------------------- */

static void on_timer(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		     void *user)
{
	struct gb_lease *lease = user;

	(void)ev;
	(void)timer;
	(void)now;
	lease->timer = NULL;
	if (lease->round == NULL && lease->is_ours && !lease->is_lost) {
		begin(lease, TAKE, true);
	}
}

static void look_later(struct gb_lease *lease, int64_t delay_ms)
{
	uint32_t ms = delay_ms < RETRY_MIN_MS ? RETRY_MIN_MS : (uint32_t)delay_ms;

	TALLOC_FREE(lease->timer);
	lease->timer = gb_mem_check(tevent_add_timer(
		lease->session->ev, lease,
		tevent_timeval_current_ofs(ms / 1000, (ms % 1000) * 1000), on_timer, lease));
}

static void keep_alive(struct gb_lease *lease)
{
	int64_t left_ms = lease->good_until_ms - gb_clock_boot_ms();

	if (lease->is_ours) {
		look_later(lease, left_ms - lease->life_ms / 2);
	}
}

static struct gb_lease *new_lease(struct gb_session *session)
{
	struct gb_lease *lease = gb_new(session, struct gb_lease);

	lease->session = session;
	lease->dn = gb_lease_dn(lease, session->config);
	lease->life_ms = life_of(session->config);
	set_clock(lease);
	lease->self = gb_lease_self(lease, session->config->paths.state_directory);
	return lease;
}

/* Opening ------------------------------------------------------------------------------------ */

/*
 * The state is told before the directory is, so a state that knows less than the lease is an older
 * copy, and not one whose engine was killed in between.
 */
static enum gb_rc count_run(struct gb_lease *lease, struct gb_err *err)
{
	struct gb_state *state = lease->session->state;
	int64_t known = lease->known_generation;
	int64_t seen = lease->seen != NULL ? lease->seen->generation : 0;
	bool is_other = lease->seen != NULL && !gb_lease_is_self(lease->seen, &lease->self);
	bool is_older = lease->seen != NULL && !is_other && known > 0 && seen > known;
	enum gb_rc rc;

	lease->self.generation = (seen > known ? seen : known) + 1;
	rc = gb_state_fact_set_int(state, GB_FACT_GENERATION, lease->self.generation, err);
	if (rc == GB_OK && (is_other || is_older)) {
		rc = gb_state_fact_set_int(state, GB_FACT_RECONCILED_MS, 0, err);
	}
	if (is_older) {
		lease->session->state_is_older = true;
		gb_log(GB_LOG_WARNING, "lease",
		       "the state is an older copy (run %lld, the directory knows %lld): "
		       "everything is read again, and deletions wait for approval",
		       (long long)known, (long long)seen);
	}
	return rc == GB_OK ? gb_state_commit(state, err) : rc;
}

/* Reads what stands there, without acting on it. */
static void on_first_read(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct round *round = user;

	round->done = true;
	round->rc = rc == GB_E_NOT_FOUND ? GB_OK : rc;
	if (round->rc != GB_OK) {
		round->err = *err;
		gb_err_prefix(&round->err, "%s", _("the lease"));
	} else if (!take_text(round->lease)) {
		struct gb_lease_sight sight = {.dn = round->lease->dn};

		TALLOC_FREE(round->lease->seen);
		round->rc = gb_lease_refuse_foreign(&sight, &round->err);
	}
}

static enum gb_rc look_first(struct gb_lease *lease, struct gb_err *err)
{
	struct round round = {.lease = lease};

	gb_directory_read_text(lease->session->directory, lease->dn, GB_LEASE_ATTRIBUTE, on_text,
			       on_first_read, &round);
	gb_session_wait(lease->session, &round.done);
	*err = round.err;
	return round.rc;
}

static enum gb_rc accept(const struct gb_lease *lease, enum gb_lease_verdict verdict,
			 struct gb_err *err)
{
	struct gb_lease_sight sight = sight_of(lease);

	switch (verdict) {
	case GB_LEASE_HELD:
		return gb_lease_refuse_held(&sight, err);
	case GB_LEASE_LEFT:
		return gb_lease_refuse_left(&sight, err);
	case GB_LEASE_NEWER:
		return gb_lease_refuse_newer(&sight, err);
	case GB_LEASE_FREE:
	case GB_LEASE_FRESH:
	case GB_LEASE_DUE:
	case GB_LEASE_TAKE_OVER:
		break;
	}
	return GB_OK;
}

/* A fresh one of ours costs no write at all. */
static enum gb_rc settle(struct gb_lease *lease, struct gb_err *err)
{
	bool standby = lease->session->config->safety.standby;
	enum gb_lease_verdict verdict =
		gb_lease_judge(lease->seen, &lease->self, server_now_ms(lease), standby);
	enum gb_rc rc;

	if (verdict == GB_LEASE_FRESH && lease->seen->generation <= lease->known_generation) {
		lease->self.generation = lease->known_generation;
		have(lease, lease->seen->until_ms);
		return GB_OK;
	}
	rc = accept(lease, verdict, err);
	if (rc == GB_OK) {
		rc = count_run(lease, err);
	}
	if (rc == GB_OK && verdict == GB_LEASE_TAKE_OVER) {
		gb_log(GB_LOG_WARNING, "lease", "taking over from %s, whose lease ran out",
		       lease->seen->host);
	}
	return rc == GB_OK ? run(lease, LOOK, err) : rc;
}

enum gb_rc gb_lease_open(struct gb_session *session, bool may_wait, struct gb_lease **ret_lease,
			 struct gb_err *err)
{
	struct gb_lease *lease = new_lease(session);
	enum gb_rc rc = gb_state_fact_get_int(session->state, GB_FACT_GENERATION, 0,
					      &lease->known_generation, err);

	if (rc == GB_OK) {
		rc = look_first(lease, err);
	}
	if (rc == GB_OK) {
		rc = settle(lease, err);
	}
	if (rc == GB_E_GUARD && may_wait && strcmp(err->id, "lease-held") == 0) {
		gb_log(GB_LOG_NOTICE, "lease", "on standby: %s",
		       gb_lease_describe(lease, lease->seen));
		gb_err_clear(err);
		lease->is_standby = true;
		rc = GB_OK;
	}
	if (rc == GB_OK) {
		keep_alive(lease);
	}
	*ret_lease = lease;
	return rc;
}

/* A renewal may be under way. */
static void wait_for_round(struct gb_lease *lease)
{
	while (lease->round != NULL) {
		if (tevent_loop_once(lease->session->ev) != 0) {
			gb_oom();
		}
	}
}

enum gb_rc gb_lease_take(struct gb_lease *lease, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	wait_for_round(lease);
	if (lease->is_ours) {
		return gb_lease_check(lease, err);
	}
	rc = run(lease, TAKE, err);
	if (rc == GB_OK) {
		keep_alive(lease);
	}
	return rc;
}

void gb_lease_leave_former(struct gb_lease *lease)
{
	wait_for_round(lease);
	if (is_good(lease)) {
		lease->traffic.deletes += gb_lease_former_delete(lease->session, &lease->self);
	}
}

/* Asked ---------------------------------------------------------------------------------------- */

bool gb_lease_is_standby(const struct gb_lease *lease)
{
	return lease->is_standby;
}

const struct gb_lease_value *gb_lease_holder(const struct gb_lease *lease)
{
	return lease->is_ours ? &lease->self : lease->seen;
}

void gb_lease_watch(struct gb_lease *lease, void (*on_lost)(void *user, const struct gb_err *err),
		    void *user)
{
	lease->on_lost = on_lost;
	lease->on_lost_user = user;
}

enum gb_rc gb_lease_check(const struct gb_lease *lease, struct gb_err *err)
{
	return is_good(lease) ? GB_OK : lost(lease, err);
}

struct gb_lease_traffic gb_lease_traffic(const struct gb_lease *lease)
{
	return lease->traffic;
}

/* By hand ------------------------------------------------------------------------------------ */

enum gb_rc gb_lease_look(const void *ctx, struct gb_session *session,
			 struct gb_lease_value **ret_value, struct gb_err *err)
{
	struct gb_lease *lease = new_lease(session);
	enum gb_rc rc = look_first(lease, err);

	if (rc == GB_OK) {
		*ret_value = talloc_steal(ctx, lease->seen);
		lease->seen = NULL;
	}
	return rc;
}

enum gb_rc gb_lease_probe(const void *ctx, struct gb_session *session,
			  struct gb_lease_value **ret_value, struct gb_err *err)
{
	struct gb_lease *lease = new_lease(session);
	enum gb_rc rc = look_first(lease, err);

	*ret_value = NULL;
	if (rc == GB_OK) {
		rc = accept(lease,
			    gb_lease_judge(lease->seen, &lease->self, server_now_ms(lease),
					   session->config->safety.standby),
			    err);
		*ret_value = talloc_steal(ctx, lease->seen);
		lease->seen = NULL;
	}
	return rc;
}

static enum gb_rc by_hand(struct gb_session *session, enum purpose purpose, struct gb_err *err)
{
	struct gb_lease *lease = new_lease(session);
	enum gb_rc rc = gb_state_fact_get_int(session->state, GB_FACT_GENERATION, 0,
					      &lease->known_generation, err);

	if (rc == GB_OK) {
		rc = look_first(lease, err);
	}
	if (rc == GB_OK) {
		rc = count_run(lease, err);
	}
	return rc == GB_OK ? run(lease, purpose, err) : rc;
}

enum gb_rc gb_lease_release(struct gb_session *session, struct gb_err *err)
{
	return by_hand(session, RELEASE, err);
}

enum gb_rc gb_lease_seize(struct gb_session *session, struct gb_err *err)
{
	return by_hand(session, SEIZE, err);
}
