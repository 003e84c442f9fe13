/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groupback-wizard. */
#include "config.h"

#include "pages/pages.h"
#include "wizard/run.h"

int main(int argc, char **argv)
{
	return wz_run(argc, argv, wz_pages);
}
