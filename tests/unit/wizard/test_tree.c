/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model of a tree against a plain walk over it. */
#include "config.h"

#include "wizard/tree.h"

#include "tests/unit/unit.h"

/* Rows by a walk that believes no counter. */
static size_t count_rows(const struct wz_node *node)
{
	size_t rows = 0;

	for (; node; node = node->next) {
		rows += 1 + (node->is_open ? count_rows(node->first) : 0);
	}
	return rows;
}

static struct wz_node *add(struct wz_tree *tree, struct wz_node *parent, const char *name)
{
	return wz_tree_add(tree, parent, name, name, name);
}

static void rows_are_those_of_open_branches_after_any_change(void **state)
{
	struct unit_chance chance = {7};
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *nodes[400];
	size_t count = 0;

	(void)state;
	nodes[count++] = add(tree, NULL, "root");
	for (size_t round = 0; round < 4000; round++) {
		struct wz_node *node = nodes[unit_below(&chance, count)];
		unsigned depth;

		if (count < GB_ARRAY_SIZE(nodes) && unit_below(&chance, 2)) {
			char *name = gb_printf(NULL, "n%zu", count);

			nodes[count++] = add(tree, node, name);
			talloc_free(name);
		} else {
			wz_tree_open(tree, node, !node->is_open);
		}
		assert_int_equal(wz_tree_rows(tree), count_rows(nodes[0]));
		for (size_t row = 0; row < wz_tree_rows(tree) && round % 100 == 0; row++) {
			assert_int_equal(wz_tree_row_of(wz_tree_row(tree, row, &depth)), row);
		}
		assert_null(wz_tree_row(tree, wz_tree_rows(tree), &depth));
	}
	talloc_free(tree);
}

static void a_node_that_comes_again_is_brought_up_to_date(void **state)
{
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *root = add(tree, NULL, "root");
	struct wz_node *other = add(tree, root, "other");
	struct wz_node *node = wz_tree_add(tree, root, "guid", "OU=Old", "OU=Old,DC=x");

	(void)state;
	assert_ptr_equal(wz_tree_add(tree, root, "guid", "OU=New", "OU=New,DC=x"), node);
	assert_string_equal(node->label, "OU=New");
	assert_int_equal(root->child_count, 2);
	assert_ptr_equal(wz_tree_by_value(tree, "ou=new,dc=X"), node);
	wz_tree_add(tree, other, "guid", "OU=New", "OU=New,OU=other,DC=x");
	assert_ptr_equal(node->parent, other);
	assert_int_equal(root->child_count, 1);
	talloc_free(tree);
}

static void a_branch_that_is_forgotten_is_gone_with_all_below(void **state)
{
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *root = add(tree, NULL, "root");
	struct wz_node *branch = add(tree, root, "branch");

	(void)state;
	wz_tree_open(tree, add(tree, branch, "leaf"), true);
	assert_int_equal(wz_tree_rows(tree), 3);
	wz_tree_forget(tree, branch);
	assert_null(wz_tree_by_id(tree, "leaf"));
	assert_int_equal(branch->state, WZ_NODE_UNREAD);
	assert_int_equal(wz_tree_rows(tree), 2);
	talloc_free(tree);
}

static void ten_thousand_children_are_kept_and_no_more(void **state)
{
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *root = add(tree, NULL, "root");
	char name[16];

	(void)state;
	for (int i = 0; i < WZ_TREE_MAX_CHILDREN; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_non_null(add(tree, root, name));
	}
	assert_null(add(tree, root, "one more"));
	assert_non_null(add(tree, root, "77"));
	talloc_free(tree);
}

static void find_goes_on_behind_and_around_the_end(void **state)
{
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *root = add(tree, NULL, "root");
	struct wz_node *first = add(tree, root, "OU=Finance");
	struct wz_node *second = add(tree, first, "OU=finance-eu");

	(void)state;
	assert_ptr_equal(wz_tree_find(tree, root, "FINANCE", false), first);
	assert_ptr_equal(wz_tree_find(tree, first, "finance", false), first);
	assert_ptr_equal(wz_tree_find(tree, first, "finance", true), second);
	assert_ptr_equal(wz_tree_find(tree, second, "finance", true), first);
	assert_null(wz_tree_find(tree, root, "nothing", true));
	talloc_free(tree);
}

/* The labels of the children, from the first to the last and back. */
static void assert_order(const struct wz_node *node, const char *const *labels, size_t count)
{
	const struct wz_node *child = node->first;

	for (size_t i = 0; i < count; i++, child = child->next) {
		assert_string_equal(child->label, labels[i]);
	}
	assert_null(child);
	child = node->last;
	for (size_t i = count; i > 0; i--, child = child->previous) {
		assert_string_equal(child->label, labels[i - 1]);
	}
	assert_null(child);
}

static void children_are_ordered_by_name_whatever_their_case_and_kind(void **state)
{
	static const char *const sorted[] = {"OU=admins", "CN=Builtin", "OU=Cloud", "OU=cloud b",
					     "CN=Users"};
	struct wz_tree *tree = wz_tree_new(NULL);
	struct wz_node *root = add(tree, NULL, "root");
	struct wz_node *users = add(tree, root, "CN=Users");
	unsigned depth;

	(void)state;
	add(tree, root, "OU=cloud b");
	add(tree, root, "OU=Cloud");
	add(tree, root, "CN=Builtin");
	add(tree, root, "OU=admins");
	add(tree, users, "below");
	wz_tree_open(tree, users, true);
	wz_tree_open(tree, root, true);
	wz_tree_sort(root);
	assert_order(root, sorted, GB_ARRAY_SIZE(sorted));
	assert_int_equal(wz_tree_rows(tree), 7);
	assert_ptr_equal(wz_tree_row(tree, 5, &depth), users);
	wz_tree_sort(wz_tree_by_id(tree, "below"));
	talloc_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_those_of_open_branches_after_any_change),
		cmocka_unit_test(a_node_that_comes_again_is_brought_up_to_date),
		cmocka_unit_test(a_branch_that_is_forgotten_is_gone_with_all_below),
		cmocka_unit_test(ten_thousand_children_are_kept_and_no_more),
		cmocka_unit_test(find_goes_on_behind_and_around_the_end),
		cmocka_unit_test(children_are_ordered_by_name_whatever_their_case_and_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
