/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/srv: answers of DNS, good and malformed. */
#include "config.h"

#include "engine/directory/srv.h"
#include "tests/unit/unit.h"

/* An answer under construction (RFC 1035 section 4). */
struct answer {
	unsigned char bytes[2048];
	size_t length;
};

static void put16(struct answer *answer, unsigned value)
{
	answer->bytes[answer->length++] = (unsigned char)(value >> 8);
	answer->bytes[answer->length++] = (unsigned char)(value & 0xff);
}

static void put_name(struct answer *answer, const char *name)
{
	while (*name) {
		size_t label = strcspn(name, ".");

		answer->bytes[answer->length++] = (unsigned char)label;
		memcpy(answer->bytes + answer->length, name, label);
		answer->length += label;
		name += label;
		name += *name == '.';
	}
	answer->bytes[answer->length++] = 0;
}

static void put_header(struct answer *answer, unsigned records)
{
	*answer = (struct answer){.length = 0};
	put16(answer, 1);
	put16(answer, 0x8180);
	put16(answer, 0);
	put16(answer, records);
	put16(answer, 0);
	put16(answer, 0);
}

static void put_srv(struct answer *answer, unsigned priority, unsigned weight, const char *host)
{
	size_t length_at;

	put_name(answer, "_ldap._tcp.x");
	put16(answer, 33);
	put16(answer, 1);
	put16(answer, 0);
	put16(answer, 600);
	length_at = answer->length;
	put16(answer, 0);
	put16(answer, priority);
	put16(answer, weight);
	put16(answer, 389);
	put_name(answer, host);
	answer->bytes[length_at] = (unsigned char)((answer->length - length_at - 2) >> 8);
	answer->bytes[length_at + 1] = (unsigned char)((answer->length - length_at - 2) & 0xff);
}

static void records_come_by_priority_then_weight(void **state)
{
	struct answer answer;
	struct gb_srv *srv;
	struct gb_err err;

	(void)state;
	put_header(&answer, 3);
	put_srv(&answer, 10, 0, "far.example.com");
	put_srv(&answer, 0, 10, "light.example.com");
	put_srv(&answer, 0, 90, "heavy.example.com");
	assert_int_equal(gb_srv_parse(NULL, answer.bytes, answer.length, &srv, &err), GB_OK);
	assert_int_equal(srv->count, 3);
	assert_string_equal(srv->records[0].host, "heavy.example.com");
	assert_string_equal(srv->records[1].host, "light.example.com");
	assert_string_equal(srv->records[2].host, "far.example.com");
	assert_int_equal(srv->records[0].port, 389);
	talloc_free(srv);
}

static void a_service_that_does_not_exist_is_none(void **state)
{
	struct answer answer;
	struct gb_srv *srv;
	struct gb_err err;

	(void)state;
	put_header(&answer, 1);
	put_srv(&answer, 0, 0, "");
	assert_int_equal(gb_srv_parse(NULL, answer.bytes, answer.length, &srv, &err),
			 GB_E_NOT_FOUND);
	assert_string_equal(err.id, "srv-none");
}

static void a_host_that_is_no_name_is_left_out(void **state)
{
	struct answer answer;
	struct gb_srv *srv;
	struct gb_err err;

	(void)state;
	put_header(&answer, 2);
	put_srv(&answer, 0, 0, "dc1/evil?x");
	put_srv(&answer, 0, 0, "dc2.example.com");
	assert_int_equal(gb_srv_parse(NULL, answer.bytes, answer.length, &srv, &err), GB_OK);
	assert_int_equal(srv->count, 1);
	assert_string_equal(srv->records[0].host, "dc2.example.com");
	talloc_free(srv);
}

/* Whatever is cut or changed: an answer or an error, and nothing is read beyond the end. */
static void damaged_answers_do_no_harm(void **state)
{
	struct unit_chance chance = {20261127};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct answer answer;
		struct gb_srv *srv = NULL;
		struct gb_err err;
		unsigned char *exact;
		size_t length;

		put_header(&answer, 2);
		put_srv(&answer, 0, 1, "dc1.example.com");
		put_srv(&answer, 1, 2, "dc2.example.com");
		length = unit_below(&chance, answer.length + 1);
		answer.bytes[unit_below(&chance, answer.length)] =
			(unsigned char)unit_next(&chance);
		exact = gb_new_array(NULL, unsigned char, length);
		memcpy(exact, answer.bytes, length);
		if (gb_srv_parse(NULL, exact, length, &srv, &err) == GB_OK) {
			assert_in_range(srv->count, 1, 2);
			talloc_free(srv);
		}
		talloc_free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_by_priority_then_weight),
		cmocka_unit_test(a_service_that_does_not_exist_is_none),
		cmocka_unit_test(a_host_that_is_no_name_is_left_out),
		cmocka_unit_test(damaged_answers_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
