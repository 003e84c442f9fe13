/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LDAP entries: attributes, and the object that an entry describes. */
#include "config.h"

#include "engine/directory/entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/base/attributes.h"
#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"

/* RIDs below are AD's own accounts and groups (MS-SAMR 2.2.1.14 and the well-known RIDs). */
#define FIRST_FREE_RID 1000u

static enum gb_rc undecodable(struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "directory-bad-entry",
		   _("The directory sent an entry that cannot be decoded."));
	return gb_err_remedy(err, _("Check that nothing between here and the server changes the "
				    "traffic."));
}

static enum gb_rc hand_over(const struct berval *name, const struct berval *values,
			    gb_entry_on_attribute on_attribute, void *user)
{
	char *text = gb_strndup(NULL, name->bv_val, name->bv_len);
	struct gb_entry_attribute attribute = {.name = text, .values = values};
	enum gb_rc rc;

	while (values && values[attribute.count].bv_val) {
		attribute.count++;
	}
	rc = on_attribute(user, &attribute);
	talloc_free(text);
	return rc;
}

/* SearchResultEntry (RFC 4511 4.5.2): the DN, then the attributes; ber_scanf() as in lber-decode(3). */
static BerElement *begin_value(const struct berval *value, struct berval *ret_dn)
{
	struct berval copy = *value; /* ber_init() takes no const */
	BerElement *ber = ber_init(&copy);

	if (ber && ber_scanf(ber, "{m{", ret_dn) == LBER_ERROR) {
		ber_free(ber, 1);
		ber = NULL;
	}
	return ber;
}

static enum gb_rc walk_value(const struct berval *value, gb_entry_on_attribute on_attribute,
			     void *user, struct gb_err *err)
{
	struct berval name;
	BerElement *ber = begin_value(value, &name);
	enum gb_rc rc = ber ? GB_OK : undecodable(err);

	while (rc == GB_OK && ber_scanf(ber, "{m", &name) != LBER_ERROR) {
		BerVarray values = NULL;

		if (ber_scanf(ber, "[W]}", &values) == LBER_ERROR) {
			rc = undecodable(err);
		} else {
			rc = hand_over(&name, values, on_attribute, user);
		}
		ber_bvarray_free(values);
	}
	if (ber) {
		ber_free(ber, 1);
	}
	return rc;
}

enum gb_rc gb_entry_walk(const struct gb_entry *entry, gb_entry_on_attribute on_attribute,
			 void *user, struct gb_err *err)
{
	BerElement *ber = NULL;
	struct berval dn;
	enum gb_rc rc = GB_OK;

	if (entry->control_value) {
		return walk_value(entry->control_value, on_attribute, user, err);
	}
	if (ldap_get_dn_ber(entry->ldap, entry->message, &ber, &dn) != LDAP_SUCCESS) {
		return undecodable(err);
	}
	while (rc == GB_OK) {
		struct berval name = {0};
		struct berval *values = NULL;

		if (ldap_get_attribute_ber(entry->ldap, entry->message, ber, &name, &values) !=
		    LDAP_SUCCESS) {
			rc = undecodable(err);
			break;
		}
		if (!name.bv_val) {
			break;
		}
		rc = hand_over(&name, values, on_attribute, user);
		ber_memfree(values);
	}
	ber_free(ber, 0);
	return rc;
}

static char *utf8_copy(const void *ctx, const struct berval *value)
{
	return gb_text_is_utf8(value->bv_val, value->bv_len)
		       ? gb_strndup(ctx, value->bv_val, value->bv_len)
		       : NULL;
}

char *gb_entry_dn(const void *ctx, const struct gb_entry *entry)
{
	BerElement *ber = NULL;
	struct berval dn = {0};
	char *text = NULL;

	if (entry->control_value) {
		ber = begin_value(entry->control_value, &dn);
		text = ber ? utf8_copy(ctx, &dn) : NULL;
		if (ber) {
			ber_free(ber, 1);
		}
		return text;
	}
	if (ldap_get_dn_ber(entry->ldap, entry->message, &ber, &dn) == LDAP_SUCCESS) {
		text = utf8_copy(ctx, &dn);
	}
	if (ber) {
		ber_free(ber, 0);
	}
	return text;
}

