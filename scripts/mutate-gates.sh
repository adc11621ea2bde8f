#!/bin/sh
# What each gate of the decision is held by: puts a permit in the place of its judge, one gate at a time, and counts the
# cases of cases/decisions that are then answered otherwise. Prints the rows of the table in docs/design/gates.md.
# Works on a copy below /tmp/mutants with a target folder of its own; the checkout is not touched.
#   scripts/mutate-gates.sh              every gate
#   scripts/mutate-gates.sh consent …    these gates
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
copy=/tmp/mutants/checkout
gates=crates/nattoku-spec/src/gates.rs
export CARGO_TARGET_DIR=/tmp/mutants/target

rm -rf "$copy"
mkdir -p "$copy/crates"
for crate in model policy spec testkit; do cp -R "$root/crates/nattoku-$crate" "$copy/crates/"; done
mkdir -p "$copy/cases"
cp -R "$root/cases/decisions" "$copy/cases/"
cp "$root/Cargo.lock" "$root/rust-toolchain.toml" "$copy/"
# The copy holds four crates; the others are no members of it, and the lock file may lose what only they use.
sed -e 's|^members = .*|members = ["crates/*"]|' -e '/^default-members = /d' "$root/Cargo.toml" > "$copy/Cargo.toml"
cd "$copy"
cp "$gates" ../gates.rs

run_cases() {
    cargo test --offline --quiet -p nattoku-spec --test it every_case > ../report.txt 2>&1
}

if ! run_cases; then
    cat ../report.txt
    echo "the cases fail before any gate is taken away" >&2
    exit 1
fi

# The reason with which a gate permits what is none of its business, so that no case fails over a word alone.
reason_of() {
    case $1 in
        governing) echo Governed ;;
        prohibition) echo NotProhibited ;;
        origin) echo NoHolding ;;
        purpose) echo Necessary ;;
        relationship) echo NoAgreementNeeded ;;
        secrecy) echo NotProtected ;;
        recipient) echo NobodyElse ;;
        provision) echo NotAThirdParty ;;
        transfer) echo Domestic ;;
        choice) echo NothingDeclined ;;
        consent) echo NoConsentNeeded ;;
        restriction) echo Unrestricted ;;
        minimisation) echo NothingToMinimise ;;
        *) echo "there is no gate \`$1\`" >&2; exit 1 ;;
    esac
}

all="governing prohibition origin purpose relationship secrecy recipient provision transfer choice consent restriction minimisation"
[ $# -gt 0 ] || set -- $all
for gate in "$@"; do
    reason=$(reason_of "$gate")
    permit="GateAnswer::new(gate, nattoku_model::Verdict::Permit, nattoku_model::Reason::$reason)"
    sed "s/=> $gate::judge(.*),\$/=> $permit,/" ../gates.rs > "$gates"
    if cmp -s ../gates.rs "$gates"; then
        echo "$gates has no line \`=> $gate::judge(…),\` to replace" >&2
        exit 1
    fi
    if run_cases; then
        echo "| $gate | 0 | 0 | nothing |"
        continue
    fi
    # A failing case begins `page.md:LINE: HEADING`; where the verdict itself changed, the next line begins `  - `.
    row=$(awk -v own="^$gate[.]md:" '
        /^[a-z-]+\.md:[0-9]+: / { heading = $0; failing++; if (first == "") first = $0; next }
        heading != "" { if ($0 ~ /^  - /) { changed++; if (example == "" || (heading ~ own && example !~ own)) example = heading }; heading = "" }
        END {
            if (failing > 0) {
                if (example == "") example = first
                page = example; sub(/:.*/, "", page)
                title = example; sub(/^[^ ]* /, "", title)
                printf "%d | %d | [%s](../../cases/decisions/%s): %s", failing, changed, page, page, title
            }
        }' ../report.txt)
    if [ -z "$row" ]; then
        cat ../report.txt
        echo "the copy without the gate \`$gate\` does not build" >&2
        exit 1
    fi
    echo "| $gate | $row |"
done
cp ../gates.rs "$gates"
