// Whose certificates belong together. A phone often carries a family: a mother, her children, her parents. Two
// certificates are the same person's without a question only if the whole name, as it is written, and the whole birth
// date are the same. Twins may be called Hùng and Hưng, and both are HUNG in a passport; so whatever is only alike is
// asked, never merged.

/// A name for comparing: composed, small letters, single spaces.
function folded(name) {
    return (name ?? '').normalize('NFC').replace(/</gu, ' ').toLocaleLowerCase('vi').replace(/\s+/gu, ' ').trim();
}

/// The same in Latin letters without marks, as words in order of the alphabet: who is Văn Bình Hoàng here is Hoàng
/// Văn Bình there.
function words(person) {
    const latin = person.latin || person.name;
    const plain = folded(latin).replace(/đ/gu, 'd').normalize('NFD').replace(/\p{M}/gu, '');
    return plain.split(/[^\p{L}]+/u).filter(Boolean).sort();
}

const whole = birth => /^\d{4}-\d\d-\d\d$/.test(birth ?? '');

/// Names the person of a certificate. Who has no whole birth date may be anybody of that name: each such certificate
/// has an identity of its own.
export function identityOf(person, id) {
    const name = folded(person.name) || folded(person.latin);
    return whole(person.birth) && name ? `${name}|${person.birth}` : `${name}|${person.birth ?? ''}|${id}`;
}

function birthsAgree(left = '', right = '') {
    if (left.startsWith(right) || right.startsWith(left)) return true;
    if (!whole(left) || !whole(right)) return false;
    // Day and month the wrong way around is the commonest mistake there is.
    const [year, month, date] = left.split('-');
    return right === `${year}-${date}-${month}`;
}

/// Whether one letter more, less or different makes one of the other.
function nearly(left, right) {
    if (Math.abs(left.length - right.length) > 1) return false;
    let start = 0;
    while (start < left.length && left[start] === right[start]) start += 1;
    const [rest, other] = [left.slice(start), right.slice(start)];
    return rest.slice(1) === other || rest === other.slice(1) || rest.slice(1) === other.slice(1);
}

/// Whether two people might be one, so that it is worth a question.
export function alike(left, right) {
    if (!birthsAgree(left.birth, right.birth)) return false;
    const [one, two] = [words(left), words(right)];
    if (one.length === 0 || two.length === 0) return false;
    const [short, long] = one.length <= two.length ? [one, two] : [two, one];
    const inside = short.length > 1 && short.every(word => long.includes(word));
    return inside || (left.birth === right.birth && nearly(one.join(' '), two.join(' ')));
}

/// The decision about two identities, as it is kept: in order, so that there is one for each pair.
export function decision(left, right, says, at) {
    const [a, b] = [left, right].sort();
    return { a, b, says, at };
}

const USE = { valid: 0, unchecked: 1, not_yet: 2, expired: 3 };
const TEST_COUNTS = 3 * 86_400_000;

/// The most useful first: in force before the rest, then by the day it speaks of. A test that is some days old is of
/// little use, however valid.
export function moreUseful(now) {
    const rank = one => {
        const stale = one.kind === 'test' && now - Date.parse(one.event) > TEST_COUNTS;
        return (USE[one.state] ?? 4) + (stale ? 0.5 : 0);
    };
    return (left, right) =>
        rank(left) - rank(right) ||
        (right.event ?? '').localeCompare(left.event ?? '') ||
        (right.dose ?? 0) - (left.dose ?? 0) ||
        left.id.localeCompare(right.id);
}

/// People with their certificates, and what has to be asked: pairs of people who may be one.
/// Certificates need `id`, `person`, `state`, `kind`, `event`, `added`. People stand in the order in which they came.
export function family(certificates, decisions, now) {
    const identities = new Map();
    for (const one of certificates) {
        const key = identityOf(one.person, one.id);
        if (!identities.has(key)) identities.set(key, { key, person: one.person, certificates: [] });
        identities.get(key).certificates.push(one);
    }
    const head = new Map([...identities.keys()].map(key => [key, key]));
    const find = key => (head.get(key) === key ? key : find(head.get(key)));
    const decided = decisions.filter(one => identities.has(one.a) && identities.has(one.b)).sort((left, right) => left.at - right.at);
    const apart = (left, right) => decided.some(one => one.says === 'other' &&
        ((find(one.a) === left && find(one.b) === right) || (find(one.a) === right && find(one.b) === left)));
    for (const { a, b, says } of decided) {
        // Somebody who was said to be two people is not made one by way of a third.
        if (says === 'same' && find(a) !== find(b) && !apart(find(a), find(b))) head.set(find(a), find(b));
    }
    const people = new Map();
    for (const { key, certificates: own } of identities.values()) {
        const at = find(key);
        if (!people.has(at)) people.set(at, { key: at, identities: [], certificates: [] });
        people.get(at).identities.push(key);
        people.get(at).certificates.push(...own);
    }
    for (const person of people.values()) {
        person.certificates.sort(moreUseful(now));
        // The name as its bearer writes it, where any of them has the marks.
        const marked = person.certificates.find(one => /\P{ASCII}/u.test(one.person.name));
        Object.assign(person, (marked ?? person.certificates[0]).person);
        person.since = Math.min(...person.certificates.map(one => one.added));
    }
    const list = [...people.values()].sort((left, right) => left.since - right.since || left.key.localeCompare(right.key));
    return { people: list, questions: questions(list, identities, apart) };
}

function questions(people, identities, apart) {
    const asked = [];
    people.forEach((left, index) => {
        for (const right of people.slice(index + 1)) {
            const pair = left.identities.flatMap(a => right.identities.map(b => [a, b]))
                .find(([a, b]) => alike(identities.get(a).person, identities.get(b).person));
            if (pair && !apart(left.key, right.key)) asked.push({ left, right, pair });
        }
    });
    return asked;
}
