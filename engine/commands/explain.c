/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-engine explain: why a group or member is (not) written. */
#include "config.h"

#include <stdio.h>

#include "engine/base/clock.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/commands/command.h"
#include "engine/commands/common.h"
#include "engine/manage/explain.h"
#include "engine/plan/match.h"

static const char *type_id(enum gb_cloud_type type)
{
	switch (type) {
	case GB_CLOUD_USER:
		return "user";
	case GB_CLOUD_GROUP:
		return "group";
	case GB_CLOUD_DEVICE:
		return "device";
	case GB_CLOUD_CONTACT:
		return "contact";
	case GB_CLOUD_SERVICE_PRINCIPAL:
		return "application";
	case GB_CLOUD_OTHER:
		break;
	}
	return "other";
}

static const char *type_name(enum gb_cloud_type type)
{
	switch (type) {
	case GB_CLOUD_USER:
		return _("Person");
	case GB_CLOUD_GROUP:
		return _("Group");
	case GB_CLOUD_DEVICE:
		return _("Device");
	case GB_CLOUD_CONTACT:
		return _("Contact");
	case GB_CLOUD_SERVICE_PRINCIPAL:
		return _("Application");
	case GB_CLOUD_OTHER:
		break;
	}
	return _("Object");
}

static const char *rule_sentence(enum gb_match_rule rule)
{
	switch (rule) {
	case GB_MATCH_SID:
		return _("Found on-premises by its security identifier (SID).");
	case GB_MATCH_IMMUTABLE_ID:
		return _("Found on-premises by its immutable id.");
	case GB_MATCH_DN:
		return _("Found on-premises by its distinguished name; no other key speaks against "
			 "it.");
	case GB_MATCH_MAIL:
		return _("Found on-premises by its mail address.");
	case GB_MATCH_WRITTEN:
		return _("Written by groupback itself.");
	case GB_MATCH_NONE:
		break;
	}
	return _("Not looked for yet.");
}

static const char *match_sentence(int code)
{
	return gb_cause_is_member((enum gb_cause)code) ? gb_cause_sentence((enum gb_cause)code)
						       : rule_sentence((enum gb_match_rule)code);
}

static const char *life_sentence(const struct gb_explanation *about)
{
	switch (about->life) {
	case GB_LIFE_SOFT_DELETED:
		return gb_cause_sentence(GB_CAUSE_SOFT_DELETED);
	case GB_LIFE_GONE:
		return gb_cause_sentence(GB_CAUSE_HARD_DELETED);
	case GB_LIFE_LIVE:
		break;
	}
	return about->scope.cause != GB_CAUSE_NONE ? gb_cause_sentence(about->scope.cause)
						   : _("Not read yet.");
}

static const char *kind_text(enum gb_change_kind kind)
{
	switch (kind) {
	case GB_CHANGE_CREATE:
		return _("created");
	case GB_CHANGE_ATTRIBUTES:
		return _("attributes changed");
	case GB_CHANGE_REMOVE_MEMBERS:
		return _("members removed");
	case GB_CHANGE_ADD_MEMBERS:
		return _("members added");
	case GB_CHANGE_RENAME:
		return _("renamed");
	case GB_CHANGE_MOVE:
		return _("moved");
	case GB_CHANGE_DELETE:
		return _("deleted");
	}
	return "?";
}

static const char *shown_name(const void *ctx, const char *name, const struct gb_guid *id)
{
	char text[GB_GUID_TEXT_BYTES];

	return name != NULL ? gb_text_display(ctx, name) : gb_strdup(ctx, gb_guid_format(id, text));
}

static void print_item(const void *ctx, const struct gb_explanation_item *item, bool is_group)
{
	char id[GB_GUID_TEXT_BYTES];
	const char *why = item->cause != GB_CAUSE_NONE ? gb_cause_sentence(item->cause)
			  : is_group                   ? _("It will be written in the next cycle.")
			  : item->is_member            ? _("It is a member there.")
						       : _("It is not a member there.");

	printf("  %s (%s)\n    %s\n", shown_name(ctx, item->name, &item->id),
	       gb_guid_format(&item->id, id), why);
}

