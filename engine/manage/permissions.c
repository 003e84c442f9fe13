/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rights of the account on its container: looked at, and granted. */
#include "config.h"

#include "engine/manage/permissions.h"

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/grant_lines.h"
#include "engine/directory/rights.h"
#include "engine/directory/sddl.h"
#include "engine/manage/permissions_find.h"

/* Rights being looked at. */
struct run {
	struct gb_session *session;
	const struct gb_permissions_request *request;
	struct gb_permissions *result;
	struct gb_descriptor *descriptors[GB_PERMISSIONS_MAX_OBJECTS]; /* as they were read */
};

static const struct gb_sid *domain_sid(const struct run *run)
{
	return &gb_directory_facts(run->session->directory)->domain_sid;
}

static void add_text(const void *ctx, char ***texts, size_t *count, char *text)
{
	*texts = gb_mem_check(talloc_realloc(ctx, *texts, char *, gb_mem_count(*count + 1)));
	(*texts)[(*count)++] = text;
}

static void name_object(struct run *run, enum gb_grant_place place, const char *dn)
{
	struct gb_permissions *result = run->result;
	struct gb_permissions_object *object = &result->objects[result->object_count++];

	object->place = place;
	object->dn = gb_strdup(result, dn);
}

static enum gb_rc name_objects(struct run *run, struct gb_err *err)
{
	const char *domain_dn = gb_directory_facts(run->session->directory)->domain_dn;
	const char *container = run->request->container ? run->request->container
							: run->session->config->writeback.container;
	char *dn;
	enum gb_rc rc;

	if (!container) {
		gb_err_set(err, GB_E_CONFIG, "permissions-container-missing",
			   _("The configuration names no container."));
		return gb_err_remedy(err, _("Name it with '--container DN'."));
	}
	rc = gb_permissions_find_container(run->result, run->session, container, &dn, err);
	if (rc != GB_OK) {
		return rc;
	}
	name_object(run, GB_GRANT_CONTAINER, dn);
	if (run->request->reanimate) {
		name_object(run, GB_GRANT_DOMAIN, domain_dn);
		name_object(run, GB_GRANT_DELETED_OBJECTS,
			    gb_printf(run->result, "CN=Deleted Objects,%s", domain_dn));
	}
	return GB_OK;
}

/* What it would take to give the account its rights on one object. */
static void judge_object(struct run *run, struct gb_permissions_object *object,
			 const struct gb_descriptor *descriptor)
{
	struct gb_permissions *result = run->result;
	struct gb_ace aces[GB_GRANT_MAX_ACES];
	size_t count = gb_grant_missing(descriptor->dacl, &result->sid, object->place, aces);

	for (size_t i = 0; i < count; i++) {
		add_text(result, &object->added, &object->added_count,
			 gb_sddl_write_ace(result, &aces[i], domain_sid(run)));
	}
}

/* An object that nobody may look at: as if nothing were granted on it. */
static struct gb_descriptor *hidden_descriptor(const void *ctx)
{
	struct gb_descriptor *descriptor = gb_new(ctx, struct gb_descriptor);

	descriptor->dacl = gb_new(descriptor, struct gb_acl);
	return descriptor;
}

static enum gb_rc read_object(struct run *run, size_t index, struct gb_err *err)
{
	struct gb_permissions_object *object = &run->result->objects[index];
	struct gb_descriptor *descriptor;
	enum gb_rc rc = gb_permissions_read_dacl(run, run->session, object->dn, &descriptor, err);

	/* CN=Deleted Objects belongs to the system; administrators as well have to take it first. */
	if (object->place == GB_GRANT_DELETED_OBJECTS &&
	    (rc == GB_E_ACCESS || rc == GB_E_NOT_FOUND)) {
		gb_err_clear(err);
		run->descriptors[index] = hidden_descriptor(run);
		return GB_OK;
	}
	if (rc != GB_OK) {
		return gb_err_prefix(err, "%s", gb_text_display(run, object->dn));
	}
	run->descriptors[index] = descriptor;
	object->before = gb_sddl_write(run->result, descriptor, domain_sid(run));
	return GB_OK;
}

static enum gb_rc read_objects(struct run *run, struct gb_err *err)
{
	struct gb_permissions *result = run->result;

	for (size_t i = 0; i < result->object_count; i++) {
		enum gb_rc rc = read_object(run, i, err);

		if (rc != GB_OK) {
			return rc;
		}
		judge_object(run, &result->objects[i], run->descriptors[i]);
	}
	return GB_OK;
}

