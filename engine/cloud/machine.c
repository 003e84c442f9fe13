/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Managed identity: what is asked of the machine's token service, and what it may answer. */
#include "config.h"

#include "engine/cloud/machine.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/token_exchange.h"

/* Versions of the services' interfaces. */
#define AZURE_VERSION "2018-02-01"
#define ARC_VERSION   "2020-06-01"

/* Numbers and no names: what a resolver says does not count. */
static bool is_near_host(const char *host, size_t length)
{
	static const char azure[] = "169.254.169.254";

	return (length == strlen(azure) && strncmp(host, azure, length) == 0) ||
	       (length == 5 && strncmp(host, "[::1]", length) == 0) ||
	       (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == length);
}

/* "http://HOST" or "http://HOST:PORT" that never leaves this machine, or its hypervisor. */
static bool is_near(const char *url)
{
	const char *host = url + strlen("http://");
	const char *rest;
	size_t length;

	if (strncmp(url, "http://", strlen("http://")) != 0) {
		return false;
	}
	length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (!is_near_host(host, length)) {
		return false;
	}
	rest = host + length;
	return *rest == '\0' || (*rest == ':' && rest[1 + strspn(rest + 1, "0123456789")] == '\0');
}

static enum gb_rc refuse_url(const char *url, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, url);

	gb_err_set(err, GB_E_CONFIG, "machine-url",
		   _("%s is no address of this machine or of its metadata service."), shown);
	talloc_free(shown);
	gb_err_undone(err, _("No sign-in was tried: the token would cross the network in the clear."));
	return gb_err_remedy(err, _("Give it as http://127.0.0.1:port, or leave it out."));
}

static enum gb_rc refuse_client_id(struct gb_err *err)
{
	gb_err_set(err, GB_E_CONFIG, "machine-client-id",
		   _("Azure Arc knows the machine's own identity alone, but a client id is set."));
	gb_err_undone(err, _("No sign-in was tried."));
	return gb_err_remedy(err, _("Remove [cloud] client id, or set identity service = azure."));
}

enum gb_rc gb_machine_new(const void *ctx, const struct gb_machine *machine,
			  struct gb_machine **ret_machine, struct gb_err *err)
{
	enum gb_cloud_machine_service service = machine->service;
	bool is_arc;
	const char *url;
	struct gb_machine *own;

	if (service == GB_CLOUD_MACHINE_AUTO) {
		service = access(GB_MACHINE_ARC_AGENT, F_OK) == 0 ? GB_CLOUD_MACHINE_ARC
								   : GB_CLOUD_MACHINE_AZURE;
	}
	is_arc = service == GB_CLOUD_MACHINE_ARC;
	url = machine->url     ? machine->url
	      : is_arc ? GB_MACHINE_ARC_URL
		       : GB_MACHINE_AZURE_URL;
	if (!is_near(url)) {
		return refuse_url(url, err);
	}
	if (is_arc && machine->client_id) {
		return refuse_client_id(err);
	}
	own = gb_new(ctx, struct gb_machine);
	own->service = service;
	own->url = gb_strdup(own, url);
	own->key_folder = gb_strdup(own, machine->key_folder ? machine->key_folder
							      : GB_MACHINE_KEY_FOLDER);
	own->client_id = gb_strdup(own, machine->client_id);
	own->graph = gb_strdup(own, machine->graph);
	*ret_machine = own;
	return GB_OK;
}

char *gb_machine_token_url(const void *ctx, const struct gb_machine *machine)
{
	char *resource = gb_mem_check(curl_easy_escape(NULL, machine->graph, 0));
	char *url = gb_printf(
		ctx, "%s/metadata/identity/oauth2/token?api-version=%s&resource=%s%s%s",
		machine->url,
		machine->service == GB_CLOUD_MACHINE_ARC ? ARC_VERSION : AZURE_VERSION, resource,
		machine->client_id ? "&client_id=" : "",
		machine->client_id ? machine->client_id : "");

	curl_free(resource);
	return url;
}

bool gb_machine_is_challenge(const struct gb_machine *machine, const struct gb_http_answer *answer)
{
	return machine->service == GB_CLOUD_MACHINE_ARC && answer->status == 401 &&
	       answer->authenticate != NULL;
}

/* The file that "Basic realm=PATH" names, if it is one of the agent's own; else NULL. */
static const char *key_path(const struct gb_machine *machine, const char *challenge)
{
	static const char begin[] = "Basic realm=";
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t folder = strlen(machine->key_folder);
	const char *path;
	const char *name;
	size_t length;

	if (strncmp(challenge, begin, strlen(begin)) != 0) {
		return NULL;
	}
	path = challenge + strlen(begin);
	if (strncmp(path, machine->key_folder, folder) != 0 || path[folder] != '/') {
		return NULL;
	}
	name = path + folder + 1;
	length = strlen(name);
	return length > 4 && strspn(name, allowed) == length && name[0] != '.' &&
			       strcmp(name + length - 4, ".key") == 0
		       ? path
		       : NULL;
}

