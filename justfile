# A menu of names. Each line calls cargo; nothing is defined here.

# every check, as before a change is handed in
test:
    cargo xtask test

# the checks of text alone: seconds
tidy:
    cargo xtask tidy

# accessibility of the pages alone
pages:
    cargo xtask pages

# the same
ci:
    cargo xtask ci

# the reference policy, synthetic customers and the pages at one address
demo:
    cargo run --release -- demo

# write what literate cases and snapshots now say; look at the difference before you keep it
expect:
    UPDATE_EXPECT=1 cargo test --workspace

format:
    cargo fmt --all
