//! From resources to drafts.

use super::{
    Issue, Paths, What, codes, day_of,
    resource::{CodeableConcept, Identifier, Immunization, Observation, Patient, Reference},
};
use crate::{
    codes::Catalogue,
    draft::Draft,
    field::Field,
    finding::{Finding, Problem},
};

/// A draft on its way, with the element of each field.
pub(super) struct Filled {
    pub(super) draft: Draft<'static>,
    pub(super) paths: Paths,
    pub(super) issues: Vec<Issue>,
    /// Fields of which something was said, so that their absence is not said as well.
    pub(super) said: Vec<Field>,
    person: Option<String>,
}

impl Filled {
    pub(super) fn new() -> Filled {
        Filled {
            draft: Draft::default(),
            paths: Vec::new(),
            issues: Vec::new(),
            said: Vec::new(),
            person: None,
        }
    }

    fn set(&mut self, field: Field, text: impl Into<String>, path: String) {
        self.draft.set(field, text.into());
        self.paths.push((field, path));
    }

    fn fail(&mut self, path: String, what: What) {
        self.issues.push(Issue { path, what });
    }

    /// The element of a field, or the resource.
    pub(super) fn path(&self, field: Field, resource: &str) -> String {
        let at = |field| {
            self.paths
                .iter()
                .find(|(other, _)| *other == field)
                .map(|(_, path)| path.clone())
        };
        at(field)
            .or_else(|| match field {
                Field::FamilyName | Field::GivenNames => at(Field::FullName),
                Field::FullName => at(Field::FamilyName),
                _ => None,
            })
            .unwrap_or_else(|| {
                let of_person = matches!(
                    field,
                    Field::FullName | Field::FamilyName | Field::GivenNames | Field::BirthDate
                );
                let resource = self
                    .person
                    .as_deref()
                    .filter(|_| of_person)
                    .unwrap_or(resource);
                format!("{resource}{}", default_element(field))
            })
    }

    pub(super) fn patient(&mut self, patient: &Patient, path: &str) {
        self.refuse_modifiers(patient.modifier_extension.is_some(), path);
        self.person = Some(path.to_owned());
        // The official name, else one that is not old.
        let usable = |usage: Option<&str>| {
            usage != Some("old") && usage != Some("nickname") && usage != Some("anonymous")
        };
        let names = patient.name.iter().enumerate();
        let official = names
            .clone()
            .find(|(_, name)| name.usage.as_deref() == Some("official"));
        if let Some((at, name)) = official.or_else(|| {
            names
                .clone()
                .find(|(_, name)| usable(name.usage.as_deref()))
        }) {
            let path = format!("{path}.name[{at}]");
            if let Some(family) = &name.family {
                self.set(Field::FamilyName, family, format!("{path}.family"));
            }
            if !name.given.is_empty() {
                self.set(
                    Field::GivenNames,
                    name.given.join(" "),
                    format!("{path}.given"),
                );
            }
            if let (None, true, Some(text)) = (&name.family, name.given.is_empty(), &name.text) {
                self.set(Field::FullName, text, format!("{path}.text"));
            }
        }
        if let Some(birth) = &patient.birth_date {
            self.day(Field::BirthDate, birth, format!("{path}.birthDate"));
        }
        match patient.gender.as_deref() {
            None | Some("unknown") => {}
            Some(gender @ ("male" | "female" | "other")) => {
                self.set(Field::Sex, gender, format!("{path}.gender"));
            }
            Some(_) => self.fail(format!("{path}.gender"), What::Structure),
        }
        for (at, identifier) in patient.identifier.iter().enumerate() {
            if let (Some(field), Some(value)) = (document(identifier), &identifier.value) {
                self.set(field, value, format!("{path}.identifier[{at}].value"));
            }
        }
        for (at, extension) in patient.extension.iter().enumerate() {
            if extension.url != "http://hl7.org/fhir/StructureDefinition/patient-nationality" {
                continue;
            }
            let inner = extension.extension.iter().find(|inner| inner.url == "code");
            let concept = inner.and_then(|inner| inner.value_codeable_concept.as_ref());
            let code = concept.and_then(|concept| codes::first_known(concept, |_| true));
            if let Some(code) = code {
                self.set(Field::Nationality, code, format!("{path}.extension[{at}]"));
            }
        }
    }

