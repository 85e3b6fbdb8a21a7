//! Sites and their people from a spreadsheet.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use intake::table::{self, Limits, Other};
use service::{people::password, roles::Role as _};
use zeroize::Zeroizing;

use super::{
    NewPlace, Sheet, needs,
    words::{self, Column},
};
use crate::{
    actor::Actor,
    domain::{
        Issuer, Refusal,
        accounts::{self, NewAccount, first_password},
    },
    place::{Level, Place},
    roles::{Role, Roles},
    store::{AccountRow, PlaceRow},
};

/// Each person's password takes 20 ms to hash: a sheet is done within a minute.
const MOST: usize = 3000;

const LIMITS: Limits = Limits {
    bytes: 4 << 20,
    unpacked: 64 << 20,
    rows: MOST + 30,
    columns: 60,
    cell: 1000,
};

impl Issuer {
    /// Sites and the people who work there from one spreadsheet (CSV or XLSX): a site with ten people
    /// works within a minute. All of it or, if anything is wrong, nothing.
    ///
    /// A line has a place, by its path or by its codes, and mostly a person. A line without a place
    /// has that of the line above. A place that is new needs a name; without a level it is a site.
    pub async fn take_sheet(&self, actor: &Actor, file: &[u8]) -> Result<Sheet, Refusal> {
        needs(actor, Role::Administrator)?;
        let bytes = file.to_vec();
        let known = |name: &str| words::column(name).is_some();
        let read = move || table::read_other(&bytes, &LIMITS, &known);
        let read = tokio::task::spawn_blocking(read).await;
        let table = match read {
            Ok(Ok(table)) => table,
            Ok(Err(error)) => return Err(Refusal::Asked(error.to_string())),
            Err(_) => return Err(Refusal::Asked("the file could not be read".into())),
        };
        let mut tx = self.store.read().await?;
        let places = tx.places_within(&actor.place).await?;
        let names = tx.account_names().await?;
        let accounts = tx.accounts_within(&actor.place).await?;
        drop(tx);
        let mut plan = Plan::new(actor, &table, places, accounts, names)?;
        plan.read(&table);
        if !plan.refused.is_empty() {
            plan.refused.sort();
            return Ok(Sheet {
                refused: plan.refused,
                ..Sheet::default()
            });
        }
        let (known, places, people) = (plan.known, plan.new_places, plan.new_people);
        let people: Vec<(NewAccount, Zeroizing<String>, String)> = stream::iter(people)
            .map(|account| async {
                let first = first_password()?;
                let hash = password::hash(&first).await?;
                Ok::<_, Refusal>((account, first, hash))
            })
            .buffered(4)
            .try_collect()
            .await?;
        let added = places.len() + people.len();
        let mut passwords = Vec::new();
        let mut tx = self.store.write().await?;
        for (_, new) in places.values() {
            let row = self.new_place(new)?;
            self.put_place(&mut tx, actor, &row).await?;
        }
        for (account, first, hash) in people {
            self.put_account(&mut tx, actor, &account, &hash).await?;
            passwords.push((account.name, first));
        }
        tx.commit().await?;
        Ok(Sheet {
            added,
            known,
            refused: Vec::new(),
            passwords,
        })
    }
}

/// What a sheet would add.
struct Plan<'a> {
    actor: &'a Actor,
    vietnamese: bool,
    columns: Vec<(usize, Column)>,
    places: HashMap<String, PlaceRow>,
    site_codes: HashSet<String>,
    accounts: Vec<AccountRow>,
    names: HashSet<String>,
    new_places: BTreeMap<Place, (u64, NewPlace)>,
    new_people: Vec<NewAccount>,
    known: usize,
    refused: Vec<(u64, String)>,
}

