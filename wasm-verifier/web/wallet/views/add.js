// The ways a certificate comes in: camera, picture, PDF, file, text, the code on a paper. Links come by link.js.

import { make, sign } from '../../common/dom.js';
import { Decoder } from '../../common/decode.js';
import { codes, lines } from '../../common/files.js';
import { say } from '../../common/words.js';
import { issuerPage } from '../app.js';
import { button } from '../dom.js';
import { isSealed } from '../sealed.js';
import { go, tell } from '../screen.js';
import { camera } from './camera.js';
import { keep } from './keep.js';
import { unpack } from './transfer.js';

export function add() {
    const page = issuerPage('claim');
    const input = make('input', { type: 'file', id: 'file', class: 'hide', accept: 'image/*,application/pdf,text/plain,.txt,.hcwallet', multiple: true, tabindex: '-1' });
    input.addEventListener('change', () => take([...input.files]).finally(() => { input.value = ''; }));
    const pasted = make('textarea', { id: 'text', rows: '3', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'text-help' });
    const wrong = make('p', { class: 'error', role: 'alert', id: 'text-wrong' });
    return {
        title: say('wallet.add'),
        body: [
            make('p', {}, say('wallet.add.what')),
            make('section', {},
                make('h2', {}, say('wallet.add.file')),
                make('p', { class: 'small' }, say('wallet.add.file.help')),
                make('label', { for: 'file', class: 'hide' }, say('wallet.add.file')), input,
                button([sign('file'), say('wallet.add.file.choose')], () => input.click(), { class: 'quiet wide', id: 'choose' })),
            page ? make('section', {},
                make('h2', {}, say('wallet.add.claim')),
                make('p', { class: 'small' }, say('wallet.add.claim.help')),
                make('a', { class: 'button quiet wide', href: page, rel: 'noreferrer', id: 'claim' }, say('wallet.add.claim.open'))) : null,
            make('section', {},
                make('h2', {}, make('label', { for: 'text' }, say('wallet.add.text'))),
                pasted,
                make('p', { class: 'small', id: 'text-help' }, say('wallet.add.text.help')), wrong,
                button([sign('paste'), say('wallet.add.text.read')], async () => {
                    const texts = textsIn(pasted.value);
                    wrong.textContent = texts.length ? '' : say('wallet.add.text.none');
                    if (texts.length) await go(() => keep(texts));
                    else pasted.focus();
                }, { class: 'quiet wide', id: 'read' })),
        ],
        foot: [button([sign('camera'), say('wallet.add.camera')], () => go(camera), { id: 'camera' })],
        begin() {
            const main = document.getElementById('main');
            main.ondragover = event => event.preventDefault();
            main.ondrop = event => {
                event.preventDefault();
                take([...event.dataTransfer.files]);
            };
            main.onpaste = event => {
                if (event.clipboardData.files.length) take([...event.clipboardData.files]);
            };
        },
        close() {
            const main = document.getElementById('main');
            main.ondragover = main.ondrop = main.onpaste = null;
        },
    };
}

/// Certificates in pasted text: each line that is one, or a link to this wallet.
export function textsIn(text) {
    return lines(text).map(line => fromLink(line) ?? line).filter(Boolean);
}

/// The certificate behind the # of a link; null when it is no such link, or can't be read.
export function fromLink(link) {
    const [, found] = /#hc1=(.+)$/isu.exec(link) ?? [];
    if (!found) return null;
    try {
        return decodeURIComponent(found);
    } catch {
        return null;
    }
}

/// Files, of whatever kind: an exported wallet goes its own way.
async function take(files) {
    tell('');
    const texts = [];
    const troubles = [];
    for (const file of files) {
        const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
        if (isSealed(head) || file.name.endsWith('.hcwallet')) {
            await go(() => unpack(file));
            return;
        }
        tell(say('common.file.reading'), 'plain');
        // A worker of its own for each: a file that keeps it busy goes with it.
        const decoder = new Decoder();
        try {
            texts.push(...await codes(file, decoder));
        } catch (error) {
            const key = `common.file.${error.why ?? 'nothing'}`;
            troubles.push(files.length > 1 ? `${file.name}: ${say(key)}` : say(key));
        } finally {
            decoder.close();
        }
    }
    tell(troubles.join(' '), 'red');
    if (texts.length) await go(() => keep([...new Set(texts)], troubles));
}