    pub(super) fn immunization(
        &mut self,
        immunization: &Immunization,
        catalogue: &Catalogue,
        path: &str,
    ) {
        self.refuse_modifiers(immunization.modifier_extension.is_some(), path);
        if immunization.status.as_deref() != Some("completed") {
            self.fail(format!("{path}.status"), What::Status);
        }
        self.key(&immunization.identifier, path);
        let concept = &immunization.vaccine_code;
        let element = format!("{path}.vaccineCode");
        let product = codes::product(catalogue, concept)
            .or_else(|| codes::product_by_name(catalogue, concept));
        match product {
            Some(product) => self.set(Field::Product, product, element.clone()),
            None => {
                self.said.push(Field::Product);
                self.fail(
                    element.clone(),
                    What::Code {
                        found: codes::found(concept),
                    },
                );
            }
        }
        if let Some(kind) = codes::prophylaxis(catalogue, concept) {
            self.set(Field::Prophylaxis, kind, element);
        }
        match &immunization.occurrence_date_time {
            Some(date) => self.day(Field::Date, date, format!("{path}.occurrenceDateTime")),
            None => self.missing(Field::Date, format!("{path}.occurrenceDateTime")),
        }
        if let Some(lot) = &immunization.lot_number {
            self.set(Field::Lot, lot, format!("{path}.lotNumber"));
        }
        // A manufacturer that is a name is taken only where it is known: the product says it too.
        if let Some(maker) = &immunization.manufacturer {
            let known = named(maker)
                .into_iter()
                .find(|name| catalogue.manufacturer(name).is_ok());
            if let Some(name) = known {
                self.set(Field::Manufacturer, name, format!("{path}.manufacturer"));
            }
        }
        self.site(immunization.location.as_ref(), format!("{path}.location"));
        if let Some(name) = immunization
            .performer
            .first()
            .and_then(|performer| performer.actor.display.clone())
        {
            self.set(
                Field::GivenBy,
                name,
                format!("{path}.performer[0].actor.display"),
            );
        }
        let Some(protocol) = immunization.protocol_applied.first() else {
            return self.missing(Field::Dose, format!("{path}.protocolApplied"));
        };
        let element = format!("{path}.protocolApplied[0]");
        let number = protocol
            .dose_number_positive_int
            .map(|number| number.to_string());
        match number.or_else(|| protocol.dose_number_string.clone()) {
            Some(number) => self.set(Field::Dose, number, format!("{element}.doseNumber")),
            None => self.missing(Field::Dose, format!("{element}.doseNumber")),
        }
        let total = protocol
            .series_doses_positive_int
            .map(|total| total.to_string());
        if let Some(total) = total.or_else(|| protocol.series_doses_string.clone()) {
            self.set(Field::TotalDoses, total, format!("{element}.seriesDoses"));
        }
        if let Some(disease) = protocol.target_disease.first() {
            self.concept(
                Field::Disease,
                disease,
                format!("{element}.targetDisease[0]"),
                |code| catalogue.disease(code).is_ok(),
            );
        }
    }

    pub(super) fn observation(
        &mut self,
        observation: &Observation,
        test_type: &str,
        catalogue: &Catalogue,
        path: &str,
    ) {
        self.refuse_modifiers(observation.modifier_extension.is_some(), path);
        if !matches!(
            observation.status.as_deref(),
            Some("final" | "amended" | "corrected")
        ) {
            self.fail(format!("{path}.status"), What::Status);
        }
        self.key(&observation.identifier, path);
        self.set(Field::TestType, test_type, format!("{path}.code"));
        let name = observation.code.text.clone().or_else(|| {
            observation
                .code
                .coding
                .iter()
                .find_map(|coding| coding.display.clone())
        });
        let method = observation.method.as_ref().and_then(|method| {
            method.text.clone().or_else(|| {
                method
                    .coding
                    .iter()
                    .find_map(|coding| coding.display.clone())
            })
        });
        // The name of the test is only asked of an amplification test.
        if test_type == crate::record::Test::NAAT
            && let Some(name) = method.or(name)
        {
            let name: String = name.chars().take(80).collect();
            self.set(Field::TestName, name, format!("{path}.method"));
        }
        if let Some(device) = &observation.device {
            let known = named(device)
                .into_iter()
                .find(|name| catalogue.test_device(name).is_ok());
            match known {
                Some(device) => self.set(Field::TestDevice, device, format!("{path}.device")),
                None if test_type == crate::record::Test::RAPID => {
                    self.said.push(Field::TestDevice);
                    self.fail(
                        format!("{path}.device"),
                        What::Code {
                            found: named(device),
                        },
                    );
                }
                None => {}
            }
        }
        match &observation.effective_date_time {
            Some(moment) => self.set(
                Field::SampledAt,
                moment,
                format!("{path}.effectiveDateTime"),
            ),
            None => self.missing(Field::SampledAt, format!("{path}.effectiveDateTime")),
        }
        let is_result = |code: &str| catalogue.test_result(code).is_ok();
        match (
            &observation.value_codeable_concept,
            &observation.value_string,
        ) {
            (Some(concept), _) => {
                self.concept(
                    Field::Result,
                    concept,
                    format!("{path}.valueCodeableConcept"),
                    is_result,
                );
            }
            (None, Some(text)) => self.set(Field::Result, text, format!("{path}.valueString")),
            (None, None) => self.missing(Field::Result, format!("{path}.valueCodeableConcept")),
        }
        if let Some(tube) = observation
            .specimen
            .as_ref()
            .and_then(|specimen| named(specimen).into_iter().next())
        {
            self.set(Field::Tube, tube, format!("{path}.specimen"));
        }
        self.site(
            observation.performer.first(),
            format!("{path}.performer[0]"),
        );
    }

