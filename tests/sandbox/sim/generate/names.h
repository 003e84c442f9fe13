/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of people and groups in many scripts, some of them hostile.
 *
 * Pure: the same number gives the same name. Texts are UTF-8.
 */
#ifndef SIM_GENERATE_NAMES_H
#define SIM_GENERATE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for any name, bytes, NUL included. */
#define SIM_NAME_TEXT 1024

/** The name of a person. */
struct sim_name {
	char given[64];     /**< given name */
	char surname[64];   /**< surname */
	char display[160];  /**< both, in the order of their script */
	char relative[200]; /**< unique in its organizational unit: at most 64 characters */
};

/**
 * The name that @random chooses; @number makes the relative name unique. @hostile: one in a hundred
 * holds what must be escaped in a DN.
 */
void sim_name_person(uint64_t random, uint64_t number, bool hostile, struct sim_name *ret_name);

/**
 * The display name of a group, at most 256 UTF-16 units. @hostile: one in fifty holds control
 * characters, direction overrides, markup or nothing but spaces.
 */
void sim_name_group(uint64_t random, uint64_t number, bool hostile, char ret_text[SIM_NAME_TEXT]);

#endif
