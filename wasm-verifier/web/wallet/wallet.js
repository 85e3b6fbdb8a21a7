// The wallet of a citizen: opens what is kept on this device and shows it. Nothing of it leaves the device, except as
// a file or a paper that the person makes.

import { install } from '../common/install.js';
import { make } from '../common/dom.js';
import { dress } from '../common/settings.js';
import { TrustKeeper } from '../common/trusting.js';
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
        // Not while somebody types a passphrase, or shows a code.
        idle: () => document.body.dataset.screen === 'home',
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
    app.opened = true;
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

/// What the place of installation says of itself: where its issuer's pages are.
async function configure() {
    try {
        app.config = await (await fetch(new URL('../config.json', import.meta.url))).json();
    } catch {
        // Without it the wallet names the issuing authority instead of a page.
    }
}

/// Takes the trust list on this device into use. A newer one may come at any time, and everything is judged again then.
async function trust() {
    let known;
    const first = new Promise(resolve => { known = resolve; });
    const keeper = new TrustKeeper(engine.decoder, {
        changed() {
            known();
            if (keeper.facts === app.trust) return;
            app.trust = keeper.facts;
            if (app.opened) judge();
        },
    });
    keeper.open();
    addEventListener('online', () => keeper.refresh());
    await first;
}

async function judge() {
    await app.load();
    if (['home', 'offer'].includes(document.body.dataset.screen)) await redraw();
}

/// A certificate that came by a link. It is shown, and kept only when the person says so.
function follow() {
    const link = globalThis.hcertLink;
    globalThis.hcertLink = null;
    const text = link && fromLink(link);
    if (text) go(() => keep([text]));
}

async function refreshQuietly() {
    // Other screens hold what was typed, or are shown to somebody at this moment.
    if (document.body.dataset.screen === 'home') await app.refresh();
}

/// In the corner of the first screen: the other language, where there are two.
function offerLanguages() {
    const other = choices().filter(([one]) => one !== language());
    const node = at('tongue');
    node.classList.toggle('hide', other.length !== 1);
    if (other.length !== 1) return;
    const [[code, name]] = other;
    node.lang = code;
    node.textContent = code.toUpperCase();
    node.setAttribute('aria-label', `${node.textContent} – ${name}`);
}

function tellNewer(use) {
    tell(say('common.install.newer'), 'plain');
    at('told').append(' ', button(say('common.install.use'), use));
}

function fail(text) {
    at('main').replaceChildren(make('p', { class: 'error', role: 'alert' }, text), button(say('common.install.reload'), () => location.reload()));
}

at('tongue').addEventListener('click', async () => {
    await change(at('tongue').lang, 'wallet');
    offerLanguages();
    await app.refresh();
});

start();
