/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to do with the answer to a write. */
#include "config.h"

#include "engine/apply/answer.h"

#include "engine/base/compiler.h"

/* RFC 4511 4.1.9; ldap.h stays in directory/. */
enum {
	REFERRAL = 10,
	UNAVAILABLE_CRITICAL_EXTENSION = 12,
	NO_SUCH_ATTRIBUTE = 16,
	CONSTRAINT_VIOLATION = 19,
	TYPE_OR_VALUE_EXISTS = 20,
	INVALID_SYNTAX = 21,
	NO_SUCH_OBJECT = 32,
	UNWILLING_TO_PERFORM = 53,
	ALREADY_EXISTS = 68
};

#define ANY_KIND     0
#define BIT(kind)    (1u << (kind))
#define MEMBER_KINDS (BIT(GB_CHANGE_ADD_MEMBERS) | BIT(GB_CHANGE_REMOVE_MEMBERS))
#define NAME_KINDS   (BIT(GB_CHANGE_RENAME) | BIT(GB_CHANGE_MOVE))

/* First line that fits counts. */
static const struct line {
	int result;
	unsigned kinds;    /* BIT() of kinds; ANY_KIND */
	bool with_members; /* only if the request carried members */
	enum gb_next then;
} lines[] = {
	{REFERRAL, ANY_KIND, false, GB_NEXT_STOP},
	{UNAVAILABLE_CRITICAL_EXTENSION, ANY_KIND, false, GB_NEXT_STOP},

	/* Ours of before, somebody else's, or (Samba) one member twice in the request. */
	{ALREADY_EXISTS, BIT(GB_CHANGE_CREATE), false, GB_NEXT_LOOK},
	/* One bad member refuses the whole entry: make it without them, then add them apart. */
	{NO_SUCH_OBJECT, BIT(GB_CHANGE_CREATE), true, GB_NEXT_LOOK},
	{UNWILLING_TO_PERFORM, BIT(GB_CHANGE_CREATE), true, GB_NEXT_LOOK},
	{INVALID_SYNTAX, BIT(GB_CHANGE_CREATE), true, GB_NEXT_LOOK},
	{CONSTRAINT_VIOLATION, BIT(GB_CHANGE_CREATE), true, GB_NEXT_LOOK},
	{TYPE_OR_VALUE_EXISTS, BIT(GB_CHANGE_CREATE), true, GB_NEXT_LOOK},
	/* No member can be missing: the container is, for all creates. */
	{NO_SUCH_OBJECT, BIT(GB_CHANGE_CREATE), false, GB_NEXT_STOP},

	{ALREADY_EXISTS, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{TYPE_OR_VALUE_EXISTS, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{UNWILLING_TO_PERFORM, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{NO_SUCH_ATTRIBUTE, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{CONSTRAINT_VIOLATION, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{NO_SUCH_OBJECT, MEMBER_KINDS, false, GB_NEXT_LOOK},
	{INVALID_SYNTAX, MEMBER_KINDS, false, GB_NEXT_LOOK},

	/* Deleted or moved away by hand: look which, so that the next cycle knows. */
	{NO_SUCH_OBJECT, BIT(GB_CHANGE_ATTRIBUTES), false, GB_NEXT_LOOK},
	{NO_SUCH_OBJECT, NAME_KINDS, false, GB_NEXT_LOOK},
	/* Name who has the name. */
	{ALREADY_EXISTS, NAME_KINDS, false, GB_NEXT_LOOK},
	{NO_SUCH_OBJECT, BIT(GB_CHANGE_DELETE), false, GB_NEXT_DONE},
};

static bool fits(const struct line *line, const struct gb_answer *answer)
{
	return line->result == answer->result &&
	       (line->kinds == ANY_KIND || (line->kinds & BIT(answer->kind))) &&
	       (!line->with_members || answer->members > 0);
}

enum gb_next gb_answer_decide(const struct gb_answer *answer)
{
	if (answer->rc == GB_OK) {
		return GB_NEXT_DONE;
	}
	/* Cancelled before it was sent: whoever did that ends the run, too. */
	if (!answer->outcome_known || answer->is_transient || answer->rc == GB_E_CANCELLED) {
		return GB_NEXT_AGAIN;
	}
	for (size_t i = 0; i < GB_ARRAY_SIZE(lines); i++) {
		if (fits(&lines[i], answer)) {
			return lines[i].then;
		}
	}
	return GB_NEXT_FAIL;
}

bool gb_answer_is_there(int result)
{
	return result == ALREADY_EXISTS || result == TYPE_OR_VALUE_EXISTS;
}

bool gb_answer_is_missing(int result)
{
	return result == NO_SUCH_OBJECT || result == INVALID_SYNTAX;
}
