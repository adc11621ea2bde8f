//! Reads what `strace -f -y -xx` writes: the calls of a program that concern files, in the order in which they began and ended.

use std::collections::HashMap;

/// What is traced: all by which files and folders change or are made durable. What the model does not know is traced to be refused.
pub(super) const TRACED: &str = "?open,openat,?openat2,?creat,write,pwrite64,writev,pwritev,?pwritev2,ftruncate,?truncate,\
    fallocate,fsync,fdatasync,?sync_file_range,?rename,?renameat,renameat2,?link,linkat,?unlink,unlinkat,mmap,\
    copy_file_range,sendfile,splice";

/// A call that concerns a file, by its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// Opens a file, perhaps one that is made by it or emptied.
    Open { path: String, fd: String, makes: bool, empties: bool },
    /// Writes at a place.
    Write { path: String, at: u64, bytes: Vec<u8> },
    /// Writes where the last write by the same descriptor has ended.
    WriteOn { path: String, fd: String, bytes: Vec<u8> },
    /// Gives a file a length.
    Resize { path: String, length: u64 },
    /// Has a file or a folder on disk.
    Sync { path: String },
    /// Gives a file another name.
    Rename { from: String, to: String },
    /// Gives a file one more name.
    Link { from: String, to: String },
    /// Takes a name away.
    Unlink { path: String },
    /// Says something to whoever started the program.
    Tell { text: String },
    /// Does something to a file that the model of a disk does not know.
    Unknown { path: String, call: String },
}

/// A call that begins or ends, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Began(usize),
    Ended(usize),
}

/// Reads a recording. Calls that failed, and calls that concern no file, are left out; one that never ended is kept.
pub(super) fn read<'l>(lines: &[&'l str]) -> Result<(Vec<Call>, Vec<Step>), String> {
    let mut begun: Vec<(String, Option<String>)> = Vec::new();
    let mut steps = Vec::new();
    // The call that each thread is in.
    let mut open: HashMap<&'l str, usize> = HashMap::new();
    for line in lines {
        let (thread, rest) = line.split_once(' ').ok_or_else(|| format!("no thread: {}", shown(line)))?;
        let rest = rest.trim_start();
        if rest.starts_with("+++") || rest.starts_with("---") {
            continue;
        }
        if rest.starts_with("<... ") {
            let (_, result) = rest.rsplit_once(" = ").ok_or_else(|| format!("no result: {}", shown(line)))?;
            let number = open.remove(thread).ok_or_else(|| format!("never begun: {}", shown(line)))?;
            // A thread that was ended in a call has no result.
            if result.trim() != "?" {
                begun[number].1 = Some(result.trim().to_owned());
                steps.push(Step::Ended(number));
            }
            continue;
        }
        let number = begun.len();
        steps.push(Step::Began(number));
        if let Some(call) = rest.strip_suffix(" <unfinished ...>") {
            open.insert(thread, number);
            begun.push((call.to_owned(), None));
        } else {
            let (call, result) =
                rest.rsplit_once(" = ").ok_or_else(|| format!("no result: {}", shown(line)))?;
            let call = call.trim_end();
            let call = call.strip_suffix(')').unwrap_or(call).to_owned();
            let has_ended = result != "?";
            begun.push((call, has_ended.then(|| result.to_owned())));
            if has_ended {
                steps.push(Step::Ended(number));
            }
        }
    }
    let mut calls = Vec::new();
    let mut numbers = HashMap::new();
    for (number, (call, result)) in begun.iter().enumerate() {
        if let Some(call) = decode(call, result.as_deref())? {
            numbers.insert(number, calls.len());
            calls.push(call);
        }
    }
    let steps = steps.into_iter().filter_map(|step| match step {
        Step::Began(number) => numbers.get(&number).copied().map(Step::Began),
        Step::Ended(number) => numbers.get(&number).copied().map(Step::Ended),
    });
    Ok((calls, steps.collect()))
}

