/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line. */
#include "config.h"

#include "sim/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
	"Usage: entra-sim --tenant FILE --cert PEM --key PEM [OPTION]...\n"
	"       entra-sim --generate SPEC --ldif [--base-dn DN] [--domain-sid SID]\n"
	"Stand-in for Entra ID and Microsoft Graph, for tests (docs/simulator.md).\n"
	"\n"
	"  --tenant FILE           the tenant, a JSON file\n"
	"  --listen ADDRESS        loopback address (127.0.0.1)\n"
	"  --port N                HTTPS port for Entra ID and Graph (0: any)\n"
	"  --cert PEM, --key PEM   certificate chain and key\n"
	"  --control-port N        HTTP port of the control endpoint (0: any)\n"
	"  --metadata-port N       HTTP port of the metadata service of a machine in Azure (none)\n"
	"  --arc-folder FOLDER     it is Azure Arc's agent as well; its key files are made here\n"
	"  --ready-file FILE       written as soon as it listens\n"
	"  --seed N                of everything random (1)\n"
	"  --page-size N           items of a list page without $top (100)\n"
	"  --delta-page-size N     objects of a delta page (200)\n"
	"  --delta-slice N         members of one occurrence of a group (500)\n"
	"  --replay N              how often a delta round shows each object (1)\n"
	"  --empty-every N         every n-th delta page is empty (0: none)\n"
	"  --lag SECONDS           age at which a change shows in delta (0)\n"
	"  --expires-in SECONDS    life of access tokens (0: 3600 to 5400)\n"
	"  --generate SPEC         add people and groups to the tenant, for example\n"
	"                          people=50000,groups=10000,links=250000,seed=1\n"
	"  --base-dn DN            domain of the generated people (DC=lab,DC=test)\n"
	"  --domain-sid SID        SID of that domain\n"
	"  --ldif                  print the generated people as LDIF and end\n"
	"  --help                  this text\n";

/** A long option; a number goes where @offset says, a text likewise. */
enum {
	OPT_TENANT = 256,
	OPT_LISTEN,
	OPT_CERT,
	OPT_KEY,
	OPT_READY,
	OPT_ARC,
	OPT_GENERATE,
	OPT_BASE_DN,
	OPT_DOMAIN_SID,
	OPT_LDIF,
	OPT_HELP,
	OPT_NUMBER
};

static const struct option long_options[] = {
	{"tenant", required_argument, NULL, OPT_TENANT},
	{"listen", required_argument, NULL, OPT_LISTEN},
	{"cert", required_argument, NULL, OPT_CERT},
	{"key", required_argument, NULL, OPT_KEY},
	{"arc-folder", required_argument, NULL, OPT_ARC},
	{"ready-file", required_argument, NULL, OPT_READY},
	{"generate", required_argument, NULL, OPT_GENERATE},
	{"base-dn", required_argument, NULL, OPT_BASE_DN},
	{"domain-sid", required_argument, NULL, OPT_DOMAIN_SID},
	{"ldif", no_argument, NULL, OPT_LDIF},
	{"help", no_argument, NULL, OPT_HELP},
	{"port", required_argument, NULL, OPT_NUMBER + 0},
	{"control-port", required_argument, NULL, OPT_NUMBER + 1},
	{"seed", required_argument, NULL, OPT_NUMBER + 2},
	{"page-size", required_argument, NULL, OPT_NUMBER + 3},
	{"delta-page-size", required_argument, NULL, OPT_NUMBER + 4},
	{"delta-slice", required_argument, NULL, OPT_NUMBER + 5},
	{"replay", required_argument, NULL, OPT_NUMBER + 6},
	{"empty-every", required_argument, NULL, OPT_NUMBER + 7},
	{"lag", required_argument, NULL, OPT_NUMBER + 8},
	{"expires-in", required_argument, NULL, OPT_NUMBER + 9},
	{"metadata-port", required_argument, NULL, OPT_NUMBER + 10},
	{NULL, 0, NULL, 0},
};

/** Bounds of the numbers, in the order of OPT_NUMBER. */
static const struct {
	int64_t low;
	int64_t high;
} bounds[] = {{0, 65535}, {0, 65535}, {0, INT64_MAX},  {1, 999},   {1, 100000}, {1, 100000},
	      {1, 100},   {0, 1000},  {0, 86400 * 30}, {0, 86400}, {0, 65535}};

static bool parse_number(const char *text, size_t which, int64_t *ret_number)
{
	char *end = NULL;
	long long number = 0;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < bounds[which].low ||
	    number > bounds[which].high) {
		return false;
	}
	*ret_number = number;
	return true;
}

static void store_number(struct sim_options *options, size_t which, int64_t number)
{
	int64_t *const switches[] = {
		&options->switches.page_size,   &options->switches.delta_page_size,
		&options->switches.delta_slice, &options->switches.replay,
		&options->switches.empty_every, &options->switches.lag_s,
		&options->switches.expires_in};

	switch (which) {
	case 0:
		options->port = (unsigned)number;
		break;
	case 1:
		options->control_port = (unsigned)number;
		break;
	case 2:
		options->seed = (uint64_t)number;
		break;
	case 10:
		options->metadata_port = (int)number;
		break;
	default:
		*switches[which - 3] = number;
	}
}

static bool read_number(struct sim_options *options, size_t which)
{
	int64_t number = 0;

	if (!parse_number(optarg, which, &number)) {
		fprintf(stderr, "entra-sim: \"%s\" is not a number between %lld and %lld.\n",
			optarg, (long long)bounds[which].low, (long long)bounds[which].high);
		return false;
	}
	store_number(options, which, number);
	return true;
}

static bool read_option(struct sim_options *options, int option)
{
	const char **const texts[] = {
		[OPT_TENANT - OPT_TENANT] = &options->tenant,
		[OPT_LISTEN - OPT_TENANT] = &options->listen,
		[OPT_CERT - OPT_TENANT] = &options->cert,
		[OPT_KEY - OPT_TENANT] = &options->key,
		[OPT_READY - OPT_TENANT] = &options->ready_file,
		[OPT_ARC - OPT_TENANT] = &options->arc_folder,
		[OPT_GENERATE - OPT_TENANT] = &options->generate,
		[OPT_BASE_DN - OPT_TENANT] = &options->base_dn,
		[OPT_DOMAIN_SID - OPT_TENANT] = &options->domain_sid,
	};

	if (option >= OPT_NUMBER) {
		return read_number(options, (size_t)(option - OPT_NUMBER));
	}
	if (option == OPT_LDIF) {
		options->ldif = true;
		return true;
	}
	if (option < OPT_TENANT) {
		return false; /* getopt has said what is wrong */
	}
	*texts[option - OPT_TENANT] = optarg;
	return true;
}

static bool is_complete(const struct sim_options *options)
{
	return options->ldif ? options->generate != NULL
			     : options->tenant && options->cert && options->key;
}

int sim_options_read(int argc, char **argv, const struct sim_switches *defaults,
		     struct sim_options *ret_options)
{
	int option = 0;

	*ret_options = (struct sim_options){
		.listen = "127.0.0.1", .metadata_port = -1, .seed = 1, .switches = *defaults};
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (option == OPT_HELP) {
			fputs(usage, stdout);
			return 0;
		}
		if (!read_option(ret_options, option)) {
			return 64;
		}
	}
	if (optind != argc || !is_complete(ret_options)) {
		fputs(usage, stderr);
		return 64;
	}
	return -1;
}
