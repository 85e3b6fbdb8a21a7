//! Machine-readable zones for the tests of whoever compares them: `#[path = ".../border/testing/zone.rs"] mod zone;`

/// Doc 9303 part 3, section 4.9.
fn digit(text: &str) -> char {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    let weights = [7, 3, 1].into_iter().cycle();
    let sum: u32 = text.chars().zip(weights).map(|(c, w)| value(c) * w).sum();
    char::from_digit(sum % 10, 10).unwrap()
}

/// A whole zone with these names and this birth date (YYMMDD), as a passport of Viet Nam has it: `td1`, `td2`, else TD3.
pub(crate) fn zone(size: &str, names: &str, birth: &str) -> String {
    let width = match size {
        "td1" => 30,
        "td2" => 31,
        _ => 39,
    };
    assert!(names.len() <= 40, "{names}");
    // One letter too many is how a name that was never cut looks when somebody cuts it.
    let names = &names[..names.len().min(width)];
    let names = format!("{names:<<width$}");
    let number = format!("B1234567<{}", digit("B1234567<"));
    let birth = format!("{birth}{}", digit(birth));
    let expiry = format!("300101{}", digit("300101"));
    match size {
        "td1" => {
            let (first, second) = (format!("{number:<<25}"), format!("{:<<11}", ""));
            let whole = digit(&format!("{first}{birth}{expiry}{second}"));
            format!("I<VNM{first}\n{birth}M{expiry}VNM{second}{whole}\n{names}")
        }
        "td2" => {
            let rest = "<<<<<<<";
            let whole = digit(&format!("{number}{birth}{expiry}{rest}"));
            format!("I<VNM{names}\n{number}VNM{birth}M{expiry}{rest}{whole}")
        }
        _ => {
            let rest = "<<<<<<<<<<<<<<0";
            let whole = digit(&format!("{number}{birth}{expiry}{rest}"));
            format!("P<VNM{names}\n{number}VNM{birth}M{expiry}{rest}{whole}")
        }
    }
}
