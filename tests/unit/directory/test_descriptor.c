/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of engine/directory/descriptor and sddl: bytes and text, both ways. */
#include "config.h"

#include "engine/directory/descriptor.h"
#include "engine/directory/sddl.h"
#include "tests/unit/unit.h"

#define DOMAIN "S-1-5-21-1-2-3"
#define GROUP  "bf967a9c-0de6-11d0-a285-00aa003049e2"

/* Texts that are written as they are read. */
static const char *const texts[] = {
	"",
	"O:SYG:BA",
	"O:DAG:DUD:S:",
	"D:NO_ACCESS_CONTROL",
	"D:PAI(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SY)",
	"O:S-1-5-21-9-8-7-500G:SYD:ARAI(D;;SD;;;WD)(A;CIID;GA;;;EA)S:AI(AU;SAFA;WDWO;;;WD)",
	"D:(OA;CI;CCDC;" GROUP ";;S-1-5-21-9-9-9-1104)(OA;CIIO;LCRPWPLOSDRC;;" GROUP ";PS)",
	"D:(OD;CINPIO;WP;" GROUP ";" GROUP ";AU)(OU;OIFA;0x200;;;CO)",
	"G:S-1-5-18-4D:(A;;;;;AN)",
};

/* Texts that are no descriptors. */
static const char *const bad_texts[] = {
	"X",
	"O:",
	"O:XX",
	"O:S-1",
	"D:(",
	"D:()",
	"D:(A;;GA;;;)",
	"D:(A;;GA;;;SY",
	"D:(A;;GA;;SY)",
	"D:(A;;GA;;;SY;)",
	"D:(A;;ZZ;;;SY)",
	"D:(Q;;GA;;;SY)",
	"D:(A;ZZ;GA;;;SY)",
	"D:(A;0x100;GA;;;SY)",
	"D:(A;;0x;;;SY)",
	"D:(A;;0x123456789;;;SY)",
	"D:(A;;CC;" GROUP ";;SY)",
	"D:(OA;;CC;bf967a9c;;SY)",
	"D:(0x09;;00)",
	"D:(A;;GA;;;SY)D:(A;;GA;;;SY)",
	"D: (A;;GA;;;SY)",
	"o:SY",
};

static struct gb_sid domain_sid(void)
{
	struct gb_sid sid;

	assert_true(gb_sid_parse(DOMAIN, &sid));
	return sid;
}

/* The same descriptor after a way through bytes. */
static struct gb_descriptor *through_bytes(const void *ctx, const struct gb_descriptor *descriptor)
{
	struct gb_descriptor *again;
	struct gb_err err = {0};
	size_t length;
	uint8_t *bytes = gb_descriptor_write(ctx, descriptor, &length);

	assert_non_null(bytes);
	assert_int_equal(gb_descriptor_read(ctx, bytes, length, &again, &err), GB_OK);
	return again;
}

static void texts_survive_the_way_through_bytes(void **state)
{
	struct gb_sid domain = domain_sid();
	void *tmp = gb_new_tmp(NULL);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(texts); i++) {
		struct gb_descriptor *descriptor = gb_sddl_read(tmp, texts[i], &domain);

		assert_non_null(descriptor);
		assert_string_equal(gb_sddl_write(tmp, descriptor, &domain), texts[i]);
		assert_string_equal(gb_sddl_write(tmp, through_bytes(tmp, descriptor), &domain),
				    texts[i]);
	}
	talloc_free(tmp);
}

static void bad_texts_are_refused(void **state)
{
	struct gb_sid domain = domain_sid();
	struct gb_sid none = {0};
	char *endless = gb_new_array(NULL, char, GB_SDDL_MAX_BYTES + 2);

	(void)state;
	for (size_t i = 0; i < GB_ARRAY_SIZE(bad_texts); i++) {
		if (gb_sddl_read(NULL, bad_texts[i], &domain)) {
			fail_msg("accepted: %s", bad_texts[i]);
		}
	}
	assert_null(gb_sddl_read(NULL, "O:DA", &none));
	memset(endless, '(', GB_SDDL_MAX_BYTES + 1);
	assert_null(gb_sddl_read(NULL, endless, &domain));
	talloc_free(endless);
}

static void groups_of_another_domain_are_written_as_sids(void **state)
{
	struct gb_sid domain = domain_sid();
	struct gb_sid none = {0};
	struct gb_descriptor *descriptor = gb_sddl_read(NULL, "O:DAG:SY", &domain);
	struct gb_sid other;

	(void)state;
	assert_true(gb_sid_parse("S-1-5-21-1-2-4", &other));
	assert_string_equal(gb_sddl_write(descriptor, descriptor, &none), "O:" DOMAIN "-512G:SY");
	assert_string_equal(gb_sddl_write(descriptor, descriptor, &other), "O:" DOMAIN "-512G:SY");
	talloc_free(descriptor);
}

static struct gb_sid some_sid(struct unit_chance *chance)
{
	struct gb_sid sid = {.length = 8, .bytes = {1, 0, 0, 0, 0, 0, 0, 5}};
	size_t parts = 1 + unit_below(chance, 15);

	for (size_t i = 0; i < 4 * parts; i++) {
		sid.bytes[8 + i] = (uint8_t)unit_next(chance);
	}
	sid.bytes[1] = (uint8_t)parts;
	sid.length = (uint8_t)(8 + 4 * parts);
	return sid;
}

static struct gb_guid some_guid(struct unit_chance *chance)
{
	struct gb_guid guid;

	for (size_t i = 0; i < sizeof(guid.bytes); i++) {
		guid.bytes[i] = (uint8_t)unit_next(chance);
	}
	return guid;
}

