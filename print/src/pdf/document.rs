//! The order of a document: header, pages as they come, then what knows of all pages.

use pdf_writer::types::StructRole;
use pdf_writer::{Chunk, Filter, Name, Rect, Ref, TextStr};

use hcert::zlib::Deflater;

use super::canvas::{Drawn, Element, Role, font_name};
use super::font::UsedGlyphs;
use crate::text::Weight;

/// A document that leaves by [`take`](Document::take) as it is made. What stays is eight bytes for each
/// object and a few numbers for each page.
pub(crate) struct Document {
    out: Vec<u8>,
    /// Bytes that have left.
    gone: u64,
    /// Where each object begins, by its number less one; 0 while it is not written.
    offsets: Vec<u64>,
    pages: Vec<Ref>,
    sheets: Vec<Ref>,
    /// For each page the array of its marks' parts.
    parents: Vec<Ref>,
    fixed: Fixed,
    deflater: Deflater,
    packed: Vec<u8>,
}

/// Objects that pages refer to before they exist.
#[derive(Clone, Copy)]
struct Fixed {
    pages: Ref,
    document: Ref,
    regular: Ref,
    bold: Ref,
}

impl Document {
    pub(crate) fn new() -> Document {
        let fixed = Fixed {
            pages: Ref::new(1),
            document: Ref::new(2),
            regular: Ref::new(3),
            bold: Ref::new(4),
        };
        Document {
            // The comment of high bytes says that the file is binary (ISO 32000-1, 7.5.2).
            out: b"%PDF-1.7\n%\x80\x80\x80\x80\n\n".to_vec(),
            gone: 0,
            offsets: vec![0; 4],
            pages: Vec::new(),
            sheets: Vec::new(),
            parents: Vec::new(),
            fixed,
            deflater: Deflater::default(),
            packed: Vec::new(),
        }
    }

