//! From the pictures of cameras to grey levels.

use linuxvideo::format::PixFormat;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

/// The longest side that is taken: the largest cameras have half of it.
pub(super) const MOST_SIDE: u32 = 8192;

/// How pixels stand in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A byte of brightness for each pixel.
    Grey,
    /// The brightness of all pixels, then their colours: NV12 and its like, by their name.
    Planar([u8; 4]),
    /// Brightness, colour, brightness, colour.
    Yuyv,
    /// Colour, brightness, colour, brightness.
    Uyvy,
    /// Each picture a JPEG, mostly without the tables that all of them have in common.
    Jpeg,
}

impl Kind {
    /// Those with less work first.
    pub(super) const ALL: [Kind; 8] = [
        Kind::Grey,
        Kind::Planar(*b"NV12"),
        Kind::Planar(*b"NV21"),
        Kind::Planar(*b"YU12"),
        Kind::Planar(*b"YV12"),
        Kind::Yuyv,
        Kind::Uyvy,
        Kind::Jpeg,
    ];

    /// Its name in V4L2.
    pub(super) fn fourcc(self) -> [u8; 4] {
        match self {
            Kind::Grey => *b"GREY",
            Kind::Planar(name) => name,
            Kind::Yuyv => *b"YUYV",
            Kind::Uyvy => *b"UYVY",
            Kind::Jpeg => *b"MJPG",
        }
    }

    pub(super) fn of(fourcc: [u8; 4]) -> Option<Kind> {
        if fourcc == *b"JPEG" {
            return Some(Kind::Jpeg);
        }
        Kind::ALL.into_iter().find(|kind| kind.fourcc() == fourcc)
    }
}

/// What the pictures of an open camera are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    kind: Kind,
    width: u32,
    height: u32,
    /// Bytes from one row to the next; 0 if there are no gaps.
    stride: u32,
}

/// A picture that can't be looked at: another will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfit;

impl Form {
    /// As a driver says; `None` if it is not understood.
    pub(super) fn of(format: &PixFormat) -> Option<Form> {
        Form::new(
            Kind::of(format.pixel_format().as_fourcc())?,
            (format.width(), format.height()),
            format.bytes_per_line(),
        )
    }

    fn new(kind: Kind, (width, height): (u32, u32), stride: u32) -> Option<Form> {
        let fits = |side| (1..=MOST_SIDE).contains(&side);
        (fits(width) && fits(height)).then_some(Form {
            kind,
            width,
            height,
            stride,
        })
    }

    /// Writes a picture's grey levels, row by row without gaps; its width and height.
    pub(super) fn grey(&self, picture: &[u8], grey: &mut Vec<u8>) -> Result<(u32, u32), Unfit> {
        grey.clear();
        match self.kind {
            Kind::Grey | Kind::Planar(_) => self.rows(picture, 1, grey, |row, grey| {
                grey.extend_from_slice(row);
            })?,
            Kind::Yuyv => self.rows(picture, 2, grey, |row, grey| {
                grey.extend(row.iter().step_by(2));
            })?,
            Kind::Uyvy => self.rows(picture, 2, grey, |row, grey| {
                grey.extend(row.iter().skip(1).step_by(2));
            })?,
            Kind::Jpeg => return jpeg(picture, grey),
        }
        Ok((self.width, self.height))
    }

    /// Each row of the picture: `size` bytes for each pixel.
    fn rows(
        &self,
        picture: &[u8],
        size: usize,
        grey: &mut Vec<u8>,
        each: impl Fn(&[u8], &mut Vec<u8>),
    ) -> Result<(), Unfit> {
        let (width, height) = (index(self.width)?, index(self.height)?);
        let length = width.checked_mul(size).ok_or(Unfit)?;
        // Drivers that have no gaps say nothing, or say it wrongly for planes.
        let stride = index(self.stride)?.max(length);
        grey.reserve(width.checked_mul(height).ok_or(Unfit)?);
        for row in 0..height {
            let from = row.checked_mul(stride).ok_or(Unfit)?;
            let to = from.checked_add(length).ok_or(Unfit)?;
            each(picture.get(from..to).ok_or(Unfit)?, grey);
        }
        Ok(())
    }
}

