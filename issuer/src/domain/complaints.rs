//! "Something is wrong on it": a citizen says so with the code in hand, the site sees and mends it.

use hcert::{date::PartialDate, hc1::Decoder, uvci};
use serde_json::json;

use super::{
    Issuer, Refusal,
    claims::{is_born, patience},
};
use crate::{
    actor::Actor,
    id::Id,
    roles::Role,
    store::{ComplaintRow, Tx},
};

/// The longest complaint, in characters.
pub const MOST_CHARACTERS: usize = 1000;
/// Complaints about one certificate that wait for an answer; more say nothing new.
const MOST_OPEN: i64 = 5;
/// Complaints that a page shows.
const PAGE: i64 = 500;

/// What names the certificate that a complaint is about.
enum Named {
    /// The signed text: who has it, has the certificate.
    Text(String),
    /// The number, which only counts together with the birth date.
    Number(String, PartialDate),
}

impl Issuer {
    /// Takes a complaint. `text` is the certificate's code as scanned or pasted (`HC1:...`), or its UVCI
    /// together with the birth date; `what` in the citizen's words, 1000 characters at most.
    ///
    /// The answer is the same whether or not there is such a certificate.
    pub async fn complain(
        &self,
        text: &str,
        birth: &str,
        what: &str,
        address: &str,
    ) -> Result<(), Refusal> {
        let what = words(what, "write what is wrong")?;
        let named = named(text, birth)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if let Some(seconds) = patience::COMPLAIN
            .wait(&mut tx, address, now.unix())
            .await?
        {
            return Err(Refusal::Wait(seconds));
        }
        patience::COMPLAIN
            .count(&mut tx, address, now.unix())
            .await?;
        if let Some((certificate, site)) = self.complained(&mut tx, &named).await? {
            let row = ComplaintRow {
                id: Id::new(now)?,
                certificate,
                site,
                text: what,
                at: now.unix(),
                state: "open".into(),
                answer: None,
                answered_at: None,
                answered_by: None,
            };
            tx.add_complaint(&row).await?;
            let subject = format!("certificate:{certificate}");
            let detail = json!({ "complaint": row.id.to_string() });
            tx.audit(now, "service", "complaint.new", &subject, &detail)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The certificate and its site, if the complaint is to be taken.
    async fn complained(
        &self,
        tx: &mut Tx,
        named: &Named,
    ) -> Result<Option<(Id, String)>, Refusal> {
        let (number, birth) = match named {
            Named::Text(text) => match self.number_of(text) {
                Some(number) => (number, None),
                None => return Ok(None),
            },
            Named::Number(number, birth) => (number.clone(), Some(*birth)),
        };
        let row = tx.certificate_to_mend(&number).await?;
        let row = row.filter(|row| birth.is_none_or(|birth| is_born(&row.birth, birth)));
        let row = row.filter(|row| row.open < MOST_OPEN);
        Ok(row.map(|row| (row.id, row.site)))
    }

    /// The UVCI of a text that one of our keys signed.
    fn number_of(&self, text: &str) -> Option<String> {
        let mut decoder = Decoder::default();
        let message = decoder.decode(text).ok()?;
        let kid = message.protected_kid()?;
        let mut keys = self.keys.all().iter();
        let dsc = keys.find(|dsc| dsc.kid().as_bytes() == kid)?;
        let key = dsc.certificate().public_key().ok()?;
        let claims = message.verify(&key).ok()?.claims().ok()?;
        match claims.content?.fields.ok()? {
            hcert::received::ReceivedContent::Dcc(dcc) => {
                dcc.identifiers().next().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// The complaints of the actor's place, open ones first, oldest first.
    pub async fn complaints(&self, actor: &Actor) -> Result<Vec<ComplaintRow>, Refusal> {
        let mut tx = self.store.read().await?;
        Ok(tx.complaints_of(&actor.place, PAGE).await?)
    }

    /// It was mended (by a correction) or declined, with a few words.
    pub async fn answer_complaint(
        &self,
        actor: &Actor,
        id: Id,
        mended: bool,
        answer: &str,
    ) -> Result<(), Refusal> {
        let may = [Role::Clerk, Role::Officer, Role::Authority];
        if !may.into_iter().any(|role| actor.is(role)) {
            return Err(Refusal::Role("clerk"));
        }
        let answer = words(answer, "write a few words of answer")?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let row = tx.complaint(id).await?;
        let row = row
            .filter(|row| row.site.parse().is_ok_and(|place| actor.sees(&place)))
            .ok_or(Refusal::NotFound("complaint"))?;
        let state = if mended { "mended" } else { "declined" };
        let by = (now.unix(), actor.name.as_str());
        if !tx.answer_complaint(id, state, &answer, by).await? {
            return Err(Refusal::State {
                state: row.state,
                why: "it was answered before",
            });
        }
        let subject = format!("certificate:{}", row.certificate);
        let detail = json!({ "complaint": id.to_string(), "state": state });
        tx.audit(now, &actor.name, "complaint.answer", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Some words, without control characters that would rewrite a screen.
fn words(text: &str, missing: &str) -> Result<String, Refusal> {
    let text: String = text
        .trim()
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    match text.chars().count() {
        0 => Err(Refusal::Asked(missing.into())),
        count if count > MOST_CHARACTERS => Err(Refusal::Asked(format!(
            "that is {count} characters: say it in {MOST_CHARACTERS}"
        ))),
        _ => Ok(text),
    }
}

/// Reads what names the certificate. Says what is wrong with its form, never whether it exists.
fn named(text: &str, birth: &str) -> Result<Named, Refusal> {
    let text = text.trim_matches(['\r', '\n', '\t']);
    if text.trim_start().starts_with("HC1:") {
        return Ok(Named::Text(text.trim_start().to_owned()));
    }
    let compact: String = text
        .split_whitespace()
        .collect::<String>()
        .to_ascii_uppercase();
    let number = match compact.strip_prefix("URN:UVCI:") {
        Some(_) => compact,
        None if compact.starts_with("01:") => format!("URN:UVCI:{compact}"),
        None => {
            let why = "give the content of the QR code, which begins with HC1:, or the certificate's \
                       number, which begins with URN:UVCI:";
            return Err(Refusal::Asked(why.into()));
        }
    };
    // The check character is easily left out, and can be told from the rest.
    let number = match number.contains('#') {
        true => number,
        false => match uvci::check_character(&number) {
            Some(check) => format!("{number}#{check}"),
            None => number,
        },
    };
    let birth = PartialDate::parse_typed(birth.trim())
        .ok()
        .filter(|birth| *birth != PartialDate::UNKNOWN)
        .ok_or_else(|| {
            let why = "with the certificate's number, give the birth date too, as 26/02/1998";
            Refusal::Asked(why.into())
        })?;
    Ok(Named::Number(number, birth))
}
