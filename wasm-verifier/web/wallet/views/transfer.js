// The wallet as a file: to another phone, or kept for a rainy day.

import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app } from '../app.js';
import { read } from '../certificate.js';
import { localDay } from '../dates.js';
import { button, download, onEnter } from '../dom.js';
import { content, contentOf } from '../content.js';
import { ENDING, SHORTEST, Unopened, examine, isSealed, lengthOf, open, seal, suggested } from '../sealed.js';
import { back, home, tell } from '../screen.js';
import { MOST, idOf } from '../store.js';

function passphraseField(id, label, help, autocomplete) {
    const input = make('input', { id, type: 'password', autocomplete, autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': `${id}-help ${id}-wrong` });
    onEnter(input, () => document.querySelector('#foot button'));
    const seen = make('input', { type: 'checkbox', id: `${id}-seen` });
    seen.addEventListener('change', () => { input.type = seen.checked ? 'text' : 'password'; });
    const wrong = make('p', { class: 'error', id: `${id}-wrong`, role: 'alert' });
    const trouble = text => {
        wrong.textContent = text;
        input.toggleAttribute('aria-invalid', false);
        if (text) {
            input.setAttribute('aria-invalid', 'true');
            input.focus();
        }
    };
    const see = () => {
        seen.checked = true;
        input.type = 'text';
    };
    const nodes = [make('label', { for: id }, label), input, make('p', { class: 'small', id: `${id}-help` }, help), wrong,
        make('label', { class: 'tick', for: `${id}-seen` }, seen, say('wallet.pass.see'))];
    return { input, nodes, trouble, see };
}

/// Everything into a file.
export function pack() {
    const field = passphraseField('pass', say('wallet.pass'), say('wallet.pass.help', { shortest: SHORTEST }), 'new-password');
    const again = make('input', { id: 'again', type: 'password', autocomplete: 'new-password', autocapitalize: 'off', spellcheck: 'false' });
    onEnter(again, () => document.querySelector('#foot button'));
    return {
        title: say('wallet.pack'),
        body: [
            make('p', {}, say('wallet.pack.what', { count: app.certificates.length })),
            field.nodes,
            button(say('wallet.pass.suggest'), () => {
                field.input.value = again.value = suggested();
                field.see();
                field.trouble('');
                field.input.focus();
            }, { class: 'quiet', id: 'suggest' }),
            make('label', { for: 'again' }, say('wallet.pass.again')), again,
            make('p', {}, say('wallet.pass.lost')),
        ],
        foot: [button(say('wallet.pack.save'), async () => {
            if (lengthOf(field.input.value) < SHORTEST) return field.trouble(say('wallet.pass.short', { shortest: SHORTEST }));
            if (field.input.value !== again.value) return field.trouble(say('wallet.pass.differ'));
            field.trouble('');
            tell(say('wallet.pack.working'), 'plain');
            const file = await seal(content(app.certificates, app.decisions, Date.now()), field.input.value);
            const name = `hcert-${localDay(Date.now())}${ENDING}`;
            download(name, 'application/octet-stream', file);
            await app.set('packed', Date.now());
            back(say('wallet.pack.done', { name }));
        }, { id: 'save' })],
    };
}

/// A file into this wallet. All of it or, if anything is wrong with it, nothing.
export async function unpack(file) {
    const bytes = new Uint8Array(await file.slice(0, 9 << 20).arrayBuffer());
    const trouble = await examine(bytes).then(() => null, error => error.code ?? 'damaged');
    if (trouble) return useless(isSealed(bytes) ? trouble : 'other');
    const field = passphraseField('pass', say('wallet.pass.of'), say('wallet.pass.of.help'), 'off');
    return {
        title: say('wallet.unpack'),
        body: [make('p', {}, say('wallet.unpack.what', { name: file.name })), field.nodes],
        foot: [button(say('wallet.unpack.open'), async () => {
            tell(say('wallet.unpack.working'), 'plain');
            try {
                const { certificates, decisions } = contentOf(await open(bytes, field.input.value));
                await take(certificates, decisions);
            } catch (error) {
                tell('');
                if (!(error instanceof Unopened)) {
                    tell(say(error.message === 'full' ? 'wallet.full' : 'wallet.no_room', { most: MOST }), 'red');
                } else field.trouble(say(`wallet.unpack.${error.code}`));
            }
        }, { id: 'open' })],
    };
}

async function take(certificates, decisions) {
    const fresh = [];
    let refused = 0;
    for (const { text, added } of certificates) {
        const id = await idOf(text);
        if (app.find(id)) continue;
        // What a wallet would not have taken by itself does not come in by a file either. What went out of date or was
        // revoked in the meantime does: it is the person's.
        const one = await read(text, added);
        if (['none', 'refused'].includes(one.state)) refused += 1;
        else fresh.push({ id: one.id, text: one.text, added });
    }
    const held = certificates.length - fresh.length - refused;
    if (app.certificates.length + fresh.length > MOST) throw new Error('full');
    await app.store.merge({ certificates: fresh, decisions });
    navigator.storage?.persist?.().catch(() => {});
    await app.load();
    await home();
    tell([
        say('wallet.unpack.done', { count: fresh.length }),
        held ? say('wallet.unpack.held', { count: held }) : '',
        refused ? say('wallet.unpack.refused', { count: refused }) : '',
    ].filter(Boolean).join(' '), refused ? 'amber' : 'green');
}

function useless(code) {
    return {
        title: say('wallet.unpack'),
        body: [make('p', { class: 'state red' }, say(`wallet.unpack.${code}`))],
        foot: [button(say('common.back'), () => back(), { id: 'cancel' })],
    };
}
