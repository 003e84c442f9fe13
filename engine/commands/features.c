/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * groupback-engine features: what the tenant marks for writeback, seen and changed by a person who
 * signs in for this once.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/cloud/group_settings.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/config/authorities.h"
#include "engine/config/clouds.h"

/* What is asked for. */
enum what {
	WHAT_SHOW,
	WHAT_DEFAULT, /* the default of new Microsoft 365 groups */
	WHAT_GROUP,   /* one group */
	WHAT_ALL      /* all existing Microsoft 365 groups */
};

struct features {
	const struct gb_arguments *arguments;
	const struct gb_config *config;
	struct gb_entra *entra;
	enum what what;
	bool value;
	struct gb_guid group;
	/* Groups that differ from what is wanted. */
	struct gb_guid *ids;
	size_t count;
	size_t changed; /* of them */
	size_t listed;
	size_t enabled;
};

static enum gb_rc wrong_words(struct gb_err *err)
{
	gb_err_set(err, GB_E_USAGE, "usage", _("features takes: show; set default on|off; set group "
					       "OBJECT-ID on|off; set all-microsoft365 on|off."));
	return gb_err_remedy(err, _("Say one of these; --dry-run shows what would be changed."));
}

static bool parse_switch(const char *word, bool *ret_value)
{
	*ret_value = word && strcmp(word, "on") == 0;
	return *ret_value || (word && strcmp(word, "off") == 0);
}

static enum gb_rc parse(struct features *features, struct gb_err *err)
{
	const char *const *words = features->arguments->words;
	unsigned count = features->arguments->word_count;

	if (count == 0 || (count == 1 && strcmp(words[0], "show") == 0)) {
		features->what = WHAT_SHOW;
		return GB_OK;
	}
	if (count < 3 || strcmp(words[0], "set") != 0 ||
	    !parse_switch(words[count - 1], &features->value)) {
		return wrong_words(err);
	}
	if (count == 3 && strcmp(words[1], "default") == 0) {
		features->what = WHAT_DEFAULT;
	} else if (count == 3 && strcmp(words[1], "all-microsoft365") == 0) {
		features->what = WHAT_ALL;
	} else if (count == 4 && strcmp(words[1], "group") == 0 &&
		   gb_guid_parse(words[2], &features->group)) {
		features->what = WHAT_GROUP;
	} else {
		return wrong_words(err);
	}
	return GB_OK;
}

static const char *scopes_of(const struct features *features)
{
	switch (features->what) {
	case WHAT_DEFAULT:
		return GB_GROUP_SETTINGS_SCOPES_DEFAULT;
	case WHAT_GROUP:
	case WHAT_ALL:
		return GB_GROUP_SETTINGS_SCOPES_GROUPS;
	case WHAT_SHOW:
		break;
	}
	return GB_GROUP_SETTINGS_SCOPES_READ;
}

static enum gb_rc open_entra(struct features *features, const void *ctx, struct tevent_context *ev,
			     struct gb_err *err)
{
	struct gb_cloud_origins origins = gb_clouds_origins(features->config);
	struct gb_entra_options options = {
		.authority_url = origins.authority,
		.graph_url = origins.graph,
		.tenant = features->config->cloud.tenant,
		.proxy = features->config->cloud.proxy,
	};
	enum gb_rc rc =
		gb_authorities_cloud(features->config, &options.ca_pem, &options.ca_file, err);

	return rc == GB_OK ? gb_entra_new(ctx, ev, &options, &features->entra, err) : rc;
}

static enum gb_rc not_signed_in(enum gb_entra_sign_in found, struct gb_err *err)
{
	gb_err_set(err, found == GB_ENTRA_DECLINED ? GB_E_ACCESS : GB_E_UNAVAILABLE,
		   found == GB_ENTRA_DECLINED ? "sign-in-declined" : "sign-in-expired", "%s",
		   found == GB_ENTRA_DECLINED ? _("The sign-in was declined.")
					      : _("Nobody signed in while the code was valid."));
	gb_err_undone(err, _("Nothing was changed in the tenant."));
	return gb_err_remedy(err, _("Start again, and accept it in the browser."));
}

static enum gb_rc sign_in(struct features *features, const void *ctx, struct gb_err *err)
{
	struct gb_entra_device *device;
	enum gb_entra_sign_in found = GB_ENTRA_WAITING;
	int64_t end_ms;
	enum gb_rc rc = gb_entra_device_begin(features->entra, ctx, scopes_of(features), &device,
					      err);

