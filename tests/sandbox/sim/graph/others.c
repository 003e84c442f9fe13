/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The families /devices, /contacts and /servicePrincipals: read only. */
#include "config.h"

#include "sim/graph/collection.h"
#include "sim/graph/delta.h"
#include "sim/graph/families.h"

void sim_devices_list(struct sim_call *call)
{
	sim_collection_list(call, SIM_DEVICE);
}

void sim_devices_get(struct sim_call *call)
{
	sim_collection_get(call, SIM_DEVICE);
}

void sim_devices_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_DEVICE);
}

void sim_devices_delta(struct sim_call *call)
{
	sim_delta(call, SIM_DEVICE);
}

void sim_contacts_list(struct sim_call *call)
{
	sim_collection_list(call, SIM_CONTACT);
}

void sim_contacts_get(struct sim_call *call)
{
	sim_collection_get(call, SIM_CONTACT);
}

void sim_contacts_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_CONTACT);
}

void sim_contacts_delta(struct sim_call *call)
{
	sim_delta(call, SIM_CONTACT);
}

void sim_principals_list(struct sim_call *call)
{
	sim_collection_list(call, SIM_PRINCIPAL);
}

void sim_principals_get(struct sim_call *call)
{
	sim_collection_get(call, SIM_PRINCIPAL);
}

void sim_principals_count(struct sim_call *call)
{
	sim_collection_count(call, SIM_PRINCIPAL);
}

void sim_principals_delta(struct sim_call *call)
{
	sim_delta(call, SIM_PRINCIPAL);
}
