//! What every store promises, held against each of them: `SQLite` in files, and a real `PostgreSQL`.

use nattoku_store::{Kek, OpenMode, Place, Store, StoreError};

mod append;
mod decided;
mod erasing;
mod feed;
mod groups;
mod handles;
pub(crate) mod log;
mod migration;
mod reading;
pub(crate) mod state;
pub(crate) mod transfer;
mod verifying;
pub(crate) mod worlds;

/// Where ledgers can be made that vanish with the test.
pub(crate) trait World: Sync {
    /// Opens the ledger of a name, with random bytes that are the same for the same seed.
    fn open(&self, ledger: &str, mode: OpenMode, seed: u64) -> Result<Box<dyn Store>, StoreError>;

    /// What the keys of all its ledgers rest on.
    fn kek(&self) -> Kek;

    /// Where the ledger of a name is.
    fn place(&self, ledger: &str) -> Place;

    /// As [`World::store`], where nobody waits long for others.
    fn impatient(&self) -> Box<dyn Store>;

    /// Runs SQL where the keys of the ledger of [`World::store`] lie.
    fn change_keys(&self, sql: &str);

    /// Opens the ledger of [`World::store`] where no random bytes can be had.
    fn dry(&self, mode: OpenMode) -> Box<dyn Store>;

    /// A ledger, always with the same random bytes.
    fn store(&self) -> Box<dyn Store> {
        self.open("ledger", OpenMode::Create, 1).unwrap()
    }

    /// Opens the ledger of [`World::store`] once more.
    fn again(&self, mode: OpenMode) -> Box<dyn Store> {
        self.open("ledger", mode, 1).unwrap()
    }
}

type Promise = fn(&dyn World);

