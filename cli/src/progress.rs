//! A progress bar for long runs, on standard error and only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes so long that one wants to know how far it is.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Counted in bytes of a file.
    pub(crate) fn bytes(total: u64) -> Progress {
        Progress::new(
            total,
            "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        )
    }

    fn new(total: u64, template: &str) -> Progress {
        // Indicatif draws nothing where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Progress(bar)
    }

    /// So much is done.
    pub(crate) fn at(&self, done: u64) {
        // A run that ends at once shows no bar.
        if self.0.elapsed() > Duration::from_millis(500) {
            self.0.set_position(done);
        }
    }

    /// The work is done: the bar goes.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
