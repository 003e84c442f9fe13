/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wizard's own pages, with the catalogues below $GB_LOCALES in place of those that are installed, or are
 * not: the program's bindtextdomain() is found before that of the C library.
 */
#include "config.h"

#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

#include "pages/pages.h"
#include "wizard/run.h"

char *bindtextdomain(const char *domain, const char *folder)
{
	const char *here = getenv("GB_LOCALES");
	void *found = dlsym(RTLD_NEXT, "bindtextdomain");
	char *(*bind)(const char *, const char *);

	/* A pointer to an object is no pointer to a function in C11 (dlsym(3)). */
	memcpy(&bind, &found, sizeof(bind));
	return bind(domain, here ? here : folder);
}

int main(int argc, char **argv)
{
	return wz_run(argc, argv, wz_pages);
}
