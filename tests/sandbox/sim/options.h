/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/world.h"

/** What the command line said. Texts are borrowed from argv. */
struct sim_options {
	const char *tenant;           /**< tenant file */
	const char *listen;           /**< loopback address */
	unsigned port;                /**< HTTPS port, 0: any */
	int metadata_port;            /**< port of the metadata service, 0: any; -1: none */
	const char *arc_folder;       /**< where Azure Arc's key files are made, or NULL */
	unsigned control_port;        /**< control port, 0: any */
	const char *cert;             /**< PEM file of the certificate chain */
	const char *key;              /**< PEM file of its key */
	const char *ready_file;       /**< written when listening, or NULL */
	const char *generate;         /**< spec of what is generated besides the file, or NULL */
	const char *base_dn;          /**< of the generated people's domain, or NULL */
	const char *domain_sid;       /**< of the generated people's domain, or NULL */
	bool ldif;                    /**< print the generated people as LDIF and end */
	uint64_t seed;                /**< of everything random */
	struct sim_switches switches; /**< with the defaults where nothing was said */
};

/**
 * Read argv. @defaults fills the switches. Returns -1 to go on, else the exit code with which to
 * end (0 after --help, 64 after a usage error that was printed).
 */
int sim_options_read(int argc, char **argv, const struct sim_switches *defaults,
		     struct sim_options *ret_options) SIM_MUST_CHECK;

#endif
