/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preflight of the directory: its clock, the Recycle Bin, and rights on the container. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/manage/permissions.h"
#include "engine/manage/preflight_parts.h"
#include "engine/sync/lease.h"

/** Kerberos (RFC 4120 8.2) and Entra ID refuse what is further off than five minutes. */
#define CLOCK_MOST_MS 300000
/** Further off than this is worth a look. */
#define CLOCK_FAIR_MS 60000

static void check_clock(struct gb_preflight_run *run)
{
	const struct gb_directory_facts *facts = gb_directory_facts(run->session->directory);
	const char *title = _("Clocks of this machine and of the directory");
	long long apart_s = llabs((long long)facts->clock_ahead_ms) / 1000;
	char *found = gb_printf(run, _("%lld seconds apart."), apart_s);
	struct gb_err err;

	if (!facts->has_clock) {
		return;
	}
	if (apart_s * 1000 <= CLOCK_FAIR_MS) {
		gb_preflight_add(run, "clock", title, GB_OK, NULL, found);
	} else if (apart_s * 1000 <= CLOCK_MOST_MS) {
		gb_preflight_warn(
			run, "clock", title,
			gb_printf(run, _("%s Let both follow the same time server."), found));
	} else {
		gb_err_clear(&err);
		gb_err_set(&err, GB_E_SYSTEM, "clock-skew", "%s", found);
		gb_err_undone(&err, _("Kerberos and Entra ID refuse more than five minutes."));
		gb_err_remedy(&err, _("Let both follow the same time server."));
		gb_preflight_add(run, "clock", title, GB_E_SYSTEM, &err, NULL);
	}
}

static void check_recycle_bin(struct gb_preflight_run *run)
{
	const char *title = _("Recycle Bin of the directory");

	if (gb_directory_facts(run->session->directory)->has_recycle_bin) {
		gb_preflight_add(run, "recycle-bin", title, GB_OK, NULL, _("It is enabled."));
	} else {
		gb_preflight_warn(run, "recycle-bin", title,
				  _("It is off, or the account may not see it. Without it a group "
				    "that was deleted comes back without its members. Enable it "
				    "with Enable-ADOptionalFeature."));
	}
}

static void warn_missing(struct gb_preflight_run *run, const struct gb_permissions *found)
{
	struct gb_buffer *out = gb_buffer_new(run);

	for (size_t i = 0; i < found->right_count; i++) {
		if (found->rights[i].state != GB_GRANT_THERE) {
			gb_buffer_add_format(out, "%s%s", out->length ? ", " : "",
					     _(found->rights[i].right->text));
		}
	}
	gb_preflight_warn(
		run, "rights", _("Rights of the account on the container"),
		gb_printf(run,
			  _("Not given to the account itself: %s. Unless a group of it has "
			    "them: 'groupback-engine permissions grant --administrator "
			    "NAME'."),
			  out->text));
}

static void tell_rights(struct gb_preflight_run *run, const struct gb_permissions *found)
{
	const char *title = _("Rights of the account on the container");

	if (!found->is_sufficient) {
		warn_missing(run, found);
	} else if (found->too_far_count > 0) {
		gb_preflight_warn(
			run, "rights", title,
			gb_printf(run,
				  _("More than it needs: %s. Take it away; the rights that "
				    "are needed are shown by 'groupback-engine permissions "
				    "show'."),
				  found->too_far[0]));
	} else {
		gb_preflight_add(run, "rights", title, GB_OK, NULL,
				 _("All that are needed, and no others."));
	}
}

static bool is_named_before(const struct gb_permissions *found, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (!found->writers[i].is_administrator &&
		    strcmp(found->writers[i].name, found->writers[index].name) == 0) {
			return true;
		}
	}
	return false;
}

static void tell_writers(struct gb_preflight_run *run, const struct gb_permissions *found)
{
	const char *title = _("Who else may write to groups in the container");
	struct gb_buffer *out = gb_buffer_new(run);

	for (size_t i = 0; i < found->writer_count; i++) {
		if (!found->writers[i].is_administrator && !is_named_before(found, i)) {
			gb_buffer_add_format(out, "%s%s", out->length ? ", " : "",
					     found->writers[i].name);
		}
	}
	if (out->length == 0) {
		gb_preflight_add(run, "other-writers", title, GB_OK, NULL,
				 _("Administrators alone."));
	} else {
		gb_preflight_warn(run, "other-writers", title,
				  gb_printf(run,
					    _("%s. What they change is put back; another tool that "
					      "writes there has to be stopped first. Details: "
					      "'groupback-engine permissions show'."),
					    out->text));
	}
}

static void check_permissions(struct gb_preflight_run *run)
{
	struct gb_permissions_request request = {0};
	struct gb_permissions *found;
	struct gb_err err;

	gb_err_clear(&err);
	if (gb_permissions_show(run, run->session, &request, &found, &err) != GB_OK) {
		gb_preflight_warn(run, "rights", _("Rights of the account on the container"),
				  gb_err_line(run, &err));
		return;
	}
	tell_rights(run, found);
	tell_writers(run, found);
}

/* Staging takes no lease; a standby is there for exactly that. */
static bool may_wait(const struct gb_config *config, const struct gb_err *err)
{
	return config->safety.staging ||
	       (config->safety.standby && strcmp(err->id, "lease-held") == 0);
}

static void check_lease(struct gb_preflight_run *run)
{
	const char *title = _("Whether another engine writes to the container");
	struct gb_lease_value *value = NULL;
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	rc = gb_lease_probe(run, run->session, &value, &err);
	if (rc == GB_E_GUARD && may_wait(run->session->config, &err)) {
		gb_preflight_warn(run, "lease", title, gb_err_line(run, &err));
		return;
	}
	gb_preflight_add(run, "lease", title, rc, &err,
			 value != NULL ? gb_lease_describe(run, value)
				       : _("No engine has written to it yet."));
}

void gb_preflight_directory(struct gb_preflight_run *run)
{
	check_clock(run);
	check_lease(run);
	if (gb_directory_facts(run->session->directory)->dialect == GB_DIALECT_AD) {
		check_recycle_bin(run);
		check_permissions(run);
	}
}