/// The promises, each a function over any world.
const PROMISES: &[(&str, Promise)] = &[
    ("numbers", append::events_are_numbered_from_one_without_gaps),
    ("twice", append::sending_a_batch_twice_stores_it_once),
    ("ids", append::an_id_means_one_event_for_ever),
    ("bad", append::one_bad_event_stops_its_whole_batch),
    ("clock", append::the_clock_of_the_ledger_never_goes_back),
    ("micro", append::what_is_finer_than_a_microsecond_is_cut),
    ("unchanged", append::what_was_decided_on_a_state_is_done_only_on_that_state),
    ("golden", append::the_same_events_have_the_same_root_wherever_they_are_kept),
    ("feed_lines", feed::lines_are_what_an_export_gives),
    ("subscriptions", feed::a_subscription_is_kept_as_it_was_given),
    ("cursors", feed::a_cursor_moves_from_where_it_was_seen),
    ("letters", feed::a_dead_letter_is_kept_until_it_is_taken),
    ("turns", feed::one_program_has_a_turn),
    ("principal", reading::a_principal_is_read_with_what_concerns_everybody),
    ("general", reading::what_concerns_everybody_is_read_once_at_whatever_revision_it_is_asked),
    ("revision", reading::one_event_is_found_by_its_revision),
    ("senders_id", reading::an_event_is_found_by_the_id_its_sender_gave),
    ("view", reading::a_principal_is_read_with_the_head_and_the_event_of_an_id),
    ("stats", reading::stats_count_by_name),
    ("pages", reading::principals_are_read_a_page_at_a_time_at_one_revision),
    ("since", reading::what_came_since_a_revision_is_read_in_its_order_with_whom_it_is_about),
    ("random", reading::a_principal_is_read_by_the_random_id_up_to_a_revision),
    ("hash", reading::the_hash_of_a_leaf_tells_ledgers_apart),
    ("turns", handles::two_handles_take_turns),
    ("threads", handles::threads_share_a_store),
    ("reopened", handles::a_store_reopened_has_the_same_root),
    ("unasked", handles::nothing_is_made_unasked_and_nothing_written_by_a_reader),
    ("export", migration::export_and_import_give_the_same_events),
    ("order", migration::recorded_at_is_taken_only_in_a_migration_and_only_in_order),
    ("stops", migration::an_export_stops_when_its_reader_does),
    ("moves", transfer::a_whole_ledger_moves_with_its_root_and_its_identity),
    ("broken", transfer::a_move_that_was_broken_off_goes_on_and_is_no_ledger_until_then),
    ("sealed", transfer::what_moves_is_sealed_and_opens_with_its_own_key_alone),
    ("meanwhile", transfer::what_happens_to_keys_while_a_ledger_is_exported_is_told),
    ("erased", erasing::the_log_holds_and_others_are_what_they_were),
    ("back", erasing::whoever_comes_back_is_somebody_new_for_every_writer),
    ("step", erasing::the_second_step_rotates_what_copies_rest_on),
    ("moved", erasing::who_is_erased_stays_so_where_the_ledger_moves_to),
    ("buried", erasing::keys_of_the_erased_that_are_there_are_found_and_destroyed_by_the_next_opening),
    ("ahead", transfer::a_ledger_whose_clock_ran_ahead_moves_too),
    ("lines", transfer::an_event_of_a_move_that_is_refused_is_told_by_its_line),
    ("together", transfer::two_moves_to_one_place_at_once_are_one),
    ("many", transfer::a_batch_of_many_thousand_events_is_one),
    ("shared", groups::concurrent_appends_share_commits_and_keep_their_own_answers),
    ("neighbors", groups::a_refused_request_does_not_touch_its_neighbors),
    ("first", groups::of_two_who_want_to_be_the_first_about_a_principal_one_is),
    ("decided", decided::whoever_decides_sees_what_there_is_and_nothing_else_comes_in_between),
    ("decide_each", decided::those_who_decide_at_one_time_each_see_their_own),
    ("decide_id", decided::an_id_that_is_there_is_shown_and_nothing_is_appended),
    (
        "decide_rules",
        decided::what_is_decided_is_held_against_the_rules_and_whoever_breaks_off_is_not_waited_for,
    ),
    ("same", groups::the_same_event_sent_by_many_at_once_is_stored_once),
    ("log", log::proofs_and_tiles_of_every_size_verify),
    ("grows", log::a_tree_grows_by_whichever_handle_appends),
    ("empty", log::an_empty_ledger_has_a_tree_and_no_tiles),
    ("opened", log::a_leaf_is_opened_with_its_payload_and_its_principals_key),
    ("told", verifying::verifying_tells_how_far_it_is),
    ("large", verifying::of_large_events_no_more_are_held_at_once_than_fit),
    ("verified", verifying::a_ledger_holds_while_it_is_appended_to_and_people_are_erased),
    ("token", state::a_token_is_kept_as_it_was_given),
    ("secret", state::an_id_and_a_secret_are_those_of_one_token),
    ("revoked", state::a_token_is_revoked_once),
    ("used", state::the_last_use_moves_forward),
    ("session", state::a_session_is_kept_until_it_ends),
    ("sessions", state::sessions_that_are_over_are_removed_and_there_are_never_too_many),
    ("own_sessions", state::whoever_is_signed_in_is_told_where_and_ends_it),
    ("policies", state::a_policy_is_kept_as_it_was_given),
    ("ready", state::a_node_is_ready_for_one_policy_while_it_has_a_lease),
    ("foreign", state::the_state_of_another_ledger_is_refused),
    ("lease", state::a_lease_runs_out_by_itself),
    ("applied", state::what_a_node_has_applied_never_goes_back),
    ("prolonged", state::a_lease_is_prolonged_by_registering_alone),
    ("ended", state::a_lease_ends_when_it_is_ended),
    ("states", state::two_handles_see_each_other),
    ("at_once", state::threads_share_a_state_and_make_it_once),
    ("beside", state::the_ledger_is_what_it_was),
    ("dry", groups::without_randomness_no_principal_is_made),
];

#[test]
fn sqlite_keeps_every_promise() {
    for (_, promise) in PROMISES {
        promise(&worlds::Files::new());
    }
}

#[test]
fn postgresql_keeps_every_promise() {
    let Some(server) = worlds::Server::start() else { return };
    for (name, promise) in PROMISES {
        promise(&server.world(name));
    }
}