char *gb_entry_text(const void *ctx, const struct gb_entry *entry, const char *attribute)
{
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, attribute);
	char *text = values && values[0] ? utf8_copy(ctx, values[0]) : NULL;

	ldap_value_free_len(values);
	return text;
}

char **gb_entry_texts(const void *ctx, const struct gb_entry *entry, const char *attribute)
{
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, attribute);
	int count = ldap_count_values_len(values);
	char **texts;
	size_t used = 0;

	count = count > GB_ENTRY_MAX_TEXTS ? GB_ENTRY_MAX_TEXTS : count;
	texts = gb_new_array(ctx, char *, (size_t)count + 1);
	for (int i = 0; i < count; i++) {
		texts[used] = utf8_copy(texts, values[i]);
		used += texts[used] ? 1 : 0;
	}
	ldap_value_free_len(values);
	return texts;
}

static bool parse_int(const char *text, int64_t *ret_number)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end) {
		return false;
	}
	*ret_number = number;
	return true;
}

int64_t gb_entry_int(const struct gb_entry *entry, const char *attribute, int64_t fallback)
{
	char *text = gb_entry_text(NULL, entry, attribute);
	int64_t number = fallback;

	if (!text || !parse_int(text, &number)) {
		number = fallback;
	}
	talloc_free(text);
	return number;
}

bool gb_entry_guid(const struct gb_entry *entry, const struct gb_dialect *dialect,
		   struct gb_guid *ret_guid)
{
	struct berval **values =
		ldap_get_values_len(entry->ldap, entry->message, dialect->guid_attribute);
	bool valid = values && values[0] &&
		     gb_dialect_read_guid(dialect, values[0]->bv_val, values[0]->bv_len, ret_guid);

	ldap_value_free_len(values);
	return valid;
}

bool gb_entry_sid(const struct gb_entry *entry, const char *attribute, struct gb_sid *ret_sid)
{
	struct berval **values = ldap_get_values_len(entry->ldap, entry->message, attribute);
	bool valid = values && values[0] &&
		     gb_sid_from_octets(values[0]->bv_val, values[0]->bv_len, ret_sid);

	ldap_value_free_len(values);
	return valid;
}

/* What is needed while the attributes of one entry are walked. */
struct reading {
	const void *ctx;
	const struct gb_dialect *dialect;
	struct gb_directory_object *object;
	const char *const *extra; /* further attributes, ended by NULL; or NULL */
	struct gb_buffer *packed; /* their values */
};

static const char *safe_text(const struct reading *reading, const struct berval *value)
{
	char *copy = gb_strndup(reading->ctx, value->bv_val, value->bv_len);
	char *shown;

	if (gb_text_is_utf8(value->bv_val, value->bv_len)) {
		return copy;
	}
	shown = gb_text_display(reading->ctx, copy);
	talloc_free(copy);
	return shown;
}

static int64_t number_of(const struct berval *value)
{
	char *text = gb_strndup(NULL, value->bv_val, value->bv_len);
	int64_t number = 0;

	if (!parse_int(text, &number)) {
		number = 0;
	}
	talloc_free(text);
	return number;
}

static bool value_is(const struct berval *value, const char *text)
{
	return value->bv_len == strlen(text) &&
	       strncasecmp(value->bv_val, text, value->bv_len) == 0;
}

/*
 * The most special class wins: a computer is a user as well (MS-ADSC, class computer), and a group
 * of OpenLDAP may be made of several classes.
 */
