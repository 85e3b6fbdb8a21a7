// The wallet of a citizen: opens what is kept on this device and shows it. Nothing of it leaves the device, except as
// a file or a paper that the person makes.

import { install } from '../common/install.js';
import { make } from '../common/dom.js';
import { dress } from '../common/settings.js';
import { change, choices, language, open as openWords, say } from '../common/words.js';
import { app } from './app.js';
import { button } from './dom.js';
import { engine } from './engine.js';
import { ending, notify } from './remind.js';
import { begin, go, redraw, tell } from './screen.js';
import { Store } from './store.js';
import { fromLink } from './views/add.js';
import { home } from './views/home.js';
import { keep } from './views/keep.js';
import { settings } from './views/settings.js';

const at = id => document.getElementById(id);

async function start() {
    dress();
    await openWords('wallet');
    offerLanguages();
    const kept = await install({
        progress: (done, all) => tell(say('common.install.first', { done, all }), 'plain'),
        newer: use => tellNewer(use),
        idle: () => true,
    });
    tell('');
    if (kept === 'refused') return fail(say('common.install.refused'));
    try {
        app.store = await Store.open();
    } catch {
        return fail(say('wallet.keeps_nothing'));
    }
    try {
        await engine.decoder.ready();
    } catch {
        return fail(say('common.install.failed'));
    }
    await Promise.all([configure(), trust()]);
    await app.load();
    begin(home);
    at('more').addEventListener('click', () => go(settings));
    follow();
    addEventListener('hashchange', () => {
        globalThis.hcertLink = location.hash;
        history.replaceState(history.state, '', location.pathname + location.search);
        follow();
    });
    // Something was added in another tab, or a day has gone by.
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refreshQuietly());
    await notify(app.store, app.settings, ending(app.people, app.settings, Date.now()), Date.now());
}