static void print_items(const void *ctx, const struct gb_explanation *about)
{
	bool is_group = about->type == GB_CLOUD_GROUP;

	if (about->item_count == 0) {
		return;
	}
	puts(is_group ? _("Members that are not written:")
		      : _("Groups in the cloud that list it:"));
	for (size_t i = 0; i < about->item_count; i++) {
		print_item(ctx, &about->items[i], is_group);
	}
}

static void print_change(const void *ctx, const struct gb_explanation *about)
{
	const struct gb_explain_change *change = &about->change;
	char when[GB_CLOCK_TEXT_BYTES];

	if (change->run_no == 0) {
		puts(_("Last change: none in the journal."));
		return;
	}
	printf(_("Last change: run %lld, %s: %s, %s\n"), (long long)change->run_no,
	       gb_clock_format(change->begun_ms, when), kind_text(change->kind),
	       change->dn != NULL ? gb_text_display(ctx, change->dn) : "?");
	if (change->err_text != NULL) {
		printf("  %s\n", gb_text_display(ctx, change->err_text));
	}
}

static void print_text(const void *ctx, const struct gb_explanation *about)
{
	char id[GB_GUID_TEXT_BYTES];

	printf("%s \"%s\" (%s)\n", type_name(about->type), shown_name(ctx, about->name, &about->id),
	       gb_guid_format(&about->id, id));
	if (about->type == GB_CLOUD_GROUP) {
		printf(_("Scope: %s. %s\n"),
		       about->scope.verdict != 0 ? gb_scope_verdict_id(about->scope.verdict) : "-",
		       life_sentence(about));
	} else {
		printf("%s\n", match_sentence(about->match_code));
	}
	printf(_("Object: %s\n"), about->dn != NULL ? gb_text_display(ctx, about->dn) : "-");
	if (about->sid != NULL) {
		printf(_("SID: %s\n"), about->sid);
	}
	if (about->type == GB_CLOUD_GROUP) {
		printf(_("Members: %lld in the cloud, %lld in the directory\n"),
		       (long long)about->listed, (long long)about->observed);
		if (!about->members_known) {
			printf("  %s\n", gb_cause_sentence(GB_CAUSE_CLOUD_INCOMPLETE));
		}
	}
	print_items(ctx, about);
	print_change(ctx, about);
}

static void put_items(struct gb_json_writer *w, const char *key,
		      const struct gb_explanation_item *items, size_t count)
{
	char id[GB_GUID_TEXT_BYTES];

	gb_json_begin_array(w, key);
	for (size_t i = 0; i < count; i++) {
		gb_json_begin_object(w, NULL);
		gb_json_put_text(w, "id", gb_guid_format(&items[i].id, id));
		gb_json_put_text(w, "type", type_id(items[i].type));
		gb_json_put_text(w, "name", items[i].name);
		gb_json_put_text(w, "cause",
				 items[i].cause != GB_CAUSE_NONE ? gb_cause_id(items[i].cause)
								 : NULL);
		gb_json_put_bool(w, "isMember", items[i].is_member);
		gb_json_end_object(w);
	}
	gb_json_end_array(w);
}

static void put_change(struct gb_json_writer *w, const struct gb_explain_change *change)
{
	char when[GB_CLOCK_TEXT_BYTES];

	if (change->run_no == 0) {
		gb_json_put_null(w, "lastChange");
		return;
	}
	gb_json_begin_object(w, "lastChange");
	gb_json_put_int(w, "run", change->run_no);
	gb_json_put_text(w, "begun", gb_clock_format(change->begun_ms, when));
	gb_json_put_int(w, "kind", (int64_t)change->kind);
	gb_json_put_int(w, "status", (int64_t)change->status);
	gb_json_put_text(w, "dn", change->dn);
	gb_json_put_text(w, "error", change->err_text);
	gb_json_end_object(w);
}