impl<'a> Plan<'a> {
    fn new(
        actor: &'a Actor,
        table: &Other,
        places: Vec<PlaceRow>,
        accounts: Vec<AccountRow>,
        names: Vec<String>,
    ) -> Result<Plan<'a>, Refusal> {
        let columns = table.header.iter().enumerate();
        let columns = columns.filter_map(|(at, name)| Some((at, words::column(name)?)));
        let columns: Vec<_> = columns.collect();
        for (index, (_, column)) in columns.iter().enumerate() {
            if columns.iter().take(index).any(|(_, there)| there == column) {
                let why = "a column is there twice: leave one of them out".to_owned();
                return Err(Refusal::Asked(why));
            }
        }
        let site_codes = places.iter().filter(|place| place.level == "site");
        let site_codes = site_codes.map(|place| place.code.clone()).collect();
        Ok(Plan {
            actor,
            vietnamese: words::is_vietnamese(&table.header),
            columns,
            site_codes,
            places: places
                .into_iter()
                .map(|row| (row.path.clone(), row))
                .collect(),
            accounts,
            names: names.into_iter().collect(),
            new_places: BTreeMap::new(),
            new_people: Vec::new(),
            known: 0,
            refused: Vec::new(),
        })
    }

    fn refuse(&mut self, line: u64, vi: &str, en: &str) {
        let text = if self.vietnamese { vi } else { en };
        self.refused.push((line, text.to_owned()));
    }

    fn read(&mut self, table: &Other) {
        let mut above: Option<Place> = None;
        // Places first, so that a person may stand above the place.
        let mut people = Vec::new();
        for (line, cells) in &table.rows {
            let place = match self.place_of(*line, cells) {
                Ok(Some(place)) => place,
                Ok(None) => match above.clone() {
                    Some(place) => place,
                    None => {
                        self.refuse(
                            *line,
                            "Thiếu mã cơ sở: ghi đường dẫn như VN/79/26734/BN1, hoặc mã tỉnh, mã \
                             xã, mã cơ sở.",
                            "No place: write its path as VN/79/26734/BN1, or its codes.",
                        );
                        continue;
                    }
                },
                Err(()) => continue,
            };
            above = Some(place.clone());
            self.take_place(*line, cells, &place);
            if [Column::FullName, Column::SignIn, Column::Roles]
                .iter()
                .any(|column| !self.cell(cells, *column).is_empty())
            {
                people.push((*line, cells, place));
            }
        }
        self.check_places();
        for (line, cells, place) in people {
            self.take_person(line, cells, &place);
        }
    }

    fn cell<'c>(&self, cells: &'c [String], column: Column) -> &'c str {
        let mut columns = self.columns.iter();
        let at = columns.find(|(_, there)| *there == column);
        let cell = at.and_then(|(at, _)| cells.get(*at));
        cell.map_or("", |cell| cell.as_str())
    }

    /// The place of a line; none when nothing is said of it.
    fn place_of(&mut self, line: u64, cells: &[String]) -> Result<Option<Place>, ()> {
        let path = self.cell(cells, Column::Path);
        let codes = [
            Column::Province,
            Column::District,
            Column::Commune,
            Column::Site,
        ];
        let codes = codes.map(|column| self.cell(cells, column));
        let path = match (path.is_empty(), codes.iter().all(|code| code.is_empty())) {
            (true, true) => return Ok(None),
            (false, _) => path.to_owned(),
            (true, false) => {
                let own = self.actor.place.as_str();
                let country = own.split('/').next().unwrap_or_default();
                let codes = codes.into_iter().filter(|code| !code.is_empty());
                let all: Vec<&str> = std::iter::once(country).chain(codes).collect();
                all.join("/")
            }
        };
        match path.parse::<Place>() {
            Ok(place) if self.actor.sees(&place) => Ok(Some(place)),
            Ok(place) => {
                let own = &self.actor.place;
                let vi = format!("{place} nằm ngoài {own}, nơi bạn quản trị.");
                let en = format!("{place} lies outside {own}, which is yours.");
                self.refuse(line, &vi, &en);
                Err(())
            }
            Err(_) => {
                let vi = format!(
                    "Mã `{path}` không đúng: chỉ dùng chữ hoa A-Z, số và - _ . như VN/79/26734/BN1."
                );
                let en = format!(
                    "`{path}` is no place: capital letters A-Z, digits and - _ . as in \
                     VN/79/26734/BN1."
                );
                self.refuse(line, &vi, &en);
                Err(())
            }
        }
    }

    fn take_place(&mut self, line: u64, cells: &[String], place: &Place) {
        let name = intake::tidy(self.cell(cells, Column::Name));
        let name_en = self.cell(cells, Column::NameEn).to_owned();
        if let Some(there) = self.places.get(place.as_str()) {
            if !name.is_empty() && there.name != name {
                let vi = format!(
                    "{place} đã có với tên khác: {}. Sửa tên trên trang của cơ sở.",
                    there.name
                );
                let en = format!(
                    "{place} is there with another name: {}. Change it on its page.",
                    there.name
                );
                self.refuse(line, &vi, &en);
            } else if !name.is_empty() {
                self.known += 1;
            }
            return;
        }
        if let Some((first, new)) = self.new_places.get(place) {
            if !name.is_empty() && new.name != name {
                let vi = format!("{place} có tên khác ở dòng {first}.");
                let en = format!("{place} has another name in line {first}.");
                self.refuse(line, &vi, &en);
            }
            return;
        }
        let level = self.cell(cells, Column::Level);
        let level = match level.is_empty() {
            // Of codes in columns of their own, the last one says what it is.
            true => Some(self.level_of_columns(cells)),
            false => words::level(level),
        };
        let one_step = words::yes(self.cell(cells, Column::OneStep));
        let Some(level) = level else {
            let (vi, en) = (
                "Cấp không đúng: ghi tỉnh, huyện, xã hoặc cơ sở.",
                "No such level: write province, district, commune or site.",
            );
            return self.refuse(line, vi, en);
        };
        let Some(one_step) = one_step else {
            return self.refuse(
                line,
                "Một bước: ghi có hoặc không.",
                "One step: write yes or no.",
            );
        };
        let new = NewPlace {
            place: place.clone(),
            level,
            name,
            name_en,
            one_step,
        };
        if super::names(&new.name, &new.name_en).is_err() {
            let vi = format!("{place} chưa có: ghi tên của nó, từ 1 đến 80 chữ.");
            let en = format!("{place} is new: write its name, 1 to 80 characters.");
            return self.refuse(line, &vi, &en);
        }
        self.new_places.insert(place.clone(), (line, new));
    }

    fn level_of_columns(&self, cells: &[String]) -> Level {
        let given = |column| !self.cell(cells, column).is_empty();
        if !self.cell(cells, Column::Path).is_empty() || given(Column::Site) {
            return Level::Site;
        }
        match (given(Column::Commune), given(Column::District)) {
            (true, _) => Level::Commune,
            (false, true) => Level::District,
            (false, false) => Level::Province,
        }
    }

    /// Each new place lies in one that is there or new too, of a higher level; no site's code is there
    /// twice.
    fn check_places(&mut self) {
        let mut wrong = Vec::new();
        let mut codes: HashSet<&str> = self.site_codes.iter().map(String::as_str).collect();
        for (place, (line, new)) in &self.new_places {
            let parent = place.parent();
            let level = parent.as_ref().and_then(|parent| {
                let there = self.places.get(parent.as_str());
                let there = there.and_then(|row| Level::of(&row.level));
                there.or_else(|| Some(self.new_places.get(parent)?.1.level))
            });
            let shown = parent.map_or_else(String::new, |parent| parent.to_string());
            match level {
                None => wrong.push((
                    *line,
                    format!("Chưa có {shown}: thêm nó trước, hoặc trong cùng tệp."),
                    format!("There is no {shown}: add it first, or in the same file."),
                )),
                Some(level) if level >= new.level => wrong.push((
                    *line,
                    format!("{place} không thể nằm trong {shown}: cấp của nó không thấp hơn."),
                    format!("{place} can't lie in {shown}: its level is not below."),
                )),
                Some(_) => {}
            }
            if new.level == Level::Site && !codes.insert(place.code()) {
                wrong.push((
                    *line,
                    format!("Mã cơ sở {} đã có ở nơi khác.", place.code()),
                    format!("There is a site of the code {} already.", place.code()),
                ));
            }
        }
        for (line, vi, en) in wrong {
            self.refuse(line, &vi, &en);
        }
    }

    fn take_person(&mut self, line: u64, cells: &[String], place: &Place) {
        let full_name = intake::tidy(self.cell(cells, Column::FullName));
        let given = self.cell(cells, Column::SignIn).to_lowercase();
        let roles = match words::roles(self.cell(cells, Column::Roles)) {
            Ok(roles) if !roles.is_empty() => Roles::of(roles),
            Ok(_) => {
                let (vi, en) = (
                    "Thiếu vai trò: nhập liệu, phê duyệt, cấp chứng nhận, quản trị hoặc kiểm tra.",
                    "No role: clerk, officer, authority, administrator or auditor.",
                );
                return self.refuse(line, vi, en);
            }
            Err(word) => {
                let all: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
                let vi =
                    format!("Không có vai trò `{word}`: có nhập liệu, phê duyệt, quản trị ...");
                let en = format!("`{word}` is no role: there are {}.", all.join(", "));
                return self.refuse(line, &vi, &en);
            }
        };
        let same = |account: &&AccountRow| match given.is_empty() {
            true => account.full_name == full_name && account.place == place.as_str(),
            false => account.name == given,
        };
        if let Some(there) = self.accounts.iter().find(same) {
            let just_so = there.full_name == full_name
                && there.place == place.as_str()
                && there.roles == roles.to_string();
            if just_so {
                self.known += 1;
                return;
            }
            let vi = format!(
                "Tài khoản {} đã có, với nơi làm việc hoặc vai trò khác: sửa trên trang tài khoản.",
                there.name
            );
            let en = format!(
                "The account {} is there, with another place, name or roles: change it on its page.",
                there.name
            );
            return self.refuse(line, &vi, &en);
        }
        let name = match given.is_empty() {
            true => accounts::name_for(&full_name, |name| self.names.contains(name)),
            false => given,
        };
        let level = self.places.get(place.as_str());
        let level = level.and_then(|row| Level::of(&row.level));
        let level = level.or_else(|| Some(self.new_places.get(place)?.1.level));
        let account = NewAccount {
            name,
            full_name,
            roles,
            place: place.clone(),
        };
        if let Err(refusal) = account.check(self.actor, level) {
            let why = refusal.to_string();
            return self.refuse(line, &why, &why);
        }
        if !self.names.insert(account.name.clone()) {
            let vi = format!("Tên đăng nhập {} đã có người dùng.", account.name);
            let en = format!("The sign-in name {} is in use.", account.name);
            return self.refuse(line, &vi, &en);
        }
        self.new_people.push(account);
    }
}