    /// The bytes since the last call.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.gone += u64::try_from(self.out.len()).unwrap_or(u64::MAX);
        std::mem::take(&mut self.out)
    }

    pub(crate) fn sheets(&self) -> usize {
        self.sheets.len()
    }

    fn allot(&mut self) -> Ref {
        self.offsets.push(0);
        Ref::new(i32::try_from(self.offsets.len()).unwrap_or(i32::MAX))
    }

    /// Writes one object, under a number of its own unless it has one already.
    fn object(&mut self, id: Option<Ref>, write: &mut dyn FnMut(Ref, &mut Chunk)) -> Ref {
        let id = id.unwrap_or_else(|| self.allot());
        let mut chunk = Chunk::new();
        write(id, &mut chunk);
        let here = self.gone + u64::try_from(self.out.len()).unwrap_or(u64::MAX);
        if let Some(offset) = usize::try_from(id.get() - 1)
            .ok()
            .and_then(|index| self.offsets.get_mut(index))
        {
            *offset = here;
        }
        self.out.extend_from_slice(chunk.as_bytes());
        id
    }

    /// Adds the pages of one sheet.
    pub(crate) fn sheet(&mut self, pages: Vec<Drawn>) {
        let sheet = self.allot();
        let mut parts = Vec::new();
        for page in pages {
            self.page(sheet, page, &mut parts);
        }
        let document = self.fixed.document;
        self.object(Some(sheet), &mut |id, chunk| {
            let mut element = chunk.struct_element(id);
            element.kind(StructRole::Sect).parent(document);
            let mut kids = element.children();
            for part in &parts {
                kids.struct_element(*part);
            }
        });
        self.sheets.push(sheet);
    }

    fn page(&mut self, sheet: Ref, page: Drawn, parts: &mut Vec<Ref>) {
        let mut packed = std::mem::take(&mut self.packed);
        self.deflater.deflate(&page.content, &mut packed);
        let content = self.object(None, &mut |id, chunk| {
            chunk.stream(id, &packed).filter(Filter::FlateDecode);
        });
        self.packed = packed;

        let fixed = self.fixed;
        let key = i32::try_from(self.parents.len()).unwrap_or(i32::MAX);
        let (width, height) = page.size;
        let page_ref = self.object(None, &mut |id, chunk| {
            let mut object = chunk.page(id);
            object
                .parent(fixed.pages)
                .media_box(Rect::new(0.0, 0.0, width, height))
                .contents(content)
                .struct_parents(key);
            // Screen readers go by the tags (PDF/UA asks for it).
            object.pair(Name(b"Tabs"), Name(b"S"));
            object
                .resources()
                .fonts()
                .pair(font_name(Weight::Regular), fixed.regular)
                .pair(font_name(Weight::Bold), fixed.bold);
        });
        self.pages.push(page_ref);

        let mut owners = Vec::new();
        for element in &page.elements {
            let part = self.object(None, &mut |id, chunk| {
                struct_element(chunk, id, element, sheet, page_ref, page.size);
            });
            parts.push(part);
            owners.extend((element.marks.0..element.marks.1).map(|_| part));
        }
        let parents = self.object(None, &mut |id, chunk| {
            chunk.indirect(id).array().items(owners.iter().copied());
        });
        self.parents.push(parents);
    }

    /// Writes what remains, and gives the bytes since the last [`take`](Document::take).
    pub(crate) fn finish(mut self, glyphs: &UsedGlyphs, title: &str) -> Vec<u8> {
        let Fixed {
            pages,
            document,
            regular,
            bold,
        } = self.fixed;
        glyphs.write(Weight::Regular, regular, |id, write| self.object(id, write));
        glyphs.write(Weight::Bold, bold, |id, write| self.object(id, write));

        let kids = std::mem::take(&mut self.pages);
        self.object(Some(pages), &mut |id, chunk| {
            chunk
                .pages(id)
                .kids(kids.iter().copied())
                .count(i32::try_from(kids.len()).unwrap_or(i32::MAX));
        });
        let tree = self.allot();
        let sheets = std::mem::take(&mut self.sheets);
        self.object(Some(document), &mut |id, chunk| {
            let mut element = chunk.struct_element(id);
            element.kind(StructRole::Document).parent(tree);
            let mut kids = element.children();
            for sheet in &sheets {
                kids.struct_element(*sheet);
            }
        });
        let owners = std::mem::take(&mut self.parents);
        let parent_tree = self.object(None, &mut |id, chunk| {
            let mut tree = chunk.number_tree::<Ref>(id);
            let mut nums = tree.nums();
            for (key, owners) in (0..).zip(&owners) {
                nums.insert(key, *owners);
            }
        });
        self.object(Some(tree), &mut |id, chunk| {
            let mut root = chunk.indirect(id).dict();
            root.pair(Name(b"Type"), Name(b"StructTreeRoot"))
                .pair(Name(b"K"), document)
                .pair(Name(b"ParentTree"), parent_tree)
                .pair(
                    Name(b"ParentTreeNextKey"),
                    i32::try_from(owners.len()).unwrap_or(i32::MAX),
                );
        });
        let catalog = self.object(None, &mut |id, chunk| {
            let mut catalog = chunk
                .indirect(id)
                .start::<pdf_writer::writers::Catalog<'_>>();
            catalog.pages(pages).lang(TextStr("vi"));
            catalog.mark_info().marked(true);
            catalog.viewer_preferences().display_doc_title(true);
            catalog.pair(Name(b"StructTreeRoot"), tree);
        });
        let info = self.object(None, &mut |id, chunk| {
            let mut info = chunk
                .indirect(id)
                .start::<pdf_writer::writers::DocumentInfo<'_>>();
            info.title(TextStr(title)).producer(TextStr("hcert"));
        });
        self.trailer(catalog, info)
    }

    /// The table of offsets and the trailer (ISO 32000-1, 7.5.4 and 7.5.5).
    fn trailer(mut self, catalog: Ref, info: Ref) -> Vec<u8> {
        let start = self.gone + u64::try_from(self.out.len()).unwrap_or(u64::MAX);
        let count = self.offsets.len() + 1;
        self.out
            .extend_from_slice(format!("xref\n0 {count}\n0000000000 65535 f\r\n").as_bytes());
        for offset in &self.offsets {
            self.out
                .extend_from_slice(format!("{offset:010} 00000 n\r\n").as_bytes());
        }
        self.out.extend_from_slice(
            format!(
                "trailer\n<<\n/Size {count}\n/Root {} 0 R\n/Info {} 0 R\n>>\nstartxref\n{start}\n%%EOF\n",
                catalog.get(),
                info.get()
            )
            .as_bytes(),
        );
        self.out
    }
}

fn struct_element(
    chunk: &mut Chunk,
    id: Ref,
    element: &Element,
    sheet: Ref,
    page: Ref,
    (width, height): (f32, f32),
) {
    let mut object = chunk.struct_element(id);
    object.parent(sheet).page(page).kind(match element.role {
        Role::Title => StructRole::H1,
        Role::Heading => StructRole::H2,
        Role::Text => StructRole::P,
        Role::Picture => StructRole::Figure,
    });
    if let Some(alt) = &element.alt {
        object.alt(TextStr(alt));
        object
            .attributes()
            .push()
            .layout()
            .bbox(Rect::new(0.0, 0.0, width, height));
    }
    let mut kids = object.children();
    for mark in element.marks.0..element.marks.1 {
        kids.marked_content_id(mark);
    }
}
