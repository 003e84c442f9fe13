/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing the audit. */
#include "config.h"

#include "engine/sync/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/digest.h"
#include "engine/base/i18n.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/mem.h"
#include "engine/state/cursors.h"
#include "engine/sync/audit_chain.h"
#include "engine/sync/change_json.h"

struct gb_audit {
	struct gb_state *state;
	char *path;
	int fd;
	int64_t run_no;
	struct gb_audit_link last;
	unsigned unsynced;
};

static int close_file(struct gb_audit *audit)
{
	if (audit->fd >= 0) {
		close(audit->fd);
	}
	return 0;
}

static enum gb_rc failed(const struct gb_audit *audit, struct gb_err *err)
{
	int saved = errno;

	gb_err_set(err, GB_E_IO, "audit-write", _("The audit %s cannot be written: %s."),
		   audit->path, strerror(saved));
	gb_err_native(err, saved);
	gb_err_undone(err, _("Nothing is written to the directory without it."));
	return gb_err_remedy(err, _("Make room, or put the file right; the next run goes on."));
}

static enum gb_rc write_all(struct gb_audit *audit, const char *bytes, size_t length,
			    struct gb_err *err)
{
	while (length > 0) {
		ssize_t n = write(audit->fd, bytes, length);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return failed(audit, err);
		}
		bytes += n;
		length -= (size_t)n;
	}
	return GB_OK;
}

static enum gb_rc sync_file(struct gb_audit *audit, struct gb_err *err)
{
	audit->unsynced = 0;
	return fdatasync(audit->fd) == 0 ? GB_OK : failed(audit, err);
}

/* Every line begins like this; end_line() closes it. */
static struct gb_json_writer *begin_line(struct gb_audit *audit, const char *kind)
{
	struct gb_json_writer *w = gb_json_writer_new(audit, false);
	char text[GB_CLOCK_TEXT_BYTES];

	gb_json_begin_object(w, NULL);
	gb_json_put_int(w, "v", 1);
	gb_json_put_int(w, "n", audit->last.n + 1);
	gb_json_put_text(w, "prev", audit->last.digest);
	gb_json_put_text(w, "time", gb_clock_format(gb_clock_wall_ms(), text));
	gb_json_put_int(w, "run", audit->run_no);
	gb_json_put_text(w, "kind", kind);
	return w;
}

static enum gb_rc end_line(struct gb_audit *audit, struct gb_json_writer *w, struct gb_err *err)
{
	struct gb_audit_link next = {.n = audit->last.n + 1};
	const char *text;
	char *line;
	size_t length;
	enum gb_rc rc;

	gb_json_end_object(w);
	text = gb_json_writer_text(w);
	length = strlen(text);
	line = gb_strndup(w, text, length + 1);
	line[length] = '\n';
	gb_audit_link_of(line, length, &next);
	rc = write_all(audit, line, length + 1, err);
	talloc_free(w);
	if (rc != GB_OK) {
		return rc;
	}
	audit->last = next;
	return ++audit->unsynced >= GB_AUDIT_SYNC_LINES ? sync_file(audit, err) : GB_OK;
}

/* Opening: where does the chain go on? */

/* Reads the last line of the file, at most GB_AUDIT_MAX_LINE_BYTES of it; NULL if there is none. */
static char *read_tail(struct gb_audit *audit, off_t size, size_t *ret_length)
{
	size_t want =
		size > (off_t)GB_AUDIT_MAX_LINE_BYTES ? GB_AUDIT_MAX_LINE_BYTES : (size_t)size;
	char *bytes = gb_new_array(audit, char, want + 1);
	ssize_t n = pread(audit->fd, bytes, want, size - (off_t)want);
	size_t length = n > 0 ? (size_t)n : 0;
	size_t end = length > 0 && bytes[length - 1] == '\n' ? length - 1 : length;
	size_t begin = end;

	while (begin > 0 && bytes[begin - 1] != '\n') {
		begin--;
	}
	memmove(bytes, bytes + begin, end - begin);
	bytes[end - begin] = '\0';
	*ret_length = end - begin;
	return bytes;
}

static bool ends_with_newline(const struct gb_audit *audit, off_t size)
{
	char last = '\n';

	return size == 0 || (pread(audit->fd, &last, 1, size - 1) == 1 && last == '\n');
}

/* Half a line is no line of ours; it is ended and counts as one, and the next line says so. */
static enum gb_rc end_half_line(struct gb_audit *audit, struct gb_err *err)
{
	enum gb_rc rc = write_all(audit, "\n", 1, err);

	gb_log(GB_LOG_WARNING, "audit", "the last line of %s is not whole (a crash); it was ended",
	       audit->path);
	return rc;
}

static enum gb_rc note_repair(struct gb_audit *audit, const char *kind,
			      const struct gb_audit_link *expected, struct gb_err *err)
{
	struct gb_json_writer *w = begin_line(audit, kind);

	gb_json_put_int(w, "expectedN", expected->n);
	gb_json_put_text(w, "expectedDigest", expected->digest);
	return end_line(audit, w, err);
}