    /// A site by its identifier; a name is none.
    fn site(&mut self, reference: Option<&Reference>, path: String) {
        let value = reference.and_then(|reference| reference.identifier.as_ref()?.value.clone());
        if let Some(value) = value {
            self.set(Field::Site, value, format!("{path}.identifier.value"));
        }
    }

    fn concept(
        &mut self,
        field: Field,
        concept: &CodeableConcept,
        path: String,
        is_known: impl Fn(&str) -> bool,
    ) {
        match codes::first_known(concept, is_known) {
            Some(code) => self.set(field, code, path),
            None => {
                self.said.push(field);
                self.fail(
                    path,
                    What::Code {
                        found: codes::found(concept),
                    },
                );
            }
        }
    }

    fn day(&mut self, field: Field, text: &str, path: String) {
        match day_of(text) {
            Ok(day) => self.set(field, day, path),
            Err(error) => {
                let finding = Finding::new(field, Problem::Date(error)).with_found(text);
                self.said.push(field);
                self.fail(path, What::Finding(finding));
            }
        }
    }

    fn missing(&mut self, field: Field, path: String) {
        self.said.push(field);
        self.fail(path, What::Finding(Finding::new(field, Problem::Missing)));
    }

    /// The first identifier, with its system, is the key.
    fn key(&mut self, identifiers: &[Identifier], path: &str) {
        if let Some(identifier) = identifiers.first()
            && let Some(value) = &identifier.value
        {
            let system = identifier.system.as_deref().unwrap_or_default();
            self.set(
                Field::Key,
                format!("{system}|{value}"),
                format!("{path}.identifier[0]"),
            );
        }
    }

    fn refuse_modifiers(&mut self, there: bool, path: &str) {
        if there {
            self.fail(format!("{path}.modifierExtension"), What::Structure);
        }
    }
}

/// Which document an identifier is of: by its type (HL7 table 0203), or by its system's name.
fn document(identifier: &Identifier) -> Option<Field> {
    let codes = identifier
        .kind
        .iter()
        .flat_map(|kind| &kind.coding)
        .filter_map(|coding| coding.code.as_deref());
    for code in codes {
        match code {
            "PPN" => return Some(Field::Passport),
            "NI" | "NNVNM" | "NNxxx" => return Some(Field::Identity),
            "HC" | "SS" | "JHN" => return Some(Field::Bhyt),
            _ => {}
        }
    }
    let system = identifier.system.as_deref()?.to_lowercase();
    let names = [
        ("cccd", Field::Cccd),
        ("cancuoc", Field::Cccd),
        ("can-cuoc", Field::Cccd),
        ("cmnd", Field::Cmnd),
        ("passport", Field::Passport),
        ("bhyt", Field::Bhyt),
        ("bhxh", Field::Bhyt),
    ];
    names
        .iter()
        .find(|(name, _)| system.contains(name))
        .map(|(_, field)| *field)
}

/// What a reference says without being followed: its identifier, then its name.
fn named(reference: &Reference) -> Vec<String> {
    let identifier = reference
        .identifier
        .as_ref()
        .and_then(|identifier| identifier.value.clone());
    identifier
        .into_iter()
        .chain(reference.display.clone())
        .map(|text| text.chars().take(120).collect())
        .collect()
}

fn default_element(field: Field) -> &'static str {
    match field {
        Field::FullName | Field::FamilyName | Field::GivenNames => ".name",
        Field::BirthDate => ".birthDate",
        Field::Manufacturer => ".manufacturer",
        Field::Prophylaxis => ".vaccineCode",
        Field::TestDevice => ".device",
        Field::TestName => ".method",
        Field::Disease => ".protocolApplied[0].targetDisease",
        _ => "",
    }
}
