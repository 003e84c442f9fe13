/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handle: opening, reopening, failing over, and what it knows about its server. */
#include "config.h"

#include "engine/directory/directory.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/connection.h"
#include "engine/directory/dn.h"
#include "engine/directory/handle.h"

static int connect_timeout_ms(const struct gb_directory *directory)
{
	return directory->options.connect_timeout_ms ? directory->options.connect_timeout_ms
						     : GB_DIRECTORY_CONNECT_TIMEOUT_MS;
}

int gb_directory_write_timeout_ms(const struct gb_directory *directory)
{
	return directory->options.operation_timeout_ms ? directory->options.operation_timeout_ms
						       : GB_DIRECTORY_OPERATION_TIMEOUT_MS;
}

int gb_directory_read_timeout_ms(const struct gb_directory *directory)
{
	/* An administrator (or a test) who asks for less gets less. */
	return directory->options.operation_timeout_ms ? directory->options.operation_timeout_ms
						       : GB_SEARCH_MIN_TIMEOUT_MS;
}

static const char *const *copy_list(const void *ctx, const char *const *list)
{
	size_t count = 0;
	const char **copy;

	while (list && list[count]) {
		count++;
	}
	copy = gb_new_array(ctx, const char *, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = gb_strdup(copy, list[i]);
	}
	return copy;
}

static void copy_options(struct gb_directory *directory, const struct gb_directory_options *options)
{
	struct gb_directory_options *copy = &directory->options;

	*copy = *options;
	copy->servers = NULL; /* directory->servers has them */
	copy->last_server = NULL;
	copy->account = gb_strdup(directory, options->account);
	copy->keytab_file = gb_strdup(directory, options->keytab_file);
	copy->ca_file = gb_strdup(directory, options->ca_file);
	copy->group_attributes = copy_list(directory, options->group_attributes);
	copy->container = NULL; /* container_key has it */
	if (copy->page_size == 0) {
		copy->page_size = GB_DIRECTORY_PAGE_SIZE;
	}
}

static enum gb_rc parse_servers(struct gb_directory *directory,
				const struct gb_directory_options *options, struct gb_err *err)
{
	uint16_t port = gb_server_default_port(options->transport);

	for (size_t i = 0; i < options->server_count; i++) {
		enum gb_rc rc = gb_server_parse(directory, options->servers[i], port,
						&directory->servers[i], err);

		if (rc != GB_OK) {
			return rc;
		}
		if (options->last_server &&
		    strcmp(options->servers[i], options->last_server) == 0) {
			directory->current = i;
		}
	}
	directory->server_count = options->server_count;
	return GB_OK;
}

static enum gb_rc connect_to(struct gb_directory *directory, struct gb_server *server,
			     struct gb_connection **ret_connection, struct gb_err *err)
{
	enum gb_rc rc = gb_connection_open(directory, &directory->options, server,
					   directory->kerberos, ret_connection, NULL, err);

	if (rc == GB_OK) {
		directory->stats.connects++;
	}
	return rc;
}

static struct gb_operation_table *new_table(struct gb_directory *directory,
					    struct gb_connection *connection)
{
	return gb_operation_table_new(directory, directory->ev, connection, &directory->stats);
}

static void retire(struct gb_operation_table **table)
{
	if (*table) {
		gb_operation_table_retire(*table);
		*table = NULL;
	}
}

/* The second connection must end at the same domain controller as the first one. */
static enum gb_rc check_same_server(struct gb_directory *directory,
				    const struct gb_connection *connection,
				    const struct gb_rootdse *rootdse, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	const char *identity = NULL;
	enum gb_rc rc = gb_rootdse_read_identity(tmp, gb_connection_ldap(connection),
						 connect_timeout_ms(directory), &identity, err);
	bool is_same =
		rc == GB_OK &&
		(identity == rootdse->identity ||
		 (identity && rootdse->identity && strcmp(identity, rootdse->identity) == 0));

	talloc_free(tmp);
	if (rc != GB_OK || is_same) {
		return rc;
	}
	gb_err_set(err, GB_E_UNAVAILABLE, "directory-two-servers",
		   _("Two connections to one server name ended at two domain controllers."));
	gb_err_undone(err, _("Nothing was read and nothing was written."));
	return gb_err_remedy(err, _("Name single domain controllers in \"servers\"."));
}

/* What comes after the first connection: the facts, and the second connection. */
static enum gb_rc complete(struct gb_directory *directory, struct gb_server *server,
			   const struct gb_connection *reader, struct gb_rootdse *rootdse,
			   struct gb_connection **ret_writer, struct gb_err *err)
{
	struct gb_connection *writer = NULL;
	enum gb_rc rc = gb_rootdse_read(rootdse, gb_connection_ldap(reader),
					connect_timeout_ms(directory), rootdse, err);

