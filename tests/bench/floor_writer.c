/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The floor of a benchmark: replays LDAP writes from an LDIF of changes, and does nothing else.
 *
 * usage: floor_writer URI BIND-DN PASSWORD-FILE WINDOW LDIF
 *
 * The LDIF is what slapd's auditlog overlay wrote while the engine worked. Up to WINDOW operations
 * are under way at a time, in the order of the file, but never two on the same entry. It is read
 * whole before the clock starts. Prints one line of JSON: operations, values, seconds.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <lber.h>
#include <ldap.h>
/* Needs the three above. */
#include <ldif.h>

/** Most operations under way. */
#define WINDOW_MAX 64

/** One write. */
struct change {
	ber_tag_t op;     /* LDAP_REQ_ADD and so on */
	char *dn;         /* the entry */
	LDAPMod **mods;   /* of an add or a modify */
	size_t mod_count; /* used mods */
	size_t values;    /* values in them */
	char *new_rdn;    /* of a rename */
	char *new_parent; /* of a rename, or NULL */
	bool delete_old;  /* of a rename */
};

/** All of them. */
struct changes {
	struct change *items;
	size_t count;
};

/** What is under way: message ids and the changes they are about. */
struct window {
	LDAP *ld;
	const struct change *changes[WINDOW_MAX];
	int ids[WINDOW_MAX];
	size_t size;
	size_t used;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "floor_writer: %s: %s\n", what, why);
	exit(1);
}

static void *grow(void *array, size_t count, size_t size)
{
	void *bigger = array;

	/* Sizes are powers of two. */
	if ((count & (count - 1)) == 0) {
		bigger = realloc(array, (count ? 2 * count : 1) * size);
	}
	if (!bigger) {
		die("memory", strerror(ENOMEM));
	}
	return bigger;
}

/* ---- reading ---- */

