/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.no: the run and the number inside it, in one key. Private to engine/state. */
#ifndef GB_STATE_JOURNAL_KEY_H
#define GB_STATE_JOURNAL_KEY_H

#include <stdint.h>

/** Key of change @seq of run @run_no; @seq 0 lies before the first. */
static inline int64_t gb_journal_key(int64_t run_no, int64_t seq)
{
	return run_no * (INT64_C(1) << 32) + seq;
}

/** Run of a key. */
static inline int64_t gb_journal_run(int64_t key)
{
	return key >> 32;
}

/** Number inside the run. */
static inline int64_t gb_journal_seq(int64_t key)
{
	return key & INT64_C(0xffffffff);
}

#endif