static enum gb_rc go_on(struct gb_audit *audit, off_t size, const struct gb_audit_link *known,
			struct gb_err *err)
{
	bool whole = ends_with_newline(audit, size);
	enum gb_rc rc = whole ? GB_OK : end_half_line(audit, err);
	size_t length = 0;
	char *tail;

	if (rc != GB_OK) {
		return rc;
	}
	tail = read_tail(audit, size, &length);
	gb_audit_link_of(tail, length, &audit->last);
	if (!gb_audit_number_of(tail, length, &audit->last.n)) {
		/* What is no line has no number: the state's counts on. */
		audit->last.n = known->n + 1;
		rc = note_repair(audit, "recovered", known, err);
	} else if (audit->last.n < known->n) {
		gb_log(GB_LOG_ERROR, "audit",
		       "%s ends at line %lld, and the state knows line %lld: lines were cut off",
		       audit->path, (long long)audit->last.n, (long long)known->n);
		audit->last.n = known->n;
		rc = note_repair(audit, "gap", known, err);
	}
	talloc_free(tail);
	return rc;
}

static enum gb_rc open_file(struct gb_audit *audit, off_t *ret_size, struct gb_err *err)
{
	struct stat st;

	audit->fd = open(audit->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (audit->fd < 0 || fstat(audit->fd, &st) != 0) {
		return failed(audit, err);
	}
	if (!S_ISREG(st.st_mode) || (st.st_mode & 0022) != 0 ||
	    (st.st_uid != geteuid() && st.st_uid != 0)) {
		gb_err_set(err, GB_E_CONFIG, "audit-file",
			   _("The audit %s is no file that we alone may write."), audit->path);
		return gb_err_undone(err, _("Nothing was written."));
	}
	*ret_size = st.st_size;
	return GB_OK;
}

enum gb_rc gb_audit_open(const void *ctx, const char *state_directory, struct gb_state *state,
			 int64_t run_no, struct gb_audit **ret_audit, struct gb_err *err)
{
	struct gb_audit *audit = gb_new(ctx, struct gb_audit);
	struct gb_audit_link known = {0};
	off_t size = 0;
	enum gb_rc rc;

	audit->state = state;
	audit->run_no = run_no;
	audit->fd = -1;
	audit->path = gb_printf(audit, "%s/audit.jsonl", state_directory);
	talloc_set_destructor(audit, close_file);
	rc = open_file(audit, &size, err);
	if (rc == GB_OK) {
		rc = gb_audit_known_link(state, &known, err);
	}
	if (rc == GB_OK && size == 0) {
		audit->last = known; /* new, or rotated away: the chain goes on */
	} else if (rc == GB_OK) {
		rc = go_on(audit, size, &known, err);
	}
	if (rc != GB_OK) {
		talloc_free(audit);
		return rc;
	}
	*ret_audit = audit;
	return GB_OK;
}

enum gb_rc gb_audit_intent(struct gb_audit *audit, const struct gb_state_change *change,
			   struct gb_err *err)
{
	struct gb_json_writer *w = begin_line(audit, "intent");
	enum gb_rc rc;

	gb_json_put_int(w, "seq", change->change.seq);
	rc = gb_change_json_put(w, audit->state, change, err);
	return rc == GB_OK ? end_line(audit, w, err) : rc;
}

static const char *status_word(enum gb_outcome_status status)
{
	switch (status) {
	case GB_OUTCOME_APPLIED:
		return "applied";
	case GB_OUTCOME_FAILED:
		return "failed";
	case GB_OUTCOME_UNKNOWN:
		return "unknown";
	case GB_OUTCOME_SKIPPED:
		return "skipped";
	case GB_OUTCOME_OPEN:
	case GB_OUTCOME_SETTLED:
	case GB_OUTCOME_WAITING:
		break;
	}
	return "open";
}

enum gb_rc gb_audit_result(struct gb_audit *audit, const struct gb_apply_result *result,
			   struct gb_err *err)
{
	struct gb_json_writer *w = begin_line(audit, "result");
	char id[GB_GUID_TEXT_BYTES];

	gb_json_put_int(w, "seq", result->change->seq);
	gb_json_put_text(w, "group", gb_guid_format(&result->change->cloud_id, id));
	gb_json_put_text(w, "op", gb_change_json_op(result->change->kind));
	gb_json_put_text(w, "status", status_word(result->status));
	gb_json_put_bool(w, "wasSo", result->was_so);
	gb_json_put_int(w, "membersRefused", (int64_t)result->failed_member_count);
	if (result->err != NULL) {
		gb_json_put_text(w, "errorId", result->err->id);
		gb_json_put_int(w, "native", result->err->native);
		gb_json_put_text(w, "error", result->err->what);
	}
	return end_line(audit, w, err);
}

enum gb_rc gb_audit_note(struct gb_audit *audit, const char *kind, const char *text,
			 struct gb_err *err)
{
	struct gb_json_writer *w = begin_line(audit, kind);

	gb_json_put_text(w, "text", text);
	return end_line(audit, w, err);
}

enum gb_rc gb_audit_close(struct gb_audit *audit, struct gb_err *err)
{
	enum gb_rc rc = sync_file(audit, err);

	if (rc == GB_OK) {
		rc = gb_audit_keep_link(audit->state, &audit->last, err);
	}
	talloc_free(audit);
	return rc;
}
