//! The columns of a sheet of places and people, as people name them.

use intake::plain;

use crate::{place::Level, roles::Role};

/// A column of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Path,
    Province,
    District,
    Commune,
    Site,
    Name,
    NameEn,
    Level,
    OneStep,
    FullName,
    SignIn,
    Roles,
}

const COLUMNS: &[(&str, Column)] = &[
    ("Đường dẫn", Column::Path),
    ("Mã đường dẫn", Column::Path),
    ("Mã tỉnh", Column::Province),
    ("Mã huyện", Column::District),
    ("Mã xã", Column::Commune),
    ("Mã phường", Column::Commune),
    ("Mã cơ sở", Column::Site),
    ("Mã điểm", Column::Site),
    ("Mã điểm tiêm", Column::Site),
    ("Tên cơ sở", Column::Name),
    ("Tên điểm", Column::Name),
    ("Tên địa điểm", Column::Name),
    ("Tên tiếng Anh", Column::NameEn),
    ("Cấp", Column::Level),
    ("Một bước", Column::OneStep),
    ("Họ và tên", Column::FullName),
    ("Họ tên", Column::FullName),
    ("Tên đăng nhập", Column::SignIn),
    ("Tài khoản", Column::SignIn),
    ("Vai trò", Column::Roles),
    ("Path", Column::Path),
    ("Province", Column::Province),
    ("District", Column::District),
    ("Commune", Column::Commune),
    ("Site", Column::Site),
    ("Site code", Column::Site),
    ("Name", Column::Name),
    ("Site name", Column::Name),
    ("Place name", Column::Name),
    ("English name", Column::NameEn),
    ("Level", Column::Level),
    ("One step", Column::OneStep),
    ("Full name", Column::FullName),
    ("Sign-in name", Column::SignIn),
    ("Sign-in", Column::SignIn),
    ("User name", Column::SignIn),
    ("Role", Column::Roles),
    ("Roles", Column::Roles),
];

/// The column of a name.
pub(super) fn column(name: &str) -> Option<Column> {
    let name = plain(name.split(['(', '[']).next().unwrap_or_default());
    let mut all = COLUMNS.iter();
    all.find(|(known, _)| plain(known) == name)
        .map(|(_, column)| *column)
}

/// Whether a header is in Vietnamese: its names have marks, where English ones have none.
pub(super) fn is_vietnamese(header: &[String]) -> bool {
    header.iter().any(|name| !name.is_ascii())
}

const LEVELS: &[(&str, Level)] = &[
    ("quốc gia", Level::Country),
    ("trung ương", Level::Country),
    ("tỉnh", Level::Province),
    ("thành phố", Level::Province),
    ("huyện", Level::District),
    ("quận", Level::District),
    ("xã", Level::Commune),
    ("phường", Level::Commune),
    ("thị trấn", Level::Commune),
    ("đặc khu", Level::Commune),
    ("cơ sở", Level::Site),
    ("điểm", Level::Site),
    ("điểm tiêm", Level::Site),
    ("đội lưu động", Level::Site),
];

/// The level of a word.
pub(super) fn level(word: &str) -> Option<Level> {
    let word = plain(word);
    Level::of(&word).or_else(|| {
        let mut all = LEVELS.iter();
        all.find(|(known, _)| plain(known) == word)
            .map(|(_, level)| *level)
    })
}

const ROLES: &[(&str, Role)] = &[
    ("clerk", Role::Clerk),
    ("nhập liệu", Role::Clerk),
    ("nhân viên", Role::Clerk),
    ("officer", Role::Officer),
    ("phê duyệt", Role::Officer),
    ("duyệt", Role::Officer),
    ("phụ trách", Role::Officer),
    ("authority", Role::Authority),
    ("cấp chứng nhận", Role::Authority),
    ("cơ quan cấp", Role::Authority),
    ("administrator", Role::Administrator),
    ("quản trị", Role::Administrator),
    ("auditor", Role::Auditor),
    ("kiểm tra", Role::Auditor),
    ("giám sát", Role::Auditor),
];

/// The roles of a cell, or the word that is none.
pub(super) fn roles(text: &str) -> Result<Vec<Role>, String> {
    let words = text.split([',', ';', '+', '/', '\n']).map(str::trim);
    let words = words.filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut all = ROLES.iter();
            all.find(|(known, _)| plain(known) == plain(word))
                .map(|(_, role)| *role)
                .ok_or_else(|| word.to_owned())
        })
        .collect()
}

/// Whether a cell says yes.
pub(super) fn yes(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "" | "khong" | "no" | "false" | "0" => Some(false),
        "co" | "yes" | "true" | "x" | "1" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_write_them() {
        assert_eq!(column("HỌ VÀ TÊN (*)"), Some(Column::FullName));
        assert_eq!(column("ma xa"), Some(Column::Commune));
        assert_eq!(column("sign-in name"), Some(Column::SignIn));
        assert_eq!(column("Ghi chú"), None);
        assert_eq!(level("Phường"), Some(Level::Commune));
        assert_eq!(level("site"), Some(Level::Site));
        assert_eq!(
            roles("Nhập liệu, officer"),
            Ok(vec![Role::Clerk, Role::Officer])
        );
        assert_eq!(roles("nhập liệu; king"), Err("king".into()));
        assert_eq!(
            (yes("Có"), yes(""), yes("maybe")),
            (Some(true), Some(false), None)
        );
    }

    #[test]
    fn no_two_columns_have_one_name() {
        for (index, (name, column)) in COLUMNS.iter().enumerate() {
            for (other, there) in &COLUMNS[..index] {
                assert!(plain(name) != plain(other) || column == there, "{name}");
            }
        }
    }
}
