//! Counters, in the text form of Prometheus. No personal data, no paths that a caller chose.

use std::{
    collections::BTreeMap,
    fmt::{Display, Write as _},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request},
    http::StatusCode,
    middleware::Next,
    response::Response,
};

/// Upper ends of a histogram's buckets, in milliseconds, and as they are written, in seconds.
const BUCKETS: [(u64, &str); 11] = [
    (5, "0.005"),
    (10, "0.01"),
    (25, "0.025"),
    (50, "0.05"),
    (100, "0.1"),
    (250, "0.25"),
    (500, "0.5"),
    (1000, "1"),
    (2500, "2.5"),
    (5000, "5"),
    (10_000, "10"),
];

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// What it has come to.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How long something took, each time.
#[derive(Debug, Default)]
pub struct Histogram {
    /// The last one takes what is longer than every bucket.
    buckets: [Counter; BUCKETS.len() + 1],
    micros: Counter,
}

impl Histogram {
    /// Notes one.
    pub fn note(&self, took: Duration) {
        let fits = |(most, _): &(u64, &str)| took <= Duration::from_millis(*most);
        let index = BUCKETS.iter().position(fits).unwrap_or(BUCKETS.len());
        if let Some(bucket) = self.buckets.get(index) {
            bucket.add(1);
        }
        self.micros
            .add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}

/// The answers of a service: how many of each class of status, and how long each route took.
#[derive(Debug, Default)]
pub struct Answers {
    classes: [Counter; 6],
    /// By the template of the route, of which there are as many as the service has.
    routes: RwLock<BTreeMap<String, Histogram>>,
}

impl Answers {
    /// Notes an answer. `route` is the template of its path, `None` where no route matched.
    pub fn note(&self, route: Option<&str>, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100);
        if let Some(counter) = self.classes.get(class) {
            counter.add(1);
        }
        let route = route.unwrap_or("none");
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(histogram) = routes.get(route) {
            return histogram.note(took);
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.entry(route.to_owned()).or_default().note(took);
    }

    /// Lets a request through, and notes its answer: for a layer around the router.
    pub async fn watch(&self, request: Request, next: Next) -> Response {
        let start = Instant::now();
        let route = request.extensions().get::<MatchedPath>().cloned();
        let response = next.run(request).await;
        let route = route.as_ref().map(MatchedPath::as_str);
        self.note(route, response.status(), start.elapsed());
        response
    }

    /// Writes `answers_total` by status and `answer_seconds` by route.
    pub fn write(&self, page: &mut Page) {
        for (class, counter) in self.classes.iter().enumerate().skip(2) {
            let status = format!("{class}xx");
            page.line("answers_total", &[("status", &status)], counter.get());
        }
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        for (route, histogram) in routes.iter() {
            page.histogram("answer_seconds", &[("route", route)], histogram);
        }
    }
}

/// The text that Prometheus reads.
#[derive(Debug)]
pub struct Page {
    prefix: &'static str,
    text: String,
}

impl Page {
    /// An empty one. Every name gets the prefix and `_` in front.
    pub const fn new(prefix: &'static str) -> Page {
        Page {
            prefix,
            text: String::new(),
        }
    }

    /// One value.
    pub fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let mut all = String::new();
        for (key, label) in labels {
            let label = label.replace('\\', r"\\").replace('"', "\\\"");
            let label = label.replace('\n', r"\n");
            let comma = if all.is_empty() { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = write!(all, "{comma}{key}=\"{label}\"");
        }
        if !all.is_empty() {
            all = format!("{{{all}}}");
        }
        let _ = writeln!(self.text, "{}_{name}{all} {value}", self.prefix);
    }

    /// A histogram, in seconds.
    pub fn histogram(&mut self, name: &str, labels: &[(&str, &str)], histogram: &Histogram) {
        let bucket = format!("{name}_bucket");
        let mut count = 0;
        let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
        for (counter, end) in histogram.buckets.iter().zip(ends) {
            count += counter.get();
            let labels = [labels, &[("le", end)]].concat();
            self.line(&bucket, &labels, count);
        }
        let micros = histogram.micros.get();
        let sum = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        self.line(&format!("{name}_sum"), labels, sum);
        self.line(&format!("{name}_count"), labels, count);
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_prometheus_reads() {
        let answers = Answers::default();
        for (status, millis) in [(200, 1), (200, 30), (404, 5), (503, 20_000)] {
            let status = StatusCode::from_u16(status).unwrap();
            answers.note(Some("/a/{id}"), status, Duration::from_millis(millis));
        }
        answers.note(None, StatusCode::NOT_FOUND, Duration::ZERO);
        let mut page = Page::new("test");
        answers.write(&mut page);
        page.line("odd", &[("a", "\"\\\n"), ("b", "")], -1);
        page.line("plain", &[], 1);
        let text = page.finish();
        for line in [
            r#"test_answers_total{status="2xx"} 2"#,
            r#"test_answers_total{status="4xx"} 2"#,
            r#"test_answers_total{status="5xx"} 1"#,
            r#"test_answer_seconds_bucket{route="/a/{id}",le="0.005"} 2"#,
            r#"test_answer_seconds_bucket{route="/a/{id}",le="0.025"} 2"#,
            r#"test_answer_seconds_bucket{route="/a/{id}",le="0.05"} 3"#,
            r#"test_answer_seconds_bucket{route="/a/{id}",le="10"} 3"#,
            r#"test_answer_seconds_bucket{route="/a/{id}",le="+Inf"} 4"#,
            r#"test_answer_seconds_sum{route="/a/{id}"} 20.036000"#,
            r#"test_answer_seconds_count{route="/a/{id}"} 4"#,
            r#"test_answer_seconds_count{route="none"} 1"#,
            r#"test_odd{a="\"\\\n",b=""} -1"#,
            "test_plain 1",
        ] {
            assert!(text.lines().any(|own| own == line), "{line}\n{text}");
        }
    }
}
