//! Why a site was not written, in both languages.

use std::path::{Path, PathBuf};

use super::MARKER;
use crate::exit::CommandError;

/// Why a site was not written.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// There is no folder, and none can be made there.
    NotAFolder,
    /// The folder has content and no list of what was rendered.
    NotASite,
    /// A file of the site's name is there that no render wrote.
    Foreign(String),
    /// A folder of the site is a link, through which pages would be written elsewhere.
    Link(PathBuf),
    /// A folder stands in the place of a page, or something else in the place of a folder.
    InTheWay(PathBuf),
    /// Another render is writing to the folder.
    Busy,
    /// The disk refused.
    Io(PathBuf, std::io::Error),
}

impl WriteError {
    /// What is said of it, and what to do about it.
    pub(crate) fn told(&self, out: &Path) -> CommandError {
        let folder = out.display();
        match self {
            Self::NotAFolder => CommandError::asked_wrongly(
                format!("{folder} はフォルダーではなく、フォルダーを作ることもできません"),
                format!("{folder} is no folder, and none can be made there"),
            )
            .hint("別のフォルダーを示してください", "name another folder"),
            Self::NotASite => CommandError::asked_wrongly(
                format!("{folder} は空ではなく、以前に出力したサイトでもありません"),
                format!("{folder} is neither empty nor a site that was rendered before"),
            )
            .hint(
                format!("新しいフォルダーを示してください（出力したサイトには {MARKER} があります）"),
                format!("name a new folder; a rendered site has {MARKER} in it"),
            ),
            Self::Foreign(name) => CommandError::asked_wrongly(
                format!("{folder}/{name} は出力したものではないため、上書きしません"),
                format!("{folder}/{name} was not rendered and is not overwritten"),
            )
            .hint("移してからもう一度実行してください", "move it away and try again"),
            Self::Link(name) => CommandError::asked_wrongly(
                format!(
                    "{} はリンクなので、ページがサイトの外に書かれてしまいます",
                    out.join(name).display()
                ),
                format!("{} is a link, through which pages would leave the site", out.join(name).display()),
            )
            .hint(
                "フォルダーに置き換えるか、取り除いてください",
                "put a folder in its place, or take it away",
            ),
            Self::InTheWay(name) => CommandError::asked_wrongly(
                format!("{} があるため、サイトのページを置けません", out.join(name).display()),
                format!("{} stands in the way of the site's pages", out.join(name).display()),
            )
            .hint("移してからもう一度実行してください", "move it away and try again"),
            Self::Busy => CommandError::could_not_run(
                format!("別の render が {folder} に書いています"),
                format!("another render is writing to {folder}"),
            )
            .hint("少し待ってからもう一度実行してください", "wait a moment and try again"),
            Self::Io(path, why) => CommandError::cannot_write(path, why),
        }
    }
}
