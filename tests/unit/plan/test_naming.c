/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/plan/naming. */
#include "config.h"

#include "engine/base/text.h"
#include "engine/plan/naming.h"
#include "tests/unit/unit.h"

#define SEED     0x9e3779b97f4a7c15u
#define CASES    10000
#define ID_TEXT  "3a5c3221-c465-48c0-95b8-e9305786a271"
#define SUFFIX   "e9305786a271"
#define GRIN     "\xf0\x9f\x98\x80" /* U+1F600: two units */
#define E_ACUTE  "e\xcc\x81"        /* e and a combining accent: two units, one character to see */
#define HAN      "\xe6\x97\xa5"     /* U+65E5 */
#define OVERRIDE "\xe2\x80\xae"     /* U+202E, right-to-left override */
#define JOINER   "\xe2\x80\x8d"     /* U+200D */
#define HEBREW   "\xd7\x90"         /* U+05D0 */
#define TEN      "1234567890"
#define FIFTY    TEN TEN TEN TEN TEN

static struct gb_guid id_of(const char *text)
{
	struct gb_guid id;

	assert_true(gb_guid_parse(text, &id));
	return id;
}

static char *repeat(const void *ctx, const char *text, size_t times)
{
	char *all = gb_strdup(ctx, "");

	for (size_t i = 0; i < times; i++) {
		all = talloc_strdup_append(all, text);
	}
	return all;
}

struct name {
	const char *display_name;
	const char *cn; /* without "_" SUFFIX; NULL: Group_<id> */
	const char *sam;
};

static const struct name NAMES[] = {
	{"Administrators", "Administrators", "Administrators"},
	{"  Sales  ", "Sales", "Sales"},
	{NULL, NULL, "Group"},
	{"", NULL, "Group"},
	{" \t \xc2\xa0\xe3\x80\x80 ", NULL, "Group"},
	{OVERRIDE, NULL, "Group"},
	{"\"/\\[]:;|=,+*?<>", "\"/\\[]:;|=,+*?<>", "Group"},
	{"Sales/Marketing", "Sales/Marketing", "Sales-Marketing"},
	{"a:[b]::c", "a:[b]::c", "a-b-c"},
	{"R&D (EU) #1!", "R&D (EU) #1!", "R&D (EU) #1!"},
	{"$bill$", "$bill$", "$bill"},
	{"Ends. ", "Ends.", "Ends"},
	{"$$$", "$$$", "Group"},
	{"cn=x,ou=Tier0", "cn=x,ou=Tier0", "cn-x-ou-Tier0"},
	{"#lead", "#lead", "#lead"},
	{"two\nlines\x01", "two lines", "two-lines"},
	{"\x7f\xc2\x85x", "x", "x"},
	{OVERRIDE "gpj.exe", "gpj.exe", "gpj.exe"},
	{"a\xe2\x80\x8b\xef\xbb\xbf"
	 "b",
	 "a\xe2\x80\x8b\xef\xbb\xbf"
	 "b",
	 "ab"},
	{HEBREW HEBREW " x", HEBREW HEBREW " x", HEBREW HEBREW " x"},
	{HAN HAN, HAN HAN, HAN HAN},
	{GRIN " fun", GRIN " fun", GRIN " fun"},
	{FIFTY "1", FIFTY "1", FIFTY "1"},
	{FIFTY "12", FIFTY "1", FIFTY "1"},
	{FIFTY GRIN, FIFTY, FIFTY},        /* would end at unit 52 */
	{FIFTY E_ACUTE "x", FIFTY, FIFTY}, /* the accent would go alone */
	{"1" FIFTY "\xcc\x81", TEN "" /* the last digit carries it */, NULL},
	{"bad \xff byte", "bad   byte", "bad - byte"},
	/* first and last of each range of controls, invisible characters and odd blanks */
	{"a\xe2\x80\xa8z", "a z", "a-z"},
	{"a\xe2\x80\xa9z", "a z", "a-z"},
	{"a\xd8\x9c\xe2\x80\x8e\xe2\x80\x8fz", "az", "az"},
	{"a\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9z", "az", "az"},
	{"a\xc2\xad\xcd\x8f\xe1\xa0\x8ez", "a\xc2\xad\xcd\x8f\xe1\xa0\x8ez", "az"},
	{"a\xe2\x81\xa0\xe2\x81\xa4z", "a\xe2\x81\xa0\xe2\x81\xa4z", "az"},
	{"a\xef\xb8\x80\xef\xb8\x8fz", "a\xef\xb8\x80\xef\xb8\x8fz", "az"},
	{"a\xf3\xa0\x80\x80\xf3\xa0\xbf\xbfz", "a\xf3\xa0\x80\x80\xf3\xa0\xbf\xbfz", "az"},
	{"a\xe1\x9a\x80z", "a\xe1\x9a\x80z", "a z"},
	{"a\xe2\x80\x80z", "a\xe2\x80\x80z", "a z"},
	{"a\xe2\x80\x8az", "a\xe2\x80\x8az", "a z"},
	{"a\xe2\x80\xafz", "a\xe2\x80\xafz", "a z"},
	{"a\xe2\x81\x9fz", "a\xe2\x81\x9fz", "a z"},
};