/* What slapd sets itself it does not take from a client. */
static bool is_operational(const char *name)
{
	static const char *const names[] = {
		"entryCSN",      "entryUUID",       "structuralObjectClass", "creatorsName",
		"modifiersName", "createTimestamp", "modifyTimestamp"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static LDAPMod *add_mod(struct change *change, int op, const char *name)
{
	LDAPMod *mod = calloc(1, sizeof(*mod));

	if (!mod) {
		die("memory", strerror(ENOMEM));
	}
	mod->mod_op = op | LDAP_MOD_BVALUES;
	mod->mod_type = strdup(name);
	change->mods = grow(change->mods, change->mod_count, sizeof(LDAPMod *));
	change->mods[change->mod_count++] = mod;
	return mod;
}

static void add_value(struct change *change, LDAPMod *mod, struct berval *value, size_t already)
{
	mod->mod_bvalues = grow(mod->mod_bvalues, already, sizeof(struct berval *));
	mod->mod_bvalues[already] = ber_bvdup(value);
	change->values++;
}

/* Arrays end with NULL; done once a record is complete. */
static void end_values(LDAPMod *mod, size_t count)
{
	if (mod && count) {
		mod->mod_bvalues = grow(mod->mod_bvalues, count, sizeof(struct berval *));
		mod->mod_bvalues[count] = NULL;
	}
}

static void end_mods(struct change *change)
{
	change->mods = grow(change->mods, change->mod_count, sizeof(LDAPMod *));
	change->mods[change->mod_count] = NULL;
}

/** A record being read. */
struct reading {
	struct change change;
	LDAPMod *mod;    /* that values go to, or NULL */
	size_t count;    /* values of mod */
	bool is_between; /* of a modify: the next line names an attribute */
};

static void end_mod(struct reading *reading)
{
	end_values(reading->mod, reading->count);
	reading->mod = NULL;
	reading->count = 0;
}

static void read_operation(struct reading *reading, const char *value)
{
	static const struct {
		const char *name;
		ber_tag_t op;
	} operations[] = {{"add", LDAP_REQ_ADD},
			  {"modify", LDAP_REQ_MODIFY},
			  {"delete", LDAP_REQ_DELETE},
			  {"modrdn", LDAP_REQ_MODRDN}};

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (strcasecmp(operations[i].name, value) == 0) {
			reading->change.op = operations[i].op;
		}
	}
	reading->is_between = reading->change.op == LDAP_REQ_MODIFY;
}

static void read_rename(struct change *change, const char *name, const char *value)
{
	if (strcasecmp(name, "newrdn") == 0) {
		change->new_rdn = strdup(value);
	} else if (strcasecmp(name, "newsuperior") == 0) {
		change->new_parent = strdup(value);
	} else if (strcasecmp(name, "deleteoldrdn") == 0) {
		change->delete_old = value[0] == '1';
	}
}

static void read_add(struct reading *reading, const char *name, struct berval *value)
{
	if (is_operational(name)) {
		return;
	}
	if (!reading->mod || strcasecmp(reading->mod->mod_type, name) != 0) {
		end_mod(reading);
		reading->mod = add_mod(&reading->change, LDAP_MOD_ADD, name);
	}
	add_value(&reading->change, reading->mod, value, reading->count++);
}

static void read_modify(struct reading *reading, const char *name, struct berval *value)
{
	if (reading->is_between) {
		int op = strcasecmp(name, "add") == 0      ? LDAP_MOD_ADD
			 : strcasecmp(name, "delete") == 0 ? LDAP_MOD_DELETE
							   : LDAP_MOD_REPLACE;

		reading->is_between = false;
		end_mod(reading);
		if (!is_operational(value->bv_val)) {
			reading->mod = add_mod(&reading->change, op, value->bv_val);
		}
	} else if (reading->mod) {
		add_value(&reading->change, reading->mod, value, reading->count++);
	}
}

static void read_line(struct reading *reading, const char *name, struct berval *value)
{
	if (strcasecmp(name, "dn") == 0 && !reading->change.dn) {
		reading->change.dn = strdup(value->bv_val);
	} else if (strcasecmp(name, "changetype") == 0) {
		read_operation(reading, value->bv_val);
	} else if (reading->change.op == LDAP_REQ_ADD) {
		read_add(reading, name, value);
	} else if (reading->change.op == LDAP_REQ_MODIFY) {
		read_modify(reading, name, value);
	} else {
		read_rename(&reading->change, name, value->bv_val);
	}
}

static void read_record(struct changes *changes, char *text)
{
	struct reading reading = {0};
	char *line = NULL;

	while ((line = ldif_getline(&text)) != NULL && *line) {
		struct berval type;
		struct berval value;
		int must_free = 0;

		if (line[0] == '-') {
			reading.is_between = true;
		} else if (line[0] != '#' &&
			   ldif_parse_line2(line, &type, &value, &must_free) == 0) {
			read_line(&reading, type.bv_val, &value);
			if (must_free) {
				ber_memfree(value.bv_val);
			}
		}
	}
	if (reading.change.dn && reading.change.op) {
		end_mod(&reading);
		end_mods(&reading.change);
		changes->items = grow(changes->items, changes->count, sizeof(struct change));
		changes->items[changes->count++] = reading.change;
	}
}

static void read_changes(const char *path, struct changes *changes)
{
	LDIFFP *file = ldif_open(path, "r");
	unsigned long line = 0;
	char *text = NULL;
	int size = 0;

	if (!file) {
		die(path, strerror(errno));
	}
	while (ldif_read_record(file, &line, &text, &size) > 0) {
		read_record(changes, text);
	}
	ber_memfree(text);
	ldif_close(file);
}

/* ---- writing ---- */

static void check(int code, const char *what)
{
	if (code != LDAP_SUCCESS) {
		die(what, ldap_err2string(code));
	}
}

/* Take one answer out of the window. */
static void finish_one(struct window *window)
{
	LDAPMessage *message = NULL;
	size_t at = 0;
	int code = 0;

	if (ldap_result(window->ld, LDAP_RES_ANY, LDAP_MSG_ONE, NULL, &message) <= 0) {
		die("waiting for an answer", "the connection is gone");
	}
	while (at < window->used && window->ids[at] != ldap_msgid(message)) {
		at++;
	}
	check(ldap_parse_result(window->ld, message, &code, NULL, NULL, NULL, NULL, 1),
	      "an answer");
	if (at == window->used) {
		die("an answer", "it belongs to no request");
	}
	check(code, window->changes[at]->dn);
	window->used--;
	window->ids[at] = window->ids[window->used];
	window->changes[at] = window->changes[window->used];
}

static bool is_under_way(const struct window *window, const char *dn)
{
	for (size_t i = 0; i < window->used; i++) {
		if (strcmp(window->changes[i]->dn, dn) == 0) {
			return true;
		}
	}
	return false;
}

static int send_one(LDAP *ld, const struct change *change, int *ret_id)
{
	switch (change->op) {
	case LDAP_REQ_ADD:
		return ldap_add_ext(ld, change->dn, change->mods, NULL, NULL, ret_id);
	case LDAP_REQ_MODIFY:
		return ldap_modify_ext(ld, change->dn, change->mods, NULL, NULL, ret_id);
	case LDAP_REQ_DELETE:
		return ldap_delete_ext(ld, change->dn, NULL, NULL, ret_id);
	default:
		return ldap_rename(ld, change->dn, change->new_rdn, change->new_parent,
				   change->delete_old, NULL, NULL, ret_id);
	}
}

static void replay(struct window *window, const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];

		while (window->used == window->size || is_under_way(window, change->dn)) {
			finish_one(window);
		}
		check(send_one(window->ld, change, &window->ids[window->used]), change->dn);
		window->changes[window->used++] = change;
	}
	while (window->used) {
		finish_one(window);
	}
}

static LDAP *sign_in(const char *uri, const char *dn, const char *password_file)
{
	FILE *file = fopen(password_file, "r");
	char password[256] = {0};
	struct berval credential = {0, password};
	int version = LDAP_VERSION3;
	LDAP *ld = NULL;

	if (!file || !fgets(password, sizeof(password), file)) {
		die(password_file, "it cannot be read");
	}
	fclose(file);
	credential.bv_len = strcspn(password, "\n");
	check(ldap_initialize(&ld, uri), uri);
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	check(ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &credential, NULL, NULL, NULL), "bind");
	return ld;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct changes changes = {0};
	struct window window = {0};
	size_t values = 0;
	double begin = 0;

	if (argc != 6) {
		die("usage", "floor_writer URI BIND-DN PASSWORD-FILE WINDOW LDIF");
	}
	window.size = strtoul(argv[4], NULL, 10);
	if (window.size < 1 || window.size > WINDOW_MAX) {
		die("WINDOW", "it must be from 1 to 64");
	}
	read_changes(argv[5], &changes);
	for (size_t i = 0; i < changes.count; i++) {
		values += changes.items[i].values;
	}
	window.ld = sign_in(argv[1], argv[2], argv[3]);
	begin = now_s();
	replay(&window, &changes);
	printf("{\"window\": %zu, \"operations\": %zu, \"values\": %zu, \"seconds\": %.3f}\n",
	       window.size, changes.count, values, now_s() - begin);
	ldap_unbind_ext_s(window.ld, NULL, NULL);
	return 0;
}
