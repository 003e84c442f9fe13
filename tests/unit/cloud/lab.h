/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bench of the tests that talk: an event loop, an authority that the client trusts, a server.
 */
#ifndef GB_TESTS_CLOUD_LAB_H
#define GB_TESTS_CLOUD_LAB_H

#include <tevent.h>

#include "engine/base/err.h"
#include "engine/cloud/http.h"
#include "tests/unit/cloud/certificates.h"
#include "tests/unit/cloud/server.h"

/** Certificates; made once a program, since keys take time. */
struct lab_pki {
	char *folder;
	char *ca_file; /**< holds the trusted authority */
	struct certificate ca;
	struct certificate foreign_ca;
	struct certificate good;       /**< for localhost, of ca */
	struct certificate wrong_host; /**< for another name, of ca */
	struct certificate expired;    /**< of ca */
	struct certificate future;     /**< of ca, not valid yet */
	struct certificate foreign;    /**< for localhost, of foreign_ca */
	struct certificate app;        /**< RSA, an application's credential */
};

/** Those of this program, between lab_set_up() and lab_tear_down(). */
extern struct lab_pki *shared_pki;

/** Make all certificates, as a group of tests begins; cmocka's set-up. */
int lab_set_up(void **state);

/** Free them, as it ends. */
int lab_tear_down(void **state);

/** The bench of one test. */
struct lab {
	struct tevent_context *ev;
	struct lab_pki *pki;
	struct server *server; /**< good certificate, localhost */
	char *url;             /**< "https://localhost:PORT" */
};

/** A bench below @ctx whose server answers with @fn. */
struct lab *lab_new(const void *ctx, struct lab_pki *pki, server_fn fn, void *user);

/** Run the loop until *done; fails the test after 20 seconds. */
void lab_wait(struct lab *lab, const bool *done);

/** Run the loop for @ms. */
void lab_run(struct lab *lab, unsigned ms);

/** What became of one request. */
struct lab_result {
	bool is_done;
	unsigned calls; /**< of the callback */
	enum gb_rc rc;
	struct gb_err err;
	int status;
	char body[4096]; /**< beginning of the body */
	size_t body_length;
	char retry_after[64];
};

/** A gb_http_done_fn; user is a struct lab_result. */
void lab_on_answer(void *user, enum gb_rc rc, const struct gb_http_answer *answer,
		   const struct gb_err *err);

#endif
