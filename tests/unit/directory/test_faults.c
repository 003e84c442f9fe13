/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directory room against servers that misbehave while they are talked to. */
#include "config.h"

#include <ldap.h>
#include <time.h>

#include "engine/base/clock.h"
#include "engine/base/process.h"
#include "tests/unit/directory/fake.h"
#include "tests/unit/directory/talk.h"
#include "tests/unit/unit.h"

#define GROUP "CN=g1," FAKE_DOMAIN

static void sleep_ms(long ms)
{
	struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void on_linger(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		      void *user)
{
	bool *is_over = user;

	(void)ev;
	(void)timer;
	(void)now;
	*is_over = true;
}

/* Turn the loop for a while, to see that nothing more happens. */
static void linger(struct talk *talk, uint32_t ms)
{
	bool is_over = false;

	tevent_add_timer(talk->ev, talk, tevent_timeval_current_ofs(0, ms * 1000), on_linger,
			 &is_over);
	while (!is_over) {
		assert_int_equal(tevent_loop_once(talk->ev), 0);
	}
}

static void begin_modify(struct talk *talk, size_t bytes)
{
	struct gb_directory_reference object = {.dn = GROUP};
	char *text = talloc_zero_array(talk, char, (unsigned)bytes + 1);
	struct gb_change_value value = {.attribute = "info", .value = text};

	memset(text, 'x', bytes);
	gb_directory_modify(talk->directory, &object, &value, 1, talk_write_done, talk);
	talloc_free(text);
}

/* Referrals. */

static char trap_url[64];

static void refer_elsewhere(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->page_size == 0) {
		fake_default(connection, request);
	} else if (request->attribute && strcmp(request->attribute, "objectClass") == 0 &&
		   request->number % 2 == 0) {
		fake_group(connection, request, 1);
		fake_reference(connection, request, trap_url);
		fake_page(connection, request, "");
	} else {
		fake_referral(connection, request, trap_url);
	}
}

static void referrals_are_told_and_never_followed(void **state)
{
	void *tmp = gb_new_tmp(NULL);
	struct fake *trap = fake_start(tmp, FAKE_GOOD, NULL);
	struct fake *fake;
	struct talk *talk;
	enum gb_rc first;
	enum gb_rc second;

	(void)state;
	snprintf(trap_url, sizeof(trap_url), "ldaps://%s/DC=y", trap->address);
	talk = fake_open(refer_elsewhere, &fake);
	first = talk_read_objects(talk, 0, NULL);
	second = talk_find_name(talk, "x");
	/* One of the two was answered by a referral, the other one by a continuation reference. */
	assert_true((first == GB_E_CONFIG) != (second == GB_E_CONFIG));
	assert_true((first == GB_OK) != (second == GB_OK));
	assert_int_equal(gb_directory_stats(talk->directory)->references, 1);
	assert_int_equal(trap->counts->connections, 0);
	talloc_free(talk);
	talloc_free(tmp);
}

/* Lost and late answers. */

static void hang_up_on_writes(struct fake_connection *connection,
			      const struct fake_request *request)
{
	if (request->type == LDAP_REQ_MODIFY) {
		fake_hang_up(connection);
	}
	fake_default(connection, request);
}

static void a_lost_answer_leaves_the_outcome_unknown(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(hang_up_on_writes, &fake);

	(void)state;
	assert_int_equal(talk_modify(talk, GROUP, "info", "x"), GB_E_UNAVAILABLE);
	assert_false(talk->outcome_known);
	assert_true(talk->is_transient);
	assert_int_equal(gb_directory_stats(talk->directory)->unknown_outcomes, 1);
	assert_false(gb_directory_is_connected(talk->directory));
	/* What was never sent is known not to have been done. */
	assert_int_equal(talk_modify(talk, GROUP, "info", "y"), GB_E_UNAVAILABLE);
	assert_true(talk->outcome_known);
	assert_int_equal(fake->counts->writes, 1);
	talloc_free(talk);
}

static void every_request_ends_once_when_the_connection_is_lost(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(hang_up_on_writes, &fake);

	(void)state;
	talk_begin(talk);
	for (int i = 0; i < 50; i++) {
		begin_modify(talk, 10);
	}
	assert_int_equal(talk->ends, 0);
	talk_await(talk, 50);
	linger(talk, 50);
	assert_int_equal(talk->ends, 50);
	assert_int_equal(talk->rc, GB_E_UNAVAILABLE);
	talloc_free(talk);
}

