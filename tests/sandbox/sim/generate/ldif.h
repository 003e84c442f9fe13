/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a generated tenant's people and synced groups are on-premises, as LDIF.
 *
 * The same text loads into slapd (slapadd) and into a stopped Samba domain controller
 * (tests/sandbox/samba/load.py, for objectSid and objectGUID are given and not assigned).
 */
#ifndef SIM_GENERATE_LDIF_H
#define SIM_GENERATE_LDIF_H

#include <stdio.h>

#include "sim/generate/spec.h"

/** Write everything below OU=Generated, parents and members first. False: a sentence in @err. */
bool sim_ldif_write(const struct sim_spec *spec, FILE *out, struct sim_err *err) SIM_MUST_CHECK;

#endif
