#!/bin/sh
# What the comparison with the definition is worth: puts one listed fault into the engine at a time and runs the comparison,
# which must fail within 100,000 cases. Prints the rows of the table in docs/design/engine.md.
# Works on a copy below /tmp/mutants with a target folder of its own; the checkout is not touched.
#   scripts/mutate-engine.sh            every fault
#   scripts/mutate-engine.sh guardian   those whose description holds the word
set -eu

only=${1:-}

root=$(cd "$(dirname "$0")/.." && pwd)
copy=/tmp/mutants/engine
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-/tmp/mutants/engine-target}"
export NATTOKU_CASES=100000
cargo=${CARGO:-cargo}

rm -rf "$copy"
mkdir -p "$copy/crates" "$copy/cases" "$copy/policies"
for crate in model policy spec analysis testkit map engine; do cp -R "$root/crates/nattoku-$crate" "$copy/crates/"; done
cp -R "$root/cases/decisions" "$copy/cases/"
cp -R "$root/policies/carrier" "$copy/policies/"
cp -R "$root/packs" "$copy/"
cp "$root/Cargo.lock" "$root/rust-toolchain.toml" "$copy/"
# The copy holds seven crates; the others are no members of it, and the lock file may lose what only they use.
sed -e 's|^members = .*|members = ["crates/*"]|' -e '/^default-members = /d' "$root/Cargo.toml" > "$copy/Cargo.toml"
cd "$copy"

compare() {
    $cargo test --offline --quiet -p nattoku-engine --test it the_engine_gives -- --nocapture > ../engine.txt 2>&1
}

if ! compare; then
    cat ../engine.txt
    echo "the comparison fails before any fault is put in" >&2
    exit 1
fi

src=crates/nattoku-engine/src
missed=0
# fault FILE SED WHAT
fault() {
    case "$3" in *"$only"*) ;; *) return ;; esac
    cp "$src/$1" ../sound.rs
    sed "$2" ../sound.rs > "$src/$1"
    if cmp -s ../sound.rs "$src/$1"; then
        echo "$1 has nothing that \`$2\` replaces" >&2
        exit 1
    fi
    if compare; then
        echo "| $3 | not within 100,000 cases |"
        missed=$((missed + 1))
    elif seed=$(grep -o 'seed [0-9]*' ../engine.txt | head -n 1) && [ -n "$seed" ]; then
        echo "| $3 | within $((${seed#seed })),000 cases |"
    else
        cat ../engine.txt
        echo "with the fault \`$3\` the copy does not build" >&2
        exit 1
    fi
    cp ../sound.rs "$src/$1"
}

fault decide.rs 's/acquired < before)/acquired <= before)/' \
    'what was acquired at the very instant of a transition counts as before it'
fault plan/eras.rs 's/|ended| ended > since/|ended| ended >= since/' \
    'a membership that ended at the very instant of a transition stops it'
fault elapsed.rs 's/after(from, &self.zone) <= at/after(from, \&self.zone) < at/' \
    'a period lasts one instant longer'
fault decide.rs 's/instant(turn) <= instant(&newest)/instant(turn) < instant(\&newest)/' \
    'what was acquired on the day of the derivation is not among its origins'
fault bounds.rs 's/self.until = self.until.min(instant)/_ = instant/' \
    'a plan outlives what it asked about'
fault vocabulary.rs 's/self.derived.contains(top(category))/top(category).is_empty()/' \
    'the newest acquisition of what is derived is not kept'
fault facts/fold.rs 's/ && vocabulary.stretch(held.acquired) == stretch//' \
    'what two versions govern is kept once'
fault facts/fold.rs 's/at < u)/at <= u)/' \
    'a guardian may act at the very instant at which the link ends'
fault plan/consent.rs 's/if has_expired {/if has_expired \&\& stand.until.is_some() {/' \
    'an item that runs out by itself does not'
fault plan/consent.rs 's/0 | 1 => 0,/0.. => 0,/' \
    'of several provisions always the first applies'
fault plan/consent.rs 's/ages.get(self.zone)/ages.first()/' \
    'ages are counted in the zone of the first version'
fault plan/secrecy.rs 's/individual: protection.needs != Need::Consent, own/individual: false, own/' \
    'a blanket consent covers communications secrecy'
fault plan/secrecy.rs 's/let is_ordered = is_own \&\& /let is_ordered = /' \
    'a statute of the activity opens what the activity does not need'
fault plan/act.rs 's/if is_residue {/if is_residue \&\& choice.covers.is_empty() {/' \
    'nothing passes a declined choice'
fault plan/claim.rs 's/is_timely != Some(false) \&\& //' \
    'a claim that names no time limit lasts for ever'
fault plan/holding.rs 's/TieState::Alive => return None,/TieState::Alive => {}/' \
    'retention runs while the agreement is alive'
fault dates.rs 's/self.row.get(place)/self.row.get(if place == 1 || place == 2 { 3 - place } else { place })/' \
    'two dates of a row change places'
fault lexicon.rs 's/let is_held = self.category.covers(part)/let is_held = asked.covers(\&self.category)/' \
    'what is recorded of a node does not count for its parts'
fault lexicon.rs 's/erased.covers(part))/erased.covers(part) \&\& part.as_str().is_empty())/' \
    'a part that was erased is held still'
fault dates.rs 's/beside.get(last, place - BESIDE)/beside.get(last, place.saturating_sub(DATES))/' \
    'of the dates that stand beside a row the wrong one is taken'
fault dates.rs 's/self.0.set(true)/self.0.set(false)/' \
    'what depends on a fraction of a second is not in doubt'
fault plan/obligations.rs 's/self.texts.get(case.era.text)/self.texts.first().filter(|_| case.era.text < 99)/' \
    'what is owed is by the text in force'
fault plan/obligations.rs 's/exception.obliges.iter()/exception.obliges.iter().skip(1)/' \
    'of the duties of an exception one is forgotten'
fault vocabulary.rs 's/self.ages.is_superset(ages)/ages.len() < 999/' \
    'a population serves rules about ages that it was not folded for'
fault vocabulary.rs 's/self.cuts.is_superset(cuts)/cuts.len() < 999/' \
    'a population serves transitions that it was not folded for'
fault population.rs 's/recorded.at <= self.at \&\&/recorded.at < self.at \&\&/' \
    'what happened at the very instant that is asked about does not count'
fault population.rs 's/recorded.recorded_at <= known/recorded.recorded_at < known/' \
    'what the ledger came to know at the very instant that is asked about does not count'
fault decide.rs 's/ == Some((held.part, has_ended))$/.is_some_and(|(_, had)| had == has_ended)/' \
    'of several kinds of holdings only the first is judged'
exit "$missed"
