//! The pages of the desk.

use axum::{
    http::Method,
    routing::{get, post},
};

use super::{
    ADMINISTRATORS, AUDITORS, AUTHORITIES, CLERKS, EVERYBODY, MIB, OFFICERS, OVERSEERS, READERS,
    Route, route,
};
use crate::{
    http::{
        access::Access::{Open, OpenPage, Page},
        pages::{
            self, certificates, complaints, find, house, people, persons, places, programs, queues,
            record, records, sign_in, today, tubes,
        },
    },
    roles::Role::{self, Administrator, Auditor, Authority, Clerk, Officer},
};

/// Whoever works on records and certificates.
const WORKERS: &[Role] = &[Clerk, Officer, Authority];
/// Whoever handles samples.
const SAMPLERS: &[Role] = &[Clerk, Officer];
/// Whoever sees alarms.
const WATCHERS: &[Role] = &[Officer, Authority, Administrator, Auditor];
/// Whoever notes which lots came.
const KEEPERS: &[Role] = &[Officer, Administrator];
/// Whoever looks after accounts, or may look at them.
const STAFF: &[Role] = &[Administrator, Auditor];

fn read(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    route(Method::GET, path, Page(roles), handler)
}

fn write(path: &'static str, roles: &'static [Role], handler: Handler) -> Route {
    route(Method::POST, path, Page(roles), handler)
}

type Handler = axum::routing::MethodRouter<std::sync::Arc<crate::http::App>>;

pub(super) fn table() -> Vec<Route> {
    let mut table = vec![
        route(Method::GET, "/style.css", Open, get(pages::style)),
        route(Method::GET, "/sign-in", OpenPage, get(sign_in::show)),
        route(Method::POST, "/sign-in", OpenPage, post(sign_in::sign_in)),
        write("/sign-out", EVERYBODY, post(sign_in::sign_out)),
        read("/desk/password", EVERYBODY, get(sign_in::password_form)),
        write("/desk/password", EVERYBODY, post(sign_in::change_password)),
        read("/desk", EVERYBODY, get(today::show)),
    ];
    table.extend(work());
    table.extend(house());
    table
}

/// The daily work.
fn work() -> Vec<Route> {
    vec![
        read("/desk/find", READERS, get(find::show)),
        write("/desk/find", READERS, post(find::find)),
        read("/desk/record", CLERKS, get(record::show)),
        // Also for who corrects a certificate.
        write("/desk/record", WORKERS, post(record::step)),
        read("/desk/persons/{id}", READERS, get(persons::show)),
        read("/desk/records/{id}", READERS, get(records::show)),
        read("/desk/records/{id}/mend", CLERKS, get(record::mend)),
        write(
            "/desk/records/{id}/withdraw",
            CLERKS,
            post(records::withdraw),
        ),
        read("/desk/sent-back", CLERKS, get(queues::sent_back)),
        read("/desk/approve", OFFICERS, get(queues::approve_list)),
        write("/desk/approve", OFFICERS, post(queues::approve)),
        read("/desk/certify", AUTHORITIES, get(queues::certify_list)),
        write("/desk/certify", AUTHORITIES, post(queues::certify)).slow(60),
        read("/desk/certificates", READERS, get(certificates::list)),
        read("/desk/certificates/{id}", READERS, get(certificates::show)),
        read(
            "/desk/certificates/{id}/pdf",
            WORKERS,
            get(certificates::pdf),
        ),
        read(
            "/desk/certificates/{id}/code.png",
            READERS,
            get(certificates::picture),
        ),
        read(
            "/desk/certificates/{id}/correct",
            WORKERS,
            get(record::correct),
        ),
        write(
            "/desk/certificates/{id}/renew",
            WORKERS,
            post(certificates::renew),
        ),
        write(
            "/desk/certificates/{id}/claim",
            WORKERS,
            post(certificates::claim),
        ),
        write(
            "/desk/certificates/{id}/revoke",
            WORKERS,
            post(certificates::revoke_one),
        ),
        read("/desk/revoke", AUTHORITIES, get(certificates::revoke_form)),
        write("/desk/revoke", AUTHORITIES, post(certificates::revoke)).slow(60),
        read("/desk/complaints", WORKERS, get(complaints::list)),
        write("/desk/complaints/{id}", WORKERS, post(complaints::answer)),
        read("/desk/tubes", SAMPLERS, get(tubes::list)),
        write("/desk/tubes", SAMPLERS, post(tubes::open)),
        read("/desk/tubes/{code}", SAMPLERS, get(tubes::show)),
        write("/desk/tubes/{code}/add", SAMPLERS, post(tubes::add)),
        write("/desk/tubes/{code}/read", SAMPLERS, post(tubes::read)),
    ]
}

/// What is looked after now and then.
fn house() -> Vec<Route> {
    vec![
        read("/desk/lots", KEEPERS, get(house::lots)),
        write("/desk/lots", KEEPERS, post(house::deliver)),
        read("/desk/alarms", WATCHERS, get(house::alarms)),
        write("/desk/alarms/{id}", KEEPERS_OF_ALARMS, post(house::see)),
        read("/desk/places", OVERSEERS, get(places::list)),
        write("/desk/places", ADMINISTRATORS, post(places::change)).large(4 * MIB),
        read("/desk/people", STAFF, get(people::list)),
        write("/desk/people", ADMINISTRATORS, post(people::change)),
        read("/desk/programs", STAFF, get(programs::list)),
        write("/desk/programs", ADMINISTRATORS, post(programs::change)),
        read("/desk/value-sets", OVERSEERS, get(house::value_sets)),
        write("/desk/value-sets", ADMINISTRATORS, post(house::load)).large(4 * MIB),
        read("/desk/keys", OVERSEERS, get(house::keys)),
        read("/desk/audit", AUDITORS, get(house::audit)),
        read("/desk/settings", OVERSEERS, get(house::settings)),
    ]
}

/// Whoever may say what an alarm was.
const KEEPERS_OF_ALARMS: &[Role] = &[Officer, Authority, Administrator];
