/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a lease is refused. */
#include "config.h"

#include "engine/sync/lease_refusal.h"

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

char *gb_lease_describe(const void *ctx, const struct gb_lease_value *value)
{
	char until[GB_CLOCK_TEXT_BYTES];

	if (value->until_ms == 0) {
		return gb_printf(ctx, _("given up by %s (groupback %s)"), value->host,
				 value->version);
	}
	return gb_printf(ctx, _("%s (groupback %s), until %s"), value->host, value->version,
			 gb_clock_format(value->until_ms, until));
}

enum gb_rc gb_lease_refuse_held(const struct gb_lease_sight *sight, struct gb_err *err)
{
	char *who = gb_lease_describe(NULL, sight->seen);

	gb_err_set(err, GB_E_GUARD, "lease-held",
		   _("Another engine writes to this container: %s."), who);
	talloc_free(who);
	gb_err_undone(err, _("Nothing was written."));
	if (gb_text_equal_nocase(sight->seen->instance, sight->self->instance)) {
		return gb_err_remedy(err,
				     _("That machine is a copy of this one, or this one was renamed. "
				       "A copy needs an id of its own (machine-id(5)); after a "
				       "renaming wait until that time."));
	}
	return gb_err_remedy(err, _("Stop that one first, or set 'standby = yes' here: then this "
				    "engine waits and takes over when the other one is gone."));
}

enum gb_rc gb_lease_refuse_left(const struct gb_lease_sight *sight, struct gb_err *err)
{
	char *who = gb_lease_describe(NULL, sight->seen);

	gb_err_set(err, GB_E_GUARD, "lease-left",
		   _("Another engine wrote to this container, and has not been heard of since: "
		     "%s."),
		   who);
	talloc_free(who);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("If it will not come back, take over once with "
				    "'groupback-engine lease take', or set 'standby = yes'."));
}

enum gb_rc gb_lease_refuse_newer(const struct gb_lease_sight *sight, struct gb_err *err)
{
	char *who = gb_lease_describe(NULL, sight->seen);

	gb_err_set(err, GB_E_GUARD, "lease-newer",
		   _("A newer version than this one (%s) wrote to this container: %s."),
		   sight->self->version, who);
	talloc_free(who);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Upgrade this engine, or let the other one go on."));
}

enum gb_rc gb_lease_refuse_foreign(const struct gb_lease_sight *sight, struct gb_err *err)
{
	gb_err_set(err, GB_E_GUARD, "lease-foreign",
		   _("The object %s is there, but its attribute info is not a lease."),
		   sight->dn);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Find out who wrote it. If nobody needs it, delete the object; "
				    "the next run makes it anew."));
}

enum gb_rc gb_lease_refuse_lost(const struct gb_lease_sight *sight, struct gb_err *err)
{
	char *who = sight->seen != NULL ? gb_lease_describe(NULL, sight->seen) : NULL;

	if (who != NULL) {
		gb_err_set(err, GB_E_TRY_AGAIN, "lease-lost",
			   _("Another engine took the lease during this run: %s."), who);
	} else {
		gb_err_set(err, GB_E_TRY_AGAIN, "lease-lost",
			   _("The lease ran out, because it could not be renewed in time."));
	}
	talloc_free(who);
	gb_err_undone(err, _("The run was stopped; nothing more was written."));
	return gb_err_remedy(err, _("See with 'groupback-engine lease' who writes now."));
}

enum gb_rc gb_lease_refuse_restless(const struct gb_lease_sight *sight, struct gb_err *err)
{
	gb_err_set(err, GB_E_TRY_AGAIN, "lease-restless",
		   _("The lease %s changed each time before it could be written."), sight->dn);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("See with 'groupback-engine lease' who writes now. If the "
				    "object is not there, another one has its account name."));
}
