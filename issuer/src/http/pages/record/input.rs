//! The boxes of the form.

use std::collections::BTreeMap;

use hcert::value_set::Kind;
use intake::{codes::Catalogue, field::Field, finding::Finding};
use service::language::Tongue;

use crate::{
    http::pages::{
        typed::{Typed, box_of},
        words,
    },
    store::DeliveryRow,
};

/// One box.
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: String,
    pub(crate) help: &'static str,
    pub(crate) error: Option<String>,
    /// To choose from: groups of code and words. Empty for a box to type in.
    pub(crate) options: Vec<Group>,
    /// Proposals for a box to type in.
    pub(crate) list: Vec<String>,
    pub(crate) focus: bool,
    pub(crate) digits: bool,
    pub(crate) wide: bool,
}

/// Options that belong together.
pub(crate) struct Group {
    pub(crate) label: &'static str,
    pub(crate) options: Vec<(String, String)>,
}

/// What the boxes are filled and marked with.
pub(crate) struct Boxes<'a> {
    pub(crate) t: Tongue,
    pub(crate) typed: &'a Typed,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) deliveries: &'a [DeliveryRow],
    pub(crate) findings: &'a [Finding],
}

impl Boxes<'_> {
    /// The boxes for the person, and those that are seldom needed.
    pub(crate) fn person(&self) -> (Vec<Input>, Vec<Input>) {
        let t = self.t;
        let mut family = self.input(Field::FamilyName);
        family.help = t.say("Nguyễn", "Nguyễn");
        let mut given = self.input(Field::GivenNames);
        given.help = t.say("Thị Ánh Tuyết", "Thị Ánh Tuyết");
        given.wide = true;
        let mut birth = self.input(Field::BirthDate);
        birth.help = t.say(
            "26/02/1998; chỉ biết năm: 1998",
            "26/02/1998; year only: 1998",
        );
        birth.digits = true;
        let mut sex = self.input(Field::Sex);
        sex.options = vec![Group {
            label: "",
            options: vec![
                (String::new(), t.say("không ghi", "not said").into()),
                ("male".into(), t.say("Nam", "Male").into()),
                ("female".into(), t.say("Nữ", "Female").into()),
                ("other".into(), t.say("Khác", "Other").into()),
            ],
        }];
        let mut main = vec![family, given, birth, sex];
        let has = |field: &Field| !self.typed.get(*field).is_empty();
        let known: Vec<Field> = [Field::Cccd, Field::Cmnd, Field::Passport]
            .into_iter()
            .filter(has)
            .collect();
        if known.is_empty() {
            let mut identity = self.input(Field::Identity);
            identity.help = t.say(
                "CCCD, CMND, hộ chiếu; trẻ em: để trống",
                "Citizen card or passport; a child: empty",
            );
            main.push(identity);
        }
        main.extend(known.iter().map(|field| self.input(*field)));
        let mut bhyt = self.input(Field::Bhyt);
        bhyt.help = t.say("Có thể để trống", "May be empty");
        main.push(bhyt);
        let mut seldom = vec![
            self.input(Field::PassportFamily),
            self.input(Field::PassportGiven),
        ];
        let mut nationality = self.input(Field::Nationality);
        nationality.help = t.say("VN, US, FR…", "VN, US, FR…");
        seldom.push(nationality);
        (main, seldom)
    }

    /// The boxes for the event, and those that are seldom needed.
    pub(crate) fn event(&self, kind: &str) -> (Vec<Input>, Vec<Input>) {
        match kind {
            "test" => self.test(),
            "recovery" => self.recovery(),
            _ => self.vaccination(),
        }
    }

    fn vaccination(&self) -> (Vec<Input>, Vec<Input>) {
        let t = self.t;
        let mut product = self.input(Field::Product);
        product.options = self.products();
        product.wide = true;
        let mut lot = self.input(Field::Lot);
        lot.list = self.lots();
        let mut dose = self.input(Field::Dose);
        dose.help = t.say("1, 2, 3 hoặc 2/2", "1, 2, 3 or 2/2");
        let mut date = self.input(Field::Date);
        date.help = t.say("26/02/2026", "26/02/2026");
        date.digits = true;
        let by = self.input(Field::GivenBy);
        (vec![product, lot, dose, date, by], vec![])
    }

    fn test(&self) -> (Vec<Input>, Vec<Input>) {
        let t = self.t;
        let mut test_type = self.input(Field::TestType);
        test_type.options = vec![self.set(Kind::TestType)];
        let mut result = self.input(Field::Result);
        result.options = vec![self.set(Kind::TestResult)];
        let mut sampled = self.input(Field::SampledAt);
        sampled.help = "28/11/2026 14:30";
        let mut name = self.input(Field::TestName);
        name.help = t.say(
            "Cho xét nghiệm PCR: tên bộ xét nghiệm",
            "For a PCR test: what it is called",
        );
        let mut device = self.input(Field::TestDevice);
        device.options = vec![self.set(Kind::TestDevice)];
        device.wide = true;
        let tube = self.input(Field::Tube);
        (vec![test_type, name, device, sampled, result, tube], vec![])
    }

    fn recovery(&self) -> (Vec<Input>, Vec<Input>) {
        let t = self.t;
        let mut first = self.input(Field::FirstPositive);
        first.help = t.say(
            "Ngày có kết quả dương tính đầu tiên: 26/02/2026",
            "The day of the first positive result: 26/02/2026",
        );
        first.digits = true;
        let mut from = self.input(Field::ValidFrom);
        from.help = t.say("Để trống: 11 ngày sau", "Empty: 11 days later");
        let mut until = self.input(Field::ValidUntil);
        until.help = t.say("Để trống: 180 ngày sau", "Empty: 180 days later");
        (vec![first], vec![from, until])
    }

    fn input(&self, field: Field) -> Input {
        let words = words::intake(self.t);
        Input {
            name: field.id(),
            label: words.field(field),
            value: self.typed.get(field).to_owned(),
            help: "",
            error: None,
            options: vec![],
            list: vec![],
            focus: false,
            digits: false,
            wide: false,
        }
    }

    /// Those delivered here first.
    fn products(&self) -> Vec<Group> {
        let sets = self.catalogue.sets();
        let mut here: BTreeMap<String, String> = BTreeMap::new();
        for delivery in self.deliveries {
            let name = product_name(self.catalogue, &delivery.product);
            here.insert(name, delivery.product.clone());
        }
        let mut others: BTreeMap<String, String> = sets
            .entries(Kind::Product)
            .filter(|entry| entry.active)
            .map(|entry| {
                (
                    product_name(self.catalogue, entry.code),
                    entry.code.to_owned(),
                )
            })
            .collect();
        others.retain(|name, _| !here.contains_key(name));
        let group = |label, all: BTreeMap<String, String>| Group {
            label,
            options: all.into_iter().map(|(name, code)| (code, name)).collect(),
        };
        let mut groups = vec![Group {
            label: "",
            options: vec![(String::new(), self.t.say("chọn vắc xin", "choose").into())],
        }];
        if !here.is_empty() {
            groups.push(group(
                self.t.say("Đã giao cho cơ sở", "Delivered here"),
                here,
            ));
        }
        groups.push(group(self.t.say("Vắc xin khác", "Others"), others));
        groups
    }

    fn lots(&self) -> Vec<String> {
        let product = self.typed.get(Field::Product);
        let lots = self.deliveries.iter();
        lots.filter(|delivery| product.is_empty() || delivery.product == product)
            .map(|delivery| delivery.lot.clone())
            .collect()
    }

    fn set(&self, kind: Kind) -> Group {
        let t = self.t;
        let mut options: Vec<(String, String)> = self
            .catalogue
            .sets()
            .entries(kind)
            .filter(|entry| entry.active)
            .map(|entry| {
                (
                    entry.code.to_owned(),
                    display(t, kind, entry.code, entry.display),
                )
            })
            .collect();
        options.sort_by(|a, b| a.1.cmp(&b.1));
        options.insert(0, (String::new(), t.say("chọn", "choose").into()));
        Group { label: "", options }
    }

    /// Marks the boxes with what is wrong, and says it all for the top of the page.
    pub(crate) fn mark(&self, inputs: &mut [&mut Vec<Input>]) -> Vec<(&'static str, String)> {
        let words = words::intake(self.t);
        let there: Vec<Field> = Field::ALL
            .into_iter()
            .filter(|field| {
                inputs
                    .iter()
                    .any(|all| all.iter().any(|input| input.name == field.id()))
            })
            .collect();
        let mut summary = Vec::new();
        for finding in self.findings {
            let field = box_of(finding, &there);
            let said = format!("{} {}", words.what(finding), words.remedy(finding));
            summary.push((
                field.id(),
                format!("{}: {said}", words.field(finding.field())),
            ));
            let all = inputs.iter_mut().flat_map(|all| all.iter_mut());
            for input in all.filter(|input| input.name == field.id()) {
                let error = input.error.get_or_insert_default();
                if !error.is_empty() {
                    error.push(' ');
                }
                error.push_str(&said);
            }
        }
        summary
    }
}

/// What a product is called where people work: its first common name.
pub(crate) fn product_name(catalogue: &Catalogue, code: &str) -> String {
    let product = catalogue.product(code).ok();
    let facts = product
        .as_ref()
        .and_then(|product| catalogue.facts(product));
    let common = facts.and_then(|facts| facts.names.first());
    let display = catalogue
        .sets()
        .display(Kind::Product, code)
        .unwrap_or(code);
    match common {
        Some(common) if display != common && display != code => format!("{display} ({common})"),
        _ => display.to_owned(),
    }
}

/// A code in words.
pub(crate) fn display(t: Tongue, kind: Kind, code: &str, english: &str) -> String {
    match (kind, code) {
        (Kind::TestType, "LP6464-4") => t.say("PCR (sinh học phân tử)", "PCR (nucleic acid)"),
        (Kind::TestType, "LP217198-3") => {
            t.say("Xét nghiệm nhanh kháng nguyên", "Rapid antigen test")
        }
        (Kind::TestResult, "260415000") => t.say("Âm tính", "Negative"),
        (Kind::TestResult, "260373001") => t.say("Dương tính", "Positive"),
        _ => english,
    }
    .to_owned()
}
