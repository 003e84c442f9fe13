/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading along in a progress file. */
#include "config.h"

#include "wizard/follow.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <tevent.h>
#include <unistd.h>

#include "engine/base/buffer.h"
#include "engine/base/mem.h"
#include "wizard/session.h"

#define LOOK_EVERY_MS 200
#define READ_BYTES    16384

struct wz_follow {
	struct wz *wz;
	const char *path;
	const char *lock_path;
	struct wz_follower follower;
	void *data;
	int fd; /* -1 while the file is not there */
	struct gb_buffer *bytes;
	bool *is_freed; /* tells the reader that a callback has freed it; or NULL */
};

static void look_later(struct wz_follow *follow);

static int end_follow(struct wz_follow *follow)
{
	if (follow->fd >= 0) {
		close(follow->fd);
	}
	if (follow->is_freed) {
		*follow->is_freed = true;
	}
	return 0;
}

bool wz_follow_is_running(const char *lock_path)
{
	int fd = open(lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool is_free;

	if (fd < 0) {
		return false;
	}
	is_free = flock(fd, LOCK_SH | LOCK_NB) == 0;
	close(fd);
	return !is_free;
}

/* flock() does not tell who holds it; the run holds a record lock on the same file for that. */
bool wz_follow_stop(const char *lock_path)
{
	struct flock theirs = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int fd = open(lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool is_told;

	if (fd < 0) {
		return false;
	}
	is_told = fcntl(fd, F_GETLK, &theirs) == 0 && theirs.l_type != F_UNLCK &&
		  theirs.l_pid > 1 && kill(theirs.l_pid, SIGTERM) == 0;
	close(fd);
	return is_told;
}

static void deliver(struct wz_follow *follow, const char *line, size_t length)
{
	void *tmp = gb_new_tmp(NULL);
	struct gb_json_doc *doc;
	struct gb_err ignored;

	if (gb_json_parse(tmp, line, length, follow->path, &doc, &ignored) == GB_OK) {
		follow->follower.line(follow->wz, follow->data, gb_json_root(doc));
		wz_touch(follow->wz);
	}
	talloc_free(tmp);
}

/* Every whole line that is there. True if a callback has freed the follower. */
static bool deliver_lines(struct wz_follow *follow)
{
	struct gb_buffer *bytes = follow->bytes;
	bool is_freed = false;
	size_t begin = 0;
	char *end;

	follow->is_freed = &is_freed;
	talloc_steal(NULL, bytes);
	while (!is_freed && (end = memchr(bytes->text + begin, '\n', bytes->length - begin))) {
		size_t length = (size_t)(end - bytes->text) - begin;

		deliver(follow, bytes->text + begin, length);
		begin += length + 1;
	}
	if (is_freed) {
		talloc_free(bytes);
		return true;
	}
	follow->is_freed = NULL;
	talloc_steal(follow, bytes);
	memmove(bytes->text, bytes->text + begin, bytes->length - begin + 1);
	bytes->length -= begin;
	return false;
}

static void read_more(struct wz_follow *follow)
{
	char chunk[READ_BYTES];
	ssize_t got;

	if (follow->fd < 0) {
		follow->fd = open(follow->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	}
	while (follow->fd >= 0 && (got = read(follow->fd, chunk, sizeof(chunk))) > 0) {
		gb_buffer_add(follow->bytes, chunk, (size_t)got);
	}
}

/* The lock first: what was written before it was let go is then read. */
static void look(struct wz_follow *follow)
{
	bool is_running = wz_follow_is_running(follow->lock_path);

	read_more(follow);
	if (deliver_lines(follow)) {
		return;
	}
	if (is_running) {
		look_later(follow);
		return;
	}
	follow->follower.over(follow->wz, follow->data);
	wz_touch(follow->wz);
	talloc_free(follow);
}

static void on_time(struct tevent_context *loop, struct tevent_timer *timer, struct timeval now,
		    void *data)
{
	(void)loop;
	(void)timer;
	(void)now;
	look(data);
}

static void look_later(struct wz_follow *follow)
{
	gb_mem_check(tevent_add_timer(follow->wz->loop, follow,
				      tevent_timeval_current_ofs(0, LOOK_EVERY_MS * 1000), on_time,
				      follow));
}

struct wz_follow *wz_follow_start(const void *ctx, struct wz *wz, const char *path,
				  const char *lock_path, const struct wz_follower *follower,
				  void *data)
{
	struct wz_follow *follow = gb_new(ctx, struct wz_follow);

	*follow = (struct wz_follow){
		.wz = wz,
		.path = gb_strdup(follow, path),
		.lock_path = gb_strdup(follow, lock_path),
		.follower = *follower,
		.data = data,
		.fd = -1,
		.bytes = gb_buffer_new(follow),
	};
	talloc_set_destructor(follow, end_follow);
	look_later(follow);
	return follow;
}
