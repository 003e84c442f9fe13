/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving root up, for good. */
#include "config.h"

#include "engine/base/privilege.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/i18n.h"

static bool is_below_etc(const char *path)
{
	char resolved[PATH_MAX];
	const char *real = realpath(path, resolved) ? resolved : path;

	return strncmp(real, "/etc/", strlen("/etc/")) == 0;
}

static bool belongs_to_root(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && st.st_uid == 0;
}

static enum gb_rc refuse_missing_user(const char *user, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "no-groupback-user",
		   _("The user %s does not exist, and root would work in its place."), user);
	gb_err_undone(err, _("No connection was made and nothing was written."));
	return gb_err_remedy(err, _("Run: adduser --system --group --home /var/lib/groupback %s"),
			     user);
}

static enum gb_rc half_way(const char *step, int error, struct gb_err *err)
{
	gb_err_set(err, GB_E_SYSTEM, "privilege-drop", _("Root could not be given up (%s): %s."),
		   step, strerror(error));
	gb_err_undone(err, _("No connection was made and nothing was written."));
	gb_err_remedy(err, _("Start the program as the user groupback instead."));
	return gb_err_native(err, error);
}

/* A user namespace without these ids answers so, before anything has changed. */
static bool is_unmapped(int error)
{
	return error == EPERM || error == EINVAL;
}

/* Asked of the kernel: what was given up must be gone, and must not come back. */
static bool is_for_good(const struct passwd *user)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	return getresuid(&ruid, &euid, &suid) == 0 && getresgid(&rgid, &egid, &sgid) == 0 &&
	       ruid == user->pw_uid && euid == user->pw_uid && suid == user->pw_uid &&
	       rgid == user->pw_gid && egid == user->pw_gid && sgid == user->pw_gid &&
	       setuid(0) != 0 && setgid(0) != 0;
}

static enum gb_rc become(const struct passwd *user, struct gb_err *err)
{
	gid_t before = getegid();

	if (initgroups(user->pw_name, user->pw_gid) != 0) {
		return is_unmapped(errno) ? GB_OK : half_way("initgroups", errno, err);
	}
	if (setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0) {
		return is_unmapped(errno) ? GB_OK : half_way("setresgid", errno, err);
	}
	if (setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
		int error = errno;

		if (is_unmapped(error) && setresgid(before, before, before) == 0) {
			return GB_OK;
		}
		return half_way("setresuid", error, err);
	}
	if (!is_for_good(user)) {
		return half_way(_("there is a way back"), EPERM, err);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		return half_way("prctl", errno, err);
	}
	return GB_OK;
}

static const char *name_of(const struct gb_privilege_place *place)
{
	return place->user ? place->user : GB_PRIVILEGE_USER;
}

bool gb_privilege_would_drop(const struct gb_privilege_place *place)
{
	bool is_installed = is_below_etc(place->config_path);
	const struct passwd *user;

	if (geteuid() != 0 || (!is_installed && belongs_to_root(place->state_directory))) {
		return false;
	}
	user = getpwnam(name_of(place));
	return user ? user->pw_uid != 0 : is_installed;
}

void gb_privilege_make_folder(const struct gb_privilege_place *place, const char *path)
{
	bool gives = gb_privilege_would_drop(place);
	const struct passwd *user = gives ? getpwnam(name_of(place)) : NULL;

	if (mkdir(path, 0750) == 0 && user && chown(path, user->pw_uid, user->pw_gid) != 0) {
		(void)rmdir(path);
	}
}

enum gb_rc gb_privilege_drop(const struct gb_privilege_place *place, struct gb_err *err)
{
	const struct passwd *user;

	if (!gb_privilege_would_drop(place)) {
		return GB_OK;
	}
	user = getpwnam(name_of(place));
	return user ? become(user, err) : refuse_missing_user(name_of(place), err);
}
