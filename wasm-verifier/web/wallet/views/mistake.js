// Something on the certificate is wrong: the issuer's page, with what it asks for in hand. Nothing of it stands in the
// address of that page; the person pastes it.

import { make } from '../../common/dom.js';
import { date, say } from '../../common/words.js';
import { app, issuerPage } from '../app.js';
import { button, download } from '../dom.js';
import { engine } from '../engine.js';
import { tell } from '../screen.js';
import { png } from '../symbol.js';

export function mistake(id) {
    const one = app.find(id);
    const page = issuerPage('complain');
    const copy = (text, told) => async () => {
        try {
            await navigator.clipboard.writeText(text);
            tell(say(told));
        } catch {
            tell(say('wallet.copy.failed'), 'amber');
        }
    };
    return {
        title: say('wallet.mistake'),
        body: [
            make('p', {}, say('wallet.mistake.what')),
            page ? make('ol', { class: 'steps' },
                make('li', {}, say('wallet.mistake.code'), ' ',
                    make('div', { class: 'acts' },
                        button(say('wallet.mistake.copy'), copy(one.text, 'wallet.copied'), { class: 'quiet', id: 'copy' }),
                        button(say('wallet.picture'), async () => download('hcert.png', 'image/png', await png(await engine.symbol(one.text))), { class: 'quiet' }))),
                make('li', {}, say('wallet.mistake.open')),
                make('li', {}, say('wallet.mistake.after')))
                : make('p', {}, say('wallet.mistake.ask', { issuer: one.issuer || '–' })),
            make('dl', {},
                make('dt', {}, say('common.birth')), make('dd', {}, one.person.birth ? date(one.person.birth) : say('wallet.born.unknown')),
                one.lines.filter(({ key }) => ['issuer', 'identifier'].includes(key))
                    .flatMap(({ label, value }) => [make('dt', {}, label), make('dd', {}, value)])),
        ],
        foot: page ? [make('a', { class: 'button', href: page, rel: 'noreferrer', id: 'complain' }, say('wallet.mistake.page'))] : [],
    };
}
