//! The sample province: invented, and so are its lots.

use crate::{
    command::service_actor,
    domain::{Issuer, places::NewPlace},
    place::{Level, Place},
    store::DeliveryRow,
};

/// Path, level, name, English name, one step.
const PLACES: &[(&str, Level, &str, &str, bool)] = &[
    (
        "VN/99",
        Level::Province,
        "Tỉnh Mẫu",
        "Sample Province",
        false,
    ),
    (
        "VN/99/99001",
        Level::Commune,
        "Phường Hoa Sen",
        "Hoa Sen Ward",
        false,
    ),
    (
        "VN/99/99002",
        Level::Commune,
        "Xã Lúa Vàng",
        "Lua Vang Commune",
        false,
    ),
    (
        HOA_SEN,
        Level::Site,
        "Trạm Y tế phường Hoa Sen",
        "Hoa Sen Health Station",
        false,
    ),
    (
        HOSPITAL,
        Level::Site,
        "Bệnh viện Đa khoa Mẫu",
        "Sample General Hospital",
        false,
    ),
    (
        LUA_VANG,
        Level::Site,
        "Trạm Y tế xã Lúa Vàng",
        "Lua Vang Health Station",
        false,
    ),
    (
        TEAM,
        Level::Site,
        "Đội lưu động số 1",
        "Mobile Team 1",
        true,
    ),
];

pub(super) const HOA_SEN: &str = "VN/99/99001/TYT-HS";
pub(super) const HOSPITAL: &str = "VN/99/99001/BV-MAU";
pub(super) const LUA_VANG: &str = "VN/99/99002/TYT-LV";
pub(super) const TEAM: &str = "VN/99/99002/LD-01";

/// Site, product, lot, doses.
const LOTS: &[(&str, &str, &str, i64)] = &[
    (HOA_SEN, "EU/1/20/1528", "FK0595", 600),
    (HOA_SEN, "EU/1/21/1529", "PV46671", 200),
    (HOSPITAL, "EU/1/20/1528", "FK0595", 1200),
    (HOSPITAL, "EU/1/20/1507", "3005242", 400),
    (LUA_VANG, "BBIBP-CorV", "202108B2087", 300),
    (TEAM, "EU/1/20/1528", "FL3209", 450),
];

/// Places with their keys, and what was delivered there.
pub(super) async fn add(issuer: &Issuer) -> anyhow::Result<()> {
    let country: Place = "VN".parse()?;
    let actor = service_actor(&country);
    for (path, level, name, name_en, one_step) in PLACES {
        let new = NewPlace {
            place: path.parse()?,
            level: *level,
            name: (*name).to_owned(),
            name_en: (*name_en).to_owned(),
            one_step: *one_step,
        };
        issuer.add_place(&actor, &new).await?;
    }
    let now = issuer.clock.now();
    let day = |days: i64| {
        now.plus_seconds(days * 86_400)
            .to_date_time()
            .date()
            .to_string()
    };
    for (site, product, lot, doses) in LOTS {
        let delivery = DeliveryRow {
            site: (*site).to_owned(),
            product: (*product).to_owned(),
            lot: (*lot).to_owned(),
            doses: *doses,
            delivered_on: day(-60),
            expires_on: Some(day(120)),
            at: 0,
            by_whom: String::new(),
        };
        issuer.deliver(&actor, &delivery).await?;
    }
    Ok(())
}
