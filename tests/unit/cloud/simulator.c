/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting, feeding and ending the simulator. */
#include "config.h"

#include "tests/unit/cloud/simulator.h"

#include <curl/curl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "engine/base/json.h"
#include "tests/unit/unit.h"

const char *simulator_group(unsigned g)
{
	static char id[40];

	snprintf(id, sizeof(id), "aaaaaaaa-0000-4000-8000-%012u", g);
	return id;
}

const char *simulator_person(unsigned p)
{
	static char id[40];

	snprintf(id, sizeof(id), "bbbbbbbb-0000-4000-8000-%012u", p);
	return id;
}

unsigned simulator_number(const char *id)
{
	return (unsigned)strtoul(strrchr(id, '-') + 1, NULL, 10);
}

static void put_app(struct gb_json_writer *w, const char *id, const char *const *roles,
		    const char *certificate, bool is_disabled)
{
	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "appId", id);
	gb_json_put_text(w, "displayName", "test");
	gb_json_put_bool(w, "disabled", is_disabled);
	gb_json_begin_array(w, "secrets");
	gb_json_put_text(w, NULL, SIMULATOR_SECRET);
	gb_json_end_array(w);
	gb_json_begin_array(w, "certificates");
	if (certificate != NULL) {
		gb_json_put_text(w, NULL, certificate);
	}
	gb_json_end_array(w);
	gb_json_begin_array(w, "roles");
	for (; roles != NULL && *roles != NULL; roles++) {
		gb_json_put_text(w, NULL, *roles);
	}
	gb_json_end_array(w);
	gb_json_end_object(w);
}

static void put_apps(struct gb_json_writer *w, const struct certificate *app)
{
	static const char *const all[] = {"Group.Read.All", "User.Read.All", "Member.Read.Hidden",
					  "Organization.Read.All", NULL};
	static const char *const groups[] = {"Group.Read.All", NULL};

	gb_json_begin_array(w, "apps");
	put_app(w, SIMULATOR_CLIENT, all, app->pem, false);
	put_app(w, SIMULATOR_NO_ROLE, NULL, NULL, false);
	put_app(w, SIMULATOR_GROUPS_ONLY, groups, NULL, false);
	put_app(w, SIMULATOR_DISABLED, all, NULL, true);
	gb_json_end_array(w);
}

static void put_people(struct gb_json_writer *w, unsigned people)
{
	gb_json_begin_array(w, "users");
	for (unsigned p = 0; p < people; p++) {
		char text[64];

		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "id", simulator_person(p));
		snprintf(text, sizeof(text), "Person %u", p);
		gb_json_put_text(w, "displayName", text);
		snprintf(text, sizeof(text), "p%u@contoso.test", p);
		gb_json_put_text(w, "userPrincipalName", text);
		snprintf(text, sizeof(text), "S-1-5-21-1-2-3-%u", 1000 + p);
		gb_json_put_text(w, "onPremisesSecurityIdentifier", text);
		gb_json_put_bool(w, "onPremisesSyncEnabled", true);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void put_groups(struct gb_json_writer *w, unsigned groups, unsigned people)
{
	gb_json_begin_array(w, "groups");
	for (unsigned g = 0; g < groups; g++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "id", simulator_group(g));
		gb_json_put_text(w, "displayName", "as it was");
		gb_json_begin_object(w, "writebackConfiguration");
		gb_json_put_bool(w, "isEnabled", true);
		gb_json_put_null(w, "onPremisesGroupType");
		gb_json_end_object(w);
		gb_json_begin_array(w, "members");
		for (unsigned p = 0; p < people; p += g + 1) {
			gb_json_put_text(w, NULL, simulator_person(p));
		}
		gb_json_end_array(w);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void write_tenant(const char *path, const struct certificate *app, unsigned groups,
			 unsigned people)
{
	struct gb_json_writer *w = gb_json_writer_new(NULL, false);
	const char *text;

	gb_json_begin_object(w, NULL);
	gb_json_put_text(w, "tenantId", SIMULATOR_TENANT);
	gb_json_begin_array(w, "domains");
	gb_json_put_text(w, NULL, "contoso.test");
	gb_json_end_array(w);
	put_apps(w, app);
	put_people(w, people);
	put_groups(w, groups, people);
	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	unit_write(path, text, strlen(text), 0600);
	talloc_free(w);
}

static int end(struct simulator *simulator)
{
	kill(simulator->pid, SIGTERM);
	waitpid(simulator->pid, NULL, 0);
	return 0;
}

static void wait_until_ready(struct simulator *simulator, const char *ready)
{
	struct gb_json_doc *doc = NULL;
	struct gb_err err;
	int64_t port;
	char *text;

	for (int i = 0; i < 1000 && access(ready, R_OK) != 0; i++) {
		assert_int_equal(waitpid(simulator->pid, NULL, WNOHANG), 0);
		usleep(20000);
	}
	text = unit_read(simulator, ready);
	assert_int_equal(gb_json_parse(simulator, text, strlen(text), "ready file", &doc, &err),
			 GB_OK);
	assert_true(gb_json_get_int(gb_json_root(doc), "port", &port));
	simulator->url = gb_printf(simulator, "https://localhost:%d", (int)port);
	simulator->control = gb_strdup(simulator, gb_json_get_text(gb_json_root(doc), "control"));
}

static void run(const char *folder, const char *const *more)
{
	const char *arguments[32] = {"entra-sim", "--tenant",       "tenant.json", "--port",
				     "0",         "--control-port", "0",           "--cert",
				     "sim.pem",   "--key",          "sim.key",     "--ready-file",
				     "ready"};
	char program[4096];
	size_t n = 13;

	for (; more != NULL && *more != NULL; more++) {
		arguments[n++] = *more;
	}
	snprintf(program, sizeof(program), "%s/tests/sandbox/sim/entra-sim", getenv("GB_BUILDDIR"));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (chdir(folder) == 0) {
		execv(program, (char *const *)(uintptr_t)arguments);
	}
	perror(program);
	_exit(127);
}

struct simulator *simulator_start(const void *ctx, struct lab_pki *pki, unsigned groups,
				  unsigned people, const char *const *arguments)
{
	struct simulator *simulator = gb_new(ctx, struct simulator);
	char *folder = unit_folder(simulator);

	assert_non_null(getenv("GB_BUILDDIR"));
	write_tenant(gb_printf(simulator, "%s/tenant.json", folder), &pki->app, groups, people);
	unit_write(gb_printf(simulator, "%s/sim.pem", folder), pki->good.pem, strlen(pki->good.pem),
		   0600);
	unit_write(gb_printf(simulator, "%s/sim.key", folder), pki->good.key, strlen(pki->good.key),
		   0600);
	simulator->pid = fork();
	assert_true(simulator->pid >= 0);
	if (simulator->pid == 0) {
		run(folder, arguments);
	}
	talloc_set_destructor(simulator, end);
	wait_until_ready(simulator, gb_printf(simulator, "%s/ready", folder));
	return simulator;
}

static size_t drop(char *bytes, size_t size, size_t count, void *user)
{
	(void)bytes;
	(void)user;
	return size * count;
}

void simulator_post(const struct simulator *simulator, const char *path, const char *body)
{
	char *url = gb_printf(NULL, "%s%s", simulator->control, path);
	CURL *easy = curl_easy_init();
	long status = 0;

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	assert_int_equal(curl_easy_perform(easy), CURLE_OK);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		fail_msg("%s: %ld to %.500s", path, status, body);
	}
	curl_easy_cleanup(easy);
	talloc_free(url);
}