static void a_mapped_name_is_cut_and_has_a_last_resort(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_string_equal(gb_naming_cn_mapped(tmp, " Sales ", &id, 0), "Sales");
	assert_string_equal(gb_naming_cn_mapped(tmp, "Sales", &id, 1), "Group_" ID_TEXT);
	assert_null(gb_naming_cn_mapped(tmp, "Sales", &id, 2));
	assert_int_equal(strlen(gb_naming_cn_mapped(tmp, FIFTY FIFTY, &id, 0)), GB_NAMING_MAX_CN);
	assert_string_equal(gb_naming_cn_mapped(tmp, NULL, &id, 0), "Group_" ID_TEXT);
	assert_string_equal(gb_naming_cn_mapped(tmp, " \n", &id, 0), "Group_" ID_TEXT);
	assert_null(gb_naming_cn_mapped(tmp, "", &id, 1));
	talloc_free(tmp);
}

static void a_suffix_that_is_there_is_not_added_again(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_string_equal(gb_naming_sam(tmp, "Sales_" SUFFIX, &id, 0), "Sales_" SUFFIX);
	assert_string_equal(gb_naming_sam(tmp, "_" SUFFIX, &id, 0), "Group_" SUFFIX);
	assert_true(gb_naming_is_own_sam("Sales_" SUFFIX, &id));
	assert_false(gb_naming_is_own_sam("Sales" SUFFIX, &id));
	assert_false(gb_naming_is_own_sam(SUFFIX, &id));
	assert_false(gb_naming_is_own_sam("$V31000-U46U2D83SO25", &id));
	talloc_free(tmp);
}

static void display_names_become_readable_names(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(NAMES); i++) {
		const struct name *name = &NAMES[i];
		void *tmp = talloc_new(NULL);
		char *cn = gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, name->display_name, &id, 0);
		char *sam = gb_naming_sam(tmp, name->display_name, &id, 0);

		if (name->sam) {
			assert_string_equal(cn, name->cn ? gb_printf(tmp, "%s_" SUFFIX, name->cn)
							 : "Group_" ID_TEXT);
			assert_string_equal(sam, gb_printf(tmp, "%s_" SUFFIX, name->sam));
		}
		talloc_free(tmp);
	}
}

static void a_combining_mark_goes_with_its_letter(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	char *cn = gb_naming_cn(NULL, GB_NAME_DISPLAY_NAME, "1" FIFTY "\xcc\x81", &id, 0);

	(void)state;
	/* 51 digits, the last with an accent: 52 units; the 51st may not stand without it. */
	assert_string_equal(cn, "1" TEN TEN TEN TEN "123456789_" SUFFIX);
	talloc_free(cn);
}

static void long_names_are_cut_between_characters(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	void *tmp = talloc_new(NULL);
	char *cn;

	(void)state;
	cn = gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, repeat(tmp, GRIN, 128), &id, 0);
	assert_string_equal(cn, gb_printf(tmp, "%s_" SUFFIX, repeat(tmp, GRIN, 25)));
	cn = gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, repeat(tmp, HAN, 256), &id, 0);
	assert_string_equal(cn, gb_printf(tmp, "%s_" SUFFIX, repeat(tmp, HAN, 51)));
	cn = gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, repeat(tmp, "x", 256), &id, 0);
	assert_int_equal(gb_text_utf16_units(cn), GB_NAMING_MAX_CN);
	talloc_free(tmp);
}

