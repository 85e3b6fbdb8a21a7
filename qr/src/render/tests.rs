use super::*;
use crate::encode::{Options, Symbol};

fn symbol() -> Symbol {
    Symbol::new(
        "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4",
        &Options::default(),
    )
    .unwrap()
}

/// The pixels of a picture, and pixels per metre.
fn decode(bytes: &[u8]) -> (u32, Vec<u8>, Option<::png::PixelDimensions>) {
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(::png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, pixels, reader.info().pixel_dims)
}

#[test]
fn png_has_the_modules_and_its_size() {
    let symbol = symbol();
    for (quiet_zone, module) in [(4, 1), (4, 6), (0, 3), (7, 5)] {
        let options = PngOptions {
            size: Size::ModulePixels(module),
            quiet_zone,
            ..PngOptions::default()
        };
        let made = png(&symbol, &options).unwrap();
        assert_eq!(made, png(&symbol, &options).unwrap());
        let (width, pixels, dimensions) = decode(&made.bytes);
        assert_eq!(width, made.pixels);
        assert_eq!(width, (symbol.width() as u32 + 2 * quiet_zone) * module);
        let dimensions = dimensions.unwrap();
        assert_eq!(
            (dimensions.xppu, dimensions.yppu, dimensions.unit),
            (11_811, 11_811, ::png::Unit::Meter)
        );
        for y in 0..width {
            for x in 0..width {
                let module_at = |pixel: u32| (pixel / module).checked_sub(quiet_zone);
                let dark = module_at(x)
                    .zip(module_at(y))
                    .is_some_and(|(x, y)| symbol.is_dark(x as usize, y as usize));
                assert_eq!(
                    pixels[(y * width + x) as usize],
                    if dark { 0 } else { 255 },
                    "{x} {y}"
                );
            }
        }
    }
}

#[test]
fn png_sizes_in_millimetres() {
    let symbol = symbol();
    let made = |size, dpi| {
        png(
            &symbol,
            &PngOptions {
                size,
                dpi,
                ..PngOptions::default()
            },
        )
    };
    let modules = symbol.width() as u32 + 8;

    let half = made(Size::ModuleMm(0.5), 300.0).unwrap();
    assert_eq!(half.module_pixels, 6); // 5.9 pixels
    assert!((half.module_mm - 0.508).abs() < 0.001);

    let wide = made(Size::WidthMm(40.0), 600.0).unwrap();
    assert!(wide.width_mm <= 40.0 && wide.width_mm > 40.0 - f64::from(modules) * 25.4 / 600.0);

    let error = made(Size::WidthMm(2.0), 72.0).unwrap_err();
    assert!(matches!(error, RenderError::TooSmall { .. }), "{error}");
    let error = made(Size::WidthMm(2000.0), 600.0).unwrap_err();
    assert!(matches!(error, RenderError::TooLarge { .. }), "{error}");
    assert!(matches!(
        made(Size::ModuleMm(1e300), 600.0),
        Err(RenderError::TooLarge { .. })
    ));
    for (size, dpi) in [
        (Size::ModulePixels(0), 300.0),
        (Size::ModuleMm(-1.0), 300.0),
        (Size::WidthMm(9.0), f64::NAN),
    ] {
        assert!(matches!(
            made(size, dpi),
            Err(RenderError::NotPositive { .. })
        ));
    }
}

#[test]
fn svg_has_the_modules() {
    let symbol = symbol();
    let options = SvgOptions {
        size: Size::WidthMm(42.5),
        ..SvgOptions::default()
    };
    let made = svg(&symbol, &options).unwrap();
    let modules = symbol.width() + 8;
    assert!(made.starts_with(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"42.5mm\" height=\"42.5mm\" viewBox=\"0 0 {modules} {modules}\""
    )));
    let path = made
        .split("<path d=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let mut dark = 0;
    for run in path.split('M').skip(1) {
        let (place, size) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let run: usize = size.split('v').next().unwrap().parse().unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        assert!((x..x + run).all(|x| symbol.is_dark(x - 4, y - 4)));
        dark += run;
    }
    let all = (0..symbol.width()).flat_map(|y| (0..symbol.width()).map(move |x| (x, y)));
    assert_eq!(dark, all.filter(|&(x, y)| symbol.is_dark(x, y)).count());
    assert!(matches!(
        svg(
            &symbol,
            &SvgOptions {
                size: Size::ModuleMm(0.0),
                ..options
            }
        ),
        Err(RenderError::NotPositive { .. })
    ));
}