static void answer_late(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_MODIFY && request->number == 1) {
		sleep_ms(1500);
	}
	fake_default(connection, request);
}

static void a_late_answer_is_given_up_and_the_connection_goes_on(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(answer_late, &fake);
	int64_t begin_ms = gb_clock_boot_ms();

	(void)state;
	assert_int_equal(talk_modify(talk, GROUP, "info", "x"), GB_E_UNAVAILABLE);
	assert_true(gb_clock_boot_ms() - begin_ms >= 900);
	assert_int_equal(talk->err.native, LDAP_TIMEOUT);
	assert_false(talk->outcome_known);
	assert_true(gb_directory_is_connected(talk->directory));
	/* Its answer comes in front of this one's. */
	assert_int_equal(talk_modify(talk, GROUP, "info", "y"), GB_OK);
	assert_int_equal(talk_delete(talk, GROUP), GB_OK);
	assert_int_equal(fake->counts->abandons, 1);
	talloc_free(talk);
}

/* libldap 2.5 forgets the text of a message that nobody asked for: once a connection. */
#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define FORGIVE_LEAKS_BEGIN() __lsan_disable()
#define FORGIVE_LEAKS_END()   __lsan_enable()
#else
#define FORGIVE_LEAKS_BEGIN() ((void)0)
#define FORGIVE_LEAKS_END()   ((void)0)
#endif

static void say_good_bye(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_MODIFY) {
		fake_notice(connection, LDAP_UNAVAILABLE, "going down for maintenance");
		fake_hang_up(connection);
	}
	fake_default(connection, request);
}

static void a_notice_of_disconnection_is_told(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(say_good_bye, &fake);

	(void)state;
	FORGIVE_LEAKS_BEGIN();
	assert_int_equal(talk_modify(talk, GROUP, "info", "x"), GB_E_UNAVAILABLE);
	FORGIVE_LEAKS_END();
	assert_int_equal(talk->err.native, LDAP_UNAVAILABLE);
	assert_non_null(strstr(talk->err.what, "going down for maintenance"));
	assert_false(talk->outcome_known);
	talloc_free(talk);
}

/* Nonsense. */

static void send_garbage(struct fake_connection *connection, const struct fake_request *request)
{
	static const char garbage[] = "GET / HTTP/1.1\r\n\r\n";

	if (request->type == LDAP_REQ_MODIFY) {
		fake_raw(connection, garbage, sizeof(garbage));
		pause();
	}
	fake_default(connection, request);
}

static void claim_two_gigabytes(struct fake_connection *connection,
				const struct fake_request *request)
{
	static const uint8_t header[] = {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 2};

	if (request->type == LDAP_REQ_MODIFY) {
		fake_raw(connection, header, sizeof(header));
		pause();
	}
	fake_default(connection, request);
}

static void answer_somebody_else(struct fake_connection *connection,
				 const struct fake_request *request)
{
	struct fake_request other = *request;

	if (request->type == LDAP_REQ_MODIFY) {
		other.message_id += 1000;
		fake_result(connection, &other, LDAP_SUCCESS, NULL);
		return;
	}
	fake_default(connection, request);
}

static void nonsense_ends_in_an_error_not_in_a_hang(void **state)
{
	static const fake_answer answers[] = {send_garbage, claim_two_gigabytes,
					      answer_somebody_else};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(answers); i++) {
		struct fake *fake;
		struct talk *talk = fake_open(answers[i], &fake);
		int64_t begin_ms = gb_clock_boot_ms();

		assert_int_not_equal(talk_modify(talk, GROUP, "info", "x"), GB_OK);
		assert_false(talk->outcome_known);
		assert_true(gb_clock_boot_ms() - begin_ms < 10000);
		talloc_free(talk);
	}
}

/* A socket without room. */

/* Reads nothing until the client's loop has come round: a loop that waits for the server to read would
 * wait to its deadline. */
