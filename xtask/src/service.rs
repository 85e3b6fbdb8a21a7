//! The trust list's service, started for development.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};

use crate::run::{command, headline, run, target};

/// Until it answers: on a slow machine with a cold disk.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running service, ended when dropped.
pub(crate) struct Service {
    folder: PathBuf,
    address: SocketAddr,
    child: Child,
}

impl Service {
    /// Starts it in a folder, which is made with development keys the first time.
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Service> {
        if !folder.join("service.toml").exists() {
            headline("make a development root");
            run(program().args(["init", "--development"]).arg(folder))?;
        }
        headline("start the trust list");
        let config = folder.join("service.toml");
        let text = fs::read_to_string(&config).context("the service's configuration")?;
        let address = text
            .lines()
            .find_map(|line| {
                line.strip_prefix("listen = ")?
                    .trim_matches('"')
                    .parse()
                    .ok()
            })
            .context("service.toml names no address to listen on")?;
        let child = program()
            .arg("serve")
            .arg("--config")
            .arg(&config)
            .spawn()
            .context("can't start the trust list's service")?;
        let mut service = Service {
            folder: folder.to_owned(),
            address,
            child,
        };
        let start = Instant::now();
        while service.ask("GET", "/readyz", "", "", b"").is_err() {
            if let Some(status) = service.child.try_wait()? {
                bail!("the trust list's service ended: {status}");
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
            let output = program()
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
        ensure!(status.success(), "the trust list's service ended: {status}");
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

fn program() -> Command {
    command(target().join("release/trust-service"))
}
