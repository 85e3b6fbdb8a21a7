//! The chain of readers where there is C++.

use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView};

use super::{Code, Effort, Luma8, Point};

pub(super) fn codes(luma: &Luma8<'_>, effort: Effort) -> Vec<Code> {
    let _ = effort;
    zxing(luma, &zxingcpp::read().formats(BarcodeFormat::QRCode))
}

fn zxing(luma: &Luma8<'_>, reader: &BarcodeReader) -> Vec<Code> {
    let view = ImageView::from_slice(luma.pixels, luma.width, luma.height, ImageFormat::Lum);
    let found = view.and_then(|view| reader.from(view)).unwrap_or_default();
    found
        .iter()
        .filter(|barcode| barcode.is_valid())
        .map(|barcode| {
            let place = barcode.position();
            let corners = [
                place.top_left,
                place.top_right,
                place.bottom_right,
                place.bottom_left,
            ];
            Code::new(
                barcode.bytes(),
                Some(corners.map(|point| Point {
                    x: point.x,
                    y: point.y,
                })),
            )
        })
        .collect()
}
