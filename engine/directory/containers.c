/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers: finding the one that groups are written to, and listing them for the OU picker. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "engine/base/i18n.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/directory/dn.h"
#include "engine/directory/handle.h"

#define CHILD_CLASSES "allowedChildClassesEffective"
#define CRITICAL      "isCriticalSystemObject"
#define ADVANCED      "showInAdvancedViewOnly"

static const char *const attributes[] = {
	"objectClass", "objectGUID", "entryUUID", CHILD_CLASSES, CRITICAL, ADVANCED, NULL,
};

/* Child of the directory; freed before its `done` is called. */
struct reading {
	struct gb_directory *directory;
	gb_directory_on_container on_container;
	gb_directory_done done;
	void *user;
	bool is_one; /* exactly one is asked for, and it must be a container */
	bool found;
};

static bool holds(char *const *texts, const char *wanted)
{
	for (; *texts; texts++) {
		if (strcasecmp(*texts, wanted) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_container(char *const *classes)
{
	static const char *const kinds[] = {
		"organizationalUnit", "container",    "domainDNS", "domain",
		"dcObject",           "organization",
	};

	for (size_t i = 0; i < GB_ARRAY_SIZE(kinds); i++) {
		if (holds(classes, kinds[i])) {
			return true;
		}
	}
	return false;
}

static enum gb_rc no_container(const char *dn, struct gb_err *err)
{
	char *shown = gb_text_display(NULL, dn);

	gb_err_set(err, GB_E_CONFIG, "directory-no-container",
		   _("\"%s\" is not an organizational unit or container."), shown);
	talloc_free(shown);
	gb_err_undone(err, _("Nothing was written."));
	return gb_err_remedy(err, _("Choose an organizational unit for the groups."));
}

static enum gb_rc take_container(struct reading *reading, const void *tmp,
				 const struct gb_entry *entry, struct gb_err *err)
{
	const struct gb_dialect *dialect = reading->directory->dialect;
	char **classes = gb_entry_texts(tmp, entry, "objectClass");
	char **children = gb_entry_texts(tmp, entry, CHILD_CLASSES);
	struct gb_directory_container container = {.dn = gb_entry_dn(tmp, entry)};

	container.dn_key = container.dn ? gb_dn_key(tmp, container.dn) : NULL;
	if (!container.dn_key || !gb_entry_guid(entry, dialect, &container.guid)) {
		gb_err_set(err, GB_E_PROTOCOL, "directory-bad-object",
			   _("A container has no valid name or no unique id that can be read."));
		return gb_err_remedy(err, _("Let the account read the properties of containers."));
	}
	if (!is_container(classes)) {
		return reading->is_one ? no_container(container.dn, err) : GB_OK;
	}
	container.name = gb_dn_rdn_value(tmp, container.dn);
	container.is_unit = holds(classes, "organizationalUnit");
	container.is_domain = holds(classes, "domainDNS") || holds(classes, "dcObject");
	container.is_built_in = holds(gb_entry_texts(tmp, entry, CRITICAL), "TRUE") ||
				holds(gb_entry_texts(tmp, entry, ADVANCED), "TRUE");
	container.can_create_groups = !dialect->has_rights || holds(children, "group");
	container.can_create_units = !dialect->has_rights || holds(children, "organizationalUnit");
	reading->found = true;
	return reading->on_container(reading->user, &container);
}

static enum gb_rc on_entry(void *user, const struct gb_entry *entry, struct gb_err *err)
{
	struct reading *reading = user;
	void *tmp = gb_new_tmp(reading);
	enum gb_rc rc = take_container(reading, tmp, entry, err);

	talloc_free(tmp);
	return rc;
}

static void on_done(void *user, enum gb_rc rc, const struct gb_err *err)
{
	struct reading *reading = user;
	gb_directory_done done = reading->done;
	void *owner = reading->user;
	bool is_missing = rc == GB_OK && reading->is_one && !reading->found;
	struct gb_err missing = {0};

	talloc_free(reading);
	if (is_missing) {
		gb_err_set(&missing, GB_E_NOT_FOUND, "ldap-32",
			   _("The container is not there, or the account may not see it."));
		gb_err_undone(&missing, _("Nothing was written."));
		done(owner, GB_E_NOT_FOUND, &missing);
	} else {
		done(owner, rc, err);
	}
}

static void begin(struct gb_directory *directory, struct reading *reading, struct gb_search *search)
{
	reading->directory = directory;
	search->attributes = attributes;
	search->timeout_ms = gb_directory_read_timeout_ms(directory);
	search->page_size = search->scope != LDAP_SCOPE_BASE && directory->rootdse->has_paging
				    ? directory->options.page_size
				    : 0;
	gb_search_begin(directory->reader, search, on_entry, on_done, reading);
}

void gb_directory_find_container(struct gb_directory *directory,
				 const struct gb_directory_reference *container,
				 gb_directory_on_container on_container, gb_directory_done done,
				 void *user)
{
	struct reading *reading = gb_new(directory, struct reading);
	bool by_filter = !directory->dialect->has_guid_names && !container->dn;
	struct gb_search search = {
		.base = by_filter ? directory->rootdse->facts.domain_dn
				  : gb_dialect_object_name(reading, directory->dialect, container),
		.scope = by_filter ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
		.filter = by_filter ? gb_dialect_guid_filter(reading, directory->dialect,
							     &container->guid)
				    : NULL,
		.doing = _("Looking for the container"),
	};

	reading->is_one = true;
	reading->on_container = on_container;
	reading->done = done;
	reading->user = user;
	begin(directory, reading, &search);
}

void gb_directory_list_containers(struct gb_directory *directory, const char *parent_dn,
				  gb_directory_on_container on_container, gb_directory_done done,
				  void *user)
{
	struct reading *reading = gb_new(directory, struct reading);
	struct gb_search search = {
		.base = parent_dn ? parent_dn : directory->rootdse->facts.domain_dn,
		.scope = LDAP_SCOPE_ONELEVEL,
		.filter = "(|(objectClass=organizationalUnit)(objectClass=container))",
		.doing = _("Listing organizational units"),
	};

	reading->on_container = on_container;
	reading->done = done;
	reading->user = user;
	begin(directory, reading, &search);
}

void gb_directory_search_containers(struct gb_directory *directory, const char *text,
				    gb_directory_on_container on_container, gb_directory_done done,
				    void *user)
{
	struct reading *reading = gb_new(directory, struct reading);
	char *part = gb_text_filter_escape(reading, text, strlen(text));
	struct gb_search search = {
		.base = directory->rootdse->facts.domain_dn,
		.scope = LDAP_SCOPE_SUBTREE,
		.filter = gb_printf(reading,
				    "(&(|(objectClass=organizationalUnit)(objectClass=container))"
				    "(|(ou=*%s*)(cn=*%s*)))",
				    part, part),
		.doing = _("Searching organizational units"),
	};

	reading->on_container = on_container;
	reading->done = done;
	reading->user = user;
	begin(directory, reading, &search);
}
