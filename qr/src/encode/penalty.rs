//! Rows of modules as bits, and the mask penalty (ISO/IEC 18004, 7.8.3.1) on whole rows at once.
//!
//! A question such as "is there a run of five here" is put to all modules of a row with a few bit
//! operations: along the row with the row shifted, along the columns with the rows below.

use std::ops::{BitAnd, BitOr, BitXor, Not};

/// A row of up to 192 modules, column 0 in the lowest bit, dark = 1; the rest 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Row([u64; 3]);

impl Row {
    const NONE: Self = Self([0; 3]);

    pub(super) fn from_fn(width: usize, mut dark: impl FnMut(usize) -> bool) -> Self {
        let mut row = Self::NONE;
        (0..width).for_each(|x| row.set(x, dark(x)));
        row
    }

    fn get(self, x: usize) -> bool {
        self.0[x / 64] >> (x % 64) & 1 == 1
    }

    fn set(&mut self, x: usize, dark: bool) {
        let bit = 1 << (x % 64);
        if dark {
            self.0[x / 64] |= bit;
        } else {
            self.0[x / 64] &= !bit;
        }
    }

    fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// What stands `offset` columns to the right (to the left, if negative); `|offset|` within 1 to 63,
    /// or 0.
    fn ahead(self, offset: i32) -> Self {
        let [a, b, c] = self.0;
        match offset {
            0 => self,
            1.. => Self([
                a >> offset | b << (64 - offset),
                b >> offset | c << (64 - offset),
                c >> offset,
            ]),
            _ => Self([
                a << -offset,
                b << -offset | a >> (64 + offset),
                c << -offset | b >> (64 + offset),
            ]),
        }
    }
}

macro_rules! bitwise {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Row {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                let ([a, b, c], [x, y, z]) = (self.0, other.0);
                Self([a $op x, b $op y, c $op z])
            }
        }
    };
}
bitwise!(BitAnd, bitand, &);
bitwise!(BitOr, bitor, |);
bitwise!(BitXor, bitxor, ^);

impl Not for Row {
    type Output = Self;
    fn not(self) -> Self {
        let [a, b, c] = self.0;
        Self([!a, !b, !c])
    }
}

/// The modules of a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    rows: Vec<Row>,
}

impl Rows {
    pub(super) fn new(width: usize) -> Self {
        Self {
            rows: vec![Row::NONE; width],
        }
    }

    pub(super) fn width(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn get(&self, x: usize, y: usize) -> bool {
        x < self.rows.len() && self.rows.get(y).is_some_and(|row| row.get(x))
    }

    pub(super) fn set(&mut self, x: usize, y: usize, dark: bool) {
        self.rows[y].set(x, dark);
    }

    /// Turns over the modules of row `y` that are set in both `data` and `mask`.
    pub(super) fn invert(&mut self, y: usize, data: &Self, mask: Row) {
        self.rows[y] = self.rows[y] ^ (data.rows[y] & mask);
    }

    pub(super) fn penalty(&self) -> u32 {
        let width = self.rows.len();
        let inside = Row::from_fn(width, |_| true);
        let line = |y: i32| {
            usize::try_from(y)
                .ok()
                .and_then(|y| self.rows.get(y).copied())
        };
        let mut dark = 0;
        let mut penalty = 0;
        for (&row, y) in self.rows.iter().zip(0_i32..) {
            dark += row.count();
            penalty += line_penalty(|offset| (row.ahead(offset), inside.ahead(offset) & inside));
            penalty += line_penalty(|offset| {
                line(y + offset).map_or((Row::NONE, Row::NONE), |row| (row, inside))
            });
            if let Some(below) = line(y + 1) {
                let across = |row: Row| !(row ^ row.ahead(1));
                let blocks = across(row) & across(below) & !(row ^ below) & inside.ahead(1);
                penalty += 3 * blocks.count();
            }
        }
        penalty + balance_penalty(dark, u32::try_from(width * width).unwrap_or(u32::MAX))
    }
}

/// Runs and finder-like patterns that begin at each module of a row, in one direction. `at(offset)` gives
/// the modules that many steps ahead, and which of them are inside the symbol; what is outside is light.
fn line_penalty(at: impl Fn(i32) -> (Row, Row)) -> u32 {
    let modules = |offset| at(offset).0;
    let equal_next = |offset| {
        let ((here, inside_here), (next, inside_next)) = (at(offset), at(offset + 1));
        !(here ^ next) & inside_here & inside_next
    };
    // A run of n >= 5 costs 3 + (n - 5). It has n - 4 beginnings of five: one point each, and two more
    // for the first.
    let middle = equal_next(0) & equal_next(1) & equal_next(2);
    let five = middle & equal_next(3);
    let first = five & !(middle & equal_next(-1));

    let core =
        modules(0) & !modules(1) & modules(2) & modules(3) & modules(4) & !modules(5) & modules(6);
    let before = modules(-1) | modules(-2) | modules(-3) | modules(-4);
    let after = modules(7) | modules(8) | modules(9) | modules(10);
    let finders = core & (!before | !after);

    five.count() + 2 * first.count() + 40 * finders.count()
}

/// 10 points for each whole 5 % that the share of dark modules is away from one half.
pub(super) fn balance_penalty(dark: u32, total: u32) -> u32 {
    10 * ((20 * dark).abs_diff(10 * total) / total)
}
