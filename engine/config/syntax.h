/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may stand in a configuration value: one function a type. Each returns the canonical spelling
 * below @ctx, or NULL if @text is not one; none looks at files or at the network. Pure.
 */
#ifndef GB_CONFIG_SYNTAX_H
#define GB_CONFIG_SYNTAX_H

/** Absolute path without ".", ".." and empty parts; a trailing slash is dropped. */
char *gb_syntax_path(const void *ctx, const char *text);

/** DN, name@domain, or DOMAIN\name; DNs as gb_dn_text_canonical(). */
char *gb_syntax_account(const void *ctx, const char *text);

/** GUID in lower case, or a domain name; never common, organizations or consumers. */
char *gb_syntax_tenant(const void *ctx, const char *text);

/** A name of DNS, of one label or several; no dot at the end. */
char *gb_syntax_dns_name(const void *ctx, const char *text);

/** GUID in lower case. */
char *gb_syntax_guid(const void *ctx, const char *text);

/** https://host[:port]; a trailing slash is dropped. */
char *gb_syntax_https(const void *ctx, const char *text);

/** http://host:port or https://host:port; a trailing slash is dropped. */
char *gb_syntax_proxy(const void *ctx, const char *text);

/** host, host:port, [v6] or [v6]:port, where host is a DNS name or an IPv4 address (RFC 1123). */
char *gb_syntax_server(const void *ctx, const char *text);

#endif