static void put_group(struct gb_json_writer *w, const struct gb_explanation *about)
{
	gb_json_put_text(w, "scope",
			 about->scope.verdict != 0 ? gb_scope_verdict_id(about->scope.verdict)
						   : NULL);
	gb_json_put_text(w, "scopeCause",
			 about->scope.cause != GB_CAUSE_NONE ? gb_cause_id(about->scope.cause)
							     : NULL);
	gb_json_put_int(w, "listed", about->listed);
	gb_json_put_int(w, "inDirectory", about->observed);
	gb_json_put_bool(w, "membersKnown", about->members_known);
	put_items(w, "notWritten", about->items, about->item_count);
}

static void put_member(struct gb_json_writer *w, const struct gb_explanation *about)
{
	enum gb_cause cause = (enum gb_cause)about->match_code;
	bool is_cause = gb_cause_is_member(cause);

	gb_json_put_text(w, "rule",
			 is_cause ? NULL : gb_match_rule_id((enum gb_match_rule)about->match_code));
	gb_json_put_text(w, "cause", is_cause ? gb_cause_id(cause) : NULL);
	put_items(w, "groups", about->items, about->item_count);
}

static void print_json(const void *ctx, const struct gb_explanation *about)
{
	struct gb_json_writer *w = gb_json_writer_new(ctx, true);
	char id[GB_GUID_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "schema", 1);
	gb_json_put_text(w, "id", gb_guid_format(&about->id, id));
	gb_json_put_text(w, "type", type_id(about->type));
	gb_json_put_text(w, "name", about->name);
	gb_json_put_text(w, "dn", about->dn);
	gb_json_put_text(w, "objectSid", about->sid);
	if (about->type == GB_CLOUD_GROUP) {
		put_group(w, about);
	} else {
		put_member(w, about);
	}
	put_change(w, &about->change);
	gb_json_end_object(w);
	puts(gb_json_writer_text(w));
}

/* Several have the name: which one is meant has to be said by id. */
static int choose(const void *ctx, const struct gb_arguments *arguments,
		  const struct gb_explain_choice *choice)
{
	if (arguments->json) {
		struct gb_json_writer *w = gb_json_writer_new(ctx, true);

		gb_json_begin_object(w, NULL);
		gb_json_put_int(w, "schema", 1);
		put_items(w, "candidates", choice->items, choice->count);
		gb_json_end_object(w);
		puts(gb_json_writer_text(w));
		return gb_rc_exit_code(GB_E_USAGE);
	}
	fprintf(stderr, _("groupback-engine: several are called that; say which by its id:\n"));
	for (size_t i = 0; i < choice->count; i++) {
		char id[GB_GUID_TEXT_BYTES];

		fprintf(stderr, "  %s  %s \"%s\"\n", gb_guid_format(&choice->items[i].id, id),
			type_name(choice->items[i].type),
			shown_name(ctx, choice->items[i].name, &choice->items[i].id));
	}
	return gb_rc_exit_code(GB_E_USAGE);
}

int gb_command_explain(const struct gb_arguments *arguments)
{
	void *ctx = gb_new_tmp(NULL);
	struct gb_config *config = gb_common_load(ctx, arguments);
	struct gb_explanation *about = NULL;
	struct gb_explain_choice choice = {.count = 0};
	struct gb_err err;
	int code = gb_rc_exit_code(GB_E_CONFIG);

	gb_err_clear(&err);
	if (config == NULL) {
		talloc_free(ctx);
		return code;
	}
	if (gb_explain(ctx, config, arguments->words[0], &about, &choice, &err) != GB_OK) {
		gb_common_print_err(&err);
		code = gb_rc_exit_code(err.rc);
	} else if (about == NULL) {
		code = choose(ctx, arguments, &choice);
	} else {
		if (arguments->json) {
			print_json(ctx, about);
		} else {
			print_text(ctx, about);
		}
		code = 0;
	}
	talloc_free(ctx);
	return code;
}