static void read_slowly(struct fake_connection *connection, const struct fake_request *request)
{
	struct fake_counts *counts = fake_counts(connection);

	if (request->type == LDAP_REQ_MODIFY && request->number % 32 == 1) {
		int before = __atomic_load_n(&counts->ticks, __ATOMIC_SEQ_CST);

		while (__atomic_load_n(&counts->ticks, __ATOMIC_SEQ_CST) < before + 20) {
			sleep_ms(10);
		}
	}
	fake_default(connection, request);
}

/* How often the loop came round. */
struct ticks {
	struct talk *talk;
	struct fake_counts *counts;
};

static void on_tick(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		    void *user)
{
	struct ticks *ticks = user;

	(void)timer;
	(void)now;
	__atomic_add_fetch(&ticks->counts->ticks, 1, __ATOMIC_SEQ_CST);
	tevent_add_timer(ev, ticks->talk, tevent_timeval_current_ofs(0, 5000), on_tick, ticks);
}

static void a_server_that_reads_slowly_blocks_nobody(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open_patient(read_slowly, 20000, &fake);
	struct ticks ticks = {.talk = talk, .counts = fake->counts};

	(void)state;
	talk_begin(talk);
	for (int i = 0; i < 64; i++) {
		begin_modify(talk, 300000);
	}
	on_tick(talk->ev, NULL, (struct timeval){0}, &ticks);
	talk_await(talk, 64);
	assert_int_equal(talk->rc, GB_OK);
	assert_int_equal(gb_directory_stats(talk->directory)->modifies, 64);
	assert_int_equal(gb_directory_stats(talk->directory)->failures, 0);
	assert_int_equal(fake->counts->writes, 64);
	talloc_free(talk);
}

static void stop_reading(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_MODIFY) {
		pause();
	}
	fake_default(connection, request);
}

static void a_server_that_stops_reading_costs_one_timeout(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(stop_reading, &fake);
	int64_t begin_ms = gb_clock_boot_ms();

	(void)state;
	talk_begin(talk);
	for (int i = 0; i < 64; i++) {
		begin_modify(talk, 300000);
	}
	talk_await(talk, 64);
	assert_int_equal(talk->rc, GB_E_UNAVAILABLE);
	assert_true(gb_clock_boot_ms() - begin_ms < 20000);
	talloc_free(talk);
}

static void a_request_above_the_servers_limit_is_not_sent(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(NULL, &fake);

	(void)state;
	talk_begin(talk);
	begin_modify(talk, 10u * 1024u * 1024u);
	talk_await(talk, 1);
	assert_int_equal(talk->rc, GB_E_CONSTRAINT);
	assert_string_equal(talk->err.id, "directory-request-too-big");
	assert_true(talk->outcome_known);
	assert_int_equal(fake->counts->writes, 0);
	assert_int_equal(talk_modify(talk, GROUP, "info", "x"), GB_OK);
	talloc_free(talk);
}

/* Callbacks and the end. */

static void a_request_that_ended_meets_no_deadline(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open_patient(NULL, 200, &fake);

	(void)state;
	assert_int_equal(talk_delete(talk, GROUP), GB_OK);
	assert_int_equal(talk_find_name(talk, "x"), GB_OK);
	linger(talk, 400);
	assert_int_equal(talk->ends, 1);
	assert_int_equal(gb_directory_stats(talk->directory)->failures, 0);
	assert_int_equal(talk_delete(talk, GROUP), GB_OK);
	assert_int_equal(fake->counts->abandons, 0);
	talloc_free(talk);
}

static void on_chain(void *user, const struct gb_directory_outcome *outcome)
{
	struct talk *talk = user;

	talk_write_done(user, outcome);
	if (talk->ends < 5) {
		struct gb_directory_reference object = {.dn = GROUP};

		gb_directory_delete(talk->directory, &object, on_chain, talk);
	}
}

static void a_callback_may_begin_the_next_request(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(NULL, &fake);
	struct gb_directory_reference object = {.dn = GROUP};

	(void)state;
	talk_begin(talk);
	gb_directory_delete(talk->directory, &object, on_chain, talk);
	talk_await(talk, 5);
	assert_int_equal(talk->rc, GB_OK);
	assert_int_equal(fake->counts->writes, 5);
	talloc_free(talk);
}

