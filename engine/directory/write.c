/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing: add, modify, rename, delete. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/entry.h"
#include "engine/directory/error.h"
#include "engine/directory/handle.h"
#include "engine/directory/permissions.h"

/* LDAP_SERVER_PERMISSIVE_MODIFY_OID, MS-ADTS 3.1.1.3.4.1.8. */
#define PERMISSIVE_MODIFY "1.2.840.113556.1.4.1413"

/* LDAP_SERVER_SD_FLAGS_OID with the value {GB_SD_DACL} in BER, MS-ADTS 3.1.1.3.4.1.11. */
#define SD_FLAGS "1.2.840.113556.1.4.801"
static char dacl_alone[] = {0x30, 0x03, 0x02, 0x01, GB_SD_DACL};
/* LDAP_SERVER_SHOW_DELETED_OID, MS-ADTS 3.1.1.3.4.1.14. */
#define SHOW_DELETED "1.2.840.113556.1.4.417"

/* AD closes the connection, without a word, on requests above 10 MB (MaxReceiveBuffer). */
#define MAX_REQUEST_BYTES (9u * 1024u * 1024u)

enum kind {
	ADD,
	MODIFY,
	RENAME,
	DELETE
};

/* One write under way. Child of the directory; freed after its `done`. */
struct write {
	struct gb_directory *directory;
	enum kind kind;
	const char *name; /* DN or <GUID=…> */
	LDAPMod **mods;   /* ADD, MODIFY: ends with NULL */
	size_t mod_count;
	size_t mod_capacity;
	size_t bytes;        /* of names and values */
	size_t member_count; /* values of member, for the counters */
	bool is_permissive;
	bool is_dacl;           /* nTSecurityDescriptor: the access list alone */
	bool is_restoring;      /* the object is a tombstone */
	bool passes_gate;       /* the gate is not asked */
	const char *new_rdn;    /* RENAME */
	const char *new_parent; /* RENAME; or NULL */
	gb_directory_write_done done;
	void *user;
};

static struct write *new_write(struct gb_directory *directory, enum kind kind,
			       gb_directory_write_done done, void *user)
{
	struct write *write = gb_new(directory, struct write);

	write->directory = directory;
	write->kind = kind;
	write->done = done;
	write->user = user;
	return write;
}

/*
 * Another modification of @attribute with room for @count values, which add_value() fills.
 * libldap's structures are not const; it only reads them.
 */
static LDAPMod *add_mod(struct write *write, int op, const char *attribute, size_t count)
{
	LDAPMod *mod = gb_new(write, LDAPMod);
	struct berval *values;

	if (write->mod_count + 1 >= write->mod_capacity) {
		write->mod_capacity = write->mod_capacity ? write->mod_capacity * 2 : 16;
		write->mods = gb_mem_check(talloc_realloc(write, write->mods, LDAPMod *,
							  (unsigned)write->mod_capacity));
	}
	write->mods[write->mod_count++] = mod;
	write->mods[write->mod_count] = NULL;
	mod->mod_op = op | LDAP_MOD_BVALUES;
	mod->mod_type = gb_strdup(mod, attribute);
	/* A replacement without values removes the attribute, whether it is there or not. */
	mod->mod_bvalues = count ? gb_new_array(mod, struct berval *, count + 1) : NULL;
	values = gb_new_array(mod, struct berval, count);
	for (size_t i = 0; i < count; i++) {
		mod->mod_bvalues[i] = &values[i];
	}
	write->bytes += strlen(attribute) + 16;
	return mod;
}

/* @bytes live below @mod. */
static void set_octets(struct write *write, LDAPMod *mod, size_t index, char *bytes, size_t length)
{
	mod->mod_bvalues[index]->bv_val = bytes;
	mod->mod_bvalues[index]->bv_len = length;
	write->bytes += length + 8;
}

