//! Samples of several people in one tube.

use std::collections::HashMap;

use super::Findings;
use crate::{
    field::Field,
    finding::{Finding, Problem},
    record::{Event, Record, Tube},
};

/// What is wrong with the pools among these records; each finding with the index of its record.
///
/// People who share a tube share its result. Where it is negative, each of them has a negative
/// result; where it is positive, nobody has a result before being tested alone.
///
/// `records` come with the line they stand on, for the message.
pub fn pools<'a>(records: impl Iterator<Item = (u64, &'a Record)>) -> Vec<(usize, Finding)> {
    let mut tubes: HashMap<&Tube, Vec<(usize, u64, &Record)>> = HashMap::new();
    for (at, (line, record)) in records.enumerate() {
        if let Event::Test(test) = &record.event
            && let Some(tube) = &test.tube
        {
            tubes.entry(tube).or_default().push((at, line, record));
        }
    }
    let mut all = Vec::new();
    for (tube, samples) in tubes {
        let people: usize = samples
            .iter()
            .enumerate()
            .filter(|(at, (_, _, record))| {
                let person = &record.person;
                samples
                    .iter()
                    .take(*at)
                    .all(|(_, _, other)| other.person != *person)
            })
            .count();
        if people < 2 {
            continue;
        }
        let Some((_, first_line, first)) = samples.first().copied() else {
            continue;
        };
        for (at, line, record) in &samples {
            let mut found = Findings(Vec::new());
            let positive =
                |record: &Record| matches!(&record.event, Event::Test(test) if test.is_positive());
            if positive(record) != positive(first) {
                found.add(
                    Field::Result,
                    Problem::PoolDisagrees { line: first_line },
                    tube.as_str(),
                );
            }
            // The first of the tube is told of another one.
            if *line == first_line
                && let Some((_, line, _)) = samples
                    .iter()
                    .find(|(_, _, other)| positive(other) != positive(first))
            {
                found.add(
                    Field::Result,
                    Problem::PoolDisagrees { line: *line },
                    tube.as_str(),
                );
            }
            if positive(record) {
                found.add(Field::Result, Problem::PoolPositive, tube.as_str());
            }
            all.extend(found.0.into_iter().map(|finding| (*at, finding)));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all
}
