//! Codes of the value sets, as types, and how people write them.
//!
//! A [`Catalogue`] knows the value sets in force, and what they do not say: by which names people
//! know a product, how long its series is, and how far apart the doses are. Both can be replaced
//! without a new release of the program.

mod aliases;
mod products;

use core::fmt;
use std::collections::{HashMap, HashSet};

use hcert::{
    dcc::{CountryCode, Text},
    value_set::{Kind, ValueSets},
};

use crate::{finding::Problem, plain::plain};

pub use products::{ProductFacts, ProductTableError};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $kind:expr, $read:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Text);

            impl $name {
                /// The code.
                pub fn as_str(&self) -> &str {
                    self.0.as_str()
                }

                /// The code as a payload has it.
                pub fn text(&self) -> &Text {
                    &self.0
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        )*

        impl Catalogue {
            $(
                $(#[$doc])*
                ///
                /// From a code, or a name that people use.
                pub fn $read(&self, text: &str) -> Result<$name, Problem> {
                    self.read($kind, text).map($name)
                }
            )*
        }
    };
}

codes! {
    /// A disease or agent.
    Disease, Kind::Disease, disease;
    /// A kind of vaccine.
    Prophylaxis, Kind::Prophylaxis, prophylaxis;
    /// A vaccine product.
    Product, Kind::Product, product;
    /// A manufacturer of a vaccine.
    Manufacturer, Kind::Manufacturer, manufacturer;
    /// A type of test.
    TestType, Kind::TestType, test_type;
    /// A result of a test.
    TestResult, Kind::TestResult, test_result;
    /// A device of a rapid test.
    TestDevice, Kind::TestDevice, test_device;
}

/// A country of the value set, ISO 3166 alpha-2.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(CountryCode);

impl Country {
    /// The code.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The code as a payload has it.
    pub fn country_code(&self) -> &CountryCode {
        &self.0
    }

    /// Whether it is Viet Nam.
    pub fn is_vietnam(&self) -> bool {
        self.as_str() == "VN"
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value sets in force with what people call their codes.
#[derive(Debug, Clone)]
pub struct Catalogue {
    sets: ValueSets,
    products: HashMap<String, ProductFacts>,
    /// The codes in use, just as they stand: thousands of rows ask for the same few.
    codes: HashMap<Kind, HashSet<String>>,
    /// By kind and plain text.
    names: HashMap<(Kind, String), Known>,
    /// Codes of other systems: system and code to product.
    others: HashMap<(Coding, String), String>,
}

#[derive(Debug, Clone)]
struct Known {
    code: String,
    active: bool,
}

/// A system of codes that other programs use for vaccines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// CDC's CVX.
    Cvx,
    /// WHO's ICD-11.
    Icd11,
    /// SNOMED CT.
    Snomed,
}

impl Catalogue {
    /// The built-in value sets and products.
    pub fn builtin() -> Catalogue {
        Catalogue::of(ValueSets::builtin())
    }

    /// Other value sets, and other facts of products.
    ///
    /// `products` is a table in the form of the built-in one: lines of eleven columns with tabs
    /// between them.
    pub fn new(sets: ValueSets, products: &str) -> Result<Catalogue, ProductTableError> {
        Ok(Catalogue::make(sets, products::read(products)?))
    }

    /// Other value sets, with the built-in facts of products.
    pub fn of(sets: ValueSets) -> Catalogue {
        // A test holds the built-in table to its form.
        let products = products::read(products::BUILTIN).unwrap_or_default();
        Catalogue::make(sets, products)
    }

    fn make(sets: ValueSets, products: Vec<ProductFacts>) -> Catalogue {
        let (mut names, mut codes) = (HashMap::new(), HashMap::new());
        for kind in Kind::ALL {
            let exact: &mut HashSet<String> = codes.entry(kind).or_default();
            for entry in sets.entries(kind) {
                if entry.active {
                    exact.insert(entry.code.to_owned());
                }
                let known = || Known {
                    code: entry.code.into(),
                    active: entry.active,
                };
                names.insert((kind, plain(entry.code)), known());
                // A code no longer in use never hides one that is.
                let name = (kind, plain(entry.display));
                if entry.active || !names.contains_key(&name) {
                    names.insert(name, known());
                }
            }
        }
        for (kind, name, code) in aliases::ALIASES {
            if let Some(entry) = sets.get(*kind, code) {
                let known = Known {
                    code: entry.code.into(),
                    active: entry.active,
                };
                names.insert((*kind, plain(name)), known);
            }
        }
        let mut others = HashMap::new();
        for product in &products {
            for name in &product.names {
                let known = Known {
                    code: product.code.clone(),
                    active: true,
                };
                names.insert((Kind::Product, plain(name)), known);
            }
            for (coding, codes) in [
                (Coding::Cvx, &product.cvx),
                (Coding::Icd11, &product.icd11),
                (Coding::Snomed, &product.snomed),
            ] {
                for code in codes {
                    others.insert((coding, code.clone()), product.code.clone());
                }
            }
        }
        let products = products
            .into_iter()
            .map(|facts| (facts.code.clone(), facts))
            .collect();
        Catalogue {
            sets,
            products,
            codes,
            names,
            others,
        }
    }

