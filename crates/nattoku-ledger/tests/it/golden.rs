//! Our own vectors. They never change: a ledger written by any version must verify for ever.

use nattoku_ledger::{Frontier, Hash};

#[test]
fn roots_of_the_first_sizes() {
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701",
        "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0",
        "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19",
    ];
    let mut tree = Frontier::new();
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(tree.root().to_string(), *root, "size {size}");
        tree.append(Hash::of_leaf(format!("entry {size}").as_bytes()));
    }
}

#[test]
fn root_and_frontier_of_a_thousand_and_one_leaves() {
    let mut tree = Frontier::new();
    (0..1001).for_each(|i| tree.append(Hash::of_leaf(format!("entry {i}").as_bytes())));
    assert_eq!(tree.root().to_string(), "2db57b71438dea9a9a9d54fbdb87504ef71fed3bd63ede8208fc2f1363b6636b");
    assert_eq!(tree.to_bytes().len(), 7 * 32);
}
