//! A ZIP of the codes as pictures. Names say line and number, nothing of a person.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use print::{Code, PrintError, Profile};
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{Export, ExportRow, Out, Pages, Stop, export, tail, valid};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal},
    id::Id,
    store::JobRow,
};

/// What the archive has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Basket(Arc<Mutex<Vec<u8>>>);

impl Basket {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Basket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut basket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        basket.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Archive = ZipWriter<StreamWriter<Basket>>;

impl Issuer {
    /// The codes of a part of a job as pictures.
    pub async fn job_zip(
        self: &Arc<Issuer>,
        actor: &Actor,
        id: Id,
        part: i64,
    ) -> Result<Export, Refusal> {
        let (job, pages) = self.pages(actor, id, Some(part)).await?;
        self.note_export(actor, &job, "zip", Some(part)).await?;
        let name = format!("{}-{part}.zip", job.id);
        let issuer = Arc::clone(self);
        Ok(export(name, "application/zip", |out| {
            all(issuer, job, pages, out)
        }))
    }
}

async fn all(issuer: Arc<Issuer>, job: JobRow, mut pages: Pages, out: Out) -> Result<(), Stop> {
    let basket = Basket::default();
    let mut archive: Archive = ZipWriter::new_stream(basket.clone());
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        let drawn = tokio::task::spawn_blocking(move || {
            let mut archive = archive;
            let mut left_out = Vec::new();
            for row in valid(page) {
                if let Err(why) = add(&mut archive, &row)? {
                    left_out.push((row, why));
                }
            }
            Ok::<_, io::Error>((archive, left_out))
        });
        let (same, left_out) = drawn.await.map_err(|_| broken())?.map_err(|_| broken())?;
        archive = same;
        for (row, why) in &left_out {
            issuer.left_out(&job, row, why).await?;
        }
        out.send(basket.take()).await?;
    }
    archive.finish().map_err(|_| broken())?;
    out.send(basket.take()).await
}

/// Adds the pictures of a certificate, or says why there is none.
fn add(archive: &mut Archive, row: &ExportRow) -> io::Result<Result<(), PrintError>> {
    let certificate = &row.certificate;
    let texts = [
        (Profile::National, "n", &certificate.national),
        (Profile::International, "i", &certificate.international),
    ];
    let mut pictures = Vec::new();
    for (profile, letter, text) in texts {
        let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else {
            continue;
        };
        match Code::new(profile, text).png() {
            Ok(picture) => pictures.push((letter, picture)),
            Err(why) => return Ok(Err(why)),
        }
    }
    let options = SimpleFileOptions::default()
        // A picture is compressed already.
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT);
    for (letter, picture) in pictures {
        let name = format!("{:06}-{}-{letter}.png", row.line, tail(&certificate.uvci));
        archive
            .start_file(name, options)
            .map_err(io::Error::other)?;
        archive.write_all(&picture)?;
    }
    Ok(Ok(()))
}

fn broken() -> Refusal {
    Refusal::Asked("the archive broke off".into())
}
