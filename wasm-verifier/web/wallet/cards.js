// A certificate and a person in plain words.

import { make } from '../common/dom.js';
import { date, moment, say } from '../common/words.js';
import { lastWholeDay, localDay } from './dates.js';

// The same signs as on the gate: shape before colour.
const TONES = { valid: 'green', unchecked: 'amber', not_yet: 'amber', expired: 'red', revoked: 'red', refused: 'red', none: 'red' };

/// Until when, in the person's days; on the last day with the hour. Empty when it never ends.
export function until(one) {
    if (!one.expires) return '';
    if (one.state === 'expired') return date(localDay(one.expires));
    const last = lastWholeDay(one.expires);
    return last < localDay(Date.now()) ? moment(one.expires) : date(last);
}

/// What the wallet says of a certificate: a sign and words.
export function state(one) {
    const key = one.state === 'valid' && !one.expires ? 'valid_forever' : one.state;
    return make('p', { class: `state ${TONES[one.state]}` }, say(`wallet.state.${key}`, { until: until(one) }));
}

/// The day it speaks of: of a dose, a sample, the first positive test.
export function eventDay(one) {
    return one.event ? say(`wallet.event.${one.kind}`, { day: date(one.event.slice(0, 10)) }) : '';
}

/// "Tiêm chủng: mũi 2 trên 2, Comirnaty".
export function headline(one) {
    return one.summary ? say('wallet.headline', { title: one.title, summary: one.summary }) : one.title;
}

/// Name and birth date, to be compared with an identity document.
export function who(person, { level = 'h2', id = null } = {}) {
    const name = person.name || person.latin || say('wallet.nameless');
    return [
        make(level, { class: 'name', id, dir: 'auto' }, name),
        make('p', { class: 'who' },
            person.latin && person.latin.toLowerCase() !== name.toLowerCase() ? make('span', { class: 'latin' }, person.latin) : null,
            make('span', { class: 'born' }, say('wallet.born', { day: person.birth ? date(person.birth) : say('wallet.born.unknown') }))),
    ];
}

/// The name of a code, for whoever does not see it.
export function codeName(one) {
    return say('wallet.code.name', { name: one.person.name || one.person.latin, title: headline(one), until: until(one) || '–' });
}

/// All that it says, in the order of every sheet: who, what, when, where, by whom, until when, number.
export function factRows(one) {
    const number = one.lines.filter(line => line.key === 'identifier');
    const rest = one.lines.filter(line => line.key !== 'identifier');
    const rows = [[say('wallet.fact.name'), one.person.name]];
    if (one.person.latin && one.person.latin.toLowerCase() !== one.person.name.toLowerCase()) rows.push([say('wallet.fact.latin'), one.person.latin]);
    rows.push([say('common.birth'), one.person.birth ? date(one.person.birth) : say('wallet.born.unknown')]);
    rows.push(...rest.map(line => [line.label, line.value]));
    if (one.expires) rows.push([say('wallet.fact.until'), until(one)]);
    rows.push(...number.map(line => [line.label, line.value]));
    return rows;
}

export function facts(one) {
    return make('dl', {}, factRows(one).flatMap(([label, value]) => [make('dt', {}, label), make('dd', { dir: 'auto' }, value)]));
}