static void set_class(struct reading *reading, const struct berval *values)
{
	static const struct {
		const char *name;
		enum gb_directory_class object_class;
		int weight;
	} classes[] = {
		{"user", GB_CLASS_USER, 1},          {"inetOrgPerson", GB_CLASS_USER, 1},
		{"contact", GB_CLASS_CONTACT, 2},    {"group", GB_CLASS_GROUP, 3},
		{"groupOfNames", GB_CLASS_GROUP, 3}, {"computer", GB_CLASS_COMPUTER, 4},
	};
	int weight = 0;

	for (; values->bv_val; values++) {
		for (size_t i = 0; i < GB_ARRAY_SIZE(classes); i++) {
			if (classes[i].weight > weight && value_is(values, classes[i].name)) {
				weight = classes[i].weight;
				reading->object->object_class = classes[i].object_class;
			}
		}
	}
}

static void set_guid(struct reading *reading, const struct berval *values)
{
	struct gb_guid guid;

	if (gb_dialect_read_guid(reading->dialect, values->bv_val, values->bv_len, &guid)) {
		reading->object->guid = guid;
	}
}

static void set_sid(struct reading *reading, const struct berval *values)
{
	struct gb_sid sid;

	if (gb_sid_from_octets(values->bv_val, values->bv_len, &sid)) {
		reading->object->sid = sid;
	}
}

static void set_consistency_guid(struct reading *reading, const struct berval *values)
{
	struct gb_guid guid;

	if (gb_guid_from_octets(values->bv_val, values->bv_len, &guid)) {
		reading->object->consistency_guid = guid;
	}
}

static void set_sam_account_name(struct reading *reading, const struct berval *values)
{
	reading->object->sam_account_name = safe_text(reading, values);
}

static void set_group_type(struct reading *reading, const struct berval *values)
{
	reading->object->group_type = (int32_t)number_of(values);
}

static void set_display_name(struct reading *reading, const struct berval *values)
{
	reading->object->display_name = safe_text(reading, values);
}

static void set_description(struct reading *reading, const struct berval *values)
{
	reading->object->description = safe_text(reading, values);
}

static void set_admin_description(struct reading *reading, const struct berval *values)
{
	reading->object->admin_description = safe_text(reading, values);
}

static void set_external_id(struct reading *reading, const struct berval *values)
{
	reading->object->external_directory_id = safe_text(reading, values);
}

static void set_admin_count(struct reading *reading, const struct berval *values)
{
	if (number_of(values) > 0) {
		reading->object->is_protected = true;
	}
}

static void set_critical(struct reading *reading, const struct berval *values)
{
	if (value_is(values, "TRUE")) {
		reading->object->is_protected = true;
	}
}

static void set_usn(struct reading *reading, const struct berval *values)
{
	reading->object->usn_changed = number_of(values);
}

/*
 * A CSN is unlike every other (draft-chu-ldap-csn), but no number. Whoever looks at the stamp only asks
 * whether it is the same.
 */
static void set_csn(struct reading *reading, const struct berval *values)
{
	uint8_t digest[32];
	int64_t stamp;

	gb_digest_sha256(values->bv_val, values->bv_len, digest);
	memcpy(&stamp, digest, sizeof(stamp));
	reading->object->usn_changed = (stamp & INT64_MAX) | 1;
}

static void set_mail(struct reading *reading, const struct berval *values)
{
	reading->object->mail = safe_text(reading, values);
}

/* Attributes of an object and who takes their values. */
static const struct {
	const char *name;
	void (*set)(struct reading *reading, const struct berval *values);
} fields[] = {
	{"objectClass", set_class},
	{"objectGUID", set_guid},
	{"entryUUID", set_guid},
	{"objectSid", set_sid},
	{"mS-DS-ConsistencyGuid", set_consistency_guid},
	{"sAMAccountName", set_sam_account_name},
	{"groupType", set_group_type},
	{"displayName", set_display_name},
	{"description", set_description},
	{"adminDescription", set_admin_description},
	{"msDS-ExternalDirectoryObjectId", set_external_id},
	{"adminCount", set_admin_count},
	{"isCriticalSystemObject", set_critical},
	{"uSNChanged", set_usn},
	{"mail", set_mail},
	{"entryCSN", set_csn},
};

