/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leases in former containers. */
#include "config.h"

#include "engine/sync/lease_former.h"

#include <string.h>

#include "engine/base/i18n.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/sync/former.h"
#include "engine/sync/lease.h"

#define ANCHOR "Group_"

/* One former container: is its lease ours, and does anything of ours stand there? */
struct look {
	struct gb_session *session;
	const struct gb_lease_value *self;
	bool is_ours;
	bool is_in_use;
	bool done;
	enum gb_rc rc;
	struct gb_err err;
};

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct look *look = user;

	look->done = true;
	look->rc = rc;
	if (rc != GB_OK) {
		look->err = *err;
	}
}

static enum gb_rc on_text(void *user, const char *text)
{
	struct look *look = user;
	void *tmp = gb_new_tmp(NULL);
	struct gb_lease_value seen;

	look->is_ours = text != NULL && gb_lease_parse(tmp, text, &seen) &&
			gb_lease_is_self(&seen, look->self);
	talloc_free(tmp);
	return GB_OK;
}

static bool is_anchor(const char *text)
{
	return text != NULL && strncmp(text, ANCHOR, sizeof(ANCHOR) - 1) == 0;
}

static enum gb_rc on_object(void *user, const struct gb_directory_object *object)
{
	struct look *look = user;

	if (gb_former_holds(look->session, object->dn_key) &&
	    (is_anchor(object->admin_description) || is_anchor(object->external_directory_id))) {
		look->is_in_use = true;
	}
	return GB_OK;
}

static void wait_for(struct look *look)
{
	gb_session_wait(look->session, &look->done);
	look->done = false;
}

static void look_at(struct look *look, const char *lease_dn, const char *container_dn)
{
	struct gb_directory *directory = look->session->directory;
	const struct gb_directory_read read = {.classes = GB_READ_GROUPS, .base = container_dn};

	gb_directory_read_text(directory, lease_dn, GB_LEASE_ATTRIBUTE, on_text, on_done, look);
	wait_for(look);
	if (look->rc == GB_OK && look->is_ours) {
		gb_directory_read_objects(directory, &read, on_object, on_done, look);
		wait_for(look);
	}
}

static void on_deleted(void *user, const struct gb_directory_outcome *outcome)
{
	on_done(user, outcome->rc, outcome->err);
}

static void warn(struct look *look, const char *lease_dn)
{
	gb_err_prefix(&look->err, "%s", _("the lease of a former container"));
	gb_err_remedy(&look->err,
		      _("Whoever wants to use that container for another installation deletes %s."),
		      lease_dn);
	gb_log_err(GB_LOG_WARNING, "lease", &look->err);
}

static bool delete_in(struct gb_session *session, const struct gb_lease_value *self,
		      const char *container_dn)
{
	struct look look = {.session = session, .self = self};
	char *dn = gb_printf(NULL, GB_LEASE_RDN ",%s", container_dn);
	const struct gb_directory_reference lease = {.dn = dn};
	bool is_tried = false;

	look_at(&look, dn, container_dn);
	if (look.rc == GB_OK && look.is_ours && !look.is_in_use) {
		is_tried = true;
		gb_directory_delete(session->directory, &lease, on_deleted, &look);
		wait_for(&look);
	}
	if (look.rc != GB_OK && look.rc != GB_E_NOT_FOUND) {
		warn(&look, dn);
	}
	talloc_free(dn);
	return is_tried && look.rc == GB_OK;
}

unsigned gb_lease_former_delete(struct gb_session *session, const struct gb_lease_value *self)
{
	unsigned count = 0;

	for (size_t i = 0; session->former_dns[i] != NULL && !session->is_cancelled; i++) {
		count += delete_in(session, self, session->former_dns[i]);
	}
	return count;
}
