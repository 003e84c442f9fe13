# SPDX-License-Identifier: GPL-3.0-or-later
# GB_FLAGS: warnings, hardening, sanitizers and coverage, each flag probed.

# GB_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the compiler takes it without complaint.
AC_DEFUN([GB_CFLAG], [
	AS_VAR_PUSHDEF([cache], [gb_cv_cflag_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [cache], [
		gb_save="$CFLAGS"
		CFLAGS="$CFLAGS -Werror $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
			[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
		CFLAGS="$gb_save"])
	AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([cache])
])

AC_DEFUN([GB_FLAGS], [
	AC_ARG_ENABLE([werror],
		[AS_HELP_STRING([--enable-werror], [treat warnings as errors (development)])])
	AC_ARG_ENABLE([sanitize],
		[AS_HELP_STRING([--enable-sanitize=LIST], [build with these sanitizers, e.g. address,undefined])])
	AC_ARG_ENABLE([coverage],
		[AS_HELP_STRING([--enable-coverage], [build for gcov])])
	AC_ARG_ENABLE([hardening],
		[AS_HELP_STRING([--disable-hardening], [build without hardening flags])])

	dnl -Wimplicit-fallthrough comes with gcc's -Wextra. clang's own does not know the comments in
	dnl uthash's macros.
	GB_WARN_CFLAGS=""
	m4_foreach_w([gb_flag], [-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
		-Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations
		-Wold-style-definition -Wpointer-arith -Wwrite-strings -Wcast-qual -Wundef -Wvla
		-Walloca -Wformat=2 -Wformat-nonliteral -Wnull-dereference
		-Wswitch-enum -Wdouble-promotion -fno-common -Wlogical-op -Wduplicated-cond
		-Wduplicated-branches -Wjump-misses-init -Wno-gnu-statement-expression
		-Wno-gnu-zero-variadic-macro-arguments -Wno-missing-field-initializers],
		[GB_CFLAG([GB_WARN_CFLAGS], gb_flag)])
	AS_VAR_IF([enable_werror], [yes], [AS_VAR_APPEND([GB_WARN_CFLAGS], [" -Werror"])])

	GB_HARDEN_CFLAGS=""
	GB_HARDEN_LDFLAGS=""
	AS_VAR_IF([enable_hardening], [no], [], [
		m4_foreach_w([gb_flag], [-fstack-protector-strong -fstack-clash-protection
			-fcf-protection -ftrivial-auto-var-init=zero -fPIE],
			[GB_CFLAG([GB_HARDEN_CFLAGS], gb_flag)])
		AS_VAR_SET_IF([enable_sanitize], [],
			[AS_VAR_APPEND([GB_HARDEN_CFLAGS], [" -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])])
		GB_HARDEN_LDFLAGS="-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack"
	])

	GB_SANITIZE_FLAGS=""
	AS_IF([test -n "$enable_sanitize" && test "$enable_sanitize" != no],
		[GB_SANITIZE_FLAGS="-fsanitize=$enable_sanitize -fno-sanitize-recover=undefined -fno-omit-frame-pointer"])
	AS_VAR_IF([enable_coverage], [yes], [AS_VAR_APPEND([GB_SANITIZE_FLAGS], [" --coverage"])])

	AC_SUBST([GB_WARN_CFLAGS])
	AC_SUBST([GB_HARDEN_CFLAGS])
	AC_SUBST([GB_HARDEN_LDFLAGS])
	AC_SUBST([GB_SANITIZE_FLAGS])
])
