//! Which column is which field.

use std::{collections::HashMap, sync::LazyLock};

use ::csv::StringRecord;

use super::{TableError, unguard};
use crate::{field::Field, plain::plain};

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A field of the report.
    Field(Field),
    /// A column that a report of ours added, and is not read.
    Ours,
    /// Another column, which is kept and not read.
    Other,
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    line: u64,
    names: Vec<String>,
    columns: Vec<Column>,
}

/// Names of the columns that a report adds.
pub(super) const KEY: &str = "hcert_key";
pub(super) const LINE: &str = "hcert_line";
pub(super) const ERRORS: &str = "hcert_errors";

impl Header {
    pub(crate) fn of(line: u64, cells: &StringRecord) -> Header {
        let names: Vec<String> = cells
            .iter()
            .map(|cell| unguard(cell).trim().to_owned())
            .collect();
        Header {
            line,
            columns: names.iter().map(|name| column(name)).collect(),
            names,
        }
    }

    /// The line it stands on.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The names of the columns, as they are.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What the columns are, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The names of columns that were not recognised.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        let pairs = self.names.iter().zip(&self.columns);
        pairs
            .filter(|(name, column)| **column == Column::Other && !name.is_empty())
            .map(|(name, _)| name.as_str())
    }

    /// The index of the column for a field; where the sender has it in another, of that: a finding
    /// about the family name belongs to the column with the full name.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        let at = |field| {
            self.columns
                .iter()
                .position(|column| *column == Column::Field(field))
        };
        at(field).or_else(|| match field {
            Field::FamilyName
            | Field::GivenNames
            | Field::PassportFamily
            | Field::PassportGiven => at(Field::FullName),
            Field::FullName => at(Field::FamilyName).or_else(|| at(Field::GivenNames)),
            Field::Cccd | Field::Cmnd | Field::Passport | Field::Bhyt => at(Field::Identity),
            Field::TotalDoses => at(Field::Dose),
            _ => None,
        })
    }

    /// How many fields are recognised, each counted once.
    pub(super) fn score(&self) -> usize {
        let mut fields: Vec<Field> = self.fields().collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }

    fn fields(&self) -> impl Iterator<Item = Field> {
        self.columns.iter().filter_map(|column| match column {
            Column::Field(field) => Some(*field),
            _ => None,
        })
    }

    /// That no field has two columns, and that there is a person and an event.
    pub(super) fn check(&self) -> Result<(), TableError> {
        for (at, column) in self.columns.iter().enumerate() {
            let Column::Field(field) = *column else {
                continue;
            };
            let before = self
                .columns
                .iter()
                .take(at)
                .position(|other| other == column);
            if let Some(before) = before {
                let name = |at: usize| self.names.get(at).cloned().unwrap_or_default();
                return Err(TableError::ColumnTwice {
                    field,
                    first: name(before),
                    second: name(at),
                });
            }
        }
        let has = |field: Field| self.fields().any(|other| other == field);
        let mut fields = Vec::new();
        let name = [
            Field::FullName,
            Field::FamilyName,
            Field::GivenNames,
            Field::PassportFamily,
        ];
        if !name.into_iter().any(has) {
            fields.push(Field::FullName);
        }
        if !has(Field::BirthDate) {
            fields.push(Field::BirthDate);
        }
        // Without the first of its kind, no event of it can be told.
        let events = [
            (Field::Product, vec![Field::Dose, Field::Date]),
            (Field::Result, vec![Field::TestType, Field::SampledAt]),
            (Field::FirstPositive, vec![]),
        ];
        let kinds: Vec<_> = events.iter().filter(|(first, _)| has(*first)).collect();
        if kinds.is_empty() {
            fields.push(Field::Product);
        }
        for (_, rest) in kinds {
            fields.extend(rest.iter().copied().filter(|field| !has(*field)));
        }
        if fields.is_empty() {
            Ok(())
        } else {
            Err(TableError::MissingColumns { fields })
        }
    }
}

/// The best header among the first rows, with its index; it has a name and two fields at least.
pub(super) fn find<'a>(
    rows: impl Iterator<Item = (u64, &'a StringRecord)>,
) -> Option<(usize, Header)> {
    let mut best: Option<(usize, Header)> = None;
    for (at, (line, cells)) in rows.enumerate() {
        let header = Header::of(line, cells);
        let score = header.score();
        if score > 2 && best.as_ref().is_none_or(|(_, best)| best.score() < score) {
            best = Some((at, header));
        }
    }
    best
}

