/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/directory/directory.h"
#include "engine/manage/preflight_parts.h"

/* The question to the directory. */
struct asking {
	struct gb_directory_authority authority;
	bool answered;
	enum gb_rc rc;
	struct gb_err err;
};

static enum gb_rc on_authority(void *user, const struct gb_directory_authority *authority)
{
	struct asking *asking = user;

	asking->authority = *authority;
	return GB_OK;
}

static void authority_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct asking *asking = user;

	asking->answered = true;
	asking->rc = rc;
	if (rc != GB_OK) {
		asking->err = *err;
	}
}

static enum gb_rc judge(struct asking *asking)
{
	const struct gb_directory_authority *authority = &asking->authority;

	if (!authority->exists || authority->names_us || !authority->is_enforced) {
		return GB_OK;
	}
	gb_err_set(&asking->err, GB_E_ACCESS, "directory-authority",
		   _("The directory lets only named accounts change objects whose source of "
		     "authority is the cloud, and the service account is not one of them."));
	return gb_err_remedy(&asking->err,
			     _("Add its SID to msDS-Settings of "
			       "CN=Cloud,CN=SOA-Policies,CN=System. It takes at most 64 SIDs, and "
			       "one invalid SID makes the directory refuse everybody."));
}

void gb_preflight_authority(struct gb_preflight_run *run)
{
	struct asking *asking = gb_new(NULL, struct asking);
	enum gb_rc rc;

	gb_directory_read_authority(run->session->directory, on_authority, authority_done, asking);
	gb_session_wait(run->session, &asking->answered);
	rc = asking->rc == GB_OK ? judge(asking) : asking->rc;
	gb_preflight_add(run, "directory-authority", _("Enforcement of the source of authority"),
			 rc, &asking->err,
			 asking->authority.exists
				 ? _("The directory has a policy; the account may write.")
				 : _("The directory has no such policy."));
	talloc_free(asking);
}
