//! The people of the sample province: those who work there and those who were vaccinated. All of them
//! are invented.

use anyhow::{Context as _, anyhow};
use intake::{draft::Draft, field::Field};

use super::places::{HOA_SEN, HOSPITAL, LUA_VANG, TEAM};
use crate::{
    command::service_actor,
    domain::{
        Issuer,
        accounts::NewAccount,
        desk::{Entry, Upto, Whom},
    },
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

/// Full name, sex, year of birth.
const PEOPLE: &[(&str, &str, u16)] = &[
    ("Nguyễn Văn An", "male", 1985),
    ("Trần Thị Bích", "female", 1991),
    ("Lê Hoàng Cường", "male", 1978),
    ("Phạm Thị Dung", "female", 1969),
    ("Hoàng Minh Đức", "male", 2001),
    ("Huỳnh Thị Én", "female", 1956),
    ("Phan Quốc Giang", "male", 1994),
    ("Vũ Thị Hạnh", "female", 1988),
    ("Võ Văn Hùng", "male", 1973),
    ("Đặng Thị Kim Yến", "female", 2003),
    ("Bùi Đình Khôi", "male", 1999),
    ("Đỗ Thị Hồng Nhung", "female", 1998),
    ("Hồ Văn Long", "male", 1962),
    ("Ngô Thị Lụa", "female", 1947),
    ("Dương Công Mạnh", "male", 1990),
    ("Lý Thị Ngọc", "female", 1982),
    ("Đinh Trọng Nghĩa", "male", 1976),
    ("Trương Thị Oanh", "female", 1995),
    ("Mai Văn Phúc", "male", 2000),
    ("Tô Thị Quỳnh", "female", 1987),
    ("Cao Bá Quát", "male", 1980),
    ("Lâm Thị Sáu", "female", 1951),
    ("Châu Văn Tài", "male", 1993),
    ("Tạ Thị Thuỷ", "female", 1984),
    ("Hà Huy Tùng", "male", 1997),
    ("Nguyễn Thị Uyên", "female", 2002),
    ("Trần Đại Việt", "male", 1970),
    ("Lê Thị Xuân", "female", 1965),
    ("Y Moan Êban", "male", 1989),
    ("H'Hen Niê", "female", 1992),
];

/// Site, product, lot, doses of the series, days between them.
const SERIES: &[(&str, &str, &str, i64, i64)] = &[
    (HOA_SEN, "EU/1/20/1528", "FK0595", 2, 28),
    (HOSPITAL, "EU/1/20/1507", "3005242", 2, 28),
    (LUA_VANG, "BBIBP-CorV", "202108B2087", 2, 28),
    (TEAM, "EU/1/20/1528", "FL3209", 2, 28),
];

/// Thirty people with what was done to them. Most are certified; the last ones wait for the officer
/// and for the authority, so that their queues have something in them.
pub(super) async fn add_doses(issuer: &Issuer) -> anyhow::Result<()> {
    let actor = service_actor(&"VN".parse()?);
    let catalogue = issuer.catalogues.current();
    let reading = issuer.reading(&catalogue)?;
    let now = issuer.clock.now();
    let mut entries = Vec::new();
    for (index, (full_name, sex, year)) in (0_i64..).zip(PEOPLE) {
        let kinds = i64::try_from(SERIES.len())?;
        let series = SERIES.get(usize::try_from(index % kinds)?);
        let (site, product, lot, total, apart) = series.context("a series")?;
        let upto = match index {
            0..24 => Upto::Certified,
            24..27 => Upto::Approved,
            _ => Upto::Recorded,
        };
        for dose in 1..=*total {
            let days = index + 2 + (total - dose) * apart;
            let given_on = issuer.day(now.plus_seconds(-days * 86_400));
            let born = format!("{year}-{:02}-{:02}", index % 12 + 1, index % 28 + 1);
            // Of the twentieth century, 0 is a man and 1 a woman; 2 and 3 of this one.
            let century = if *year < 2000 { 0 } else { 2 };
            let digit = century + i64::from(*sex == "female");
            let cccd = format!("079{digit}{:02}{:06}", year % 100, 990_000 + index);
            let mut draft = Draft::default();
            for (field, text) in [
                (Field::FullName, (*full_name).to_owned()),
                (Field::BirthDate, born),
                (Field::Sex, (*sex).to_owned()),
                (Field::Nationality, "VN".to_owned()),
                (Field::Cccd, cccd),
                (Field::Kind, "vaccination".to_owned()),
                (Field::Product, (*product).to_owned()),
                (Field::Lot, (*lot).to_owned()),
                (Field::Dose, dose.to_string()),
                (Field::TotalDoses, total.to_string()),
                (Field::Date, given_on),
            ] {
                draft.set(field, text);
            }
            let read = draft.read(&reading);
            let read = read.map_err(|findings| anyhow!("{full_name}: {findings:?}"))?;
            entries.push(Entry {
                record: read.record,
                whom: Whom::Same,
                site: site.parse()?,
                upto,
                source: "desk",
                confirmed: true,
                once: None,
                row_key: None,
                row: None,
            });
        }
    }
    for made in issuer.take_all(&actor, entries).await? {
        made.context("the sample")?;
    }
    Ok(())
}
