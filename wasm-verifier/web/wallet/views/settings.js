// Moving, printing everything, reminders, how it looks, deleting everything.

import { version } from '../../common/build.js';
import { make } from '../../common/dom.js';
import { dress, looks } from '../../common/settings.js';
import { ago, change, choices, language, moment, say } from '../../common/words.js';
import { app } from '../app.js';
import { button } from '../dom.js';
import { print } from '../paper.js';
import { possible } from '../remind.js';
import { ask, go, home, redraw, tell } from '../screen.js';
import { pack, unpack } from './transfer.js';

export async function settings() {
    const count = app.certificates.length;
    const safe = await navigator.storage?.persisted?.().catch(() => false);
    return {
        title: say('common.settings'),
        body: [
            make('section', {},
                make('h2', {}, say('wallet.moving')),
                make('p', { class: 'small' }, say('wallet.moving.what')),
                make('div', { class: 'acts column' },
                    count ? button(say('wallet.pack'), () => go(pack), { class: 'quiet', id: 'pack' }) : null,
                    fromFile())),
            count ? make('section', {},
                make('h2', {}, say('wallet.print')),
                make('div', { class: 'acts column' }, button(say('wallet.print.all', { count }), () => print(app.people.flatMap(person => person.certificates)), { class: 'quiet', id: 'print-all' }))) : null,
            possible() ? reminders() : null,
            make('section', {},
                make('h2', {}, say('wallet.looks')),
                choice('language', say('common.language'), choices(), language(), async one => {
                    await change(one, 'wallet');
                    await app.load();
                }),
                choice('text-size', say('common.text'), ['normal', 'large', 'largest'].map(one => [one, say(`common.text.${one}`)]), looks.get('text'), one => look('text', one)),
                choice('theme', say('common.theme'), ['auto', 'light', 'dark'].map(one => [one, say(`common.theme.${one}`)]), looks.get('theme'), one => look('theme', one))),
            make('section', {},
                make('h2', {}, say('wallet.where')),
                make('p', {}, say('wallet.where.what')),
                make('p', {}, say(safe ? 'wallet.where.safe' : 'wallet.where.unsafe')),
                make('p', { class: 'small' }, trustLine()),
                make('p', { class: 'small' }, say('common.version', { version }))),
            count ? make('section', {},
                make('h2', {}, say('wallet.wipe')),
                make('p', {}, say('wallet.wipe.what')),
                button(say('wallet.wipe'), wipe, { class: 'danger wide', id: 'wipe' })) : null,
        ],
        foot: [],
    };
}

/// How old the trust list is, in the words of the scan page.
function trustLine() {
    if (!app.trust) return say('wallet.no_trust');
    return say(`common.trust.${app.trust.freshness ?? 'fresh'}`, { ago: ago(Math.max(0, Date.now() - Date.parse(app.trust.made_at))) });
}

function fromFile() {
    const input = make('input', { type: 'file', id: 'wallet-file', class: 'hide', tabindex: '-1' });
    input.addEventListener('change', () => input.files[0] && go(() => unpack(input.files[0])));
    return [make('label', { for: 'wallet-file', class: 'hide' }, say('wallet.unpack')), input,
        button(say('wallet.unpack'), () => input.click(), { class: 'quiet', id: 'unpack' })];
}

function look(name, value) {
    looks.set(name, value);
    dress();
}

function choice(id, label, options, chosen, run) {
    const select = make('select', { id }, ...options.map(([value, name]) => make('option', { value, selected: value === chosen }, name)));
    select.addEventListener('change', async () => {
        await run(select.value);
        await redraw();
    });
    return [make('label', { for: id }, label), select];
}

function reminders() {
    const tick = make('input', { type: 'checkbox', id: 'notify', checked: Boolean(app.settings.notify) && Notification.permission === 'granted' });
    tick.addEventListener('change', async () => {
        const allowed = tick.checked && await Notification.requestPermission() === 'granted';
        if (tick.checked && !allowed) tell(say('wallet.remind.blocked'), 'amber');
        await app.set('notify', allowed);
        await redraw();
    });
    return make('section', {},
        make('h2', {}, say('wallet.remind.title')),
        make('p', { class: 'small' }, say('wallet.remind.what')),
        make('label', { class: 'tick', for: 'notify' }, tick, say('wallet.remind.notify')));
}

async function wipe() {
    const count = app.certificates.length;
    const yes = await ask({
        title: say('wallet.wipe'),
        text: [say('wallet.wipe.text', { count, people: app.people.length }), say(app.settings.packed ? 'wallet.wipe.packed' : 'wallet.wipe.unpacked', { at: moment(app.settings.packed) })],
        yes: say('wallet.wipe.yes'),
        typed: count,
    });
    if (!yes) return;
    await app.store.removeEverything();
    await app.reopen();
    await home();
    tell(say('wallet.wiped'));
}
