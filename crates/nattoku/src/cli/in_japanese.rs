//! What is wrong with a command line, in Japanese. In English clap says it itself.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::value::{NotAnInstant, NotWithin};
use crate::exit::CommandError;

/// The error in Japanese; none where clap was asked for help or for the version, which exist in English alone, and of a kind
/// that is not known here, which clap then says itself.
pub(crate) fn in_japanese(error: &clap::Error) -> Option<CommandError> {
    let told = Told(error);
    let sentence = told.sentence()?;
    let more = "くわしくは --help をご覧ください".to_owned();
    let help: Vec<String> = told.nearest().into_iter().chain(told.usage()).chain([more]).collect();
    let english = error.to_string();
    Some(CommandError::asked_wrongly(sentence, english.trim()).hint(help.join("\n"), "see --help"))
}

/// An error of clap with what it knows.
struct Told<'e>(&'e clap::Error);

impl Told<'_> {
    fn sentence(&self) -> Option<String> {
        let arg = || self.one(ContextKind::InvalidArg);
        let value = || self.one(ContextKind::InvalidValue);
        Some(match self.0.kind() {
            ErrorKind::UnknownArgument => format!("引数 `{}` はありません", arg()?),
            ErrorKind::InvalidSubcommand => {
                format!("`{}` というコマンドはありません", self.one(ContextKind::InvalidSubcommand)?)
            }
            ErrorKind::InvalidValue if value().is_none_or(str::is_empty) => {
                format!("`{}` に値がありません", arg()?)
            }
            ErrorKind::InvalidValue => format!("`{}` の値に `{}` は使えません", arg()?, value()?),
            ErrorKind::ValueValidation => {
                format!("`{}` の値に `{}` は使えません{}", arg()?, value()?, self.reason())
            }
            ErrorKind::MissingRequiredArgument => {
                format!("必要な引数がありません: {}", self.many(ContextKind::InvalidArg).join("、"))
            }
            ErrorKind::MissingSubcommand => {
                format!("`{}` に続くコマンドがありません", self.one(ContextKind::InvalidSubcommand)?)
            }
            ErrorKind::ArgumentConflict => match self.many(ContextKind::PriorArg).join("、") {
                others if others.is_empty() || others == arg()? => {
                    format!("`{}` は一度だけ書けます", arg()?)
                }
                others => format!("`{}` は `{others}` と一緒には使えません", arg()?),
            },
            ErrorKind::TooManyValues => format!("`{}` の値が多すぎます: `{}`", arg()?, value()?),
            ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
                format!("`{}` の値の数が違います", arg()?)
            }
            ErrorKind::NoEquals => format!("`{}` と値の間には `=` が必要です", arg()?),
            ErrorKind::InvalidUtf8 => "引数に UTF-8 ではないものがあります".to_owned(),
            _ => return None,
        })
    }

    /// Why a value was refused.
    fn reason(&self) -> String {
        let Some(why) = std::error::Error::source(self.0) else { return String::new() };
        if let Some(number) = why.downcast_ref::<NotWithin>() {
            return format!("。{}", number.ja());
        }
        if why.is::<NotAnInstant>() { format!("。{}", NotAnInstant::JA) } else { format!(": {why}") }
    }

    /// The nearest name, or else all there are.
    fn nearest(&self) -> Option<String> {
        let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        // Of several, clap gives the nearest last.
        if let Some(near) = near.into_iter().find_map(|kind| self.many(kind).last().copied()) {
            return Some(format!("`{near}` のことでしょうか"));
        }
        let known: Vec<&str> = [ContextKind::ValidSubcommand, ContextKind::ValidValue]
            .into_iter()
            .flat_map(|kind| self.many(kind))
            .collect();
        (!known.is_empty()).then(|| format!("使えるもの: {}", known.join("、")))
    }

    /// How the command is written.
    fn usage(&self) -> Option<String> {
        let Some(ContextValue::StyledStr(usage)) = self.0.get(ContextKind::Usage) else { return None };
        let usage = usage.to_string();
        Some(format!("使い方: {}", usage.strip_prefix("Usage:").unwrap_or(&usage).trim()))
    }

    fn one(&self, kind: ContextKind) -> Option<&str> {
        self.many(kind).first().copied()
    }

    fn many(&self, kind: ContextKind) -> Vec<&str> {
        match self.0.get(kind) {
            Some(ContextValue::String(one)) => vec![one],
            Some(ContextValue::Strings(many)) => many.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}
