//! `nattoku policy schema`: the vocabulary of the policy language.

use std::fmt::Write as _;

use nattoku_model::Language;
use nattoku_model::name::nearest;
use nattoku_policy::vocabulary::{Node, Prop, TOP, Times, Value};
use serde_json::json;

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::output;

/// Shows every node that may stand at the top with all that it holds, or one of them.
pub(crate) fn run(node: Option<&str>, format: Format, language: Language) -> Result<Exit, CommandError> {
    let nodes: Vec<&'static Node> = TOP.nodes.iter().map(|child| child.node).collect();
    let shown = match node {
        None => nodes,
        Some(name) => match nodes.iter().find(|n| n.name == name) {
            Some(found) => vec![*found],
            None => return Err(unknown(name, &nodes)),
        },
    };
    for node in shown {
        match format {
            Format::Json => output::line(&to_json(node, language).to_string()),
            _ => output::text(&in_text(node, 0, language)),
        }
    }
    Ok(Exit::Done)
}

/// The node with its line, and below it, a step further in, its properties and the nodes within.
fn in_text(node: &Node, depth: usize, language: Language) -> String {
    let indent = "    ".repeat(depth);
    let mut text = format!("{indent}{}", node.name);
    for (number, value) in node.args.2.iter().enumerate() {
        let more =
            if node.args.1 > node.args.2.len() && number + 1 == node.args.2.len() { "…" } else { "" };
        let _ = write!(text, " <{}>{more}", value.about(language));
    }
    let _ = writeln!(text, "  // {}", node.about(language));
    for prop in node.props {
        let _ = writeln!(text, "{indent}    {}", in_line(prop, language));
    }
    for (word, needs, may) in node.variants {
        let needs = needs.iter().map(|name| format!("{name}="));
        let may = may.iter().map(|name| format!("[{name}=]"));
        let props: Vec<String> = needs.chain(may).collect();
        let line = format!("{} {word} {}", node.name, props.join(" "));
        let _ = writeln!(text, "{indent}    {}", line.trim_end());
    }
    for child in node.nodes.iter().filter(|c| !is_common(c.node)) {
        text.push_str(&in_text(child.node, depth + 1, language));
    }
    let common: Vec<&str> =
        node.nodes.iter().map(|c| c.node).filter(|n| is_common(n)).map(|n| n.name).collect();
    if !common.is_empty() {
        let _ = writeln!(text, "{indent}    {}", common.join(", "));
    }
    text
}

/// What stands nearly everywhere is named, and told once in the reference.
fn is_common(node: &Node) -> bool {
    matches!(node.name, "ja" | "en" | "cite" | "allow")
}

fn in_line(prop: &Prop, language: Language) -> String {
    let (open, close) = if prop.is_needed { ("", "") } else { ("[", "]") };
    format!("{open}{}=<{}>{close}  // {}", prop.name, prop.value.about(language), prop.about(language))
}

fn to_json(node: &Node, language: Language) -> serde_json::Value {
    let (least, most, kinds) = node.args;
    let props: Vec<_> = node
        .props
        .iter()
        .map(|p| {
            json!({
                "name": p.name,
                "needed": p.is_needed,
                "value": value(p.value),
                "about": p.about(language),
            })
        })
        .collect();
    let nodes: Vec<_> = node
        .nodes
        .iter()
        .map(|c| {
            let mut within = to_json(c.node, language);
            if let Some(within) = within.as_object_mut() {
                within.insert("times".to_owned(), json!(times(c.times)));
            }
            within
        })
        .collect();
    let variants: Vec<_> = node
        .variants
        .iter()
        .map(|(word, needs, may)| json!({"word": word, "needs": needs, "may": may}))
        .collect();
    json!({
        "node": node.name,
        "about": node.about(language),
        "arguments": {
            "least": least,
            "most": (most < usize::MAX).then_some(most),
            "values": kinds.iter().map(|kind| value(*kind)).collect::<Vec<_>>(),
        },
        "properties": props,
        "nodes": nodes,
        "any_other_node": node.other.map(|other| other.about(language)),
        "variants": variants,
    })
}

fn value(value: Value) -> serde_json::Value {
    json!({"kind": value.as_str(), "names_of": value.kinds(), "words": value.words()})
}

const fn times(times: Times) -> &'static str {
    match times {
        Times::Once => "at most once",
        Times::Needed => "once",
        Times::NeededMany => "at least once",
        Times::Many => "any number",
    }
}

fn unknown(name: &str, nodes: &[&'static Node]) -> CommandError {
    let error = CommandError::asked_wrongly(
        format!("`{name}` というノードはファイルのいちばん外側にはありません"),
        format!("no node `{name}` stands at the top of a file"),
    );
    match nearest(name, nodes.iter().map(|n| n.name)) {
        Some(near) => error.hint(format!("`{near}` のことでしょうか"), format!("did you mean `{near}`?")),
        None => {
            error.hint("nattoku policy schema で全部が見られます", "`nattoku policy schema` shows them all")
        }
    }
}
