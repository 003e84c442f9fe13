/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bench. */
#include "config.h"

#include "tests/unit/cloud/lab.h"

#include <sys/time.h>

#include "tests/unit/unit.h"

#define DAY (24L * 3600)

static struct certificate server_certificate(struct lab_pki *pki, const struct certificate *signer,
					     const char *alternatives, long from_s, long until_s)
{
	struct certificate_order order = {.name = "test server",
					  .alternatives = alternatives,
					  .signer = signer,
					  .from_s = from_s,
					  .until_s = until_s};

	return certificate_make(pki, &order);
}

struct lab_pki *shared_pki;

int lab_set_up(void **state)
{
	struct lab_pki *pki = gb_new(NULL, struct lab_pki);
	struct certificate_order order = {.name = "test authority", .from_s = -DAY, .until_s = DAY};

	pki->ca = certificate_make(pki, &order);
	order.name = "foreign authority";
	pki->foreign_ca = certificate_make(pki, &order);
	pki->good = server_certificate(pki, &pki->ca, "DNS:localhost", -DAY, DAY);
	pki->wrong_host = server_certificate(pki, &pki->ca, "DNS:other.example", -DAY, DAY);
	pki->expired = server_certificate(pki, &pki->ca, "DNS:localhost", -2 * DAY, -DAY);
	pki->future = server_certificate(pki, &pki->ca, "DNS:localhost", DAY, 2 * DAY);
	pki->foreign = server_certificate(pki, &pki->foreign_ca, "DNS:localhost", -DAY, DAY);
	order.name = "application";
	order.alternatives = "DNS:app";
	order.rsa_bits = 2048;
	pki->app = certificate_make(pki, &order);
	pki->folder = unit_folder(pki);
	pki->ca_file = gb_printf(pki, "%s/ca.pem", pki->folder);
	unit_write(pki->ca_file, pki->ca.pem, strlen(pki->ca.pem), 0600);
	(void)state;
	shared_pki = pki;
	return 0;
}

int lab_tear_down(void **state)
{
	(void)state;
	return talloc_free(shared_pki);
}

struct lab *lab_new(const void *ctx, struct lab_pki *pki, server_fn fn, void *user)
{
	struct lab *lab = gb_new(ctx, struct lab);

	lab->pki = pki;
	lab->ev = gb_mem_check(tevent_context_init(lab));
	lab->server = server_start(lab, &pki->good, NULL, fn, user);
	lab->url = gb_printf(lab, "https://localhost:%u", server_port(lab->server));
	return lab;
}

static void on_time(struct tevent_context *ev, struct tevent_timer *timer, struct timeval now,
		    void *user)
{
	(void)ev;
	(void)timer;
	(void)now;
	*(bool *)user = true;
}

static void run_until(struct lab *lab, const bool *done, bool *is_late, unsigned ms)
{
	struct tevent_timer *timer = tevent_add_timer(
		lab->ev, lab, tevent_timeval_current_ofs(ms / 1000, ms % 1000 * 1000), on_time,
		is_late);

	while (!*done && !*is_late) {
		assert_int_equal(tevent_loop_once(lab->ev), 0);
	}
	if (!*is_late) {
		talloc_free(timer);
	}
}

void lab_wait(struct lab *lab, const bool *done)
{
	bool is_late = false;

	run_until(lab, done, &is_late, 20000);
	assert_true(*done);
}

void lab_run(struct lab *lab, unsigned ms)
{
	bool is_late = false;

	run_until(lab, &is_late, &is_late, ms);
}

void lab_on_answer(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
		   const struct gb_err *err)
{
	struct lab_result *result = user;

	result->is_done = true;
	result->calls++;
	result->rc = rc;
	if (rc != GB_OK) {
		assert_null(answer);
		result->err = *err;
		return;
	}
	assert_null(err);
	result->status = answer->status;
	result->body_length = answer->body_length;
	snprintf(result->body, sizeof(result->body), "%s", answer->body);
	if (answer->retry_after != NULL) {
		snprintf(result->retry_after, sizeof(result->retry_after), "%s",
			 answer->retry_after);
	}
}
