// From the verdict's JSON (specs/verdict.md) to what the screen says. Pure: the verdict and the words go in,
// texts come out.

/// What keeps a valid certificate from green, the gravest first.
const DOUBTS = ['clock_wrong', 'trust_expired', 'rule_failed', 'trust_stale', 'revocation_unknown', 'rules_unknown', 'rule_open'];

/// `words` is the module words.js; `initials` hides the name but its first letters; `trusting` is false while no
/// trust list is on this device.
export function sentences(verdict, { words, initials = false, trusting = true }) {
    const { say, says, date, moment } = words;
    const { failure, doubts = [], holder } = verdict;
    const stage = failure?.stage ?? null;
    const doubt = DOUBTS.find(one => doubts.includes(one)) ?? null;
    const blind = !trusting && stage === 'kid';
    const colour = blind ? 'amber' : verdict.colour;
    const values = {
        date: date(verdict.expires_at), format: verdict.format ?? '', country: verdict.signer?.country ?? '',
        rule: (verdict.rules ?? []).filter(rule => rule.result === 'failed').map(rule => rule.description || rule.id).join('; '),
    };
    const key = blind ? 'no_trust' : colour === 'red' ? stage : colour === 'amber' ? doubt : 'valid';
    const known = says(`verify.why.${key}`);
    return {
        colour,
        code: stage ?? (colour === 'amber' ? doubt : null),
        word: colour === 'amber' ? say(doubts.includes('rule_failed') ? 'common.amber.not_enough' : 'common.amber.cannot_say') : say(`common.${colour}`),
        name: holder ? (initials ? first(holder.name) : holder.name) : '',
        birth: holder ? birth(holder.date_of_birth, initials, words) : '',
        why: known ? say(`verify.why.${key}`, values) : failure?.message ?? '',
        todo: says(`verify.todo.${key}`) ? say(`verify.todo.${key}`) : say(`verify.todo.${colour}`),
        revocation: verdict.valid && !blind ? say(`verify.revocation.${revocation(verdict)}`) : '',
        test: verdict.trust?.environment === 'test',
        facts: facts(verdict, { say, moment }),
    };
}

/// What an old list says of revocation is old as well.
function revocation({ revocation, doubts = [] }) {
    const old = ['trust_stale', 'trust_expired', 'clock_wrong'].some(doubt => doubts.includes(doubt));
    return old && revocation === 'not_revoked' ? 'not_revoked_then' : revocation;
}

/// The first letter of every word of a name.
export function first(name) {
    return String(name).split(/[\s,-]+/u).filter(Boolean).map(word => `${[...word.normalize('NFC')][0].toLocaleUpperCase()}.`).join(' ');
}

/// The birth date whole, or day and month of it.
function birth(iso, initials, { say, date }) {
    const [year, month, day] = String(iso ?? '').split('-');
    if (!year) return say('verify.birth.unknown');
    if (!initials) return date(iso);
    return day ? `${day}/${month}` : say('verify.birth.no_day');
}

/// The fold for those who want more: about signer, times and trust, nothing about health.
function facts(verdict, { say, moment }) {
    const { signer, trust, failure } = verdict;
    const rows = [
        ['format', verdict.format],
        ['country', signer?.country],
        ['subject', signer?.subject],
        ['kid', signer?.kid],
        ['algorithm', signer?.algorithm],
        ['issued', verdict.issued_at && moment(verdict.issued_at)],
        ['expires', verdict.expires_at && moment(verdict.expires_at)],
        ['bundle', trust?.bundle_sequence],
        ['age', trust?.age_days],
        ...(verdict.doubts ?? []).map(doubt => ['doubt', say(`verify.why.${doubt}`, { rule: '' })]),
        ...(verdict.rules ?? []).map(rule => ['rule', `${rule.id}: ${say(`verify.rule.${rule.result}`)}`]),
        ['failure', failure?.message],
        ['stage', failure?.stage],
    ];
    return rows.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([label, value]) => [say(`verify.fact.${label}`), String(value)]);
}

const RANK = { green: 0, amber: 1, red: 2 };

/// Of several codes seen at once: the best one, if they speak of one person. Two people's codes are no answer.
export function choose(verdicts) {
    const people = new Set(verdicts.filter(one => one.holder).map(one => `${one.holder.name_transliterated ?? one.holder.name}|${one.holder.date_of_birth}`));
    if (people.size > 1) return null;
    return [...verdicts].sort((a, b) => RANK[a.colour] - RANK[b.colour])[0] ?? null;
}

/// Whether something is no health certificate at all, as a code on a poster.
export const isForeign = verdict => verdict.failure?.stage === 'prefix';

/// What makes a certificate the same one again: its own number, or its text where it is not valid.
export function identity(verdict, text) {
    const event = Object.values(verdict.payload ?? {}).find(value => Array.isArray(value) && value[0]?.ci);
    return event?.[0].ci ?? text;
}
