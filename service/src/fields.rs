//! What a form on a page brings.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;

use crate::problem::Problem;

/// Most fields of a form.
const MOST: usize = 100;

/// The fields of a form, and at most one file. Of a field that is there twice, the first counts.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    texts: BTreeMap<String, String>,
    file: Bytes,
    file_name: Option<String>,
}

impl Fields {
    /// Reads the body of a form, of either encoding.
    pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Fields, Problem> {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
        let too_large = || {
            let detail = format!("larger than {limit} bytes");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", detail)
        };
        let bytes = axum::body::to_bytes(body, limit)
            .await
            .map_err(|_| too_large())?;
        let mut fields = Fields::default();
        if kind.starts_with("multipart/form-data") {
            let mut request = Request::new(Body::from(bytes));
            if let Some(kind) = headers.get(header::CONTENT_TYPE) {
                request
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, kind.clone());
            }
            // The size was checked above.
            DefaultBodyLimit::disable().apply(&mut request);
            let unreadable = || Problem::asked("the form can't be read");
            let mut parts = Multipart::from_request(request, &())
                .await
                .map_err(|_| unreadable())?;
            while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
                let name = part.name().unwrap_or_default().to_owned();
                let file_name = part.file_name().map(str::to_owned);
                let content = part.bytes().await.map_err(|_| unreadable())?;
                if let Some(file_name) = file_name {
                    // A field for a file in which none was chosen comes as an empty one.
                    if content.is_empty() {
                        continue;
                    }
                    if !fields.file.is_empty() {
                        let detail = "more than one file: send them one by one";
                        return Err(Problem::asked(detail));
                    }
                    fields.file = content;
                    fields.file_name = Some(file_name).filter(|name| !name.is_empty());
                } else {
                    let text = String::from_utf8_lossy(&content).into_owned();
                    fields.add(name, text)?;
                }
            }
        } else {
            let found = pairs(&bytes).ok_or_else(|| Problem::asked("the form can't be read"))?;
            for (name, text) in found {
                fields.add(name, text)?;
            }
        }
        Ok(fields)
    }

    fn add(&mut self, name: String, text: String) -> Result<(), Problem> {
        if self.texts.len() >= MOST {
            return Err(Problem::asked("too many fields"));
        }
        self.texts.entry(name).or_insert(text);
        Ok(())
    }

    /// A field without the white space around it; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", |text| text.trim())
    }

    /// A field as it was typed: passwords may begin with a space.
    pub fn as_typed(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// The name of the file on the sender's machine, if there is a file and it has one. Somebody
    /// else's text: never a path to write to.
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The file, or what was pasted in its place.
    pub fn file_or(&self, name: &str) -> Bytes {
        match self.file.is_empty() {
            true => Bytes::copy_from_slice(self.text(name).as_bytes()),
            false => self.file.clone(),
        }
    }
}

fn pairs(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let text = str::from_utf8(bytes).ok()?;
    let written = text.split('&').filter(|pair| !pair.is_empty());
    written
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((unescape(name)?, unescape(value)?))
        })
        .collect()
}

/// `%41` and `+` undone (WHATWG URL, application/x-www-form-urlencoded).
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_a_form() {
        let headers = HeaderMap::new();
        let body = Body::from("a=1+2&b=%C3%A9%26&a=3&c");
        let fields = Fields::read(&headers, body, 100).await.unwrap();
        assert_eq!((fields.text("a"), fields.text("b")), ("1 2", "é&"));
        assert!(fields.is_ticked("c") && !fields.is_ticked("d"));
        for wrong in ["a=%4", "a=%zz", "a=%ff"] {
            assert!(
                Fields::read(&headers, Body::from(wrong), 100)
                    .await
                    .is_err()
            );
        }
        let many = "x&".repeat(300) + &(0..200).map(|n| format!("n{n}&")).collect::<String>();
        assert!(
            Fields::read(&headers, Body::from(many), 9999)
                .await
                .is_err()
        );
        let body = Body::from("a=1234567890");
        let problem = Fields::read(&headers, body, 5).await.unwrap_err();
        assert_eq!(problem.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    #[tokio::test]
    async fn one_file_and_no_more() {
        let part = |name: &str, file: &str, content: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n\
                 {content}\r\n"
            )
        };
        let read = async |parts: Vec<String>| {
            let mut headers = HeaderMap::new();
            let kind = "multipart/form-data; boundary=x".parse().unwrap();
            headers.insert(header::CONTENT_TYPE, kind);
            let body = Body::from(format!("{}--x--\r\n", parts.concat()));
            Fields::read(&headers, body, 9999).await
        };
        let fields = read(vec![part("a", "", ""), part("b", "two.csv", "1,2")]);
        let fields = fields.await.unwrap();
        assert_eq!(fields.file_name(), Some("two.csv"));
        assert_eq!(fields.file_or("pasted"), "1,2");
        let fields = read(vec![part("a", "", "")]).await.unwrap();
        assert_eq!((fields.file_name(), fields.file_or("a").len()), (None, 0));
        let two = read(vec![part("a", "one.csv", "1"), part("a", "two.csv", "2")]);
        assert!(two.await.unwrap_err().detail.contains("one by one"));
    }
}
