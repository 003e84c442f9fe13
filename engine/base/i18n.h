/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gettext marks. Texts for people are marked; log keys, JSON keys and configuration keys are not. */
#ifndef GB_BASE_I18N_H
#define GB_BASE_I18N_H

#include <libintl.h>

/** Translate now. */
#define _(text) gettext(text)
/** Mark for translation, translate later (tables). */
#define N_(text) (text)
/** Translate with a plural form; N is the count. */
#define P_(one, many, n) ngettext(one, many, (unsigned long)(n))

#endif
