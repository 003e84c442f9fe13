/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/config/validate and clouds. */
#include "config.h"

#include "engine/config/clouds.h"
#include "engine/config/validate.h"
#include "engine/config/value.h"
#include "tests/unit/unit.h"

struct setting {
	const char *section;
	const char *name;
	const char *text;
};

#define MAX_SETTINGS 5

struct rule {
	struct setting settings[MAX_SETTINGS]; /* on top of a valid configuration */
	const char *problem;                   /* part of what is said; NULL: valid */
};

static const struct rule rules[] = {
	{{{NULL}}, NULL},
	{{{"cloud", "tenant", ""}}, "[cloud] tenant is missing"},
	{{{"cloud", "client id", ""}}, "[cloud] client id is missing"},
	{{{"directory", "servers", ""}}, "[directory] servers is missing"},
	{{{"directory", "servers", ""}, {"directory", "discover", "corp.example"}}, NULL},
	{{{"directory", "discover", "corp.example"}}, "Remove one of the two"},
	{{{"directory", "site", "Berlin"}}, "site is used only with discover"},
	{{{"cloud", "client id", ""}, {"cloud", "credential", "managed-identity"}}, NULL},
	{{{"cloud", "credential", "managed-identity"}}, NULL},
	{{{"cloud", "credential", "managed-identity"}, {"cloud", "identity service", "arc"}},
	 "Azure Arc knows"},
	{{{"cloud", "identity url", "http://127.0.0.1:1"}}, "environment = custom"},
	{{{"directory", "account", ""}}, "[directory] account is missing"},
	{{{"directory", "account", ""}, {"directory", "bind", "gssapi"}}, NULL},
	{{{"features", "group writeback", "yes"}}, "[writeback] container is missing"},
	{{{"writeback", "when switched off", "delete"}}, "[writeback] container is missing"},
	{{{"features", "group writeback", "yes"}, {"writeback", "container", "OU=a"}}, NULL},
	{{{"writeback", "container", "OU=a"}}, NULL},
	{{{"cloud", "authority", "https://a"}}, "environment = custom"},
	{{{"cloud", "graph", "https://a"}}, "environment = custom"},
	{{{"cloud", "environment", "custom"}, {"cloud", "graph", "https://a"}},
	 "[cloud] authority is missing"},
	{{{"cloud", "environment", "custom"}, {"cloud", "authority", "https://a"}},
	 "[cloud] graph is missing"},
	{{{"cloud", "environment", "custom"},
	  {"cloud", "authority", "https://a"},
	  {"cloud", "graph", "https://b"}},
	 NULL},
	{{{"directory", "transport", "gssapi-seal"}}, "needs bind = gssapi"},
	{{{"directory", "transport", "gssapi-seal"},
	  {"directory", "bind", "gssapi"},
	  {"directory", "account", "svc@REALM"}},
	 NULL},
	{{{"directory", "bind", "gssapi"}, {"directory", "account", "CN=a"}}, "Kerberos principal"},
	{{{"directory", "bind", "gssapi"}, {"directory", "account", "CORP\\a"}},
	 "Kerberos principal"},
};

static struct gb_config *valid(void)
{
	static const struct setting settings[] = {
		{"cloud", "tenant", "contoso.example"},
		{"cloud", "client id", "73d664e4-0886-4a73-b745-c694da45ddb4"},
		{"directory", "servers", "dc1"},
		{"directory", "account", "svc@corp.example"},
	};
	struct gb_config *config = gb_config_new(NULL);

	for (size_t i = 0; i < GB_ARRAY_SIZE(settings); i++) {
		assert_int_equal(gb_config_set(config,
					       gb_key_find(settings[i].section, settings[i].name),
					       settings[i].text, NULL),
				 GB_OK);
	}
	return config;
}

static void keys_must_fit_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(rules); i++) {
		struct gb_config *config = valid();
		struct gb_config_problems problems = {0};

		for (size_t n = 0; n < MAX_SETTINGS && rules[i].settings[n].section; n++) {
			const struct setting *s = &rules[i].settings[n];

			assert_int_equal(gb_config_set(config, gb_key_find(s->section, s->name),
						       s->text, NULL),
					 GB_OK);
		}
		assert_int_equal(gb_config_validate(config, &problems), !rules[i].problem);
		assert_int_equal(problems.count, rules[i].problem ? 1 : 0);
		if (rules[i].problem && !strstr(problems.items[0].what, rules[i].problem)) {
			fail_msg("%zu: %s", i, problems.items[0].what);
		}
		talloc_free(config);
	}
}

static void an_empty_configuration_lists_all_that_it_needs(void **state)
{
	struct gb_config *config = gb_config_new(NULL);
	struct gb_config_problems problems = {0};

	(void)state;
	assert_false(gb_config_validate(config, &problems));
	assert_int_equal(problems.count, 4);
	talloc_free(config);
}

static void each_cloud_has_two_origins_and_custom_brings_its_own(void **state)
{
	struct gb_config *config = valid();

	(void)state;
	for (int i = 0; i < GB_CONFIG_ENVIRONMENT_CUSTOM; i++) {
		struct gb_cloud_origins origins;

		config->cloud.environment = (enum gb_config_environment)i;
		origins = gb_clouds_origins(config);
		assert_memory_equal(origins.authority, "https://login.", 14);
		assert_memory_equal(origins.graph, "https://", 8);
		assert_null(strchr(origins.graph + 8, '/'));
	}
	config->cloud.environment = GB_CONFIG_ENVIRONMENT_USGOV_DOD;
	assert_string_equal(gb_clouds_origins(config).authority,
			    "https://login.microsoftonline.us");
	assert_string_equal(gb_clouds_origins(config).graph, "https://dod-graph.microsoft.us");
	config->cloud.environment = GB_CONFIG_ENVIRONMENT_CUSTOM;
	assert_int_equal(gb_config_set(config, gb_key_find("cloud", "graph"), "https://g:1", NULL),
			 GB_OK);
	assert_string_equal(gb_clouds_origins(config).graph, "https://g:1");
	talloc_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_must_fit_each_other),
		cmocka_unit_test(an_empty_configuration_lists_all_that_it_needs),
		cmocka_unit_test(each_cloud_has_two_origins_and_custom_brings_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
