/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Throw-away certificates for the tests of engine/cloud, made on the spot. */
#ifndef GB_TESTS_CLOUD_CERTIFICATES_H
#define GB_TESTS_CLOUD_CERTIFICATES_H

/** A key and its certificate, both as PEM below the context they were made with. */
struct certificate {
	char *key;
	char *pem;
};

/** What a certificate is to say. */
struct certificate_order {
	const char *name;                 /**< common name */
	const char *alternatives;         /**< "DNS:localhost,IP:127.0.0.1"; NULL: an authority */
	const struct certificate *signer; /**< NULL: signs itself */
	long from_s;                      /**< begin of validity, seconds from now */
	long until_s;                     /**< end of validity, seconds from now */
	int rsa_bits;                     /**< 0: an elliptic key */
};

/** Make one below @ctx. */
struct certificate certificate_make(const void *ctx, const struct certificate_order *order);

#endif
