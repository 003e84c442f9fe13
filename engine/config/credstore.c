/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where secrets are stored on this machine. */
#include "config.h"

#include "engine/config/credstore.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/run.h"
#include "engine/base/text.h"

/* sd_booted(3): this folder is there exactly if systemd is the init system. */
#define BOOTED_FOLDER "/run/systemd/system"
/* systemd.exec(5), LoadCredentialEncrypted=: relative names are looked for here. */
#define STORE_FOLDER "/etc/credstore.encrypted"
#define TOOL         "/usr/bin/systemd-creds"

bool gb_credstore_is_encrypted(void)
{
	struct stat st;

	return stat(BOOTED_FOLDER, &st) == 0 && S_ISDIR(st.st_mode) && access(TOOL, X_OK) == 0;
}

static const char *folder_of(const struct gb_config *config)
{
	return gb_credstore_is_encrypted() ? STORE_FOLDER : config->paths.credentials_directory;
}

char *gb_credstore_path(const void *ctx, const struct gb_config *config, enum gb_credential which,
			bool is_pending)
{
	return gb_printf(ctx, "%s/%s%s%s", folder_of(config),
			 gb_credstore_is_encrypted() ? "groupback." : "", gb_credential_name(which),
			 is_pending ? ".pending" : "");
}

static enum gb_rc make_folder(const struct gb_config *config, struct gb_err *err)
{
	const char *folder = folder_of(config);
	char *shown;

	if (mkdir(folder, 0700) == 0 || errno == EEXIST) {
		return GB_OK;
	}
	gb_err_native(err, errno);
	shown = gb_text_display(NULL, folder);
	gb_err_set(err, GB_E_IO, "credstore-folder", _("The folder %s cannot be made: %s."), shown,
		   strerror(errno));
	talloc_free(shown);
	gb_err_undone(err, _("The secret was not stored."));
	return gb_err_remedy(err, _("Make it, mode 0700, then try again."));
}

static enum gb_rc refused(const char *verb, const struct gb_run_result *result, struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "credstore-refused", _("systemd-creds %s failed: %s"), verb,
		   result->said[0] ? result->said : "?");
	gb_err_remedy(err, _("Run it by hand to see more; the machine's key is "
			     "/var/lib/systemd/credential.secret."));
	return gb_err_native(err, result->exit_code);
}

/* systemd-creds VERB --name=NAME FROM -; the name is bound into what is encrypted. */
static enum gb_rc run_tool(const void *ctx, const char *verb, enum gb_credential which,
			   const char *from, const struct gb_secret *input,
			   struct gb_secret **ret_output, struct gb_err *err)
{
	char *name = gb_printf(NULL, "--name=%s", gb_credential_name(which));
	const char *const argv[] = {TOOL, "--newline=no", name, verb, from, "-", NULL};
	struct gb_run_call call = {.argv = argv, .input = input};
	struct gb_run_result result = {0};
	enum gb_rc rc = gb_run(ctx, &call, &result, err);

	talloc_free(name);
	if (rc == GB_OK && result.exit_code != 0) {
		rc = refused(verb, &result, err);
	}
	if (rc != GB_OK) {
		talloc_free(result.output);
		return rc;
	}
	*ret_output = result.output;
	return GB_OK;
}

enum gb_rc gb_credstore_write(const struct gb_config *config, enum gb_credential which,
			      bool is_pending, const struct gb_secret *secret, struct gb_err *err)
{
	void *tmp = gb_new_tmp(NULL);
	char *path = gb_credstore_path(tmp, config, which, is_pending);
	struct gb_secret *sealed = NULL;
	enum gb_rc rc = make_folder(config, err);

	if (rc == GB_OK && gb_credstore_is_encrypted()) {
		rc = run_tool(tmp, "encrypt", which, "-", secret, &sealed, err);
	}
	if (rc == GB_OK) {
		const struct gb_secret *content = sealed ? sealed : secret;

		rc = gb_file_write_atomic(path, gb_secret_bytes(content), gb_secret_length(content),
					  0600, err);
	}
	talloc_free(tmp);
	return rc;
}

static bool is_missing(const char *path)
{
	return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

enum gb_rc gb_credstore_read(const void *ctx, const struct gb_config *config,
			     enum gb_credential which, bool is_pending,
			     struct gb_secret **ret_secret, struct gb_err *err)
{
	char *path = gb_credstore_path(NULL, config, which, is_pending);
	enum gb_rc rc;

	if (is_missing(path)) {
		rc = gb_err_set(err, GB_E_CONFIG, "credential-missing",
				_("The secret %s is not stored."), gb_credential_name(which));
		gb_err_remedy(err, _("Store it with groupback-wizard."));
	} else if (gb_credstore_is_encrypted()) {
		rc = run_tool(ctx, "decrypt", which, path, NULL, ret_secret, err);
	} else if (which == GB_CREDENTIAL_DIRECTORY_KEYTAB) {
		rc = gb_secret_read_binary(ctx, path, ret_secret, err);
	} else {
		rc = gb_secret_read_file(ctx, path, ret_secret, err);
	}
	talloc_free(path);
	return rc;
}

enum gb_rc gb_credstore_settle(const struct gb_config *config, enum gb_credential which,
			       struct gb_err *err)
{
	char *from = gb_credstore_path(NULL, config, which, true);
	char *to = gb_credstore_path(from, config, which, false);
	enum gb_rc rc = GB_OK;

	if (rename(from, to) != 0) {
		int error = errno;
		char *shown = gb_text_display(from, to);

		rc = gb_err_set(err, GB_E_IO, "credstore-settle",
				_("The new secret cannot take its place as %s: %s."), shown,
				strerror(error));
		gb_err_undone(err, _("The secret that was there is unchanged."));
		gb_err_native(err, error);
	}
	talloc_free(from);
	return rc;
}