	if (rc != GB_OK) {
		return gb_err_prefix(err, "%s", server->host);
	}
	rc = connect_to(directory, server, &writer, err);
	if (rc != GB_OK) {
		return rc;
	}
	rc = check_same_server(directory, writer, rootdse, err);
	if (rc != GB_OK) {
		talloc_free(writer);
		return gb_err_prefix(err, "%s", server->host);
	}
	*ret_writer = writer;
	return GB_OK;
}

/* Both connections to one server. What was there before is retired only when the new is good. */
static enum gb_rc open_server(struct gb_directory *directory, size_t index, struct gb_err *err)
{
	struct gb_server *server = &directory->servers[index];
	struct gb_rootdse *rootdse = gb_new(directory, struct gb_rootdse);
	struct gb_connection *reader = NULL;
	struct gb_connection *writer = NULL;
	enum gb_rc rc = connect_to(directory, server, &reader, err);

	if (rc == GB_OK) {
		rc = complete(directory, server, reader, rootdse, &writer, err);
	}
	if (rc != GB_OK) {
		talloc_free(reader);
		talloc_free(rootdse);
		return rc;
	}
	retire(&directory->reader);
	retire(&directory->writer);
	retire(&directory->catalog);
	TALLOC_FREE(directory->rootdse);
	directory->rootdse = rootdse;
	rootdse->facts.server = server->name;
	directory->dialect = gb_dialect_of(rootdse->facts.dialect);
	directory->reader = new_table(directory, reader);
	directory->writer = new_table(directory, writer);
	directory->current = index;
	directory->generation++;
	return GB_OK;
}

/*
 * A server that is down or not trustworthy is passed over; anything that would be the same
 * everywhere, above all a refused credential, ends the search, because more tries would lock the
 * account.
 */
static bool may_pass_over(enum gb_rc rc)
{
	return rc == GB_E_UNAVAILABLE || rc == GB_E_PROTOCOL;
}

static enum gb_rc open_any(struct gb_directory *directory, struct gb_err *err)
{
	size_t first = directory->current;
	struct gb_err first_err = {0};
	enum gb_rc rc = GB_OK;

	for (size_t i = 0; i < directory->server_count; i++) {
		size_t index = (first + i) % directory->server_count;
		struct gb_err server_err = {0};

		rc = open_server(directory, index, &server_err);
		if (rc == GB_OK) {
			return GB_OK;
		}
		if (i == 0) {
			first_err = server_err;
		}
		directory->passed_over = server_err;
		directory->has_passed_over = true;
		if (!may_pass_over(rc)) {
			first_err = server_err;
			break;
		}
	}
	if (err) {
		*err = first_err;
	}
	return first_err.rc;
}

static enum gb_rc open_directory(struct gb_directory *directory,
				 const struct gb_directory_options *options, struct gb_err *err)
{
	enum gb_rc rc = gb_connection_check_options(options, err);

	if (rc != GB_OK) {
		return rc;
	}
	copy_options(directory, options);
	rc = parse_servers(directory, options, err);
	if (rc == GB_OK && options->container) {
		rc = gb_directory_set_container(directory, options->container, err);
	}
	if (rc == GB_OK && options->bind == GB_BIND_GSSAPI) {
		rc = gb_kerberos_open(directory, options->keytab_file, options->account,
				      &directory->kerberos, err);
	}
	return rc == GB_OK ? open_any(directory, err) : rc;
}

enum gb_rc gb_directory_open(const void *ctx, struct tevent_context *ev,
			     const struct gb_directory_options *options,
			     struct gb_directory **ret_directory, struct gb_err *err)
{
	struct gb_directory *directory = gb_new(ctx, struct gb_directory);
	enum gb_rc rc;

	directory->ev = ev;
	rc = open_directory(directory, options, err);
	if (rc != GB_OK) {
		talloc_free(directory);
		return rc;
	}
	*ret_directory = directory;
	return GB_OK;
}

bool gb_directory_is_connected(const struct gb_directory *directory)
{
	return !gb_operation_table_is_lost(directory->reader) &&
	       !gb_operation_table_is_lost(directory->writer);
}

enum gb_rc gb_directory_reconnect(struct gb_directory *directory, struct gb_err *err)
{
	if (gb_directory_is_connected(directory)) {
		return GB_OK;
	}
	directory->has_passed_over = false;
	return open_any(directory, err);
}