static void add_octets(struct write *write, LDAPMod *mod, size_t index, const void *bytes,
		       size_t length)
{
	set_octets(write, mod, index, gb_strndup(mod, bytes, length), length);
}

static void add_value(struct write *write, LDAPMod *mod, size_t index, const char *text)
{
	add_octets(write, mod, index, text, strlen(text));
}

static bool is_empty(const struct gb_change_value *value)
{
	return !value->value || !value->value[0];
}

/* Neighbours with the same attribute are one multi-valued attribute. */
static size_t run_length(const struct gb_change_value *values, size_t count)
{
	size_t length = 1;

	while (length < count && strcasecmp(values[length].attribute, values[0].attribute) == 0) {
		length++;
	}
	return length;
}

static void add_run(struct write *write, int op, const struct gb_change_value *values, size_t count)
{
	size_t filled = 0;
	size_t used = 0;
	LDAPMod *mod;

	for (size_t i = 0; i < count; i++) {
		filled += is_empty(&values[i]) ? 0 : 1;
	}
	if (filled == 0 && op == LDAP_MOD_ADD) {
		return;
	}
	mod = add_mod(write, op, values[0].attribute, filled);
	for (size_t i = 0; i < count; i++) {
		if (!is_empty(&values[i])) {
			add_value(write, mod, used++, values[i].value);
		}
	}
}

static void add_values(struct write *write, int op, const struct gb_change_value *values,
		       size_t count)
{
	for (size_t at = 0; at < count;) {
		size_t length = run_length(values + at, count - at);

		add_run(write, op, values + at, length);
		at += length;
	}
}

static void add_members(struct write *write, int op, const struct gb_directory_reference *members,
			size_t count)
{
	const struct gb_dialect *dialect = write->directory->dialect;
	LDAPMod *mod;

	if (count == 0) {
		return;
	}
	mod = add_mod(write, op, "member", count);
	for (size_t i = 0; i < count; i++) {
		char *name = gb_dialect_object_name(mod, dialect, &members[i]);

		set_octets(write, mod, i, name, strlen(name));
	}
	write->member_count = count;
}

static int wipe_value(char *bytes)
{
	gb_secret_wipe(bytes, talloc_get_size(bytes));
	return 0;
}

/* MS-ADTS 3.1.1.3.1.5: the password between double quotes, in UTF-16 with the low byte first. */
static void add_password(struct write *write, const struct gb_secret *password)
{
	LDAPMod *mod = add_mod(write, LDAP_MOD_ADD, "unicodePwd", 1);
	struct berval *value = mod->mod_bvalues[0];
	const char *at = gb_secret_bytes(password);
	size_t room = 2 * gb_secret_length(password) + 4;
	uint32_t character;
	size_t size;

	value->bv_val = gb_new_array(mod, char, room);
	talloc_set_destructor(value->bv_val, wipe_value);
	value->bv_val[value->bv_len++] = '"';
	value->bv_val[value->bv_len++] = '\0';
	while ((size = gb_text_next(at, &character)) > 0) {
		uint32_t units[2] = {character, 0};

		if (character > 0xffff) {
			units[0] = 0xd800 + ((character - 0x10000) >> 10);
			units[1] = 0xdc00 + ((character - 0x10000) & 0x3ff);
		}
		for (size_t i = 0; i < 2 && (i == 0 || units[i]); i++) {
			value->bv_val[value->bv_len++] = (char)(units[i] & 0xff);
			value->bv_val[value->bv_len++] = (char)(units[i] >> 8);
		}
		at += size;
	}
	value->bv_val[value->bv_len++] = '"';
	value->bv_val[value->bv_len++] = '\0';
}

static void count_sent(const struct write *write)
{
	struct gb_directory_stats *stats = &write->directory->stats;

	stats->adds += write->kind == ADD;
	stats->modifies += write->kind == MODIFY;
	stats->renames += write->kind == RENAME;
	stats->deletes += write->kind == DELETE;
	stats->values += write->member_count;
}

