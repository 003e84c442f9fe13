/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages, in the order of Entra Connect's wizard. A page is added by one file with its table, one
 * declaration here, and one line in pages.c.
 */
#ifndef WZ_PAGES_PAGES_H
#define WZ_PAGES_PAGES_H

#include <stdbool.h>

#include "wizard/page.h"

struct wz;

/** All pages in the order of the walk; ends with NULL. */
extern const struct wz_page *const wz_pages[];

/** The first page of a first run. */
extern const struct wz_page wz_page_welcome;
/** The first page for somebody who comes back: what to do. */
extern const struct wz_page wz_page_tasks;
/** Refresh directory schema: what the directory has. */
extern const struct wz_page wz_page_schema;
/** Troubleshoot: everything that can be checked. */
extern const struct wz_page wz_page_troubleshoot;
/** Import settings of another server. */
extern const struct wz_page wz_page_import;
/** Connect to Microsoft Entra ID. */
extern const struct wz_page wz_page_cloud;
/** Connect your directory. */
extern const struct wz_page wz_page_directory;
/** Optional features: what is written, and of which groups. */
extern const struct wz_page wz_page_features;
/** Writeback: the organizational unit, and the names. */
extern const struct wz_page wz_page_container;
/** Writeback options: rules for groups that leave, limits. */
extern const struct wz_page wz_page_options;
/** Permissions of the account, if some are missing. */
extern const struct wz_page wz_page_rights;
/** Scheduler and staging mode. */
extern const struct wz_page wz_page_schedule;
/** Disable group writeback. */
extern const struct wz_page wz_page_disable;
/** Ready to configure: settings and effect. */
extern const struct wz_page wz_page_ready;
/** Configuring: the detached run. */
extern const struct wz_page wz_page_configuring;
/** Configuration complete. */
extern const struct wz_page wz_page_complete;

/*
 * Which pages a walk comes by: all of them on a first run; else those of the task that was chosen.
 */

/** The cloud connection is to be changed. */
bool wz_task_cloud(struct wz *wz);
/** The directory connection is to be changed. */
bool wz_task_directory(struct wz *wz);
/** Synchronization options are to be changed. */
bool wz_task_options(struct wz *wz);
/** Scheduler and staging mode are to be changed. */
bool wz_task_schedule(struct wz *wz);
/** Group writeback is to be disabled. */
bool wz_task_disable(struct wz *wz);
/** Settings of another server are to be taken. */
bool wz_task_import(struct wz *wz);
/** What the directory has is to be looked at. */
bool wz_task_schema(struct wz *wz);
/** Everything is to be checked. */
bool wz_task_troubleshoot(struct wz *wz);
/** The last change of settings is to be undone. */
bool wz_task_undo(struct wz *wz);

/** True if the settings give the engine something to do: groups to write, or written ones to undo. */
bool wz_disable_leaves_work(struct wz *wz);

/** Somebody chose another task: group writeback is on again, if the page "Disable" switched it off. */
void wz_disable_forget(struct wz *wz);

#endif