/// What a call is; nothing where it failed or concerns no file. Without a result it never ended.
fn decode(call: &str, result: Option<&str>) -> Result<Option<Call>, String> {
    let (name, arguments) = call.split_once('(').ok_or_else(|| format!("no call: {}", shown(call)))?;
    // Strings and paths are in hexadecimal, so that a comma is one between arguments.
    let arguments: Vec<&str> = arguments.split(", ").collect();
    // What the tracer did in its place never reached a file.
    if result.is_some_and(|result| result.starts_with('-') || result.ends_with("(INJECTED)")) {
        return Ok(None);
    }
    let argument = |n: usize| arguments.get(n).copied().ok_or_else(|| format!("too short: {}", shown(call)));
    let path_at = |n: usize| text(argument(n)?);
    let number_at =
        |n: usize| argument(n)?.parse::<u64>().map_err(|error| format!("{}: {error}", shown(call)));
    let Some(file) = arguments.iter().find_map(|argument| file_of(argument)) else {
        let is_write = name == "write" || name == "pwrite64";
        return match name {
            "unlink" => Ok(Some(Call::Unlink { path: path_at(0)? })),
            "rename" => Ok(Some(Call::Rename { from: path_at(0)?, to: path_at(1)? })),
            "link" => Ok(Some(Call::Link { from: path_at(0)?, to: path_at(1)? })),
            "open" | "creat" | "truncate" => {
                Ok(Some(Call::Unknown { path: path_at(0)?, call: name.to_owned() }))
            }
            _ if is_write && argument(0)?.starts_with("1<") => {
                Ok(Some(Call::Tell { text: text(argument(1)?)? }))
            }
            _ => Ok(None),
        };
    };
    let path = file?;
    let fd = || argument(0).map(|argument| argument.split('<').next().unwrap_or_default().to_owned());
    let whole = |bytes: Vec<u8>| match result {
        Some(result) if result.parse() != Ok(bytes.len()) => {
            Err(format!("not whole: {} = {result}", shown(call)))
        }
        _ => Ok(bytes),
    };
    Ok(Some(match name {
        "openat" => {
            let has = |flag: &str| argument(2).map(|flags| flags.split('|').any(|one| one == flag));
            let fd = result.unwrap_or_default().split('<').next().unwrap_or_default().to_owned();
            Call::Open { path: path_at(1)?, fd, makes: has("O_CREAT")?, empties: has("O_TRUNC")? }
        }
        "write" if argument(0)?.starts_with("1<") => Call::Tell { text: text(argument(1)?)? },
        "write" => Call::WriteOn { path, fd: fd()?, bytes: whole(bytes(argument(1)?)?)? },
        "pwrite64" => Call::Write { path, at: number_at(3)?, bytes: whole(bytes(argument(1)?)?)? },
        "ftruncate" => Call::Resize { path, length: number_at(1)? },
        "fsync" | "fdatasync" => Call::Sync { path },
        "unlinkat" => Call::Unlink { path: path_at(1)? },
        "linkat" => Call::Link { from: path_at(1)?, to: path_at(3)? },
        "renameat" | "renameat2" => Call::Rename { from: path_at(1)?, to: path_at(3)? },
        // Nothing is written through a mapping that is private or for reading.
        "mmap" if !call.contains("MAP_SHARED") || !call.contains("PROT_WRITE") => return Ok(None),
        _ => Call::Unknown { path, call: name.to_owned() },
    }))
}

/// The path of a descriptor, as `4<…>`; none where the argument is no descriptor of something with a path that still stands.
fn file_of(argument: &str) -> Option<Result<String, String>> {
    let (fd, path) = argument.split_once('<')?;
    let is_descriptor = fd == "AT_FDCWD" || fd.bytes().all(|byte| byte.is_ascii_digit());
    let path = path.strip_suffix('>').filter(|_| is_descriptor)?;
    // A pipe or a socket has no path.
    let of_file = |path: String| if path.starts_with('/') { path } else { String::new() };
    Some(text(&format!("\"{path}\"")).map(of_file))
}

fn text(argument: &str) -> Result<String, String> {
    String::from_utf8(bytes(argument)?).map_err(|error| format!("{}: {error}", shown(argument)))
}

/// The bytes of `"\x61\x62"`.
fn bytes(argument: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("no string that is whole: {}", shown(argument));
    let inside = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(wrong)?;
    let mut bytes = Vec::with_capacity(inside.len() / 4);
    for byte in inside.as_bytes().chunks(4) {
        let digits = byte.strip_prefix(b"\\x").and_then(|digits| std::str::from_utf8(digits).ok());
        let byte =
            digits.filter(|digits| digits.len() == 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or_else(wrong)?);
    }
    Ok(bytes)
}

