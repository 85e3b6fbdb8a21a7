//! What citizens say is wrong, to be mended or declined.

use askama::Template;
use axum::{extract::Path, response::Response};

use super::{
    Frame,
    desk::{Desk, Page, id},
    render, to,
};
use crate::{domain::Refusal, store::ComplaintRow};

const HERE: &str = "/desk/complaints";

#[derive(Template)]
#[template(path = "complaints.html")]
struct ComplaintsPage {
    frame: Frame,
    rows: Vec<(ComplaintRow, String)>,
    open: usize,
    error: Option<String>,
}

pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(page(&desk, None)).await
}

async fn page(desk: &Desk, error: Option<String>) -> Page {
    let mut rows = Vec::new();
    for row in desk.issuer().complaints(desk.actor()).await? {
        let site = desk.place_name(&row.site).await?;
        rows.push((row, site));
    }
    Ok(render(&ComplaintsPage {
        frame: desk.frame(
            HERE,
            desk.t
                .say("Phản ánh của người dân", "Complaints of citizens"),
        ),
        open: rows.iter().filter(|(row, _)| row.state == "open").count(),
        rows,
        error,
    }))
}

pub(crate) async fn answer(Path(complaint): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let complaint = id(&complaint, "complaint")?;
        let mended = match desk.fields.text("do") {
            "mended" => true,
            "declined" => false,
            _ => return Err(Refusal::Asked("say whether it was mended".into())),
        };
        let answer = desk.fields.text("answer");
        if answer.is_empty() {
            let error = desk
                .t
                .say("Ghi vài từ trả lời.", "Write a few words as an answer.");
            return page(&desk, Some(error.into())).await;
        }
        desk.issuer()
            .answer_complaint(desk.actor(), complaint, mended, answer)
            .await?;
        Ok(to(HERE))
    })
    .await
}
