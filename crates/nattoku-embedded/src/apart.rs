//! What may wait for the ledger, kept from threads that must not.
//!
//! The client of PostgreSQL waits in a runtime of its own, which it cannot on a thread of another one.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, scope};

use tokio::runtime::Handle;

/// Does what may wait: on a thread of its own where this one is of a runtime of tokio. An error, and no panic, where it breaks off.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    if Handle::try_current().is_err() {
        return here(work);
    }
    scope(|scope| {
        let thread = Builder::new().name("nattoku-apart".to_owned()).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("the system gives no thread: {error}"))?;
        thread.join().map_err(|panic| broke_off(&*panic))
    })
}

/// Does what needs no waiting. An error, and no panic, where it breaks off.
pub(crate) fn here<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| broke_off(&*panic))
}

/// What a panic said.
fn broke_off(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("it broke off: {}", said.unwrap_or("nothing was said"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaks_off() -> u8 {
        panic!("a test has it fail");
    }

    #[test]
    fn what_breaks_off_is_an_error_wherever_it_is_done() {
        let told = Err("it broke off: a test has it fail".to_owned());
        assert_eq!((here(breaks_off), apart(breaks_off)), (told.clone(), told.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(runtime.block_on(async { apart(breaks_off) }), told);
    }

    #[test]
    fn on_a_thread_of_a_runtime_another_one_waits() {
        let own = std::thread::current().id();
        assert_eq!(apart(|| std::thread::current().id()), Ok(own));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_ne!(runtime.block_on(async { apart(|| std::thread::current().id()) }), Ok(own));
    }
}