static struct gb_ace some_ace(const void *ctx, struct unit_chance *chance)
{
	static const uint8_t kinds[] = {0, 1, 2, 5, 6, 7, 9, 0x12};
	struct gb_ace ace = {
		.type = kinds[unit_below(chance, sizeof(kinds))],
		.flags = (uint8_t)unit_next(chance),
		.length = 4 * unit_below(chance, 4),
	};

	ace.data = talloc_memdup(ctx, "0123456789abcdef", 16);
	ace.is_opaque = ace.type > 7;
	if (ace.is_opaque) {
		return ace;
	}
	ace.mask = unit_next(chance);
	ace.sid = some_sid(chance);
	if (gb_ace_is_object(ace.type) && unit_below(chance, 2)) {
		ace.has_object_type = true;
		ace.object_type = some_guid(chance);
	}
	if (gb_ace_is_object(ace.type) && unit_below(chance, 2)) {
		ace.has_inherited_type = true;
		ace.inherited_type = some_guid(chance);
	}
	return ace;
}

static struct gb_acl *some_acl(const void *ctx, struct unit_chance *chance)
{
	struct gb_acl *acl = gb_new(ctx, struct gb_acl);
	size_t count = unit_below(chance, 12);

	for (size_t i = 0; i < count; i++) {
		struct gb_ace ace = some_ace(acl, chance);

		gb_acl_insert(acl, unit_below(chance, acl->count + 1), &ace);
	}
	return acl;
}

static struct gb_descriptor *some_descriptor(const void *ctx, struct unit_chance *chance)
{
	struct gb_descriptor *descriptor = gb_new(ctx, struct gb_descriptor);
	size_t parts = unit_below(chance, 16);

	descriptor->control = GB_CONTROL_SELF_RELATIVE;
	descriptor->rm_control = (uint8_t)unit_next(chance);
	if (parts & 1) {
		descriptor->owner = some_sid(chance);
	}
	if (parts & 2) {
		descriptor->group = some_sid(chance);
	}
	if (parts & 4) {
		descriptor->control |= GB_CONTROL_DACL_PRESENT | GB_CONTROL_DACL_AUTO;
		descriptor->dacl = some_acl(descriptor, chance);
	}
	if (parts & 8) {
		descriptor->control |= GB_CONTROL_SACL_PRESENT;
		descriptor->sacl = some_acl(descriptor, chance);
	}
	return descriptor;
}

static void same_acl(const struct gb_acl *a, const struct gb_acl *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (!a) {
		return;
	}
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_true(gb_ace_equal(&a->aces[i], &b->aces[i]));
	}
}

static void what_is_written_is_read_back(void **state)
{
	struct unit_chance chance = {20260801};

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct gb_descriptor *before = some_descriptor(NULL, &chance);
		struct gb_descriptor *after = through_bytes(before, before);

		assert_int_equal(after->control, before->control);
		assert_int_equal(after->rm_control, before->rm_control);
		assert_memory_equal(&after->owner, &before->owner, sizeof(before->owner));
		assert_memory_equal(&after->group, &before->group, sizeof(before->group));
		same_acl(before->dacl, after->dacl);
		same_acl(before->sacl, after->sacl);
		talloc_free(before);
	}
}

/* Bytes that were changed, cut or lengthened: refused, or read and then written without loss. */
static void hostile_bytes_are_refused_or_read_within_their_bounds(void **state)
{
	struct unit_chance chance = {7};
	size_t refused = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct gb_descriptor *descriptor = some_descriptor(NULL, &chance);
		struct gb_descriptor *read;
		struct gb_err err = {0};
		size_t length;
		uint8_t *bytes = gb_descriptor_write(descriptor, descriptor, &length);
		size_t changes = 1 + unit_below(&chance, 4);

		for (size_t i = 0; i < changes; i++) {
			bytes[unit_below(&chance, length)] = (uint8_t)unit_next(&chance);
		}
		length -= unit_below(&chance, 2) ? unit_below(&chance, length) : 0;
		/* A block of its own: what reads behind it is seen by the sanitizer. */
		bytes = talloc_memdup(descriptor, bytes, length);
		if (gb_descriptor_read(descriptor, bytes, length, &read, &err) == GB_OK) {
			same_acl(read->dacl, through_bytes(descriptor, read)->dacl);
			(void)gb_sddl_write(descriptor, read, &read->owner);
		} else {
			assert_string_equal(err.id, "directory-bad-descriptor");
			refused++;
		}
		talloc_free(descriptor);
	}
	assert_in_range(refused, 2000, 19000);
}

static void lists_longer_than_their_size_field_are_not_written(void **state)
{
	struct gb_sid domain = domain_sid();
	struct gb_descriptor *descriptor = gb_sddl_read(NULL, "D:(A;;GA;;;SY)", &domain);
	size_t length;

	(void)state;
	while (descriptor->dacl->count < 65535 / 20) {
		gb_acl_insert(descriptor->dacl, 0, &descriptor->dacl->aces[0]);
	}
	assert_non_null(gb_descriptor_write(descriptor, descriptor, &length));
	gb_acl_insert(descriptor->dacl, 0, &descriptor->dacl->aces[0]);
	assert_null(gb_descriptor_write(descriptor, descriptor, &length));
	talloc_free(descriptor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_survive_the_way_through_bytes),
		cmocka_unit_test(bad_texts_are_refused),
		cmocka_unit_test(groups_of_another_domain_are_written_as_sids),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(hostile_bytes_are_refused_or_read_within_their_bounds),
		cmocka_unit_test(lists_longer_than_their_size_field_are_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