static void the_default_name_is_the_object_id(void **state)
{
	struct gb_guid id = id_of("3A5C3221-C465-48C0-95B8-E9305786A271");
	char *cn = gb_naming_cn(NULL, GB_NAME_OBJECT_ID, "Administrators", &id, 0);

	(void)state;
	assert_string_equal(cn, "Group_" ID_TEXT);
	assert_null(gb_naming_cn(NULL, GB_NAME_OBJECT_ID, "Administrators", &id, 1));
	talloc_free(cn);
	cn = gb_naming_anchor(NULL, &id);
	assert_string_equal(cn, "Group_" ID_TEXT);
	talloc_free(cn);
}

static void a_taken_name_falls_back_to_the_object_id(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	char *cn = gb_naming_cn(NULL, GB_NAME_DISPLAY_NAME, "Sales", &id, 1);

	(void)state;
	assert_string_equal(cn, "Group_" ID_TEXT);
	assert_null(gb_naming_cn(NULL, GB_NAME_DISPLAY_NAME, "Sales", &id, 2));
	assert_null(gb_naming_cn(NULL, GB_NAME_DISPLAY_NAME, "", &id, 1));
	talloc_free(cn);
}

static void logon_names_have_a_bounded_list_of_candidates(void **state)
{
	struct gb_guid id = id_of(ID_TEXT);
	void *tmp = talloc_new(NULL);

	(void)state;
	assert_string_equal(gb_naming_sam(tmp, "Sales", &id, 1), "Sales-2_" SUFFIX);
	assert_string_equal(gb_naming_sam(tmp, "Sales", &id, 9), "Sales-10_" SUFFIX);
	assert_string_equal(gb_naming_sam(tmp, FIFTY FIFTY, &id, 9),
			    TEN TEN TEN TEN "12345678-10_" SUFFIX);
	assert_null(gb_naming_sam(tmp, "Sales", &id, GB_NAMING_MAX_CANDIDATES));
	talloc_free(tmp);
}

static void names_are_escaped_for_dns(void **state)
{
	void *tmp = talloc_new(NULL);
	char *rdn = gb_naming_rdn(tmp, " a,b+c=\"d\"#");

	(void)state;
	assert_string_equal(rdn, "CN=\\20a\\2Cb\\2Bc\\3D\\22d\\22#");
	assert_string_equal(gb_naming_dn(tmp, rdn, "OU=x,DC=y"),
			    "CN=\\20a\\2Cb\\2Bc\\3D\\22d\\22#,OU=x,DC=y");
	talloc_free(tmp);
}

static void texts_are_cut_as_ad_limits_them(void **state)
{
	void *tmp = talloc_new(NULL);
	char *long_text = repeat(tmp, "x", 1000);

	(void)state;
	assert_int_equal(strlen(gb_naming_description(tmp, long_text)), 448);
	assert_int_equal(strlen(gb_naming_display_name(tmp, long_text)), 256);
	assert_string_equal(gb_naming_description(tmp, "  a b \n"), "a b");
	assert_string_equal(gb_naming_display_name(tmp, " a b "), " a b ");
	assert_null(gb_naming_description(tmp, " \t"));
	assert_null(gb_naming_description(tmp, NULL));
	assert_null(gb_naming_display_name(tmp, " "));
	assert_null(gb_naming_display_name(tmp, ""));
	assert_null(gb_naming_display_name(tmp, NULL));
	/* 447 and an emoji: it would end at unit 449 */
	assert_int_equal(strlen(gb_naming_description(
				 tmp, gb_printf(tmp, "%s%s", repeat(tmp, "x", 447), GRIN))),
			 447);
	talloc_free(tmp);
}

/* A name of hostile pieces. */
static char *random_name(const void *ctx, struct unit_chance *chance)
{
	static const char *const pieces[] = {
		"a",      "Z",           "7",  " ",  "\"",    "/",        "\\",
		"[",      "]",           ":",  "|",  "=",     ",",        "+",
		"*",      "?",           "<",  ">",  ".",     "$",        "#",
		"\n",     "\x01",        GRIN, HAN,  E_ACUTE, OVERRIDE,   JOINER,
		HEBREW,   "\xcc\x81",    "_",  "-2", ";",     "\xc2\xa0", "\xe2\x80\xa8",
		"Group_", "\xef\xb8\x8f"};
	char *name = gb_strdup(ctx, "");
	size_t count = unit_below(chance, 90);

	for (size_t i = 0; i < count; i++) {
		name = talloc_strdup_append(name,
					    pieces[unit_below(chance, GB_ARRAY_SIZE(pieces))]);
	}
	return name;
}

