// What was found, before it is kept: whose it is, what it says, whether it is genuine. Nothing comes into the wallet
// without being seen here; a link of a stranger's brings a stranger's certificate.

import { persist } from '../../common/install.js';
import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app } from '../app.js';
import { eventDay, headline, state, who } from '../cards.js';
import { MAY_BE_KEPT, read } from '../certificate.js';
import { button } from '../dom.js';
import { home, tell } from '../screen.js';
import { MOST } from '../store.js';

export async function keep(texts, troubles = []) {
    const found = [];
    for (const text of texts) found.push(await read(text));
    const different = [...new Map(found.map(one => [one.id, one])).values()];
    // In a sheet with other codes on it, what is no certificate is of no interest.
    const certificates = different.filter(one => one.state !== 'none');
    const seen = certificates.length ? certificates : different.slice(0, 1);
    const fresh = certificates.filter(one => MAY_BE_KEPT.has(one.state) && !app.find(one.id));
    return {
        title: say(fresh.length ? 'wallet.keep.title' : 'wallet.keep.nothing'),
        kind: 'offer',
        body: [troubles.map(text => make('p', { class: 'error' }, text)), seen.map(offer)],
        foot: [
            button(say('common.cancel'), () => home(), { class: fresh.length ? 'quiet' : null, id: 'cancel' }),
            fresh.length ? button(say(fresh.length > 1 ? 'wallet.keep.all' : 'wallet.keep', { count: fresh.length }), () => take(fresh), { id: 'keep' }) : null,
        ],
    };
}

async function take(fresh) {
    try {
        await app.store.keep(fresh.map(({ id, text, added }) => ({ id, text, added })));
    } catch {
        tell(say(app.certificates.length + fresh.length > MOST ? 'wallet.full' : 'wallet.no_room', { most: MOST }), 'red');
        return;
    }
    // Asked when there is something to lose: browsers give it more readily then.
    persist();
    await app.load();
    await home();
    const [first] = fresh;
    tell(fresh.length > 1 ? say('wallet.kept.all', { count: fresh.length }) : say('wallet.kept', { name: first.person.name || first.person.latin }));
}

function offer(one) {
    if (one.state === 'none') {
        return make('article', { class: 'card' }, make('p', { class: 'state red' }, say('wallet.state.none')), make('p', {}, say('wallet.none.what')));
    }
    const held = app.find(one.id);
    return make('article', { class: 'card' },
        // What is not genuine is nobody's: no name beside it.
        one.state === 'refused' ? null : who(one.person),
        one.state === 'refused' ? null : [make('p', {}, headline(one)), make('p', { class: 'when' }, eventDay(one))],
        state(one),
        one.state === 'valid' ? null : make('p', {}, reason(one)),
        held ? make('p', { class: 'state green' }, say('wallet.keep.held')) : null);
}

function reason(one) {
    if (one.state === 'unchecked') return app.trust ? say('wallet.keep.unknown') : say('wallet.keep.no_trust');
    const own = say(`wallet.keep.${one.state}`);
    // The verdict's sentence says why a text is not genuine; of the rest it speaks to whoever checks.
    return one.state === 'refused' ? `${one.failure.message} ${own}` : own;
}
