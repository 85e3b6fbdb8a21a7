//! The fonts of a document: the glyphs that were used, each font embedded once (ISO 32000-1, 9.7).

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use hcert::zlib::Deflater;

use crate::text::{Face, Glyph, Press, Weight, figures};

const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// The glyphs a document uses, numbered in the order of their first use.
pub(crate) struct UsedGlyphs {
    press: Press,
    fonts: [Used; 2],
}

#[derive(Default)]
struct Used {
    numbers: GlyphRemapper,
    /// By number: the advance, and what the glyph says.
    known: Vec<(i32, Option<char>)>,
}

/// A glyph as the document knows it.
pub(crate) struct Code {
    pub(crate) cid: u16,
    /// The advance the font gives it, in thousandths of the size.
    pub(crate) advance: i32,
}

impl UsedGlyphs {
    pub(crate) fn new(press: &Press) -> UsedGlyphs {
        UsedGlyphs {
            press: press.clone(),
            fonts: [Used::default(), Used::default()],
        }
    }

    pub(crate) fn code(&mut self, weight: Weight, glyph: &Glyph) -> Code {
        let face = self.press.face(weight);
        let [regular, bold] = &mut self.fonts;
        let used = match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        };
        if used.known.is_empty() {
            // The glyph for what is missing has number 0 in every font.
            used.known.push((face.advance(0), None));
        }
        let cid = used.numbers.remap(glyph.id);
        let number = usize::from(cid);
        if number == used.known.len() {
            used.known.push((face.advance(glyph.id), glyph.says));
        }
        let advance = match used.known.get_mut(number) {
            Some((advance, says)) => {
                *says = says.or(glyph.says);
                *advance
            }
            None => glyph.advance,
        };
        Code { cid, advance }
    }

    /// Writes the objects of one font; `root` is the one that pages refer to. `objects` is told of each
    /// before it is written.
    pub(super) fn write(
        &self,
        weight: Weight,
        root: Ref,
        mut object: impl FnMut(Option<Ref>, &mut dyn FnMut(Ref, &mut Chunk)) -> Ref,
    ) {
        let face = self.press.face(weight);
        let [regular, bold] = &self.fonts;
        let used = match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        };
        let name = format!("{}+{}", tag(&used.numbers), face.name);
        let mut deflater = Deflater::default();
        let mut packed = Vec::new();

        let program =
            subsetter::subset(face.data, 0, &used.numbers).unwrap_or_else(|_| face.data.to_vec());
        deflater.deflate(&program, &mut packed);
        let file = object(None, &mut |id, chunk| {
            let mut stream = chunk.stream(id, &packed);
            stream.filter(Filter::FlateDecode);
            stream.pair(
                Name(b"Length1"),
                i32::try_from(program.len()).unwrap_or(i32::MAX),
            );
            stream.finish();
        });
        let descriptor = object(None, &mut |id, chunk| {
            descriptor(chunk, id, &name, face, file)
        });
        let cid_font = object(None, &mut |id, chunk| {
            used.cid_font(chunk, id, &name, descriptor)
        });
        deflater.deflate(&used.to_unicode(), &mut packed);
        let to_unicode = object(None, &mut |id, chunk| {
            chunk.cmap(id, &packed).filter(Filter::FlateDecode);
        });
        object(Some(root), &mut |id, chunk| {
            chunk
                .type0_font(id)
                .base_font(Name(name.as_bytes()))
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(cid_font)
                .to_unicode(to_unicode);
        });
    }
}

impl Used {
    fn cid_font(&self, chunk: &mut Chunk, id: Ref, name: &str, descriptor: Ref) {
        let mut font = chunk.cid_font(id);
        font.subtype(CidFontType::Type2)
            .base_font(Name(name.as_bytes()))
            .system_info(SYSTEM)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let widths = self
            .known
            .iter()
            .map(|&(advance, _)| figures::units(advance));
        font.widths().consecutive(0, widths).finish();
        font.finish();
    }

    fn to_unicode(&self) -> Vec<u8> {
        let mut cmap = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (cid, (_, says)) in (0_u16..).zip(&self.known) {
            if let Some(c) = says {
                cmap.pair(cid, *c);
            }
        }
        cmap.finish().into_vec()
    }
}

fn descriptor(chunk: &mut Chunk, id: Ref, name: &str, face: &Face, file: Ref) {
    let (left, bottom, right, top) = figures::BOUNDS;
    chunk
        .font_descriptor(id)
        .name(Name(name.as_bytes()))
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(figures::ASCENT)
        .descent(figures::DESCENT)
        .cap_height(figures::CAP_HEIGHT)
        .stem_v(face.stem)
        .font_file2(file);
}

/// Six letters that name the subset (ISO 32000-1, 9.6.4): subsets that differ in glyphs must differ in
/// name, or a program that joins documents mixes them up. FNV-1a over the glyphs.
fn tag(numbers: &GlyphRemapper) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in numbers.remapped_gids().flat_map(u16::to_be_bytes) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut tag = String::with_capacity(6);
    for _ in 0..6 {
        tag.push(char::from(b'A' + u8::try_from(hash % 26).unwrap_or(0)));
        hash /= 26;
    }
    tag
}
