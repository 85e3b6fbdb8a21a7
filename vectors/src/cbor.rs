//! CBOR written in every way RFC 8949 allows, and in some that it does not.

/// A data item, with the way it is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// An integer in its shortest form.
    Int(i64),
    /// An integer with an argument of eight bytes, whatever its size.
    WideInt(i64),
    /// A float of 64 bits.
    Float(f64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// Text with a length of four bytes, whatever its size.
    WideText(String),
    /// Text of indefinite length, in parts.
    TextParts(Vec<String>),
    /// An array of definite length.
    Array(Vec<Item>),
    /// An array of indefinite length.
    OpenArray(Vec<Item>),
    /// A map of definite length; duplicate keys are written as given.
    Map(Vec<(Item, Item)>),
    /// A map of indefinite length.
    OpenMap(Vec<(Item, Item)>),
    /// A tag around an item.
    Tag(u64, Box<Item>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// Bytes as they are: for what is not CBOR.
    Raw(Vec<u8>),
}

impl From<&str> for Item {
    fn from(text: &str) -> Item {
        Item::Text(text.to_owned())
    }
}

impl From<i64> for Item {
    fn from(value: i64) -> Item {
        Item::Int(value)
    }
}

/// A map with text keys.
pub(super) fn object<const N: usize>(entries: [(&str, Item); N]) -> Item {
    let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
    Item::Map(entries.collect())
}

impl Item {
    pub(super) fn tagged(self, tag: u64) -> Item {
        Item::Tag(tag, Box::new(self))
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// The entries of a map.
    ///
    /// # Panics
    /// If it is none: the recipes know what they build.
    pub(super) fn entries(&mut self) -> &mut Vec<(Item, Item)> {
        match self {
            Item::Map(entries) | Item::OpenMap(entries) => entries,
            other => panic!("not a map: {other:?}"),
        }
    }

    /// The value under a text key of a map, or the element at an index of an array.
    ///
    /// # Panics
    /// If there is none.
    pub(super) fn at(&mut self, path: &str) -> &mut Item {
        path.split('/').fold(self, |item, step| match item {
            Item::Array(elements) | Item::OpenArray(elements) => {
                let index: usize = step.parse().unwrap_or(usize::MAX);
                elements
                    .get_mut(index)
                    .unwrap_or_else(|| panic!("no element {step}"))
            }
            map => map
                .entries()
                .iter_mut()
                .find(|(key, _)| *key == Item::from(step))
                .map(|(_, value)| value)
                .unwrap_or_else(|| panic!("no field {step}")),
        })
    }

    /// The same with another value at a path.
    pub(super) fn with(mut self, path: &str, value: impl Into<Item>) -> Item {
        *self.at(path) = value.into();
        self
    }

    /// The same with one more field in the map at a path (the root when empty).
    pub(super) fn plus(mut self, path: &str, key: &str, value: impl Into<Item>) -> Item {
        let map = if path.is_empty() {
            &mut self
        } else {
            self.at(path)
        };
        map.entries().push((key.into(), value.into()));
        self
    }

    /// The same without the field at a path.
    pub(super) fn without(mut self, path: &str) -> Item {
        let (map, key) = match path.rsplit_once('/') {
            Some((parent, key)) => (self.at(parent), key),
            None => (&mut self, path),
        };
        map.entries().retain(|(name, _)| *name != Item::from(key));
        self
    }

    /// The same with every map, array and text of indefinite length.
    pub(super) fn opened(self) -> Item {
        let pairs = |entries: Vec<(Item, Item)>| {
            let opened = entries.into_iter();
            opened.map(|(k, v)| (k.opened(), v.opened())).collect()
        };
        match self {
            Item::Map(entries) => Item::OpenMap(pairs(entries)),
            Item::Array(elements) => {
                Item::OpenArray(elements.into_iter().map(Item::opened).collect())
            }
            Item::Text(text) => {
                let middle = text.char_indices().nth(text.chars().count() / 2);
                let (start, end) = text.split_at(middle.map_or(0, |(index, _)| index));
                Item::TextParts(vec![start.to_owned(), end.to_owned()])
            }
            other => other,
        }
    }

    /// The same with every integer and text in a longer form than needed.
    pub(super) fn widened(self) -> Item {
        match self {
            Item::Map(entries) => {
                let widened = entries.into_iter();
                Item::Map(widened.map(|(k, v)| (k.widened(), v.widened())).collect())
            }
            Item::Array(elements) => Item::Array(elements.into_iter().map(Item::widened).collect()),
            Item::Text(text) => Item::WideText(text),
            Item::Int(value) => Item::WideInt(value),
            other => other,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Item::Int(value) => {
                let (major, argument) = integer(*value);
                head(out, major, argument);
            }
            Item::WideInt(value) => {
                let (major, argument) = integer(*value);
                out.push(major << 5 | 27);
                out.extend_from_slice(&argument.to_be_bytes());
            }
            Item::Float(value) => {
                out.push(0xfb);
                out.extend_from_slice(&value.to_be_bytes());
            }
            Item::Bytes(bytes) => {
                head(out, 2, bytes.len() as u64);
                out.extend_from_slice(bytes);
            }
            Item::Text(text) => {
                head(out, 3, text.len() as u64);
                out.extend_from_slice(text.as_bytes());
            }
            Item::WideText(text) => {
                out.push(0x7a);
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Item::TextParts(parts) => {
                out.push(0x7f);
                parts.iter().for_each(|part| Item::from(&**part).write(out));
                out.push(0xff);
            }
            Item::Array(elements) => {
                head(out, 4, elements.len() as u64);
                elements.iter().for_each(|element| element.write(out));
            }
            Item::OpenArray(elements) => {
                out.push(0x9f);
                elements.iter().for_each(|element| element.write(out));
                out.push(0xff);
            }
            Item::Map(entries) => {
                head(out, 5, entries.len() as u64);
                pairs(out, entries);
            }
            Item::OpenMap(entries) => {
                out.push(0xbf);
                pairs(out, entries);
                out.push(0xff);
            }
            Item::Tag(tag, item) => {
                head(out, 6, *tag);
                item.write(out);
            }
            Item::Bool(value) => out.push(0xf4 + u8::from(*value)),
            Item::Null => out.push(0xf6),
            Item::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }
}

fn pairs(out: &mut Vec<u8>, entries: &[(Item, Item)]) {
    for (key, value) in entries {
        key.write(out);
        value.write(out);
    }
}

/// Major type and argument of an integer.
fn integer(value: i64) -> (u8, u64) {
    match u64::try_from(value) {
        Ok(value) => (0, value),
        Err(_) => (1, !value.cast_unsigned()),
    }
}

/// The head of an item with the shortest argument.
pub(super) fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let major = major << 5;
    let wide = argument.to_be_bytes();
    match argument {
        0..=23 => out.push(major | wide[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, wide[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&wide[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&wide[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&wide);
        }
    }
}