static size_t count_names(const char *const *names)
{
	size_t count = 0;

	while (names && names[count]) {
		count++;
	}
	return count;
}

const char *const *gb_entry_object_attributes(const void *ctx, const char *const *extra)
{
	size_t count = count_names(extra);
	const char **names = gb_new_array(ctx, const char *, GB_ARRAY_SIZE(fields) + count + 1);

	for (size_t i = 0; i < GB_ARRAY_SIZE(fields); i++) {
		names[i] = fields[i].name;
	}
	for (size_t i = 0; i < count; i++) {
		names[GB_ARRAY_SIZE(fields) + i] = extra[i];
	}
	return names;
}

static void take_extra(struct reading *reading, const struct gb_entry_attribute *attribute)
{
	for (size_t i = 0; i < count_names(reading->extra); i++) {
		if (strcasecmp(attribute->name, reading->extra[i]) != 0) {
			continue;
		}
		for (size_t n = 0; n < attribute->count; n++) {
			gb_attributes_add(reading->packed, reading->extra[i],
					  safe_text(reading, &attribute->values[n]));
		}
	}
}

/* What was asked for and did not come is not there, as far as the account may see. */
static void finish_extra(struct reading *reading)
{
	struct gb_directory_object *object = reading->object;

	for (size_t i = 0; i < count_names(reading->extra); i++) {
		if (!gb_attributes_has(reading->packed->text, reading->extra[i])) {
			gb_attributes_add(reading->packed, reading->extra[i], NULL);
		}
	}
	if (object->object_class == GB_CLASS_GROUP && reading->packed->length > 0) {
		object->extra = gb_strdup(reading->ctx, reading->packed->text);
	}
	if (object->object_class != GB_CLASS_CONTACT) {
		object->mail = NULL;
	}
}

static enum gb_rc take_field(void *user, const struct gb_entry_attribute *attribute)
{
	struct reading *reading = user;

	for (size_t i = 0; i < GB_ARRAY_SIZE(fields) && attribute->count > 0; i++) {
		if (strcasecmp(attribute->name, fields[i].name) == 0) {
			fields[i].set(reading, attribute->values);
			break;
		}
	}
	take_extra(reading, attribute);
	return GB_OK;
}

static enum gb_rc bad_object(const char *dn, const char *why, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, dn ? dn : "");

	gb_err_set(err, GB_E_PROTOCOL, "directory-bad-object",
		   _("The directory's entry \"%s\" cannot be used: %s."), shown, why);
	talloc_free(shown);
	return gb_err_remedy(err, _("Let the account read all properties of the objects in its "
				    "domain, or correct the entry."));
}

enum gb_rc gb_entry_object(const void *ctx, const struct gb_entry *entry,
			   const struct gb_dialect *dialect, const char *container_key,
			   const char *const *extra, struct gb_directory_object *ret_object, struct gb_err *err)
{
	struct gb_directory_object object = {0};
	struct reading reading = {.ctx = ctx,
				  .dialect = dialect,
				  .object = &object,
				  .extra = extra,
				  .packed = gb_buffer_new(ctx)};
	enum gb_rc rc;

	object.dn = gb_entry_dn(ctx, entry);
	object.dn_key = object.dn ? gb_dn_key(ctx, object.dn) : NULL;
	if (!object.dn_key) {
		return bad_object(object.dn, _("its DN is not valid"), err);
	}
	rc = gb_entry_walk(entry, take_field, &reading, err);
	if (rc != GB_OK) {
		return rc;
	}
	if (gb_guid_is_none(&object.guid)) {
		return bad_object(object.dn, _("its unique id cannot be read"), err);
	}
	finish_extra(&reading);
	object.cn = gb_dn_rdn_value(ctx, object.dn);
	object.in_container = container_key && gb_dn_is_below(object.dn_key, container_key);
	if (!gb_sid_is_none(&object.sid) && gb_sid_rid(&object.sid) < FIRST_FREE_RID) {
		object.is_protected = true;
	}
	*ret_object = object;
	return GB_OK;
}