/* AttributeSelection (RFC 4511 4.5.1.8), the value of the control. */
static bool encode_post_read(const struct write *write, BerElement *ber)
{
	const char *const *wanted =
		gb_entry_object_attributes(write, write->directory->options.group_attributes);
	bool is_good = ber_printf(ber, "{") >= 0;

	for (size_t i = 0; wanted[i] && is_good; i++) {
		is_good = ber_printf(ber, "s", wanted[i]) >= 0;
	}
	return is_good && ber_printf(ber, "}") >= 0;
}

/* What the entry is after the write, in its answer: RFC 4527 section 3.2. NULL where it cannot be had. */
static LDAPControl *post_read(const struct write *write)
{
	BerElement *ber;
	struct berval value;
	LDAPControl *control = NULL;

	if (!write->directory->rootdse->has_post_read || write->passes_gate || write->is_dacl) {
		return NULL;
	}
	ber = gb_mem_check(ber_alloc_t(LBER_USE_DER));
	if (encode_post_read(write, ber) && ber_flatten2(ber, &value, 0) == 0) {
		ldap_control_create(LDAP_CONTROL_POST_READ, 0, &value, 1, &control);
	}
	ber_free(ber, 1);
	return control;
}

static int send_modify(const struct write *write, LDAPControl *read, LDAP *ldap,
		       int *ret_message_id)
{
	char permissive_oid[] = PERMISSIVE_MODIFY;
	char flags_oid[] = SD_FLAGS;
	char deleted_oid[] = SHOW_DELETED;
	LDAPControl permissive = {.ldctl_oid = permissive_oid};
	LDAPControl flags = {.ldctl_oid = flags_oid,
			     .ldctl_value = {sizeof(dacl_alone), dacl_alone},
			     .ldctl_iscritical = 1};
	/* CN=Deleted Objects counts as deleted itself. */
	LDAPControl deleted = {.ldctl_oid = deleted_oid, .ldctl_iscritical = 1};
	LDAPControl *for_values[] = {read, NULL};
	LDAPControl *for_members[] = {&permissive, read, NULL};
	LDAPControl *for_dacl[] = {&flags, &deleted, NULL};
	LDAPControl *for_restoring[] = {&deleted, NULL};
	LDAPControl **controls = write->is_permissive  ? for_members
				 : write->is_restoring ? for_restoring
						       : for_values;

	return ldap_modify_ext(ldap, write->name, write->mods,
			       write->is_dacl ? for_dacl : controls, NULL, ret_message_id);
}

static bool is_gate_open(const struct write *write)
{
	const struct gb_directory *directory = write->directory;

	return write->passes_gate || !directory->may_write ||
	       directory->may_write(directory->may_write_user);
}

static int send_add(const struct write *write, LDAPControl *read, LDAP *ldap, int *ret_message_id)
{
	LDAPControl *controls[] = {read, NULL};

	return ldap_add_ext(ldap, write->name, write->mods, controls, NULL, ret_message_id);
}

static int send_request(const struct write *write, LDAPControl *read, LDAP *ldap,
			int *ret_message_id)
{
	int code = LDAP_PARAM_ERROR;

	switch (write->kind) {
	case ADD:
		code = send_add(write, read, ldap, ret_message_id);
		break;
	case MODIFY:
		code = send_modify(write, read, ldap, ret_message_id);
		break;
	case RENAME:
		/* AD refuses to keep the old RDN value (53). */
		code = ldap_rename(ldap, write->name, write->new_rdn, write->new_parent, 1, NULL,
				   NULL, ret_message_id);
		break;
	case DELETE:
		code = ldap_delete_ext(ldap, write->name, NULL, NULL, ret_message_id);
		break;
	}
	return code;
}

