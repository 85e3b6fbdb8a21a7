// Certificates on paper: one on a page, the code with at least 5 cm a side, the facts in the order of every sheet. The
// issuer's sheet is the better one; this is for whoever has the code alone.

import { make } from '../common/dom.js';
import { moment, say } from '../common/words.js';
import { codeName, facts, headline } from './cards.js';
import { engine } from './engine.js';
import { picture } from './symbol.js';

export async function print(certificates) {
    const pages = [];
    for (const one of certificates) {
        pages.push(make('article', { class: 'sheet' },
            make('p', { class: 'title' }, headline(one)),
            picture(await engine.symbol(one.text), codeName(one)),
            make('p', { class: 'name', dir: 'auto' }, one.person.name || one.person.latin),
            facts(one),
            make('p', { class: 'note' }, say(one.state === 'valid' ? 'wallet.paper.checked' : 'wallet.paper.unchecked', { at: moment(new Date().toISOString()) })),
            make('p', { class: 'note' }, say('wallet.paper.how'))));
    }
    const paper = document.getElementById('paper');
    paper.replaceChildren(...pages);
    addEventListener('afterprint', () => paper.replaceChildren(), { once: true });
    globalThis.print();
}