const struct gb_err *gb_directory_passed_over(const struct gb_directory *directory)
{
	return directory->has_passed_over ? &directory->passed_over : NULL;
}

unsigned gb_directory_generation(const struct gb_directory *directory)
{
	return directory->generation;
}

const struct gb_directory_facts *gb_directory_facts(const struct gb_directory *directory)
{
	return &directory->rootdse->facts;
}

const struct gb_directory_stats *gb_directory_stats(const struct gb_directory *directory)
{
	return &directory->stats;
}

const char *gb_directory_cursor(const struct gb_directory *directory)
{
	return directory->cursor;
}

static size_t pending_of(const struct gb_operation_table *table)
{
	return table ? gb_operation_table_pending(table) : 0;
}

size_t gb_directory_pending(const struct gb_directory *directory)
{
	return pending_of(directory->reader) + pending_of(directory->writer) +
	       pending_of(directory->catalog);
}

void gb_directory_cancel(struct gb_directory *directory)
{
	gb_operation_table_cancel(directory->reader);
	gb_operation_table_cancel(directory->writer);
	if (directory->catalog) {
		gb_operation_table_cancel(directory->catalog);
	}
}

enum gb_rc gb_directory_set_container(struct gb_directory *directory, const char *dn,
				      struct gb_err *err)
{
	char *key = gb_dn_key(directory, dn);
	char *shown;

	if (key) {
		talloc_free(directory->container_key);
		directory->container_key = key;
		return GB_OK;
	}
	shown = gb_text_display(NULL, dn);
	gb_err_set(err, GB_E_CONFIG, "directory-bad-container",
		   _("The container \"%s\" is not a distinguished name."), shown);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was read and nothing was written."));
	return gb_err_remedy(err,
			     _("Write it like \"OU=Cloud Groups,DC=corp,DC=example,DC=com\"."));
}

void gb_directory_add_former(struct gb_directory *directory, const char *dn)
{
	char *key = gb_dn_key(directory, dn);

	if (key && directory->former_count < GB_DIRECTORY_MAX_FORMER) {
		directory->former_keys[directory->former_count++] = key;
	}
}

/* The global catalog of the server in use: same host, another port. */
static enum gb_rc open_catalog(struct gb_directory *directory, struct gb_err *err)
{
	struct gb_server server = directory->servers[directory->current];
	struct gb_connection *connection = NULL;
	enum gb_rc rc;

	if (!directory->rootdse->facts.is_global_catalog) {
		gb_err_set(err, GB_E_UNAVAILABLE, "directory-no-global-catalog",
			   _("The domain controller %s holds no global catalog."), server.host);
		gb_err_undone(err, _("Other domains of the forest were not searched."));
		return gb_err_remedy(err, _("Name a domain controller that is a global catalog."));
	}
	server.port = gb_server_catalog_port(directory->options.transport);
	server.address_length = 0;
	rc = connect_to(directory, &server, &connection, err);
	if (rc != GB_OK) {
		return gb_err_prefix(err, "%s", _("Global catalog"));
	}
	retire(&directory->catalog);
	directory->catalog = new_table(directory, connection);
	return GB_OK;
}

enum gb_rc gb_directory_table(struct gb_directory *directory, enum gb_directory_reach reach,
			      struct gb_operation_table **ret_table, struct gb_err *err)
{
	if (reach == GB_REACH_DOMAIN || directory->dialect->kind == GB_DIALECT_LDAP) {
		*ret_table = directory->reader;
		return GB_OK;
	}
	if (!directory->catalog || gb_operation_table_is_lost(directory->catalog)) {
		enum gb_rc rc = open_catalog(directory, err);

		if (rc != GB_OK) {
			return rc;
		}
	}
	*ret_table = directory->catalog;
	return GB_OK;
}

/* An error on its way to a callback. */
struct late {
	gb_directory_done done;
	void *user;
	struct gb_err err;
};

static void on_late(struct tevent_context *ev, struct tevent_immediate *immediate, void *user)
{
	struct late *late = user;

	(void)ev;
	(void)immediate;
	late->done(late->user, late->err.rc, &late->err);
	talloc_free(late);
}

void gb_directory_fail_later(struct gb_directory *directory, gb_directory_done done, void *user,
			     const struct gb_err *err)
{
	struct late *late = gb_new(directory, struct late);

	late->done = done;
	late->user = user;
	late->err = *err;
	tevent_schedule_immediate(gb_mem_check(tevent_create_immediate(late)), directory->ev,
				  on_late, late);
}