fn column(name: &str) -> Column {
    /// No name of a column is longer.
    const LONGEST: usize = 200;
    if name.is_empty() || name.len() > LONGEST {
        return Column::Other;
    }
    if name == KEY {
        return Column::Field(Field::Key);
    }
    if name == LINE || name == ERRORS {
        return Column::Ours;
    }
    let known = |text: &str| NAMES.get(plain(text).as_str()).copied();
    // Also without what stands in brackets: `Ngày sinh (dd/mm/yyyy) *`.
    known(name)
        .or_else(|| known(&without_brackets(name)))
        .map_or(Column::Other, Column::Field)
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in name.chars() {
        match c {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

static NAMES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
    let own = Field::ALL.iter().map(|field| (plain(field.id()), *field));
    let others = ALIASES
        .iter()
        .flat_map(|(field, names)| names.split(';').map(|name| (plain(name), *field)));
    own.chain(others).collect()
});

const ALIASES: [(Field, &str); 35] = [
    (
        Field::Key,
        "khóa;mã dòng;row key;idempotency key;mã bản ghi;record id",
    ),
    (
        Field::FullName,
        "họ và tên;họ tên;họ & tên;họ, tên đệm và tên;họ chữ đệm và tên;họ và tên người tiêm;họ tên người tiêm;tên bệnh nhân;họ tên bệnh nhân;họ tên đối tượng;tên đối tượng;name;patient name;full name of person;ho ten day du;tên đầy đủ",
    ),
    (Field::FamilyName, "họ;surname;last name;family;fn"),
    (
        Field::GivenNames,
        "tên;tên đệm và tên;đệm và tên;chữ đệm và tên;given name;first name;forename;first names;gn",
    ),
    (
        Field::PassportFamily,
        "họ trên hộ chiếu;họ không dấu;fnt;surname in passport",
    ),
    (
        Field::PassportGiven,
        "tên trên hộ chiếu;tên không dấu;gnt;given names in passport",
    ),
    (
        Field::BirthDate,
        "ngày sinh;ngày tháng năm sinh;năm sinh;sinh ngày;ns;dob;date of birth;birthday;birthdate;birth;year of birth",
    ),
    (Field::Sex, "giới tính;phái;gender;gt"),
    (Field::Nationality, "quốc tịch;citizenship"),
    (
        Field::Identity,
        "cmnd/cccd;cccd/cmnd;số cmnd/cccd;số cccd/cmnd;cmnd/cccd/hộ chiếu;cccd/cmnd/hộ chiếu;số cmnd/cccd/hc;cmt/cccd;số giấy tờ;giấy tờ tùy thân;số định danh/hộ chiếu;id number;identity number;id card;identity document;số cccd/cmnd/hộ chiếu;số cmt/cccd/hộ chiếu;cccd/hộ chiếu",
    ),
    (
        Field::Cccd,
        "số cccd;căn cước công dân;căn cước;số căn cước;số căn cước công dân;số định danh;số định danh cá nhân;mã định danh;citizen id;personal number;national id",
    ),
    (
        Field::Cmnd,
        "số cmnd;chứng minh nhân dân;số chứng minh nhân dân;cmt;số cmt;old id",
    ),
    (
        Field::Passport,
        "hộ chiếu;số hộ chiếu;passport number;passport no",
    ),
    (
        Field::Bhyt,
        "số bhyt;thẻ bhyt;mã thẻ bhyt;số thẻ bhyt;mã bhyt;bảo hiểm y tế;số thẻ bảo hiểm y tế;mã số bhxh;số bhxh;mã bhxh;health insurance;health insurance number",
    ),
    (Field::Kind, "loại;loại sự kiện;event;event type;type"),
    (
        Field::Disease,
        "bệnh;tên bệnh;bệnh phòng ngừa;phòng bệnh;target disease;tg",
    ),
    (
        Field::Prophylaxis,
        "loại vắc xin;loại vaccine;loại vacxin;công nghệ;vaccine type;prophylaxis;vp",
    ),
    (
        Field::Product,
        "vắc xin;vaccine;vacxin;tên vắc xin;tên vaccine;tên vacxin;sản phẩm;vaccine name;vaccine product;product name;mp;vắc xin mũi tiêm",
    ),
    (
        Field::Manufacturer,
        "nhà sản xuất;hãng sản xuất;nơi sản xuất;nhà cung cấp;hãng;ma",
    ),
    (
        Field::Lot,
        "số lô;lô;lô vắc xin;lô vaccine;số lô vắc xin;lô sản xuất;lot number;batch;batch number;lot no",
    ),
    (
        Field::Dose,
        "mũi;mũi số;mũi tiêm;mũi tiêm số;mũi thứ;liều;liều số;liều thứ;thứ tự mũi tiêm;dose number;dose no;dn",
    ),
    (
        Field::TotalDoses,
        "tổng số mũi;số mũi của liệu trình;tổng liều;tổng số liều;series doses;doses in series;sd",
    ),
    (
        Field::Date,
        "ngày tiêm;ngày tiêm chủng;ngày tiêm vắc xin;date of vaccination;vaccination date;date given;dt",
    ),
    (
        Field::Site,
        "cơ sở;mã cơ sở;cơ sở tiêm;cơ sở tiêm chủng;mã cơ sở tiêm;mã điểm tiêm;điểm tiêm;nơi tiêm;site code;facility;facility code;mã cơ sở xét nghiệm;nơi lấy mẫu",
    ),
    (
        Field::GivenBy,
        "người tiêm;cán bộ tiêm;người thực hiện;nhân viên tiêm;vaccinator;administered by",
    ),
    (
        Field::Country,
        "nước;quốc gia;country of vaccination;country of test;co",
    ),
    (
        Field::TestType,
        "loại xét nghiệm;phương pháp;phương pháp xét nghiệm;kỹ thuật xét nghiệm;type of test;test method;tt",
    ),
    (
        Field::TestName,
        "tên xét nghiệm;tên sinh phẩm;sinh phẩm;tên kit;kit;nm",
    ),
    (
        Field::TestDevice,
        "thiết bị;thiết bị xét nghiệm;mã sinh phẩm;bộ xét nghiệm nhanh;device;device code;test kit code",
    ),
    (
        Field::SampledAt,
        "ngày lấy mẫu;thời gian lấy mẫu;ngày giờ lấy mẫu;giờ lấy mẫu;sample time;sample date;sampling time;collected at;date of sample;sc",
    ),
    (
        Field::Result,
        "kết quả;kết quả xét nghiệm;kq;test result;tr",
    ),
    (
        Field::Tube,
        "mã ống;ống;số ống;mã mẫu;mã ống mẫu;mã mẫu gộp;mã vạch ống;tube id;sample id;pool;pool id",
    ),
    (
        Field::FirstPositive,
        "ngày dương tính;ngày dương tính đầu tiên;ngày mắc;first positive test;date of first positive test;fr",
    ),
    (
        Field::ValidFrom,
        "hiệu lực từ;có giá trị từ;valid from date;df",
    ),
    (
        Field::ValidUntil,
        "hiệu lực đến;có giá trị đến;valid until date;valid to;du",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        for (name, want) in [
            ("Họ và tên", Some(Field::FullName)),
            ("HỌ VÀ TÊN (*)", Some(Field::FullName)),
            ("Ngày sinh\n(dd/mm/yyyy)", Some(Field::BirthDate)),
            ("ngay sinh", Some(Field::BirthDate)),
            ("Date of birth", Some(Field::BirthDate)),
            ("Số CMND/CCCD", Some(Field::Identity)),
            ("CMND/CCCD (nếu có)", Some(Field::Identity)),
            ("full_name", Some(Field::FullName)),
            ("Mũi tiêm", Some(Field::Dose)),
            ("Tên vắc xin", Some(Field::Product)),
            ("hcert_key", Some(Field::Key)),
            ("STT", None),
            ("", None),
            ("Ghi chú", None),
        ] {
            let want = want.map_or(Column::Other, Column::Field);
            assert_eq!(column(name), want, "{name}");
        }
        assert_eq!(column("hcert_errors"), Column::Ours);
    }

    #[test]
    fn no_name_stands_for_two() {
        let mut seen: HashMap<String, Field> = HashMap::new();
        for (field, names) in ALIASES {
            for name in names.split(';').chain([field.id()]) {
                let before = seen.insert(plain(name), field);
                assert!(
                    before.is_none_or(|before| before == field),
                    "{name}: {before:?} and {field:?}"
                );
            }
        }
    }
}
