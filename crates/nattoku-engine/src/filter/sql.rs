//! Conditions of SQL as a small tree, and how they are printed.
//!
//! A writer of our own and not a library's tree of a whole language: what is printed is the handful of forms below, which
//! three dialects read alike, and what could be hostile goes through [`Dialect::literal`] alone.

use super::schema::Dialect;

/// A condition that is true or false and never unknown: no column of the tables is nullable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sql {
    True,
    False,
    All(Vec<Sql>),
    Any(Vec<Sql>),
    Not(Box<Sql>),
    /// An expression as it stands, without literals.
    Test(String),
    /// An expression among literals.
    In(String, Vec<String>),
    /// Whether an expression is the literal or, in a tree of categories, stands below it.
    Within(String, String),
    /// Whether a row is there.
    Exists {
        table: &'static str,
        alias: &'static str,
        condition: Box<Sql>,
    },
}

/// How wide a condition on one line may be.
const WIDTH: usize = 100;

impl Sql {
    pub(crate) fn test(expression: impl Into<String>) -> Self {
        Self::Test(expression.into())
    }

    pub(crate) fn is(expression: impl Into<String>, literal: &str) -> Self {
        Self::In(expression.into(), vec![literal.to_owned()])
    }

    pub(crate) fn exists(table: &'static str, alias: &'static str, condition: Self) -> Self {
        match condition {
            Self::False => Self::False,
            condition => Self::Exists { table, alias, condition: Box::new(condition) },
        }
    }

    pub(crate) fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Vec::new();
        for condition in conditions {
            match condition {
                Self::True => {}
                Self::False => return Self::False,
                Self::All(more) => all.extend(more),
                other if all.contains(&other) => {}
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Self::True,
            1 => all.pop().unwrap_or(Self::True),
            _ => Self::All(all),
        }
    }

    pub(crate) fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Vec::new();
        for condition in conditions {
            match condition {
                Self::False => {}
                Self::True => return Self::True,
                Self::Any(more) => any.extend(more),
                other if any.contains(&other) => {}
                other => any.push(other),
            }
        }
        match any.len() {
            0 => Self::False,
            1 => any.pop().unwrap_or(Self::False),
            _ => Self::Any(any),
        }
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(other) => *other,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The condition as text that stands so many characters from the left.
    pub(crate) fn print(&self, dialect: Dialect, left: usize) -> String {
        let short = self.flat(dialect);
        if short.chars().count() + left <= WIDTH {
            return short;
        }
        let pad = " ".repeat(left + 2);
        let part = |part: &Self| {
            let text = part.print(dialect, left + 6);
            if part.is_whole() { text } else { format!("({text})") }
        };
        let joined = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts.iter().map(part).collect();
            parts.join(&format!("\n{pad}{word} "))
        };
        match self {
            Self::All(all) => joined(all, "AND"),
            Self::Any(any) => joined(any, "OR"),
            Self::Not(other) => format!("NOT {}", part(other)),
            Self::Exists { table, alias, condition } => {
                let condition = condition.print(dialect, left + 2);
                format!("EXISTS (\n{pad}SELECT 1 FROM {table} {alias}\n{pad}WHERE {condition})")
            }
            _ => short,
        }
    }

    fn flat(&self, dialect: Dialect) -> String {
        let part = |part: &Self| {
            let text = part.flat(dialect);
            if part.is_whole() { text } else { format!("({text})") }
        };
        let joined = |parts: &[Self], word: &str| parts.iter().map(part).collect::<Vec<_>>().join(word);
        match self {
            Self::True => "TRUE".to_owned(),
            Self::False => "FALSE".to_owned(),
            Self::All(all) => joined(all, " AND "),
            Self::Any(any) => joined(any, " OR "),
            Self::Not(other) => format!("NOT {}", part(other)),
            Self::Test(text) => text.clone(),
            Self::In(expression, literals) => {
                let literals: Vec<String> = literals.iter().map(|text| dialect.literal(text)).collect();
                match literals.as_slice() {
                    [only] => format!("{expression} = {only}"),
                    several => format!("{expression} IN ({})", several.join(", ")),
                }
            }
            Self::Within(expression, literal) => {
                let below = format!("{literal}.");
                let length = below.chars().count();
                let (itself, below) = (dialect.literal(literal), dialect.literal(&below));
                format!("({expression} = {itself} OR SUBSTR({expression}, 1, {length}) = {below})")
            }
            Self::Exists { table, alias, condition } => {
                format!("EXISTS (SELECT 1 FROM {table} {alias} WHERE {})", condition.flat(dialect))
            }
        }
    }

    /// Whether it needs no parentheses among others.
    const fn is_whole(&self) -> bool {
        !matches!(self, Self::All(_) | Self::Any(_) | Self::Not(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hostile_stays_a_literal() {
        let hostile = Sql::is("f.item", "x' OR '1'='1\\");
        let printed = |dialect| hostile.print(dialect, 0);
        assert_eq!(printed(Dialect::Postgresql), r"f.item = E'x'' OR ''1''=''1\\'");
        assert_eq!(printed(Dialect::Duckdb), r"f.item = 'x'' OR ''1''=''1\'");
        assert_eq!(printed(Dialect::Spark), r"f.item = 'x\' OR \'1\'=\'1\\'");
    }

    #[test]
    fn constants_are_folded_and_parentheses_stand_where_they_must() {
        let [a, b] = ["a", "b"].map(Sql::test);
        assert_eq!(Sql::all([a.clone(), Sql::False]), Sql::False);
        assert_eq!(Sql::exists("t", "x", Sql::any([])), Sql::False);
        let both = Sql::any([Sql::all([a.clone(), b.clone().negated()]), b.clone()]);
        assert_eq!(both.print(Dialect::Duckdb, 0), "(a AND (NOT b)) OR b");
    }

    #[test]
    fn what_is_long_is_broken_into_lines() {
        let [a, b] = ["a", "b"].map(|name| Sql::test(name.repeat(60)));
        let printed = Sql::exists("t", "x", Sql::all([a, b])).print(Dialect::Spark, 0);
        assert_eq!(printed.lines().count(), 4, "{printed}");
    }
}
