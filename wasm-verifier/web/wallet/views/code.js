// The code, as large as the screen lets it be: black on white whatever the colours are, the screen kept awake. Works
// without a network, as everything here.

import { stayAwake } from '../../common/camera.js';
import { make } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { app } from '../app.js';
import { codeName, headline, state, who } from '../cards.js';
import { button } from '../dom.js';
import { engine } from '../engine.js';
import { back, instead } from '../screen.js';
import { fit, picture } from '../symbol.js';

export async function code(id) {
    const one = app.find(id);
    const symbol = picture(await engine.symbol(one.text), codeName(one));
    // The focus comes here, so that a screen reader begins with what the picture is.
    symbol.setAttribute('tabindex', '-1');
    const room = make('div', { class: 'room' }, symbol);
    const next = following(one);
    const about = make('div', { class: 'about' },
        who(one.person),
        make('p', {}, headline(one)),
        one.state === 'valid' ? null : state(one),
        make('p', { class: 'small' }, say('wallet.code.bright')));
    const size = () => {
        const beside = matchMedia('(orientation: landscape)').matches;
        const foot = document.getElementById('foot').offsetHeight;
        const width = beside ? innerWidth * 0.62 : document.documentElement.clientWidth;
        fit(symbol, width, innerHeight - (beside ? 0 : foot));
    };
    const sleep = stayAwake();
    addEventListener('resize', size);
    return {
        title: say('wallet.code.title'),
        kind: 'showing',
        body: [room, about],
        foot: [
            next ? button(say('wallet.code.next'), () => instead(() => code(next.certificates[0].id)), { class: 'quiet', id: 'next', 'aria-label': say('wallet.code.next.of', { name: next.name || next.latin }) }) : null,
            button(say('common.close'), () => back(), { id: 'close' }),
        ],
        begin() {
            size();
            symbol.focus({ preventScroll: true });
        },
        close() {
            sleep();
            removeEventListener('resize', size);
        },
    };
}

/// The family's next one, for who stands at a gate with all of them.
function following(one) {
    if (app.people.length < 2) return null;
    const at = app.people.indexOf(app.personOf(one));
    return app.people[(at + 1) % app.people.length];
}