	if (rc != GB_OK) {
		return rc;
	}
	fprintf(stderr, _("Open %s in a browser and enter the code %s.\n"),
		gb_text_display(ctx, device->url), gb_text_display(ctx, device->user_code));
	end_ms = gb_clock_boot_ms() + device->expires_s * 1000;
	while (rc == GB_OK && found == GB_ENTRA_WAITING) {
		gb_entra_sleep(features->entra, device->interval_s * 1000);
		if (gb_clock_boot_ms() >= end_ms) {
			found = GB_ENTRA_EXPIRED;
			break;
		}
		rc = gb_entra_device_poll(features->entra, device, &found, err);
	}
	return rc == GB_OK && found != GB_ENTRA_SIGNED_IN ? not_signed_in(found, err) : rc;
}

static enum gb_rc on_group(void *user, const struct gb_guid *id, const char *display_name,
			   enum gb_tristate is_enabled)
{
	struct features *features = user;
	char text[GB_GUID_TEXT_BYTES];

	features->listed++;
	features->enabled += is_enabled == GB_YES;
	if (features->what == WHAT_SHOW ||
	    is_enabled == (features->value ? GB_YES : GB_NO)) {
		return GB_OK;
	}
	features->ids = gb_mem_check(talloc_realloc(features, features->ids, struct gb_guid,
						    gb_mem_count(features->count + 1)));
	features->ids[features->count++] = *id;
	if (!features->arguments->json) {
		char *name = gb_text_display(features, display_name);

		printf("~ \"%s\" (%s): %s\n", name, gb_guid_format(id, text),
		       features->value ? _("writeback on") : _("writeback off"));
		talloc_free(name);
	}
	return GB_OK;
}