/// As much of a line as one wants to see.
fn shown(line: &str) -> String {
    line.chars().take(200).collect()
}

/// A string as `strace -xx` writes it.
fn hex(text: &str) -> String {
    let digits = data_encoding::HEXLOWER.encode(text.as_bytes());
    digits.as_bytes().chunks(2).flat_map(|pair| [b'\\', b'x', pair[0], pair[1]]).map(char::from).collect()
}

fn recorded(lines: &str) -> String {
    // Between ‹ and › is what is written in hexadecimal.
    let mut parts = lines.split(['‹', '›']);
    let mut recorded = String::new();
    while let Some(plain) = parts.next() {
        recorded.push_str(plain);
        recorded.push_str(&parts.next().map(hex).unwrap_or_default());
    }
    recorded
}

#[test]
fn calls_are_read_in_the_order_in_which_they_began_and_ended() {
    use Step::{Began, Ended};
    let text = recorded(
        r#"7 openat(AT_FDCWD<‹/tmp›>, "‹/tmp/a›", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 3<‹/tmp/a›>
7 openat(AT_FDCWD<‹/tmp›>, "‹/tmp/b›", O_RDONLY) = -1 ENOENT (No such file or directory)
7 pwrite64(3<‹/tmp/a›>, "‹x, y›", 4, 4096 <unfinished ...>
8 fsync(3<‹/tmp/a›> <unfinished ...>
7 <... pwrite64 resumed>) = 4
7 write(1<‹pipe:[5]›>, "‹ok b 1 2
›", 9) = 9
8 <... fsync resumed>)    = 0
7 --- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL} ---
7 +++ killed by SIGABRT +++
"#,
    );
    let (calls, steps) = read(&text.lines().collect::<Vec<_>>()).unwrap();
    let path = || "/tmp/a".to_owned();
    let wanted = [
        Call::Open { path: path(), fd: "3".to_owned(), makes: true, empties: false },
        Call::Write { path: path(), at: 4096, bytes: b"x, y".to_vec() },
        Call::Sync { path: path() },
        Call::Tell { text: "ok b 1 2\n".to_owned() },
    ];
    assert_eq!(calls, wanted);
    let wanted = [Began(0), Ended(0), Began(1), Began(2), Ended(1), Began(3), Ended(3), Ended(2)];
    assert_eq!(steps, wanted);
}

#[test]
fn names_lengths_and_what_is_unknown_are_read() {
    let text = recorded(
        r#"7 ftruncate(3<‹/tmp/a›>, 12) = 0
7 fdatasync(4<‹/tmp›>) = 0
7 rename("‹/tmp/a›", "‹/tmp/c›") = 0
7 unlink("‹/tmp/c›") = 0
7 pwrite64(3<‹/tmp/c›>(deleted), "‹z›", 1, 0) = 1
7 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 5<‹/tmp/a-shm›>, 0) = 0x7f4a
7 mmap(NULL, 32768, PROT_READ, MAP_SHARED, 5<‹/tmp/a›>, 0) = 0x7f4a
7 write(2<‹/dev/null›>, "‹z›", 1) = 1
"#,
    );
    let (calls, _) = read(&text.lines().collect::<Vec<_>>()).unwrap();
    let wanted = [
        Call::Resize { path: "/tmp/a".to_owned(), length: 12 },
        Call::Sync { path: "/tmp".to_owned() },
        Call::Rename { from: "/tmp/a".to_owned(), to: "/tmp/c".to_owned() },
        Call::Unlink { path: "/tmp/c".to_owned() },
        Call::Unknown { path: "/tmp/a-shm".to_owned(), call: "mmap".to_owned() },
        Call::WriteOn { path: "/dev/null".to_owned(), fd: "2".to_owned(), bytes: b"z".to_vec() },
    ];
    assert_eq!(calls, wanted);
}

#[test]
fn what_is_cut_short_is_refused() {
    for line in [
        r#"7 pwrite64(3<‹/tmp/a›>, "‹x›"..., 900, 0) = 900"#,
        r#"7 pwrite64(3<‹/tmp/a›>, "‹xy›", 2, 0) = 1"#,
        "7 <... fsync resumed>) = 0",
        "7 fsync(3<‹/tmp/a›>)",
    ] {
        assert!(read(&[recorded(line).as_str()]).is_err(), "{line}");
    }
}
