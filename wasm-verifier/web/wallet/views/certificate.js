// One certificate: what it says, what the wallet knows of it, and what can be done with it.

import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app } from '../app.js';
import { facts, headline, state } from '../cards.js';
import { button, download } from '../dom.js';
import { engine } from '../engine.js';
import { decision, identityOf } from '../family.js';
import { print } from '../paper.js';
import { ask, back, go } from '../screen.js';
import { png } from '../symbol.js';
import { code } from './code.js';
import { mistake } from './mistake.js';
import { calendarButton, mayBeNoted, renewal } from './renew.js';

export function certificate(id) {
    const one = app.find(id);
    const person = app.personOf(one);
    return {
        title: one.title || say('wallet.certificate'),
        body: [
            make('p', { class: 'big' }, headline(one)),
            state(one),
            ['refused', 'unchecked'].includes(one.state) ? make('p', { class: 'small' }, one.failure.message) : null,
            one.state === 'valid' ? make('p', { class: 'small' }, say(one.revocation === 'not_revoked' ? 'wallet.checked' : 'wallet.checked.unknown')) : null,
            facts(one),
            make('h2', {}, say('wallet.acts')),
            make('div', { class: 'acts column' },
                button(say('wallet.print'), () => print([one]), { class: 'quiet', id: 'print' }),
                button(say('wallet.picture'), async () => download(`${fileName(one)}.png`, 'image/png', await png(await engine.symbol(one.text))), { class: 'quiet', id: 'picture' }),
                mayBeNoted(one) ? calendarButton(one) : null,
                one.kind === 'test' ? null : renewal(one),
                button(say('wallet.mistake'), () => go(() => mistake(id)), { class: 'quiet', id: 'mistake' }),
                person.identities.length > 1 ? button(say('wallet.apart'), () => apart(one, person), { class: 'quiet', id: 'apart' }) : null,
                button(say('wallet.delete'), () => remove(one), { class: 'quiet', id: 'delete' })),
        ],
        foot: [button(say('wallet.show'), () => go(() => code(id)), { id: 'show' })],
    };
}

/// A name without anything about a person: files are found by others.
const fileName = one => `hcert-${one.id.slice(0, 8)}`;

async function apart(one, person) {
    const own = identityOf(one.person, one.id);
    const rest = person.identities.filter(key => key !== own);
    await app.store.decide(rest.map(key => decision(own, key, 'other', Date.now())));
    await app.load();
    back();
}

async function remove(one) {
    const yes = await ask({
        title: say('wallet.delete.title'),
        text: [say('wallet.delete.text', { name: one.person.name || one.person.latin, title: headline(one) }), say('wallet.delete.after')],
        yes: say('wallet.delete.yes'),
    });
    if (!yes) return;
    const left = app.certificates.filter(other => other.id !== one.id).map(other => identityOf(other.person, other.id));
    await app.store.remove(one.id, new Set(left));
    await app.load();
    back(say('wallet.deleted'));
}