fn index(number: u32) -> Result<usize, Unfit> {
    usize::try_from(number).map_err(|_| Unfit)
}

const START: [u8; 2] = [0xff, 0xd8];
/// Says that the picture is one of many, whose Huffman tables are the usual ones.
const OF_MANY: [u8; 9] = [0xff, 0xe0, 0x00, 0x07, b'A', b'V', b'I', b'1', 0];

/// The brightness of a JPEG; its own size counts, not the one that was agreed on.
fn jpeg(picture: &[u8], grey: &mut Vec<u8>) -> Result<(u32, u32), Unfit> {
    let body = picture.strip_prefix(&START).ok_or(Unfit)?;
    let bytes = if has_tables(body) {
        picture.to_vec()
    } else {
        [&START, &OF_MANY[..], body].concat()
    };
    let side = index(MOST_SIDE)?;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    *grey = decoder.decode().map_err(|_| Unfit)?;
    let (width, height) = decoder.dimensions().ok_or(Unfit)?;
    let size = |side| u32::try_from(side).map_err(|_| Unfit);
    Ok((size(width)?, size(height)?))
}

/// Whether a JPEG brings its Huffman tables, which stand before its first scan.
fn has_tables(mut body: &[u8]) -> bool {
    const TABLES: u8 = 0xc4;
    const SCAN: u8 = 0xda;
    while let [0xff, marker, high, low, ..] = *body {
        match marker {
            TABLES => return true,
            SCAN => return false,
            // A filling byte.
            0xff => body = body.get(1..).unwrap_or_default(),
            _ => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                body = body.get(2 + length..).unwrap_or_default();
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(kind: Kind, width: u32, height: u32, stride: u32) -> Form {
        Form::new(kind, (width, height), stride).unwrap()
    }

    fn grey(form: Form, picture: &[u8]) -> Result<Vec<u8>, Unfit> {
        let mut grey = vec![9; 3];
        let (width, height) = form.grey(picture, &mut grey)?;
        assert_eq!(grey.len(), (width * height) as usize);
        Ok(grey)
    }

    #[test]
    fn every_kind_gives_its_brightness() {
        assert_eq!(
            grey(form(Kind::Grey, 3, 2, 0), b"abcdef"),
            Ok(b"abcdef".to_vec())
        );
        // Gaps between rows, and none after the last.
        assert_eq!(
            grey(form(Kind::Grey, 3, 2, 4), b"abc.def"),
            Ok(b"abcdef".to_vec())
        );
        let nv12 = Kind::Planar(*b"NV12");
        assert_eq!(grey(form(nv12, 2, 2, 2), b"abcdUV"), Ok(b"abcd".to_vec()));
        assert_eq!(
            grey(form(nv12, 2, 2, 3), b"ab.cd.UV."),
            Ok(b"abcd".to_vec())
        );
        assert_eq!(
            grey(form(Kind::Yuyv, 2, 2, 4), b"aUbVcUdV"),
            Ok(b"abcd".to_vec())
        );
        assert_eq!(
            grey(form(Kind::Yuyv, 2, 2, 6), b"aUbV..cUdV"),
            Ok(b"abcd".to_vec())
        );
        assert_eq!(
            grey(form(Kind::Uyvy, 2, 2, 0), b"UaVbUcVd"),
            Ok(b"abcd".to_vec())
        );
        // A row of an odd length, as no driver should have.
        assert_eq!(
            grey(form(Kind::Yuyv, 3, 1, 0), b"aUbVcU"),
            Ok(b"abc".to_vec())
        );
    }

    #[test]
    fn short_and_empty_pictures_are_refused() {
        for kind in Kind::ALL {
            assert_eq!(grey(form(kind, 4, 4, 0), &[]), Err(Unfit), "{kind:?}");
            assert_eq!(grey(form(kind, 4, 4, 0), &[0; 15]), Err(Unfit), "{kind:?}");
            assert_eq!(
                grey(form(kind, 4, 4, u32::MAX), &[0; 64]),
                Err(Unfit),
                "{kind:?}"
            );
            for size in [(0, 4), (4, 0), (0, 0), (MOST_SIDE + 1, 4), (4, u32::MAX)] {
                assert_eq!(Form::new(kind, size, 0), None, "{kind:?} {size:?}");
            }
            assert_eq!(Kind::of(kind.fourcc()), Some(kind));
        }
        assert_eq!(Kind::of(*b"JPEG"), Some(Kind::Jpeg));
        assert_eq!(Kind::of(*b"H264"), None);
        // More than there has to be is no harm: drivers round up to whole pages.
        assert!(grey(form(Kind::Yuyv, 2, 2, 0), &[7; 4096]).is_ok());
    }

    fn drawn() -> (image::GrayImage, Vec<u8>) {
        let shade = |x: u32, y: u32| {
            image::Luma([if (x / 8 + y / 8).is_multiple_of(2) {
                20
            } else {
                230
            }])
        };
        let grey = image::GrayImage::from_fn(64, 48, shade);
        let colour = image::DynamicImage::from(grey.clone()).to_rgb8();
        let mut file = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 95)
            .encode_image(&colour)
            .unwrap();
        (grey, file)
    }

    /// As cameras send them.
    fn without_tables(file: &[u8]) -> Vec<u8> {
        let mut out = file[..2].to_vec();
        let mut rest = &file[2..];
        while rest[1] != 0xda {
            let length = 2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
            if rest[1] != 0xc4 {
                out.extend(&rest[..length]);
            }
            rest = &rest[length..];
        }
        out.extend(rest);
        out
    }

    #[test]
    fn jpeg_with_its_tables_and_without() {
        let (wanted, file) = drawn();
        let bare = without_tables(&file);
        assert!(has_tables(&file[2..]) && !has_tables(&bare[2..]) && bare.len() < file.len());
        // The size that was agreed on is not the picture's.
        let form = form(Kind::Jpeg, 1280, 720, 0);
        for file in [&file, &bare, &[&bare[..], &[0; 100]].concat()] {
            let mut grey = Vec::new();
            assert_eq!(form.grey(file, &mut grey), Ok((64, 48)));
            let far = grey
                .iter()
                .zip(wanted.as_raw())
                .filter(|(a, b)| a.abs_diff(**b) > 40);
            assert_eq!((grey.len(), far.count()), (64 * 48, 0));
        }
        for cut in 0..300.min(bare.len()) {
            let mut grey = Vec::new();
            if let Ok((width, height)) = form.grey(&bare[..cut], &mut grey) {
                assert_eq!(grey.len(), (width * height) as usize);
            }
        }
    }

    proptest! {
        /// Whatever a driver says and sends, there are as many grey levels as pixels, or none.
        #[test]
        fn no_picture_panics(
            kind in prop::sample::select(Kind::ALL.to_vec()),
            width in 1_u32..70, height in 1_u32..70, stride in prop_oneof![0_u32..300, any::<u32>()],
            picture in prop::collection::vec(any::<u8>(), 0..6000),
        ) {
            let _ = grey(form(kind, width, height, stride), &picture);
        }

        /// A damaged JPEG is read as something, or refused.
        #[test]
        fn no_jpeg_panics(at in 2_usize..2000, byte in any::<u8>(), bare in any::<bool>()) {
            let (_, file) = drawn();
            let mut file = if bare { without_tables(&file) } else { file };
            let at = at % file.len();
            file[at] = byte;
            let _ = grey(form(Kind::Jpeg, 64, 48, 0), &file);
        }
    }
}
