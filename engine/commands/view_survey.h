/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A survey of what other tools made, for people and for machines. */
#ifndef GB_COMMANDS_VIEW_SURVEY_H
#define GB_COMMANDS_VIEW_SURVEY_H

#include "engine/base/json.h"
#include "engine/sync/survey.h"

/** The members "matched", "left", "strangers" and "takenBefore" of the object that @w has open. */
void gb_view_survey_json(struct gb_json_writer *w, const struct gb_survey *survey);

/** The same as lines, to standard output. @done: it was carried out, and not only planned. */
void gb_view_survey_print(const struct gb_survey *survey, bool done);

#endif
