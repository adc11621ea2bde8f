//! The points between the steps of an append at which a test can have it break off. In a release they are nothing.

use crate::error::StoreError;

/// Tells that an append has come to a point. With the feature `failpoints`, and where a test has set the point, the program
/// ends there or the append fails.
#[cfg(feature = "failpoints")]
pub(crate) fn reached(point: &str) -> Result<(), StoreError> {
    fail::fail_point!(point, |what| {
        let said = what.unwrap_or_else(|| "a test has it fail".to_owned());
        Err(StoreError::Unavailable { source: said.into() })
    });
    Ok(())
}

/// Tells that an append has come to a point.
#[cfg(not(feature = "failpoints"))]
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "with the feature `failpoints` it can fail")]
pub(crate) const fn reached(_point: &str) -> Result<(), StoreError> {
    Ok(())
}
