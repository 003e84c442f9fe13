/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $search on directory objects: quoted clauses "property:words", joined by AND, OR, NOT.
 *
 * Values are cut into words where letters and digits end; a clause holds if each of its words
 * begins a word of the value. Advanced mode only.
 */
#ifndef SIM_GRAPH_SEARCH_H
#define SIM_GRAPH_SEARCH_H

#include "sim/graph/call.h"

struct sim_search;

/** Read @text against the properties of @types (bit mask). False: the call was answered. */
bool sim_search_parse(struct sim_call *call, unsigned types, const char *text,
		      struct sim_search **ret_search) SIM_MUST_CHECK;

/** True if @object is found. */
bool sim_search_holds(const struct sim_search *search, const struct sim_object *object);

#endif