    /// The value sets.
    pub fn sets(&self) -> &ValueSets {
        &self.sets
    }

    /// What is known of a product beyond its code.
    pub fn facts(&self, product: &Product) -> Option<&ProductFacts> {
        self.products.get(product.as_str())
    }

    /// The product that another system's code stands for.
    pub fn product_of(&self, coding: Coding, code: &str) -> Option<Product> {
        let code = self.others.get(&(coding, code.trim().to_owned()))?;
        self.product(code).ok()
    }

    /// A country, from its code of two or three letters or a name.
    pub fn country(&self, text: &str) -> Result<Country, Problem> {
        let code = self.read(Kind::Country, text)?;
        CountryCode::new(code.as_str())
            .map(Country)
            .ok_or(Problem::UnknownCode {
                perhaps: Vec::new(),
            })
    }

    fn read(&self, kind: Kind, text: &str) -> Result<Text, Problem> {
        let wanted = plain(text);
        if wanted.is_empty() {
            return Err(Problem::Missing);
        }
        // A code as it stands in the value set is that code, whatever name it would be without its marks:
        // MY is Malaysia, and Mỹ is the United States.
        let code = text.trim();
        if self
            .codes
            .get(&kind)
            .is_some_and(|codes| codes.contains(code))
        {
            return Text::new(code).map_err(|_| Problem::InactiveCode);
        }
        // A code no longer in use is told from one that never was.
        match self.names.get(&(kind, wanted.clone())) {
            Some(known) if known.active => {
                Text::new(&known.code).map_err(|_| Problem::InactiveCode)
            }
            Some(_) => Err(Problem::InactiveCode),
            None => Err(Problem::UnknownCode {
                perhaps: self.near(kind, &wanted),
            }),
        }
    }

    /// Up to three codes with a name that holds the text, or is held by it.
    fn near(&self, kind: Kind, wanted: &str) -> Vec<String> {
        /// Shorter texts are within too many names.
        const LEAST: usize = 3;
        /// Longer ones are no name, and would only cost time.
        const MOST: usize = 80;
        let mut near: Vec<String> = Vec::new();
        if !(LEAST..=MOST).contains(&wanted.len()) {
            return near;
        }
        for entry in self.sets.entries(kind).filter(|entry| entry.active) {
            let (code, name) = (plain(entry.code), plain(entry.display));
            let alike = [code, name].iter().any(|known| {
                known.contains(wanted) || (known.len() > LEAST && wanted.contains(known.as_str()))
            });
            if alike && near.len() < 3 {
                near.push(format!("{} ({})", entry.code, entry.display));
            }
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names() {
        let catalogue = Catalogue::builtin();
        for (text, code) in [
            ("EU/1/20/1528", "EU/1/20/1528"),
            ("eu/1/20/1528 ", "EU/1/20/1528"),
            ("Comirnaty", "EU/1/20/1528"),
            ("Pfizer", "EU/1/20/1528"),
            ("VERO CELL", "BBIBP-CorV"),
            ("Astra Zeneca", "EU/1/21/1529"),
            ("Sputnik V", "Sputnik-V"),
            ("abdala", "Abdala"),
        ] {
            assert_eq!(
                catalogue.product(text).map(|p| p.as_str().to_owned()),
                Ok(code.into()),
                "{text}"
            );
        }
        assert_eq!(catalogue.product(" "), Err(Problem::Missing));
        assert_eq!(catalogue.product("NVX-CoV2373"), Err(Problem::InactiveCode));
        assert!(matches!(
            catalogue.product("Sputnik X"),
            Err(Problem::UnknownCode { .. })
        ));
        let Err(Problem::UnknownCode { perhaps }) = catalogue.product("Sputni") else {
            panic!("known");
        };
        assert_eq!(perhaps.len(), 3, "{perhaps:?}");
        assert_eq!(
            catalogue
                .product_of(Coding::Cvx, "510")
                .map(|p| p.as_str().to_owned()),
            Some("BBIBP-CorV".into())
        );
        assert_eq!(catalogue.product_of(Coding::Cvx, "213"), None);
        for (text, code) in [
            ("Việt Nam", "VN"),
            ("VNM", "VN"),
            ("vn", "VN"),
            ("Vietnam", "VN"),
            ("Germany", "DE"),
            ("Hàn Quốc", "KR"),
        ] {
            assert_eq!(
                catalogue.country(text).map(|c| c.as_str().to_owned()),
                Ok(code.into()),
                "{text}"
            );
        }
        for (text, code) in [
            ("âm tính", "260415000"),
            ("Negative", "260415000"),
            ("Dương tính", "260373001"),
            ("+", ""),
        ] {
            let result = catalogue
                .test_result(text)
                .map(|c| c.as_str().to_owned())
                .unwrap_or_default();
            assert_eq!(result, code, "{text}");
        }
        assert_eq!(
            catalogue.disease("Covid").map(|c| c.as_str().to_owned()),
            Ok("840539006".into())
        );
        assert_eq!(
            catalogue.test_type("RT-PCR").map(|c| c.as_str().to_owned()),
            Ok("LP6464-4".into())
        );
    }
}