/* On a terminal the list that was just shown is agreed to by its number; a script has chosen already. */
static bool is_agreed(const struct features *features)
{
	char line[32];
	int64_t typed;

	if (features->count < 2 || features->arguments->dry_run || features->arguments->json ||
	    !isatty(STDIN_FILENO)) {
		return true;
	}
	fprintf(stderr, _("To change these %zu groups, type their number: "), features->count);
	if (!fgets(line, sizeof(line), stdin)) {
		return false;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return gb_text_to_number(line, &typed) && typed == (int64_t)features->count;
}

static enum gb_rc not_agreed(struct gb_err *err)
{
	gb_err_set(err, GB_E_CANCELLED, "features-not-agreed", _("That is not their number."));
	return gb_err_undone(err, _("Nothing was changed in the tenant."));
}

/* A refusal of one group does not stop the others; one of the person, or of the line, does. */
static bool goes_on(enum gb_rc rc)
{
	return rc == GB_E_NOT_FOUND || rc == GB_E_CONSTRAINT || rc == GB_E_PROTOCOL;
}

static enum gb_rc switch_groups(struct features *features, const void *ctx, struct gb_err *err)
{
	enum gb_rc first = GB_OK;

	if (!is_agreed(features)) {
		return not_agreed(err);
	}
	for (size_t i = 0; !features->arguments->dry_run && i < features->count; i++) {
		struct gb_err why;
		enum gb_rc rc = gb_group_settings_switch(features->entra, ctx, &features->ids[i],
							 features->value, &why);

		features->changed += rc == GB_OK;
		if (rc != GB_OK && first == GB_OK) {
			first = rc;
			*err = why;
		}
		if (rc != GB_OK && !goes_on(rc)) {
			break;
		}
	}
	if (first != GB_OK) {
		gb_err_undone(err,
			      P_("%zu of %zu group was changed.", "%zu of %zu groups were changed.",
				 features->count),
			      features->changed, features->count);
	}
	return first;
}

static void put_result(const struct features *features, const char *key, bool before, bool now)
{
	struct gb_json_writer *w = gb_json_writer_new(features, true);

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_bool(w, "dryRun", features->arguments->dry_run);
	if (key) {
		gb_json_begin_object(w, key);
		gb_json_put_bool(w, "before", before);
		gb_json_put_bool(w, "now", now);
		gb_json_end_object(w);
	} else {
		gb_json_put_int(w, "listed", (int64_t)features->listed);
		gb_json_put_int(w, "differ", (int64_t)features->count);
		gb_json_put_int(w, "changed", (int64_t)features->changed);
	}
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

static enum gb_rc set_default(struct features *features, const void *ctx, struct gb_err *err)
{
	bool before = false;
	enum gb_rc rc = features->arguments->dry_run
				? gb_group_settings_default(features->entra, ctx, &before, err)
				: gb_group_settings_set_default(features->entra, ctx,
								features->value, &before, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (features->arguments->json) {
		put_result(features, "newGroupsDefault", before, features->value);
	} else if (before == features->value) {
		puts(_("The default for new Microsoft 365 groups is so already."));
	} else {
		printf(_("~ writeback of new Microsoft 365 groups: %s → %s\n"),
		       before ? _("on") : _("off"), features->value ? _("on") : _("off"));
	}
	return GB_OK;
}

static void print_count(const struct features *features)
{
	if (features->arguments->dry_run) {
		printf(P_("%zu group would be changed.\n", "%zu groups would be changed.\n",
			  features->count),
		       features->count);
	} else {
		printf(P_("%zu group was changed.\n", "%zu groups were changed.\n",
			  features->changed),
		       features->changed);
	}
}

static enum gb_rc set_groups(struct features *features, const void *ctx, struct gb_err *err)
{
	enum gb_rc rc = features->what == WHAT_ALL
				? gb_group_settings_each(features->entra, ctx, on_group, features,
							 err)
				: gb_group_settings_look(features->entra, ctx, &features->group,
							 on_group, features, err);

	if (rc == GB_OK) {
		rc = switch_groups(features, ctx, err);
	}
	if (rc == GB_OK && features->arguments->json) {
		put_result(features, NULL, false, false);
	} else if (rc == GB_OK) {
		print_count(features);
	}
	return rc;
}

static enum gb_rc show(struct features *features, const void *ctx, struct gb_err *err)
{
	bool value = false;
	enum gb_rc rc = gb_group_settings_default(features->entra, ctx, &value, err);

	if (rc == GB_OK) {
		rc = gb_group_settings_each(features->entra, ctx, on_group, features, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	if (features->arguments->json) {
		struct gb_json_writer *w = gb_json_writer_new(features, true);

		gb_json_begin_object(w, NULL);
		gb_json_put_int(w, "schema", 1);
		gb_json_put_bool(w, "newGroupsDefault", value);
		gb_json_put_int(w, "microsoft365Groups", (int64_t)features->listed);
		gb_json_put_int(w, "enabled", (int64_t)features->enabled);
		gb_json_end_object(w);
		puts(gb_json_writer_text(w));
		return GB_OK;
	}
	printf(_("Writeback of new Microsoft 365 groups: %s\n"), value ? _("on") : _("off"));
	printf(_("Microsoft 365 groups: %zu, of which writeback is on for %zu\n"), features->listed,
	       features->enabled);
	return GB_OK;
}

static enum gb_rc work(struct features *features, const void *ctx, struct gb_err *err)
{
	struct tevent_context *ev = gb_mem_check(tevent_context_init(features));
	enum gb_rc rc = open_entra(features, ctx, ev, err);

	if (rc == GB_OK) {
		rc = sign_in(features, ctx, err);
	}
	if (rc != GB_OK) {
		return rc;
	}
	switch (features->what) {
	case WHAT_SHOW:
		return show(features, ctx, err);
	case WHAT_DEFAULT:
		return set_default(features, ctx, err);
	case WHAT_GROUP:
	case WHAT_ALL:
		break;
	}
	return set_groups(features, ctx, err);
}

int gb_command_features(const struct gb_arguments *arguments)
{
	struct features *features = gb_new(NULL, struct features);
	struct gb_err err;
	enum gb_rc rc;

	gb_err_clear(&err);
	features->arguments = arguments;
	rc = parse(features, &err);
	if (rc == GB_OK) {
		features->config = gb_common_load(features, arguments);
		if (features->config == NULL) {
			talloc_free(features);
			return gb_rc_exit_code(GB_E_CONFIG);
		}
		rc = work(features, features, &err);
	}
	if (rc != GB_OK) {
		gb_common_print_err(&err);
	}
	talloc_free(features);
	return rc == GB_OK ? 0 : gb_rc_exit_code(rc);
}