static int send_write(void *user, LDAP *ldap, int *ret_message_id)
{
	const struct write *write = user;
	LDAPControl *read;
	int code;

	if (write->bytes > MAX_REQUEST_BYTES) {
		return LDAP_PARAM_ERROR;
	}
	if (!is_gate_open(write)) {
		return LDAP_USER_CANCELLED;
	}
	read = post_read(write);
	code = send_request(write, read, ldap, ret_message_id);
	ldap_control_free(read);
	if (code == LDAP_SUCCESS) {
		count_sent(write);
	}
	return code;
}

static char *doing_text(const void *ctx, const struct write *write)
{
	const char *shown = gb_text_display(ctx, write->name);

	switch (write->kind) {
	case ADD:
		return gb_printf(ctx, _("Creating %s"), shown);
	case RENAME:
		return gb_printf(ctx, _("Renaming %s"), shown);
	case DELETE:
		return gb_printf(ctx, _("Deleting %s"), shown);
	case MODIFY:
		break;
	}
	return gb_printf(ctx, _("Changing %s"), shown);
}

static enum gb_rc too_big(const struct write *write, const char *doing, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONSTRAINT, "directory-request-too-big",
		   _("%s: the request would have %zu bytes, more than the directory takes."), doing,
		   write->bytes);
	gb_err_undone(err, _("It was not sent."));
	return gb_err_remedy(err, _("Shorten the values, or write fewer at a time."));
}

/* The entry that came with the answer; false: none did, or it cannot be used. */
static bool take_object(const struct write *write, const struct gb_operation_result *result,
			struct gb_directory_object *ret_object)
{
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_POST_READ, result->controls, NULL);
	struct gb_entry entry = {.ldap = result->ldap};
	struct gb_err ignored;

	if (!control) {
		return false;
	}
	entry.control_value = &control->ldctl_value;
	return gb_directory_object_of(write, write->directory, &entry, ret_object, &ignored) ==
	       GB_OK;
}

static void on_done(void *user, const struct gb_operation_result *result)
{
	struct write *write = user;
	struct gb_directory_outcome outcome = {.outcome_known = true};
	struct gb_directory_object object;
	struct gb_err err = {0};
	char *doing;

	if (result->code == LDAP_SUCCESS) {
		outcome.object = take_object(write, result, &object) ? &object : NULL;
		write->done(write->user, &outcome);
		talloc_free(write);
		return;
	}
	doing = doing_text(write, write);
	outcome.outcome_known = result->was_answered || !result->was_sent;
	outcome.is_transient = gb_directory_error_is_transient(result->code);
	outcome.err = &err;
	if (write->bytes > MAX_REQUEST_BYTES) {
		outcome.rc = too_big(write, doing, &err);
	} else {
		struct gb_ldap_failure failure = {
			.code = result->code,
			.diagnostic = result->diagnostic,
			.doing = doing,
			.request = GB_LDAP_WRITE,
			.outcome_unknown = !outcome.outcome_known,
		};

		outcome.rc = gb_directory_error(&failure, &err);
	}
	write->directory->stats.unknown_outcomes += outcome.outcome_known ? 0 : 1;
	write->done(write->user, &outcome);
	talloc_free(write);
}

void gb_directory_set_gate(struct gb_directory *directory, bool (*may_write)(void *user),
			   void *user)
{
	directory->may_write = may_write;
	directory->may_write_user = user;
}

static void begin(struct write *write)
{
	struct gb_operation_request request = {
		.send = send_write,
		.done = on_done,
		.user = write,
		.timeout_ms = gb_directory_write_timeout_ms(write->directory),
	};

	gb_operation_begin(write->directory->writer, &request);
}

static void set_object(struct write *write, const struct gb_directory_reference *object)
{
	write->name = gb_dialect_object_name(write, write->directory->dialect, object);
}

