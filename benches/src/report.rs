//! Figures as they are printed, and how they stand to their goals.
#![expect(clippy::print_stdout, reason = "what a measurement prints is its answer")]

/// Prints the figures of one thing that is measured.
#[derive(Debug, Clone)]
pub struct Report {
    title: String,
}

impl Report {
    /// Figures under a name.
    #[must_use]
    pub fn of(title: &str) -> Self {
        Self { title: title.to_owned() }
    }

    /// Figures of a population of one size.
    #[must_use]
    pub fn of_people(people: u32) -> Self {
        let title = match people {
            n if n % 1_000_000 == 0 => format!("{}M", n / 1_000_000),
            n if n % 1_000 == 0 => format!("{}k", n / 1_000),
            n => n.to_string(),
        };
        Self { title }
    }

    /// A figure.
    pub fn figure(&self, name: &str, value: f64, unit: &str) {
        println!("{}", self.line(name, value, unit));
    }

    /// A figure that is not to be above a goal.
    pub fn goal(&self, name: &str, value: f64, unit: &str, most: f64) {
        let stands = if value <= most { "below" } else { "ABOVE" };
        println!("{}   {stands} {most:.1}", self.line(name, value, unit));
    }

    /// A rate that is to be at least so many times another.
    pub fn ratio(&self, name: &str, rate: f64, ratio: f64, least: f64) {
        let stands = if ratio >= least { "met" } else { "MISSED" };
        println!("{} {ratio:>8.2}   {stands}: at least {least}", self.line(name, rate, "a second"));
    }

    /// A cost that is to be at most so many times another.
    pub fn most(&self, name: &str, cost: f64, unit: &str, ratio: f64, most: f64) {
        let stands = if ratio <= most { "met" } else { "MISSED" };
        println!("{} {ratio:>8.2}   {stands}: at most {most}", self.line(name, cost, unit));
    }

    /// A time beside the floor of the same run.
    pub fn time(&self, name: &str, nanos: f64, floor: f64, most: Option<f64>) {
        let ratio = nanos / floor;
        let goal =
            most.map(|most| format!("   {} {most:.1} times", if ratio <= most { "below" } else { "ABOVE" }));
        println!("{} {ratio:>8.2}{}", self.line(name, nanos, "ns"), goal.unwrap_or_default());
    }

    fn line(&self, name: &str, value: f64, unit: &str) -> String {
        let name = format!("{}/{name}", self.title);
        format!("{name:<40} {value:>14.1} {unit}")
    }
}

/// A count as a number with a fraction; the counts here are far below where that loses anything that is printed.
#[expect(clippy::cast_precision_loss, reason = "printed with one digit after the point")]
pub fn float(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(0) as f64
}