static struct gb_guid random_id(struct unit_chance *chance)
{
	struct gb_guid id;

	for (size_t i = 0; i < sizeof(id.bytes); i++) {
		id.bytes[i] = (uint8_t)unit_next(chance);
	}
	return id;
}

static void assert_legal_sam(const char *sam)
{
	size_t length = strlen(sam);

	assert_in_range(gb_text_utf16_units(sam), 1, GB_NAMING_MAX_SAM);
	assert_true(gb_text_is_utf8(sam, length));
	assert_null(strpbrk(sam, "\"/\\[]:;|=,+*?<>"));
	assert_int_not_equal(sam[0], ' ');
	assert_null(strchr(" .$", sam[length - 1]));
	for (size_t i = 0; i < length; i++) {
		assert_false((unsigned char)sam[i] < 0x20 || sam[i] == 0x7f);
	}
}

static void every_name_is_legal_short_and_repeatable(void **state)
{
	struct unit_chance chance = {.state = SEED};

	(void)state;
	for (int i = 0; i < CASES; i++) {
		void *tmp = talloc_new(NULL);
		struct gb_guid id = random_id(&chance);
		char *name = random_name(tmp, &chance);
		unsigned candidate = (unsigned)unit_below(&chance, GB_NAMING_MAX_CANDIDATES);
		char *cn = gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, name, &id, 0);

		assert_in_range(gb_text_utf16_units(cn), 1, GB_NAMING_MAX_CN);
		assert_true(gb_text_is_utf8(cn, strlen(cn)));
		assert_null(strpbrk(cn, "\n\x01\x7f"));
		assert_string_equal(cn, gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, name, &id, 0));
		assert_legal_sam(gb_naming_sam(tmp, name, &id, candidate));
		talloc_free(tmp);
	}
}

/* Ids that differ in their last block never meet, whatever the names are. */
static void names_of_different_groups_differ(void **state)
{
	struct unit_chance chance = {.state = SEED};

	(void)state;
	for (int i = 0; i < CASES; i++) {
		void *tmp = talloc_new(NULL);
		struct gb_guid one = random_id(&chance);
		struct gb_guid two = one;
		char *name = random_name(tmp, &chance);
		char *other = unit_below(&chance, 2) ? name : random_name(tmp, &chance);
		unsigned a = (unsigned)unit_below(&chance, GB_NAMING_MAX_CANDIDATES);
		unsigned b = (unsigned)unit_below(&chance, GB_NAMING_MAX_CANDIDATES);

		two.bytes[10 + unit_below(&chance, 6)] ^= (uint8_t)(1 + unit_below(&chance, 255));
		assert_string_not_equal(gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, name, &one, 0),
					gb_naming_cn(tmp, GB_NAME_DISPLAY_NAME, other, &two, 0));
		assert_string_not_equal(gb_naming_sam(tmp, name, &one, a),
					gb_naming_sam(tmp, other, &two, b));
		assert_string_not_equal(gb_naming_cn(tmp, GB_NAME_OBJECT_ID, name, &one, 0),
					gb_naming_cn(tmp, GB_NAME_OBJECT_ID, other, &two, 0));
		talloc_free(tmp);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mapped_name_is_cut_and_has_a_last_resort),
		cmocka_unit_test(a_suffix_that_is_there_is_not_added_again),
		cmocka_unit_test(display_names_become_readable_names),
		cmocka_unit_test(a_combining_mark_goes_with_its_letter),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(the_default_name_is_the_object_id),
		cmocka_unit_test(a_taken_name_falls_back_to_the_object_id),
		cmocka_unit_test(logon_names_have_a_bounded_list_of_candidates),
		cmocka_unit_test(names_are_escaped_for_dns),
		cmocka_unit_test(texts_are_cut_as_ad_limits_them),
		cmocka_unit_test(every_name_is_legal_short_and_repeatable),
		cmocka_unit_test(names_of_different_groups_differ),
	};

	return cmocka_run_group_tests_name("plan/naming", tests, NULL, NULL);
}
