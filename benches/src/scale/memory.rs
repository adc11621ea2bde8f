//! What the process holds in memory, as the kernel counts it.

/// Resident now, in bytes.
pub(super) fn resident() -> u64 {
    status("VmRSS:")
}

/// The most that was ever resident, in bytes.
pub(super) fn highest() -> u64 {
    status("VmHWM:")
}

/// A line of `/proc/self/status`, which is in units of 1,024 bytes; 0 where there is none.
fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let kib: Option<u64> = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
    kib.unwrap_or(0) * 1_024
}