static void judge_rights(struct run *run)
{
	struct gb_permissions *result = run->result;

	result->right_count = 0;
	result->is_sufficient = true;
	for (size_t i = 0; i < result->object_count; i++) {
		size_t count;
		const struct gb_grant_right *rights =
			gb_grant_rights(result->objects[i].place, &count);

		for (size_t r = 0; r < count && result->right_count < GB_PERMISSIONS_MAX_RIGHTS;
		     r++) {
			struct gb_permissions_right *right = &result->rights[result->right_count++];

			right->right = &rights[r];
			right->state =
				gb_grant_state(run->descriptors[i]->dacl, &result->sid, &rights[r]);
			result->is_sufficient =
				result->is_sufficient && right->state == GB_GRANT_THERE;
		}
	}
}

static bool is_administrator(const struct gb_sid *sid)
{
	struct gb_sid none = {0};
	const char *alias = gb_sddl_sid_alias(sid, &none);

	return gb_rights_privileged_group(sid) || (alias && alias[0] == 'S' && alias[1] == 'Y');
}

static void add_writer(struct run *run, const struct gb_ace *ace)
{
	struct gb_permissions *result = run->result;
	struct gb_permissions_writer *writer;

	result->writers =
		gb_mem_check(talloc_realloc(result, result->writers, struct gb_permissions_writer,
					    gb_mem_count(result->writer_count + 1)));
	writer = &result->writers[result->writer_count++];
	writer->name = gb_permissions_name(result, run->session, &ace->sid);
	writer->ace = gb_sddl_write_ace(result, ace, domain_sid(run));
	writer->is_administrator = is_administrator(&ace->sid);
	writer->is_inherited = (ace->flags & GB_ACE_INHERITED) != 0;
}

/* The first object is the container. */
static void judge_others(struct run *run)
{
	struct gb_permissions *result = run->result;
	const struct gb_acl *acl = run->descriptors[0]->dacl;

	for (size_t i = 0; acl && i < acl->count; i++) {
		const struct gb_ace *ace = &acl->aces[i];

		if (gb_grant_goes_too_far(ace, &result->sid, GB_GRANT_CONTAINER)) {
			add_text(result, &result->too_far, &result->too_far_count,
				 gb_sddl_write_ace(result, ace, domain_sid(run)));
		} else if (!gb_sid_equal(&ace->sid, &result->sid) && gb_grant_lets_write(ace)) {
			add_writer(run, ace);
		}
	}
}

static void write_lines(struct run *run)
{
	struct gb_permissions *result = run->result;

	for (size_t i = 0; i < result->object_count; i++) {
		struct gb_grant_target target = {
			.place = result->objects[i].place,
			.dn = result->objects[i].dn,
			.principal = result->principal,
			.sid = &result->sid,
			.domain = domain_sid(run),
		};
		struct gb_grant_lines lines;

		gb_grant_lines(result, &target, &lines);
		for (size_t k = 0; k < lines.dsacls_count; k++) {
			add_text(result, &result->dsacls, &result->dsacls_count, lines.dsacls[k]);
		}
		if (lines.samba_tool) {
			add_text(result, &result->samba_tool, &result->samba_tool_count,
				 lines.samba_tool);
		}
	}
}

static enum gb_rc look(struct run *run, struct gb_err *err)
{
	const char *account = run->request->account ? run->request->account
						    : run->session->config->directory.account;
	enum gb_rc rc = name_objects(run, err);

	if (rc == GB_OK) {
		rc = gb_permissions_find_account(run->result, run->session, account, err);
	}
	if (rc == GB_OK) {
		rc = read_objects(run, err);
	}
	return rc;
}

static enum gb_rc refused(const struct gb_permissions_object *object, struct gb_err *err)
{
	int native = err->native;
	char *shown = gb_text_display(NULL, object->dn);
	char *line;

	gb_err_set(err, GB_E_ACCESS, "directory-grant-refused",
		   _("The directory did not let the rights on %s be changed."), shown);
	talloc_free(shown);
	gb_err_native(err, native);
	gb_err_undone(err, _("They are as they were."));
	if (object->place == GB_GRANT_DELETED_OBJECTS) {
		line = gb_grant_take_line(NULL, object->dn);
		gb_err_remedy(err,
			      _("Deleted objects belong to the system: an administrator has to run "
				"this first: %s"),
			      line);
		talloc_free(line);
		return err->rc;
	}
	return gb_err_remedy(err, _("Sign in as somebody who may change them ('--administrator "
				    "NAME'), or run one of the commands that 'permissions show' "
				    "prints."));
}

