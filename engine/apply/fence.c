/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we may write to at all. */
#include "config.h"

#include "engine/apply/fence.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"

/* Completes a refusal: every one of them leaves the object alone. */
static enum gb_rc refused(struct gb_err *err, const char *remedy)
{
	gb_err_undone(err, "%s", _("Nothing was sent to the directory for this change."));
	gb_err_remedy(err, "%s", remedy);
	return GB_E_CONSTRAINT;
}

static bool is_inside(const char *container_key, const char *dn)
{
	char *key = dn ? gb_dn_key(NULL, dn) : NULL;
	bool inside = key && container_key[0] && gb_dn_is_below(key, container_key);

	talloc_free(key);
	return inside;
}

static bool is_in_former(const struct gb_fence *fence, const struct gb_directory_object *object)
{
	for (size_t i = 0; object && fence->former_keys && fence->former_keys[i]; i++) {
		if (is_inside(fence->former_keys[i], object->dn)) {
			return true;
		}
	}
	return false;
}

static enum gb_rc check_place(const char *container_key, const char *dn, struct gb_err *err)
{
	char *shown;

	if (is_inside(container_key, dn)) {
		return GB_OK;
	}
	shown = gb_text_display(NULL, dn);
	gb_err_set(err, GB_E_CONSTRAINT, "fence-outside",
		   _("\"%s\" is not inside the container for groups."), shown);
	talloc_free(shown);
	return refused(err, _("Move the group back into the container, or run the next cycle, "
			      "which reads where it is now."));
}

/* The container itself is a fine parent; gb_dn_is_below() says that nothing is below itself. */
static enum gb_rc check_parent(const char *container_key, const char *parent, struct gb_err *err)
{
	char *key = parent ? gb_dn_key(NULL, parent) : NULL;
	bool is_container = key && strcmp(key, container_key) == 0;

	talloc_free(key);
	return is_container ? GB_OK : check_place(container_key, parent, err);
}

static bool names_other(const char *anchor, const struct gb_guid *id)
{
	struct gb_guid found;

	return anchor && gb_guid_from_anchor(anchor, &found) && gb_guid_compare(&found, id) != 0;
}

static bool names(const char *anchor, const struct gb_guid *id)
{
	struct gb_guid found;

	return anchor && gb_guid_from_anchor(anchor, &found) && gb_guid_compare(&found, id) == 0;
}

static enum gb_rc check_anchor(const struct gb_change *change,
			       const struct gb_directory_object *object, struct gb_err *err)
{
	const struct gb_guid *id = &change->cloud_id;
	char text[GB_GUID_TEXT_BYTES];

	if (names_other(object->admin_description, id) ||
	    names_other(object->external_directory_id, id)) {
		gb_err_set(err, GB_E_CONSTRAINT, "fence-anchor-other",
			   _("The object carries the anchor of another cloud group, not of %s."),
			   gb_guid_format(id, text));
		return refused(err, _("Correct adminDescription and "
				      "msDS-ExternalDirectoryObjectId of the object by hand."));
	}
	if (!names(object->admin_description, id) && !names(object->external_directory_id, id)) {
		gb_err_set(err, GB_E_CONSTRAINT, "fence-anchor-missing",
			   _("The object does not carry our anchor Group_%s."),
			   gb_guid_format(id, text));
		return refused(err, _("If it is the group that was written for this cloud group, "
				      "put the anchor back into adminDescription."));
	}
	return GB_OK;
}

static enum gb_rc check_object(const struct gb_change *change,
			       const struct gb_directory_object *object, struct gb_err *err)
{
	if (object->object_class != GB_CLASS_GROUP) {
		gb_err_set(err, GB_E_CONSTRAINT, "fence-not-a-group", "%s",
			   _("The object is not a group."));
		return refused(err, _("Remove our anchor from the object by hand."));
	}
	if (object->is_protected) {
		gb_err_set(err, GB_E_CONSTRAINT, "fence-protected", "%s",
			   _("The directory protects this group (adminCount, critical system "
			     "object, or built in)."));
		return refused(err, _("Take the group out of the administrators' groups and clear "
				      "adminCount; groups with such power are not written from "
				      "the cloud."));
	}
	return check_anchor(change, object, err);
}

enum gb_rc gb_fence_check(const struct gb_fence *fence, const struct gb_change *change,
			  const struct gb_directory_object *object, struct gb_err *err)
{
	enum gb_rc rc;

	if (change->kind == GB_CHANGE_CREATE) {
		return check_place(fence->container_key, change->dn, err);
	}
	rc = is_in_former(fence, object)
		     ? GB_OK
		     : check_place(fence->container_key, object ? object->dn : NULL, err);
	if (rc == GB_OK) {
		rc = check_object(change, object, err);
	}
	if (rc == GB_OK && change->kind == GB_CHANGE_MOVE) {
		rc = check_parent(fence->container_key, change->new_parent, err);
	}
	return rc;
}