void gb_directory_add(struct gb_directory *directory, const struct gb_directory_entry *entry,
		      gb_directory_write_done done, void *user)
{
	struct write *write = new_write(directory, ADD, done, user);
	LDAPMod *mod = add_mod(write, LDAP_MOD_ADD, "objectClass", 1);

	write->name = gb_strdup(write, entry->dn);
	add_value(write, mod, 0, entry->object_class ? entry->object_class : "group");
	add_values(write, LDAP_MOD_ADD, entry->values, entry->value_count);
	add_members(write, LDAP_MOD_ADD, entry->members, entry->member_count);
	if (entry->password) {
		add_password(write, entry->password);
	}
	begin(write);
}

void gb_directory_modify(struct gb_directory *directory,
			 const struct gb_directory_reference *object,
			 const struct gb_change_value *values, size_t value_count,
			 gb_directory_write_done done, void *user)
{
	struct write *write = new_write(directory, MODIFY, done, user);

	set_object(write, object);
	add_values(write, LDAP_MOD_REPLACE, values, value_count);
	begin(write);
}

void gb_directory_swap(struct gb_directory *directory, const struct gb_directory_reference *object,
		       const struct gb_change_value *value, gb_directory_write_done done,
		       void *user)
{
	struct write *write = new_write(directory, MODIFY, done, user);

	set_object(write, object);
	write->passes_gate = true;
	if (value->old_value) {
		add_value(write, add_mod(write, LDAP_MOD_DELETE, value->attribute, 1), 0,
			  value->old_value);
	}
	if (value->value) {
		add_value(write, add_mod(write, LDAP_MOD_ADD, value->attribute, 1), 0,
			  value->value);
	}
	begin(write);
}

void gb_directory_change_members(struct gb_directory *directory,
				 const struct gb_directory_members *change,
				 gb_directory_write_done done, void *user)
{
	struct write *write = new_write(directory, MODIFY, done, user);

	set_object(write, change->group);
	/* Not critical: who does not know it leaves it; slapd knows it and does not say so. */
	write->is_permissive = true;
	add_members(write, change->remove ? LDAP_MOD_DELETE : LDAP_MOD_ADD, change->members,
		    change->member_count);
	begin(write);
}

void gb_directory_write_dacl(struct gb_directory *directory,
			     const struct gb_directory_reference *object,
			     const struct gb_descriptor *descriptor, gb_directory_write_done done,
			     void *user)
{
	struct write *write = new_write(directory, MODIFY, done, user);
	size_t length = 0;
	uint8_t *bytes = gb_descriptor_write(write, descriptor, &length);

	set_object(write, object);
	write->is_dacl = true;
	if (bytes) {
		add_octets(write, add_mod(write, LDAP_MOD_REPLACE, "nTSecurityDescriptor", 1), 0,
			   bytes, length);
	} else {
		write->bytes = MAX_REQUEST_BYTES + 1;
	}
	begin(write);
}

void gb_directory_rename(struct gb_directory *directory, const char *dn, const char *new_rdn,
			 const char *new_parent, gb_directory_write_done done, void *user)
{
	struct write *write = new_write(directory, RENAME, done, user);

	write->name = gb_strdup(write, dn);
	write->new_rdn = gb_strdup(write, new_rdn);
	write->new_parent = gb_strdup(write, new_parent);
	begin(write);
}

void gb_directory_delete(struct gb_directory *directory,
			 const struct gb_directory_reference *object, gb_directory_write_done done,
			 void *user)
{
	struct write *write = new_write(directory, DELETE, done, user);

	set_object(write, object);
	begin(write);
}

void gb_directory_restore(struct gb_directory *directory, const char *deleted_dn,
			  const char *new_dn, const struct gb_change_value *values,
			  size_t value_count, gb_directory_write_done done, void *user)
{
	struct write *write = new_write(directory, MODIFY, done, user);

	write->name = gb_strdup(write, deleted_dn);
	write->is_restoring = true;
	add_mod(write, LDAP_MOD_DELETE, "isDeleted", 0);
	add_value(write, add_mod(write, LDAP_MOD_REPLACE, "distinguishedName", 1), 0, new_dn);
	add_values(write, LDAP_MOD_REPLACE, values, value_count);
	begin(write);
}
