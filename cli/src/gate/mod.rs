//! `hcert gate`: a reader, a screen, a door.

pub(crate) mod args;
mod log;
mod trusted;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::Context as _;
use gate::{
    answer::Answer,
    counts::Counts,
    door::Door,
    engine::{self, Notice, Options, Show},
    judge::{Judge, system_clock},
    reader::{Quiet, Source},
    screen::{Depth, Screen},
};
use verifier::wording::Language;

use self::{args::GateArgs, log::Log};
use crate::{context::Context, files};

/// Runs until it is told to stop.
pub(crate) fn run(args: &GateArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let data = context.data_directory();
    let counts = args
        .counts
        .clone()
        .unwrap_or_else(|| data.join("gate/counts.csv"));
    if args.print_counts {
        let shown = || counts.display().to_string();
        let (kept, _) = Counts::open(&counts).with_context(shown)?;
        files::print(kept.to_csv().as_bytes())
            .map_err(|fault| anyhow::Error::msg(context.words().fault(&fault)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let heartbeat = data.join("state/gate");
    let judge = Judge::new(system_clock, engine::last_run(&heartbeat));
    let options = options(args, context, counts, heartbeat);
    let screen = screen(args, context, &options)?;
    let quiet = options
        .readers
        .contains(&Source::Standard)
        .then(Quiet::standard_input);
    let log = Log::new(context.language);
    let mut show: Box<dyn Show> = match screen {
        // Of a service on a terminal, the journal tells afterwards what happened.
        Some(screen) if !io::stderr().is_terminal() => Box::new(Both(screen, log)),
        Some(screen) => Box::new(screen),
        None => Box::new(log),
    };
    let ran = std::thread::scope(|scope| {
        scope.spawn(|| trusted::keep(args, context, &judge, &stop));
        let ran = engine::run(options, &judge, show.as_mut(), &stop);
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        ran
    });
    drop((show, quiet));
    ran.map(|_| ExitCode::SUCCESS)
        .with_context(|| context.words().gate_cannot_begin().to_owned())
}

/// A screen, and a log beside it.
struct Both<A, B>(A, B);

impl<A: Show, B: Show> Show for Both<A, B> {
    fn answer(&mut self, answer: &Answer) {
        self.0.answer(answer);
        self.1.answer(answer);
    }

    fn idle(&mut self, judge: &Judge, readers: usize) {
        self.0.idle(judge, readers);
        self.1.idle(judge, readers);
    }

    fn notice(&mut self, notice: &Notice) {
        self.0.notice(notice);
        self.1.notice(notice);
    }
}

fn options(
    args: &GateArgs,
    context: &Context,
    counts: std::path::PathBuf,
    heartbeat: std::path::PathBuf,
) -> Options {
    let serial = args
        .serial
        .iter()
        .map(|one| Source::Serial(one.path.clone(), one.settings));
    let keyboards = args.keyboard.iter().cloned().map(Source::Keyboard);
    let cameras = args.camera.iter().cloned().map(Source::Camera);
    let mut readers: Vec<Source> = serial.chain(keyboards).chain(cameras).collect();
    if args.stdin || readers.is_empty() {
        readers.push(Source::Standard);
    }
    let mut doors: Vec<Door> = args.lines.iter().cloned().map(Door::Lines).collect();
    let names = args.names;
    doors.extend(
        args.json
            .iter()
            .cloned()
            .map(|path| Door::Json { path, names }),
    );
    doors.extend(
        args.on_green
            .iter()
            .map(|command| Door::Command(command.split_whitespace().map(str::to_owned).collect())),
    );
    doors.extend(args.url.iter().cloned().map(Door::Url));
    doors.extend(args.gpio.iter().cloned().map(Door::Gpio));
    if doors.is_empty() && !shows(args) {
        doors.push(Door::Lines("-".into()));
    }
    Options {
        readers,
        doors,
        repeat: std::time::Duration::from_secs(60 * u64::from(args.repeat_minutes)),
        desk: args.desk,
        language: context.language,
        counts: (!args.no_counts).then_some(counts),
        heartbeat: Some(heartbeat),
    }
}

/// Whether a screen is drawn on standard output.
fn shows(args: &GateArgs) -> bool {
    let to_output = |path: &std::path::Path| files::is_standard(path);
    let taken = args
        .lines
        .iter()
        .chain(&args.json)
        .any(|path| to_output(path));
    !args.no_screen && !taken && (args.screen || io::stdout().is_terminal())
}

fn screen(
    args: &GateArgs,
    context: &Context,
    _: &Options,
) -> anyhow::Result<Option<Screen<io::Stdout>>> {
    if !shows(args) {
        return Ok(None);
    }
    let named = |name: &str| std::env::var(name).unwrap_or_default();
    let depth = Depth::of(&named("TERM"), &named("COLORTERM"));
    // At a gate of Vietnam nobody sets a locale; English is below it anyway.
    let language: Language = context.language;
    Ok(Some(Screen::new(
        io::stdout(),
        language,
        depth,
        !args.no_beep,
    )?))
}