/* Everything that stood in the list before still does, but for what the server inherits. */
static bool is_kept(const struct gb_acl *before, const struct gb_acl *after)
{
	for (size_t i = 0; before && i < before->count; i++) {
		const struct gb_ace *ace = &before->aces[i];
		bool found = (ace->flags & GB_ACE_INHERITED) != 0;

		for (size_t k = 0; after && k < after->count && !found; k++) {
			found = gb_ace_equal(ace, &after->aces[k]);
		}
		if (!found) {
			return false;
		}
	}
	return true;
}

static enum gb_rc verify(struct run *run, size_t index, struct gb_err *err)
{
	const struct gb_permissions_object *object = &run->result->objects[index];
	struct gb_ace aces[GB_GRANT_MAX_ACES];
	struct gb_descriptor *after;
	enum gb_rc rc = gb_permissions_read_dacl(run, run->session, object->dn, &after, err);

	if (rc != GB_OK) {
		return rc;
	}
	if (!is_kept(run->descriptors[index]->dacl, after->dacl) ||
	    gb_grant_missing(after->dacl, &run->result->sid, object->place, aces) > 0) {
		gb_err_set(err, GB_E_PROTOCOL, "directory-grant-lost",
			   _("The rights on %s were written, but they are not what was written."),
			   object->dn);
		return gb_err_remedy(err,
				     _("Look at them with 'permissions show': somebody else may "
				       "have changed them at the same time."));
	}
	run->descriptors[index] = after;
	return GB_OK;
}

static enum gb_rc grant_object(struct run *run, size_t index, struct gb_err *err)
{
	struct gb_permissions_object *object = &run->result->objects[index];
	struct gb_descriptor *descriptor = run->descriptors[index];
	enum gb_rc rc = GB_OK;

	if (gb_grant_add(descriptor, &run->result->sid, object->place) == 0) {
		return GB_OK;
	}
	if (!object->before) {
		return run->request->what_if ? GB_OK : refused(object, err);
	}
	if (!run->request->what_if) {
		rc = gb_permissions_write_dacl(run->session, object->dn, descriptor, err);
		if (rc == GB_E_ACCESS) {
			return refused(object, err);
		}
		if (rc == GB_OK) {
			rc = verify(run, index, err);
		}
	}
	if (rc == GB_OK) {
		object->after =
			gb_sddl_write(run->result, run->descriptors[index], domain_sid(run));
	}
	return rc;
}

static enum gb_rc refuse_privileged(const struct gb_permissions *result, struct gb_err *err)
{
	gb_err_set(err, GB_E_ACCESS, "directory-account-privileged", "%s", result->privileged);
	gb_err_undone(err,
		      _("No rights were changed: groupback works with the least rights only."));
	return gb_err_remedy(err, _("Make an ordinary account for it, and name that one."));
}

static enum gb_rc grant_objects(struct run *run, struct gb_err *err)
{
	enum gb_rc rc = GB_OK;

	if (run->result->privileged) {
		return refuse_privileged(run->result, err);
	}
	for (size_t i = 0; i < run->result->object_count && rc == GB_OK; i++) {
		rc = grant_object(run, i, err);
	}
	return rc;
}

static enum gb_rc run_request(const void *ctx, struct gb_session *session,
			      const struct gb_permissions_request *request, bool grant,
			      struct gb_permissions **ret_permissions, struct gb_err *err)
{
	struct run *run = gb_new(NULL, struct run);
	enum gb_rc rc;

	run->session = session;
	run->request = request;
	run->result = gb_new(ctx, struct gb_permissions);
	rc = look(run, err);
	if (rc == GB_OK && grant) {
		rc = grant_objects(run, err);
	}
	if (rc == GB_OK) {
		judge_rights(run);
		judge_others(run);
		write_lines(run);
		*ret_permissions = run->result;
	} else {
		talloc_free(run->result);
	}
	talloc_free(run);
	return rc;
}

enum gb_rc gb_permissions_show(const void *ctx, struct gb_session *session,
			       const struct gb_permissions_request *request,
			       struct gb_permissions **ret_permissions, struct gb_err *err)
{
	return run_request(ctx, session, request, false, ret_permissions, err);
}

enum gb_rc gb_permissions_grant(const void *ctx, struct gb_session *session,
				const struct gb_permissions_request *request,
				struct gb_permissions **ret_permissions, struct gb_err *err)
{
	return run_request(ctx, session, request, true, ret_permissions, err);
}
