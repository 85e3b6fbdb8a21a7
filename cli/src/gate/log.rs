//! Without a screen: what happens beside the answers, on standard error.

use gate::{
    answer::Answer,
    engine::{Notice, Show},
    judge::{Fitness, Judge},
    words,
};
use verifier::wording::Language;

/// Says on standard error what changes; nothing of a person.
pub(super) struct Log {
    language: Language,
    last: Option<Fitness>,
}

impl Log {
    pub(super) fn new(language: Language) -> Log {
        Log {
            language,
            last: None,
        }
    }

    fn fitness(&mut self, fitness: &Fitness) {
        if self.last.as_ref() == Some(fitness) {
            return;
        }
        for trouble in words::troubles(fitness, self.language) {
            eprintln!("{trouble}");
        }
        self.last = Some(fitness.clone());
    }
}

impl Show for Log {
    fn answer(&mut self, answer: &Answer) {
        self.fitness(&answer.fitness);
        if let Some(advice) = answer.advice {
            eprintln!(
                "{}: {}",
                answer.reader,
                words::advice(advice, self.language)
            );
        }
    }

    fn idle(&mut self, judge: &Judge, _: usize) {
        self.fitness(&judge.fitness());
    }

    fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::Plugged(reader) => eprintln!("{reader}: +"),
            Notice::Unplugged(reader, why) => {
                eprintln!("{reader}: - {}", words::absent(why, self.language));
            }
            Notice::Kept => eprintln!("counts: +"),
            other => {
                if let Some(text) = words::notice(other, self.language) {
                    eprintln!("{text}");
                }
            }
        }
    }
}
