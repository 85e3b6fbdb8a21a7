//! The report as sections, each a heading of two signs and what stands below it.

/// `old` with the sections of `new` in the places of those of the same title; what is new comes last.
pub(super) fn replaced(old: &str, new: &str) -> String {
    let mut sections = split(old);
    for section in split(new)
        .into_iter()
        .filter(|section| !title(section).is_empty())
    {
        match sections.iter_mut().find(|old| title(old) == title(section)) {
            Some(old) => *old = section,
            None => sections.push(section),
        }
    }
    let sections: Vec<&str> = sections.into_iter().map(str::trim_end).collect();
    sections.join("\n\n") + "\n"
}

/// What comes before the first heading is one as well.
fn split(report: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = report
        .match_indices("\n## ")
        .map(|(at, _)| at + 1)
        .collect();
    if report.starts_with("## ") {
        starts.insert(0, 0);
    }
    let head = report.get(..starts.first().copied().unwrap_or(report.len()));
    let ends = starts.iter().skip(1).copied().chain([report.len()]);
    let sections = starts.iter().zip(ends);
    head.filter(|head| !head.is_empty())
        .into_iter()
        .chain(sections.filter_map(|(start, end)| report.get(*start..end)))
        .collect()
}

fn title(section: &str) -> &str {
    let first = section.lines().next().unwrap_or_default();
    first.strip_prefix("## ").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_a_new_one_comes_last() {
        let old = "# Report\n\nHead.\n\n## One\n\n1\n\n## Two\n\n2\n";
        let new = "## Two\n\n```\nII\n```\n\n## Three\n\nIII\n\n";
        let whole =
            "# Report\n\nHead.\n\n## One\n\n1\n\n## Two\n\n```\nII\n```\n\n## Three\n\nIII\n";
        assert_eq!(replaced(old, new), whole);
        assert_eq!(replaced(whole, new), whole);
        assert_eq!(replaced(old, ""), old);
        assert_eq!(replaced("", "## One\n\n1"), "## One\n\n1\n");
    }
}
