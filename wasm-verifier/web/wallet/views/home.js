// The first screen: people and what they have, the most useful on top.

import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app } from '../app.js';
import { eventDay, headline, state, until, who } from '../cards.js';
import { button } from '../dom.js';
import { decision } from '../family.js';
import { ending } from '../remind.js';
import { go } from '../screen.js';
import { add } from './add.js';
import { certificate } from './certificate.js';
import { code } from './code.js';
import { endingNotice } from './renew.js';

// How many of a person's certificates are seen without asking.
const SEEN = 2;

export function home() {
    const ends = ending(app.people, app.settings, Date.now());
    const body = app.certificates.length === 0 ? empty() : [
        ends.length ? endingNotice(ends) : null,
        ...app.questions.map(question),
        app.trust ? null : make('p', { class: 'small' }, say('wallet.no_trust')),
        ...app.people.map(person),
    ];
    return {
        title: say('wallet.title'),
        kind: 'home',
        body,
        foot: [button(say('wallet.add'), () => go(add), { id: 'add' })],
    };
}

function empty() {
    return [
        make('p', { class: 'big' }, say('wallet.empty')),
        make('p', {}, say('wallet.empty.what')),
        make('p', {}, say('wallet.empty.where')),
        make('p', { class: 'small' }, say('wallet.empty.moving')),
    ];
}

function person(one, index) {
    const id = `person-${index}`;
    const [seen, rest] = [one.certificates.slice(0, SEEN), one.certificates.slice(SEEN)];
    return make('section', { class: 'person', 'aria-labelledby': id },
        who(one, { id }),
        seen.map(card),
        rest.length ? make('details', {},
            make('summary', {}, say('wallet.more', { count: rest.length })), rest.map(card)) : null);
}

function card(one) {
    const about = { name: one.person.name || one.person.latin, title: headline(one) };
    return make('article', { class: 'card' },
        make('h3', {}, headline(one)),
        make('p', { class: 'when' }, eventDay(one)),
        state(one),
        make('div', { class: 'acts' },
            button(say('wallet.show'), () => go(() => code(one.id)), { id: `show-${one.id}`, 'aria-label': say('wallet.show.of', about), class: one.state === 'valid' ? null : 'quiet' }),
            button(say('common.details'), () => go(() => certificate(one.id)), { id: `open-${one.id}`, class: 'quiet', 'aria-label': say('wallet.details.of', about) })));
}

function question({ left, right, pair }) {
    const decide = async says => {
        await app.store.decide([decision(pair[0], pair[1], says, Date.now())]);
        await app.refresh();
    };
    return make('section', { class: 'question', 'aria-label': say('wallet.same.title') },
        make('h2', {}, say('wallet.same.title')),
        make('div', { class: 'two' }, make('div', {}, who(left, { level: 'p' })), make('div', {}, who(right, { level: 'p' }))),
        make('p', { class: 'small' }, say('wallet.same.why')),
        make('div', { class: 'acts' },
            button(say('wallet.same.yes'), () => decide('same'), { class: 'quiet' }),
            button(say('wallet.same.no'), () => decide('other'), { class: 'quiet' })));
}
