// How many answers of each colour there were today. Three numbers and a date, nothing else.

const KEPT = 'hcert.totals';
const COLOURS = ['green', 'amber', 'red'];

const today = () => {
    const now = new Date();
    return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
};

export function totals() {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { /* unreadable: begin anew */ }
    const fresh = kept.day === today();
    return Object.fromEntries(COLOURS.map(colour => [colour, fresh && Number.isInteger(kept[colour]) ? kept[colour] : 0]));
}

export function count(colour) {
    const next = totals();
    if (colour in next) next[colour] += 1;
    write(next);
}

export const clear = () => write(Object.fromEntries(COLOURS.map(colour => [colour, 0])));

function write(numbers) {
    try { localStorage.setItem(KEPT, JSON.stringify({ day: today(), ...numbers })); } catch { /* no room: not counted */ }
}
