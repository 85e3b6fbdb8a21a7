//! Today: what waits, what was done, what is wrong.

use askama::Template;
use axum::response::Response;

use super::{
    Frame,
    desk::{Desk, Page},
    records::what,
    render, words,
};
use crate::{
    roles::Role,
    store::{AlarmRow, PersonRow, RecordRow},
};

/// One thing that waits.
struct Count {
    count: i64,
    said: &'static str,
    address: &'static str,
    is_trouble: bool,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    frame: Frame,
    place: String,
    counts: Vec<Count>,
    alarms: Vec<(AlarmRow, &'static str)>,
    latest: Vec<(RecordRow, PersonRow, String)>,
    mine: i64,
    issued: i64,
    may_find: bool,
    first_steps: bool,
}

pub(crate) async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk)).await
}

async fn page(desk: &Desk) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let actor = desk.actor();
    let board = issuer.board(actor).await?;
    let oversees = actor.roles.has_any(&[
        Role::Officer,
        Role::Authority,
        Role::Administrator,
        Role::Auditor,
    ]);
    let alarms = match oversees {
        true => issuer.alarms(actor, true).await?,
        false => vec![],
    };
    let mut counts = Vec::new();
    let mut add = |is_there: bool, count, said, address, is_trouble| {
        if is_there {
            counts.push(Count {
                count,
                said,
                address,
                is_trouble,
            });
        }
    };
    let open = i64::try_from(alarms.len()).unwrap_or(i64::MAX);
    add(
        oversees && open > 0,
        open,
        t.say("cảnh báo chưa xem", "alarms nobody looked at"),
        "/desk/alarms",
        true,
    );
    let answers = actor
        .roles
        .has_any(&[Role::Clerk, Role::Officer, Role::Authority]);
    add(
        answers && board.complaints > 0,
        board.complaints,
        t.say(
            "phản ánh của người dân chưa trả lời",
            "complaints of citizens to be answered",
        ),
        "/desk/complaints",
        true,
    );
    add(
        actor.is(Role::Clerk) && board.sent_back > 0,
        board.sent_back,
        t.say(
            "hồ sơ bị trả lại, cần sửa",
            "records sent back, to be mended",
        ),
        "/desk/sent-back",
        true,
    );
    add(
        actor.is(Role::Officer),
        board.recorded,
        t.say("hồ sơ chờ bạn duyệt", "records wait for your approval"),
        "/desk/approve",
        false,
    );
    add(
        actor.is(Role::Authority),
        board.approved,
        t.say("hồ sơ chờ bạn chứng nhận", "records wait to be certified"),
        "/desk/certify",
        false,
    );
    let latest = match actor.is(Role::Clerk) {
        true => issuer.latest(actor, 10).await?,
        false => vec![],
    };
    let latest = latest.into_iter().map(|one| {
        let said = what(desk, &one.record);
        (one.record, one.person, said)
    });
    let latest: Vec<_> = latest.collect();
    let alarms = alarms.into_iter().take(5).map(|alarm| {
        let said = words::alarm(t, &alarm.kind).0;
        (alarm, said)
    });
    let page = TodayPage {
        frame: desk.frame("/desk", t.say("Hôm nay", "Today")),
        place: desk.place_name(actor.place.as_str()).await?,
        alarms: alarms.collect(),
        mine: board.mine,
        issued: board.issued,
        may_find: actor.roles.has_any(&[
            Role::Clerk,
            Role::Officer,
            Role::Authority,
            Role::Auditor,
        ]),
        first_steps: actor.is(Role::Administrator)
            && issuer
                .places(actor, &actor.place)
                .await
                .is_ok_and(|places| !places.iter().any(|place| place.level == "site")),
        counts,
        latest,
    };
    Ok(render(&page))
}
