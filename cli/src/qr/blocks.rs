//! A QR code in a terminal, two modules to a character.

use qr::{encode::Symbol, render::QUIET_ZONE};

/// Draws the symbol. With colours it is black on white whatever the terminal's own are; without,
/// the light modules are drawn, which is right on a dark ground, and readers take the negative too.
pub(super) fn draw(symbol: &Symbol, colour: bool) -> String {
    let quiet = QUIET_ZONE as usize;
    let side = symbol.width() + 2 * quiet;
    let light = |x: usize, y: usize| {
        let inside = x.checked_sub(quiet).zip(y.checked_sub(quiet));
        y < side && !inside.is_some_and(|(x, y)| symbol.is_dark(x, y))
    };
    let mut out = String::new();
    for y in (0..side).step_by(2) {
        if colour {
            out += "\x1b[97;40m";
        }
        out.extend((0..side).map(|x| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }));
        if colour {
            out += "\x1b[0m";
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use qr::encode::Options;

    use super::*;

    /// What is drawn is what the symbol says, module by module.
    #[test]
    fn every_module_is_drawn() {
        let symbol = Symbol::new("HC1:6BFOXN", &Options::default()).unwrap();
        let drawn = draw(&symbol, false);
        let rows: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        assert_eq!((rows.len(), rows[0].len()), (15, 29));
        for y in 0..symbol.width() {
            for x in 0..symbol.width() {
                let both = rows[(y + 4) / 2][x + 4];
                let light = if y % 2 == 0 { "█▀" } else { "█▄" };
                assert_eq!(light.contains(both), !symbol.is_dark(x, y), "{x} {y}");
            }
        }
        assert!(draw(&symbol, true).starts_with("\x1b[97;40m█"));
    }
}
