//! The services, started for development.

use std::{
    ffi::OsStr,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};

use crate::run::{command, headline, run};

/// Until it answers: on a slow machine with a cold disk.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service of the project.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    /// The program; its file, once it is known where it was built.
    program: PathBuf,
    /// What people call it.
    name: &'static str,
    /// Its configuration, in its folder.
    config: &'static str,
}

/// What a service is called, in programs and by people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    program: &'static str,
    name: &'static str,
    config: &'static str,
}

/// The trust list.
pub(crate) const TRUST: Name = Name {
    program: "trust-service",
    name: "the trust list",
    config: "service.toml",
};

/// The issuer.
pub(crate) const ISSUER: Name = Name {
    program: "issuer",
    name: "the issuer",
    config: "issuer.toml",
};

impl Name {
    /// As it was built into a folder.
    pub(crate) fn built(self, folder: &Path) -> Kind {
        Kind {
            program: folder.join(self.program),
            name: self.name,
            config: self.config,
        }
    }
}

impl Kind {
    fn command(&self) -> Command {
        command(&self.program)
    }
}

/// A running service, ended when dropped.
pub(crate) struct Service {
    kind: Kind,
    folder: PathBuf,
    address: SocketAddr,
    child: Child,
}

impl Service {
    /// Makes its folder with development keys, the first time.
    pub(crate) fn init(kind: &Kind, folder: &Path, arguments: &[&OsStr]) -> anyhow::Result<()> {
        if !folder.join(kind.config).exists() {
            headline(&format!("make development keys of {}", kind.name));
            let mut init = kind.command();
            init.args(["init", "--development"])
                .arg(folder)
                .args(arguments);
            run(&mut init)?;
        }
        Ok(())
    }

    /// Starts it in its folder.
    pub(crate) fn start(kind: Kind, folder: &Path) -> anyhow::Result<Service> {
        headline(&format!("start {}", kind.name));
        let config = folder.join(kind.config);
        let text = fs::read_to_string(&config).context("the service's configuration")?;
        let address = text
            .lines()
            .find_map(|line| {
                line.strip_prefix("listen = ")?
                    .trim_matches('"')
                    .parse()
                    .ok()
            })
            .with_context(|| format!("{} names no address to listen on", config.display()))?;
        let child = kind
            .command()
            .arg("serve")
            .arg("--config")
            .arg(&config)
            .spawn()
            .with_context(|| format!("can't start {}", kind.name))?;
        let mut service = Service {
            kind,
            folder: folder.to_owned(),
            address,
            child,
        };
        let start = Instant::now();
        while service.ask("GET", "/readyz", "", "", b"").is_err() {
            if let Some(status) = service.child.try_wait()? {
                bail!("{} ended: {status}", service.kind.name);
            }
            ensure!(start.elapsed() < PATIENCE, "the service does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(service)
    }

    /// Where it serves.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A key for the API, made the first time.
    pub(crate) fn client(&self) -> anyhow::Result<String> {
        let file = self.folder.join("client-key.txt");
        if !file.exists() {
            let output = self
                .kind
                .command()
                .args(["client", "add", "development", "--all-kids", "--config"])
                .arg(self.folder.join("service.toml"))
                .args(["--roles", "operator,publisher,issuer"])
                .output()?;
            let said = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success(), "no client was added: {said}");
            fs::write(&file, &output.stdout)?;
        }
        Ok(fs::read_to_string(&file)?.trim().to_owned())
    }

    /// The file with that key.
    pub(crate) fn client_file(&self) -> anyhow::Result<PathBuf> {
        self.client()?;
        Ok(self.folder.join("client-key.txt"))
    }

    /// Runs another of its commands; what it printed.
    pub(crate) fn command(
        kind: &Kind,
        folder: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<String> {
        let output = kind
            .command()
            .args(arguments)
            .arg("--config")
            .arg(folder.join(kind.config))
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "{} {arguments:?}: {said}",
            kind.name
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Asks over HTTP; the answer's body, or an error with it.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        key: &str,
        kind: &str,
        body: &[u8],
    ) -> anyhow::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Authorization: Bearer {key}\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let good = head
            .split(' ')
            .nth(1)
            .is_some_and(|status| status.starts_with('2'));
        ensure!(good, "{method} {path}: {head}\n{body}");
        Ok(body.to_owned())
    }

    /// Waits until it ends. Ctrl-C in a terminal reaches it as well, and it ends in order.
    pub(crate) fn wait(mut self) -> anyhow::Result<()> {
        let status = self.child.wait()?;
        ensure!(status.success(), "{} ended: {status}", self.kind.name);
        Ok(())
    }

    /// Ends it in order.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        run(Command::new("kill").arg(self.child.id().to_string()))?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
