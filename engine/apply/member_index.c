/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of our members a value of `member` is. */
#include "config.h"

#include "engine/apply/member_index.h"

#include <string.h>

#include "engine/base/hash.h"

/* One reference under each of its names. Members are our own choice, so no seeded hash is needed. */
struct entry {
	const struct gb_directory_reference *reference;
	UT_hash_handle by_guid;
	UT_hash_handle by_sid;
	UT_hash_handle by_dn;
};

struct gb_member_index {
	struct entry *entries;
	struct entry *guids;
	struct entry *sids;
	struct entry *dns;
};

static int clear(struct gb_member_index *index)
{
	HASH_CLEAR(by_guid, index->guids);
	HASH_CLEAR(by_sid, index->sids);
	HASH_CLEAR(by_dn, index->dns);
	return 0;
}

static void add(struct gb_member_index *index, struct entry *entry)
{
	const struct gb_directory_reference *reference = entry->reference;

	if (!gb_guid_is_none(&reference->guid)) {
		HASH_ADD_KEYPTR(by_guid, index->guids, reference->guid.bytes,
				sizeof(reference->guid.bytes), entry);
	}
	if (!gb_sid_is_none(&reference->sid)) {
		HASH_ADD_KEYPTR(by_sid, index->sids, reference->sid.bytes,
				(unsigned)reference->sid.length, entry);
	}
	if (reference->dn_key) {
		HASH_ADD_KEYPTR(by_dn, index->dns, reference->dn_key,
				(unsigned)strlen(reference->dn_key), entry);
	}
}

struct gb_member_index *gb_member_index_new(const void *ctx,
					    const struct gb_directory_reference *references,
					    size_t count)
{
	struct gb_member_index *index = gb_new(ctx, struct gb_member_index);

	index->entries = gb_new_array(index, struct entry, count);
	talloc_set_destructor(index, clear);
	for (size_t i = 0; i < count; i++) {
		index->entries[i].reference = &references[i];
		add(index, &index->entries[i]);
	}
	return index;
}

bool gb_member_index_find(const struct gb_member_index *index,
			  const struct gb_directory_reference *found, size_t *ret_position)
{
	struct entry *entry = NULL;

	if (!gb_guid_is_none(&found->guid)) {
		HASH_FIND(by_guid, index->guids, found->guid.bytes, sizeof(found->guid.bytes),
			  entry);
	}
	if (!entry && !gb_sid_is_none(&found->sid)) {
		HASH_FIND(by_sid, index->sids, found->sid.bytes, (unsigned)found->sid.length,
			  entry);
	}
	if (!entry && found->dn_key) {
		HASH_FIND(by_dn, index->dns, found->dn_key, (unsigned)strlen(found->dn_key), entry);
	}
	if (!entry) {
		return false;
	}
	*ret_position = (size_t)(entry - index->entries);
	return true;
}