static enum gb_rc refuse_challenge(const struct gb_machine *machine, struct gb_err *err)
{
	gb_err_set(err, GB_E_PROTOCOL, "machine-challenge",
		   _("The identity service at %s names a file that is no key file of Azure Arc."),
		   machine->url);
	gb_err_undone(err, _("It was not read, and no token was asked for."));
	return gb_err_remedy(err, _("Check what listens there: it should be the Arc agent (himds)."));
}

static enum gb_rc refuse_key_file(const char *path, int error, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "machine-key-file", _("The key file %s cannot be read: %s."),
		   path, error ? strerror(error) : _("it is no small ordinary file"));
	gb_err_native(err, error);
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	return gb_err_remedy(err, _("The user groupback has to be in the group of the Arc agent: "
				    "usermod -aG himds groupback."));
}

/* Whoever can read the file may have a token: it belongs to the agent, neither to root nor to us. */
static enum gb_rc read_key(const char *path, char key[GB_MACHINE_MAX_KEY_BYTES + 1],
			   struct gb_err *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t length;

	if (fd < 0) {
		return refuse_key_file(path, errno, err);
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 1 ||
	    st.st_size > GB_MACHINE_MAX_KEY_BYTES) {
		close(fd);
		return refuse_key_file(path, 0, err);
	}
	length = read(fd, key, GB_MACHINE_MAX_KEY_BYTES);
	close(fd);
	while (length > 0 && (key[length - 1] == '\n' || key[length - 1] == '\r')) {
		length--;
	}
	key[length > 0 ? length : 0] = '\0';
	for (ssize_t i = 0; i < length; i++) {
		if (key[i] <= 0x20 || key[i] >= 0x7f) {
			return refuse_key_file(path, 0, err);
		}
	}
	return length > 0 ? GB_OK : refuse_key_file(path, 0, err);
}

enum gb_rc gb_machine_answer(const void *ctx, const struct gb_machine *machine,
			     const struct gb_http_answer *challenge, char **ret_header,
			     struct gb_err *err)
{
	const char *path = key_path(machine, challenge->authenticate);
	char key[GB_MACHINE_MAX_KEY_BYTES + 1];
	enum gb_rc rc;

	if (!path) {
		return refuse_challenge(machine, err);
	}
	rc = read_key(path, key, err);
	if (rc == GB_OK) {
		*ret_header = gb_printf(ctx, "Authorization: Basic %s", key);
	}
	gb_secret_wipe(key, sizeof(key));
	return rc;
}

/* MSAL tries again at these: the service is starting, updating or busy. */
static bool is_passing(int status)
{
	return status == 404 || status == 408 || status == 410 || status == 429 || status >= 500;
}

static enum gb_rc explain_status(const struct gb_machine *machine, int status, struct gb_err *err)
{
	gb_err_set(err, is_passing(status) ? GB_E_UNAVAILABLE : GB_E_PROTOCOL, "machine-status",
		   _("The identity service at %s answers with status %d."), machine->url, status);
	gb_err_native(err, status);
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	return gb_err_remedy(err, _("If it stays so, restart the Azure agent of this machine."));
}

static enum gb_rc explain_refusal(const struct gb_machine *machine,
				  const struct gb_http_answer *answer, struct gb_err *err)
{
	struct gb_json_doc *doc = NULL;
	const char *description;
	char *shown;

	if (!gb_http_is_json(answer->content_type) ||
	    gb_json_parse(NULL, answer->body, answer->body_length, _("The refusal"), &doc, err) !=
		    GB_OK) {
		return explain_status(machine, answer->status, err);
	}
	description = gb_json_get_text(gb_json_root(doc), "error_description");
	shown = gb_text_display(NULL, description ? description : "");
	gb_err_set(err, GB_E_ACCESS, "machine-refused",
		   _("The identity service at %s refuses a token: %s"), machine->url, shown);
	talloc_free(shown);
	talloc_free(doc);
	gb_err_native(err, answer->status);
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	return gb_err_remedy(err, _("Switch on the managed identity of this machine in Azure, or "
				    "set [cloud] client id to a user-assigned identity that it "
				    "has."));
}

enum gb_rc gb_machine_verdict(const void *ctx, const struct gb_machine *machine,
			      const struct gb_http_answer *answer, struct gb_secret **ret_token,
			      int64_t *ret_life_s, struct gb_err *err)
{
	if (answer->status == 200 && gb_http_is_json(answer->content_type)) {
		return gb_token_take(ctx, answer, machine->url, true, ret_token, ret_life_s, err);
	}
	if (answer->status == 200 || is_passing(answer->status)) {
		return explain_status(machine, answer->status, err);
	}
	return explain_refusal(machine, answer, err);
}

enum gb_rc gb_machine_silent(const struct gb_machine *machine, struct gb_err *err)
{
	int native = err->native;

	gb_err_set(err, GB_E_UNAVAILABLE, "machine-silent",
		   _("The identity service of this machine (%s) does not answer."), machine->url);
	gb_err_native(err, native);
	gb_err_undone(err, _("No token was issued, so nothing was read from the cloud."));
	return gb_err_remedy(err,
			     _("A managed identity needs a virtual machine in Azure, or the Azure "
			       "Arc agent. Elsewhere, use a certificate."));
}
