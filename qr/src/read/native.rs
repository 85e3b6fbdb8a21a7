//! zxing-cpp.

use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};

use super::chain::Look;
use super::{Code, Luma8, Point};

const QR: [BarcodeFormat; 1] = [BarcodeFormat::QRCode];
const QR_AND_AZTEC: [BarcodeFormat; 2] = [BarcodeFormat::QRCode, BarcodeFormat::Aztec];

pub(super) fn zxing(luma: &Luma8<'_>, look: Look) -> Vec<Code> {
    let reader = zxingcpp::read()
        .formats(if look == Look::Plain {
            &QR[..]
        } else {
            &QR_AND_AZTEC
        })
        .try_invert(look != Look::Plain)
        .try_downscale(look == Look::Everywhere);
    let view = ImageView::from_slice(luma.pixels, luma.width, luma.height, ImageFormat::Lum);
    // Its errors are about arguments, which `Luma8` has checked.
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
