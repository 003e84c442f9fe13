/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tenant whose every answer a test chooses, and a client of it: the server of lab.h with a token
 * endpoint in front. What the client reports is written down as one text, so that a test can
 * compare it as a whole.
 */
#ifndef GB_TESTS_CLOUD_TENANT_H
#define GB_TESTS_CLOUD_TENANT_H

#include "engine/cloud/cloud.h"
#include "tests/unit/cloud/lab.h"

#define TENANT_NAME   "contoso.test"
#define TENANT_CLIENT "11111111-2222-3333-4444-555555555555"
/** Id of object N (two hex digits as text), e.g. TENANT_ID("01"). */
#define TENANT_ID(n) "00000000-0000-4000-8000-0000000000" n
/** The beginning of object N as a person who is a member; more properties and "}" follow. */
#define TENANT_USER(n) "{\"@odata.type\":\"#microsoft.graph.user\",\"id\":\"" TENANT_ID(n) "\""

/** A tenant and a client of it. */
struct tenant {
	struct lab *lab;
	struct gb_cloud *cloud;
	struct server *trap; /**< a second server, which nobody should talk to */
	server_fn graph;     /**< answers everything but token requests; user is the tenant */
	server_fn authority; /**< answers token requests; NULL: "token-1", "token-2" … */
	unsigned token_requests;
	unsigned graph_requests;
	int expires_in; /**< of the tokens */
	unsigned step;  /**< for the test's own use */
	/* What the client reported. */
	char log[65536];
	bool is_done;
	unsigned done_calls;
	enum gb_rc rc;
	struct gb_err err;
	char link[512];       /**< deltaLink */
	unsigned groups_left; /**< for tenant_read_members() */
	unsigned groups_more; /**< … that are named only when another one has ended */
	unsigned next_group;
	const char *known;    /**< who is known by id, as "a1 a2"; NULL: nobody asks */
	enum gb_rc stop_with; /**< what on_member, on_group and so on answer; GB_OK: go on */
};

/** A tenant below NULL; changes to its options go into @change, which may be NULL. */
struct tenant *tenant_new(struct lab_pki *pki, server_fn graph,
			  void (*change)(struct gb_cloud_options *options));

/** Append to tenant->log. */
void tenant_note(struct tenant *tenant, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Read, and wait for the end. */
void tenant_list_groups(struct tenant *tenant);
void tenant_list_people(struct tenant *tenant);
void tenant_organization(struct tenant *tenant);
void tenant_read_members(struct tenant *tenant, unsigned groups);
void tenant_groups_delta(struct tenant *tenant, enum gb_cloud_delta_start start, const char *link);
void tenant_people_delta(struct tenant *tenant, enum gb_cloud_delta_start start, const char *link);

/** Start without waiting. */
void tenant_start_list_groups(struct tenant *tenant);

/** printf a reply and set its status. */
void tenant_reply(struct server_reply *reply, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** True if a request is for the second page of a list. */
bool tenant_is_page_two(const struct server_request *request);

#endif
