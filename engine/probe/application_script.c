/* SPDX-License-Identifier: GPL-3.0-or-later */
/* application.prepare: a key and a certificate made here, and what a colleague has to do with them. */
#include "config.h"

#include <string.h>

#include "engine/base/buffer.h"
#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/application.h"
#include "engine/probe/cloud.h"
#include "engine/probe/pending.h"

/* Names stand between single quotes in both scripts; PowerShell takes typographic ones for these. */
static bool is_quote(uint32_t c)
{
	return c == '\'' || (c >= 0x2018 && c <= 0x201b);
}

static const char *plain_name(const void *ctx, const char *name)
{
	struct gb_buffer *out = gb_buffer_new(ctx);
	uint32_t c;
	size_t size;

	for (; (size = gb_text_next(name, &c)) > 0; name += size) {
		if (is_quote(c) || c == '\\' || c < 0x20 || c == 0x7f) {
			gb_buffer_add_char(out, '-');
		} else {
			gb_buffer_add(out, name, size);
		}
	}
	return gb_buffer_steal(ctx, out);
}

static void add_roles(struct gb_buffer *out, const char *before, const char *between,
		      const char *after)
{
	const char *gap = "";

	for (const struct gb_probe_role *r = gb_probe_roles; r->name; r++) {
		gb_buffer_add_format(out, "%s%s%s%s", gap, before, r->name, after);
		gap = between;
	}
}

static const char *tenant_of(const struct gb_probe *probe)
{
	const char *tenant = probe->config->cloud.tenant;

	return tenant ? tenant : "TENANT";
}

static const char *powershell(const struct gb_probe *probe, const char *name,
			      const struct gb_keypair *keypair)
{
	struct gb_buffer *out = gb_buffer_new(probe);

	gb_buffer_add_format(
		out,
		"Connect-MgGraph -TenantId '%s' -Scopes 'Application.ReadWrite.All',"
		"'AppRoleAssignment.ReadWrite.All'\n"
		"$key = @{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; DisplayName = "
		"'CN=groupback'\n"
		"  Key = [Convert]::FromBase64String('%s') }\n"
		"$graph = Get-MgServicePrincipal -Filter \"appId eq '" GB_APPLICATION_GRAPH "'\"\n"
		"$roles = $graph.AppRoles | Where-Object Value -In ",
		tenant_of(probe), keypair->certificate_base64);
	add_roles(out, "'", ",", "'");
	gb_buffer_add_format(
		out,
		"\n$access = @{ ResourceAppId = $graph.AppId\n"
		"  ResourceAccess = @($roles | ForEach-Object { @{ Id = $_.Id; Type = 'Role' } }) "
		"}\n"
		"$app = New-MgApplication -DisplayName '%s' -SignInAudience AzureADMyOrg `\n"
		"  -RequiredResourceAccess @($access) -KeyCredentials @($key)\n"
		"$sp = New-MgServicePrincipal -AppId $app.AppId\n"
		"$roles | ForEach-Object { New-MgServicePrincipalAppRoleAssignedTo `\n"
		"  -ServicePrincipalId $graph.Id -PrincipalId $sp.Id -ResourceId $graph.Id "
		"-AppRoleId $_.Id }\n"
		"\"client id = $($app.AppId)\"\n",
		name);
	return gb_buffer_steal(probe, out);
}

static const char *azure_cli(const struct gb_probe *probe, const char *name,
			     const struct gb_keypair *keypair)
{
	struct gb_buffer *out = gb_buffer_new(probe);

	gb_buffer_add_format(
		out,
		"az login --tenant '%s' --allow-no-subscriptions\n"
		"cat >groupback.pem <<'END'\n%sEND\n"
		"app=$(az ad app create --display-name '%s' --sign-in-audience AzureADMyOrg "
		"--query appId -o tsv)\n"
		"az ad app credential reset --id \"$app\" --cert @groupback.pem --append\n"
		"az ad sp create --id \"$app\"\n"
		"for role in ",
		tenant_of(probe), keypair->certificate_pem, name);
	add_roles(out, "", " ", "");
	gb_buffer_add_text(out,
			   "; do\n"
			   "  id=$(az ad sp show --id " GB_APPLICATION_GRAPH
			   " --query \"appRoles[?value=='$role'].id\" -o tsv)\n"
			   "  az ad app permission add --id \"$app\" --api " GB_APPLICATION_GRAPH
			   " --api-permissions \"$id=Role\"\n"
			   "done\n"
			   "az ad app permission admin-consent --id \"$app\"\n"
			   "echo \"client id = $app\"\n");
	return gb_buffer_steal(probe, out);
}

static void put_steps(struct gb_json_writer *w)
{
	static const char *const steps[] = {
		N_("In the Entra admin center, open App registrations and choose New "
		   "registration: this organizational directory only."),
		N_("Under Certificates & secrets, upload the certificate."),
		N_("Under API permissions, add the application permissions of Microsoft Graph that "
		   "are listed, and grant admin consent. This takes the Privileged Role "
		   "Administrator or a Global Administrator."),
		N_("Send the Application (client) ID back; it is no secret."),
	};

	gb_json_begin_array(w, "steps");
	for (size_t i = 0; i < GB_ARRAY_SIZE(steps); i++) {
		gb_json_put_text(w, NULL, _(steps[i]));
	}
	gb_json_end_array(w);
}

enum gb_rc gb_probe_application_prepare(struct gb_probe *probe, struct gb_err *err)
{
	const struct gb_pending *pending = probe->prepared;
	const char *name = plain_name(probe, pending->display_name);
	struct gb_keypair *keypair;
	struct gb_json_writer *w;
	enum gb_rc rc = gb_keypair_describe(probe, pending->certificate_pem, &keypair, err);

	if (rc != GB_OK) {
		return rc;
	}
	w = gb_answer_result(&probe->answer);
	gb_json_begin_object(w, "certificate");
	gb_json_put_text(w, "sha1", keypair->sha1);
	gb_json_put_text(w, "sha256", keypair->sha256);
	gb_answer_put_time(w, "notAfter", keypair->end_ms);
	gb_json_put_text(w, "pem", keypair->certificate_pem);
	gb_json_end_object(w);
	put_steps(w);
	gb_json_put_text(w, "powershell", powershell(probe, name, keypair));
	gb_json_put_text(w, "azureCli", azure_cli(probe, name, keypair));
	gb_answer_send(&probe->answer, w, true);
	return GB_OK;
}