/* Also on a lost connection: each new one ends by itself, from the loop. */
static void a_callback_may_begin_the_next_request_after_the_loss(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(NULL, &fake);
	struct gb_directory_reference object = {.dn = GROUP};

	(void)state;
	TALLOC_FREE(fake);
	talk_begin(talk);
	gb_directory_delete(talk->directory, &object, on_chain, talk);
	talk_await(talk, 5);
	assert_int_equal(talk->rc, GB_E_UNAVAILABLE);
	assert_true(talk->outcome_known);
	talloc_free(talk);
}

static void closing_drops_what_is_under_way_without_a_word(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(answer_late, &fake);
	struct gb_directory_reference group = {.dn = GROUP};
	struct gb_directory_read read = {0};

	(void)state;
	talk_begin(talk);
	begin_modify(talk, 100);
	begin_modify(talk, 300000);
	gb_directory_read_members(talk->directory, &group, talk_on_member, talk_done, talk);
	gb_directory_read_objects(talk->directory, &read, talk_on_object, talk_done, talk);
	gb_directory_find_anchor(talk->directory, "x", GB_REACH_FOREST, talk_on_object, talk_done,
				 talk);
	TALLOC_FREE(talk->directory);
	linger(talk, 50);
	assert_int_equal(talk->ends, 0);
	talloc_free(talk);
}

/* Codes. */

static int code_to_give;

static void give_a_code(struct fake_connection *connection, const struct fake_request *request)
{
	if (request->type == LDAP_REQ_MODIFY) {
		fake_result(connection, request, code_to_give, "00000000: some text");
		return;
	}
	fake_default(connection, request);
}

static void results_of_writes_keep_their_class(void **state)
{
	static const struct {
		int code;
		enum gb_rc rc;
		bool is_transient;
	} rows[] = {
		{3, GB_E_UNAVAILABLE, true},  {10, GB_E_CONFIG, false},
		{19, GB_E_CONSTRAINT, false}, {51, GB_E_UNAVAILABLE, true},
		{52, GB_E_UNAVAILABLE, true}, {53, GB_E_CONSTRAINT, false},
		{68, GB_E_EXISTS, false},     {80, GB_E_UNAVAILABLE, true},
		{50, GB_E_ACCESS, false},
	};

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rows); i++) {
		struct fake *fake;
		struct talk *talk;

		code_to_give = rows[i].code;
		talk = fake_open(give_a_code, &fake);
		assert_int_equal(talk_modify(talk, GROUP, "info", "x"), rows[i].rc);
		assert_true(talk->outcome_known);
		assert_int_equal(talk->is_transient, rows[i].is_transient);
		assert_true(gb_directory_is_connected(talk->directory));
		talloc_free(talk);
	}
}

static void without_a_global_catalog_the_forest_is_not_searched(void **state)
{
	struct fake *fake;
	struct talk *talk = fake_open(NULL, &fake);

	(void)state;
	assert_int_equal(talk_find_anchor(talk, "Group_x", GB_REACH_FOREST), GB_E_UNAVAILABLE);
	assert_string_equal(talk->err.id, "directory-no-global-catalog");
	talloc_free(talk);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(referrals_are_told_and_never_followed),
		cmocka_unit_test(a_lost_answer_leaves_the_outcome_unknown),
		cmocka_unit_test(every_request_ends_once_when_the_connection_is_lost),
		cmocka_unit_test(a_late_answer_is_given_up_and_the_connection_goes_on),
		cmocka_unit_test(a_notice_of_disconnection_is_told),
		cmocka_unit_test(nonsense_ends_in_an_error_not_in_a_hang),
		cmocka_unit_test(a_server_that_reads_slowly_blocks_nobody),
		cmocka_unit_test(a_server_that_stops_reading_costs_one_timeout),
		cmocka_unit_test(a_request_above_the_servers_limit_is_not_sent),
		cmocka_unit_test(a_request_that_ended_meets_no_deadline),
		cmocka_unit_test(a_callback_may_begin_the_next_request),
		cmocka_unit_test(a_callback_may_begin_the_next_request_after_the_loss),
		cmocka_unit_test(closing_drops_what_is_under_way_without_a_word),
		cmocka_unit_test(results_of_writes_keep_their_class),
		cmocka_unit_test(without_a_global_catalog_the_forest_is_not_searched),
	};

	gb_process_harden();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
