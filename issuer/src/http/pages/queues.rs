//! What waits: for the officer, for the authority, and what came back to the clerk.

use askama::Template;
use axum::response::Response;

use super::{
    Frame,
    desk::{Desk, Page},
    records::{reason, what},
    render, words,
};
use crate::{
    domain::{Refusal, queue::Seen},
    store::{PersonRow, RecordRow},
};

/// Records on a page. A form holds no more than a hundred fields.
const MOST: i64 = 50;

/// A record in a queue.
struct Row {
    record: RecordRow,
    person: PersonRow,
    what: String,
    site: String,
    /// How the last attempt ended for this one.
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    frame: Frame,
    action: &'static str,
    go: &'static str,
    total: i64,
    rows: Vec<Row>,
    shown: String,
    done: Option<usize>,
    error: Option<String>,
    empty: &'static str,
    is_back: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Queue {
    Approve,
    Certify,
    SentBack,
}

impl Queue {
    fn state(self) -> &'static str {
        match self {
            Queue::Approve => "recorded",
            Queue::Certify => "approved",
            Queue::SentBack => "sent_back",
        }
    }

    fn address(self) -> &'static str {
        match self {
            Queue::Approve => "/desk/approve",
            Queue::Certify => "/desk/certify",
            Queue::SentBack => "/desk/sent-back",
        }
    }
}

pub(crate) async fn approve_list(desk: Desk) -> Response {
    desk.answer(page(&desk, Queue::Approve, None, None, vec![]))
        .await
}

pub(crate) async fn certify_list(desk: Desk) -> Response {
    desk.answer(page(&desk, Queue::Certify, None, None, vec![]))
        .await
}

pub(crate) async fn sent_back(desk: Desk) -> Response {
    desk.answer(page(&desk, Queue::SentBack, None, None, vec![]))
        .await
}

pub(crate) async fn approve(desk: Desk) -> Response {
    desk.answer(decide(&desk, Queue::Approve)).await
}

pub(crate) async fn certify(desk: Desk) -> Response {
    desk.answer(decide(&desk, Queue::Certify)).await
}

/// What was shown, and of that what was chosen.
fn seen(desk: &Desk) -> (Vec<Seen>, Vec<Seen>) {
    let shown: Vec<Seen> = desk
        .fields
        .text("shown")
        .split(' ')
        .filter_map(|one| {
            let (record, revision) = one.split_once(':')?;
            Some(Seen {
                record: record.parse().ok()?,
                revision: revision.parse().ok()?,
            })
        })
        .collect();
    let chosen = shown
        .iter()
        .filter(|seen| desk.fields.is_ticked(&format!("r{}", seen.record)));
    let chosen = chosen.copied().collect();
    (shown, chosen)
}

async fn decide(desk: &Desk, queue: Queue) -> Page {
    let t = desk.t;
    let (shown, chosen) = seen(desk);
    let none = t.say("Chưa chọn hồ sơ nào.", "Nothing is chosen.");
    let issuer = desk.issuer();
    match desk.fields.text("do") {
        "back" => {
            if chosen.is_empty() {
                return page(desk, queue, None, Some(none.into()), vec![]).await;
            }
            let Ok(reason) = reason(desk) else {
                let error = t.say(
                    "Ghi lý do trả lại, để người ghi biết sửa gì.",
                    "Say why, so that the clerk knows what to mend.",
                );
                return page(desk, queue, None, Some(error.into()), vec![]).await;
            };
            let mut problems = Vec::new();
            for one in &chosen {
                if let Err(refusal) = issuer.send_back(desk.actor(), *one, &reason).await {
                    problems.push((one.record, refusal));
                }
            }
            page(
                desk,
                queue,
                Some(chosen.len() - problems.len()),
                None,
                problems,
            )
            .await
        }
        what => {
            let all = if what == "all" { shown } else { chosen };
            if all.is_empty() {
                return page(desk, queue, None, Some(none.into()), vec![]).await;
            }
            let outcomes: Vec<Result<(), Refusal>> = match queue {
                Queue::Approve => issuer.approve(desk.actor(), &all).await?,
                _ => {
                    let made = issuer.certify(desk.actor(), &all).await?;
                    made.into_iter().map(|one| one.map(drop)).collect()
                }
            };
            let problems: Vec<_> = all
                .iter()
                .zip(outcomes)
                .filter_map(|(seen, outcome)| outcome.err().map(|refusal| (seen.record, refusal)))
                .collect();
            page(
                desk,
                queue,
                Some(all.len() - problems.len()),
                None,
                problems,
            )
            .await
        }
    }
}

async fn page(
    desk: &Desk,
    queue: Queue,
    done: Option<usize>,
    error: Option<String>,
    problems: Vec<(crate::id::Id, Refusal)>,
) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let board = issuer.board(desk.actor()).await?;
    let mut rows = Vec::new();
    for one in issuer
        .queue(desk.actor(), &desk.actor().place, queue.state(), None, MOST)
        .await?
    {
        let problem = problems.iter().find(|(record, _)| *record == one.record.id);
        rows.push(Row {
            what: what(desk, &one.record),
            site: desk.place_name(&one.record.site).await?,
            problem: problem.map(|(_, refusal)| words::refusal(t, refusal)),
            record: one.record,
            person: one.person,
        });
    }
    // Newest trouble on top.
    rows.sort_by_key(|row| row.problem.is_none());
    let shown: Vec<_> = rows
        .iter()
        .map(|row| format!("{}:{}", row.record.id, row.record.revision))
        .collect();
    let (title, total, go, empty) = match queue {
        Queue::Approve => (
            t.say("Duyệt hồ sơ của cơ sở", "Approve what the site recorded"),
            board.recorded,
            t.say("Duyệt", "Approve"),
            t.say(
                "Không có hồ sơ nào chờ duyệt. Hồ sơ mới ghi sẽ hiện ở đây.",
                "Nothing waits. What the clerks record appears here.",
            ),
        ),
        Queue::Certify => (
            t.say("Chứng nhận", "Certify"),
            board.approved,
            t.say("Chứng nhận", "Certify"),
            t.say(
                "Không có hồ sơ nào chờ chứng nhận. Hồ sơ cơ sở đã duyệt sẽ hiện ở đây.",
                "Nothing waits. What the sites approve appears here.",
            ),
        ),
        Queue::SentBack => (
            t.say("Hồ sơ bị trả lại", "Sent back"),
            board.sent_back,
            "",
            t.say("Không có hồ sơ nào bị trả lại.", "Nothing was sent back."),
        ),
    };
    Ok(render(&QueuePage {
        frame: desk.frame(queue.address(), title),
        action: queue.address(),
        go,
        total,
        shown: shown.join(" "),
        rows,
        done,
        error,
        empty,
        is_back: queue == Queue::SentBack,
    }))
}
