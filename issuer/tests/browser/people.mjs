// Twenty people of a day, as they come to the desk. All of them are invented.

const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Đặng', 'Bùi'];
const GIVEN = ['Văn Bình', 'Thị Cúc', 'Minh Đạt', 'Thị Giang', 'Quốc Hải', 'Thị Khánh', 'Văn Lộc', 'Thị Mỹ',
    'Thanh Nam', 'Thị Phượng', 'Đức Quang', 'Thị Sen', 'Anh Tú', 'Thị Vân', 'Hữu Ý', 'Thị Thảo'];

/// A citizen card as its code has it.
export function card({ name, day = '15', month = '06', year, woman = false, serial }) {
    const century = (year < 2000 ? 0 : 2) + (woman ? 1 : 0);
    const number = `079${century}${String(year % 100).padStart(2, '0')}${String(serial).padStart(6, '0')}`;
    return `${number}||${name}|${day}${month}${year}|${woman ? 'Nữ' : 'Nam'}|12 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh|10062022`;
}

/// Sixteen people with ordinary cards.
export const ordinary = GIVEN.map((given, index) => {
    const name = `${FAMILIES[index % FAMILIES.length]} ${given}`;
    const woman = given.startsWith('Thị');
    const year = 1950 + index * 3;
    const day = String(index + 1).padStart(2, '0');
    return { name, year, text: card({ name, day, year, woman, serial: 500100 + index }) };
});

/// Somebody whose name has sixty letters.
export const long = (() => {
    const name = 'Công Tằng Tôn Nữ Hoàng Thị Ngọc Phương Quỳnh Như Thanh Huyền';
    return { name, text: card({ name, year: 1992, woman: true, serial: 500200 }) };
})();
