// The scan page for venue staff: camera, picture, paste or reader in; an answer that fills the screen out.
// What was scanned is nowhere kept.

import { Camera, CameraError, stayAwake } from '../common/camera.js';
import { Decoder } from '../common/decode.js';
import { find, make, sign } from '../common/dom.js';
import { FileError, brought, codes, lines } from '../common/files.js';
import { install, persist } from '../common/install.js';
import { dress } from '../common/settings.js';
import * as words from '../common/words.js';
import { Again } from './again.js';
import * as answer from './answer.js';
import { enter } from './kiosk.js';
import * as panel from './panel.js';
import { isMangled, listen } from './reader.js';
import { Scanner } from './scanner.js';
import * as signals from './signal.js';
import * as totals from './totals.js';
import * as trustline from './trustline.js';
import { TrustKeeper } from '../common/trusting.js';
import { choose, identity, isForeign, sentences } from './verdict.js';

const { say } = words;
const { settings } = panel;

/// A code that stays in front of the camera is not answered again until it was away for this long.
const AWAY_MS = 2000;
/// How long a passing hint stays.
const HINT_MS = 3000;
/// After this long without a code the page says how to hold it.
const SLOW_MS = 8000;
/// A new version of the page is used by itself once nobody was served for this long.
const QUIET_MS = 30_000;
/// More codes than this in one picture are not looked at.
const MAX_CODES = 4;

dress();
await words.open('verify');

const camera = new Camera(find('#video'));
const decoder = new Decoder();
const again = new Again();
const trust = new TrustKeeper(decoder, { changed: drawTrust });
const scanner = new Scanner(camera, decoder, { found: seen, failed: broken });
let last = { text: null, at: 0 };
let quietSince = performance.now();
let hinted = 0;
let waiting;

draw();
hint(say('verify.starting'));
const installed = install({
    progress: (done, all) => hint(say('common.install.first', { done, all })),
    newer: offer,
    idle: isQuiet,
});
listenToPeople();
// The camera asks for permission while the module is on its way.
const opened = openCamera();
if (await installed === 'refused') stop(say('common.install.refused'));
else await start();

async function start() {
    try {
        await decoder.ready();
    } catch (error) {
        return stop(say(error.code === 'changed' ? 'common.install.refused' : 'common.install.failed'));
    }
    await trust.open();
    persist();
    stayAwake();
    setInterval(tick, 1000);
    if (settings.get('kiosk')) beKiosk();
    // A person may take their time to allow the camera; the reader works meanwhile.
    opened.then(search);
    document.documentElement.dataset.ready = '';
}

// --- Searching

async function openCamera() {
    find('#trouble').hidden = true;
    const facing = settings.get('kiosk') ? 'user' : settings.get('facing');
    try {
        await camera.open({ id: settings.get('camera') || null, facing });
    } catch (error) {
        trouble(say(`common.camera.${error instanceof CameraError ? error.why : 'broken'}`), true);
        return;
    }
    find('#video').classList.toggle('mirrored', camera.facesUser);
    find('#torch').hidden = !camera.hasTorch;
    find('#torch').setAttribute('aria-pressed', 'false');
    find('#switch').hidden = (await camera.choices()).length < 2;
}

function search() {
    if (answer.isShown() || find('dialog[open]') || document.hidden || !camera.isOpen) return;
    hint(say('verify.hint.search'));
    scanner.start();
}

/// What the camera saw.
async function seen(texts) {
    const now = performance.now();
    const some = [...new Set(texts)].slice(0, MAX_CODES);
    if (some.length === 1 && some[0] === last.text && now - last.at < AWAY_MS) {
        last.at = now;
        return pass(say('verify.hint.same'));
    }
    const verdicts = await Promise.all(some.map(verify));
    if (verdicts.every(isForeign)) return pass(say('verify.hint.foreign'));
    const best = choose(verdicts);
    if (!best) return pass(say('verify.hint.several'));
    const text = some[verdicts.indexOf(best)];
    last = { text, at: now };
    await respond(best, text);
    // As long as it is seen without a break it is the same holding out of the same code.
    last.at = performance.now();
}

function verify(text) {
    return decoder.verify(text, { now: Math.floor(Date.now() / 1000), lang: words.language(), country: trust.country ?? undefined });
}

/// Shows an answer and comes back when the person goes on.
async function respond(verdict, text) {
    scanner.stop();
    const said = sentences(verdict, { words, initials: settings.get('initials'), trusting: trust.facts !== null });
    const before = await again.shown(identity(verdict, text), settings.get('again') * 60_000);
    totals.count(said.colour);
    signals.signal(said.colour, { sound: settings.get('sound'), vibrate: settings.get('vibrate') });
    const left = answer.show(said, { seconds: settings.get('seconds'), before });
    performance.clearMarks('answer');
    performance.mark('answer');
    await left;
    quietSince = performance.now();
    drawTotals();
    search();
}

// --- Pictures, paste, reader

/// Texts that did not come through the camera: the first certificate among them, else the first of all.
async function check(texts) {
    if (answer.isShown()) answer.close();
    await new Promise(done => setTimeout(done));
    if (texts.some(isMangled)) return pass(say('verify.hint.mangled'));
    const verdicts = await Promise.all(texts.slice(0, MAX_CODES).map(verify));
    const best = choose(verdicts);
    if (!best) return pass(say('verify.hint.several'));
    await respond(best, texts[verdicts.indexOf(best)]);
}

async function checkFile(file) {
    hint(say('common.file.reading'));
    scanner.stop();
    const own = new Decoder();
    let found;
    try {
        found = await codes(file, own);
    } catch (error) {
        search();
        return pass(say(`common.file.${error instanceof FileError ? error.why : 'not_a_picture'}`), 2 * HINT_MS);
    } finally {
        own.close();
    }
    await check(found);
}

function take({ files, text }) {
    if (files.length) checkFile(files[0]);
    else if (text.trim()) check(lines(text));
}

function openPaste() {
    scanner.stop();
    find('#pasted').value = '';
    find('#paste-error').textContent = '';
    find('#paste-box').showModal();
    find('#pasted').focus();
}

function listenToPeople() {
    listen(text => ready(() => check([text])));
    addEventListener('paste', event => {
        if (event.target.matches?.('textarea')) return;
        event.preventDefault();
        ready(() => take(brought(event.clipboardData)));
    });
    addEventListener('dragover', event => event.preventDefault());
    addEventListener('drop', event => {
        event.preventDefault();
        ready(() => take(brought(event.dataTransfer)));
    });
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, signals.allow, { passive: true });

    find('#pick').addEventListener('click', () => find('#file').click());
    find('#file').addEventListener('change', event => {
        const [file] = event.target.files;
        event.target.value = '';
        if (file) ready(() => checkFile(file));
    });
    find('#paste').addEventListener('click', openPaste);
    find('#paste-box form').addEventListener('submit', event => {
        const texts = lines(find('#pasted').value);
        if (!texts.length) {
            event.preventDefault();
            find('#paste-error').textContent = say('verify.paste.empty');
            return;
        }
        find('#pasted').value = '';
        ready(() => check(texts));
    });
    for (const button of document.querySelectorAll('[data-close]')) button.addEventListener('click', () => button.closest('dialog').close());
    for (const box of document.querySelectorAll('dialog')) box.addEventListener('close', () => { find('#pasted').value = ''; search(); });

    find('#torch').addEventListener('click', async event => {
        const button = event.currentTarget;
        const on = await camera.torch(button.getAttribute('aria-pressed') !== 'true');
        button.setAttribute('aria-pressed', String(on));
    });
    find('#switch').addEventListener('click', switchCamera);
    find('#again').addEventListener('click', async () => { await openCamera(); search(); });
    find('#set').addEventListener('click', openSettings);
    document.addEventListener('visibilitychange', seenOrNot);
    for (const event of ['online', 'offline']) addEventListener(event, () => { drawTrust(); if (navigator.onLine) trust.refresh(); });
}

/// Acts once the module is there.
const ready = act => installed.then(state => state !== 'refused' && decoder.ready().then(act)).catch(broken);

/// A hidden page neither sees nor lights.
async function seenOrNot() {
    if (document.hidden) {
        scanner.stop();
        camera.close();
    } else {
        await openCamera();
        search();
    }
}

async function switchCamera() {
    const all = await camera.choices();
    const next = all[(all.findIndex(one => one.id === camera.id) + 1) % all.length];
    settings.set('camera', next?.id ?? '');
    await openCamera();
    search();
}

// --- Settings, kiosk, versions

async function openSettings() {
    scanner.stop();
    const cameras = await camera.choices().catch(() => []);
    panel.open({
        facts: trust.facts,
        cameras: cameras.filter(one => one.id),
        act: {
            async speak(language) { await words.change(language, 'verify'); draw(); openSettings(); },
            changed(key) { if (key === 'camera') openCamera(); drawTotals(); },
            async update() { find('#set-updated').textContent = updated(await trust.update()); },
            kiosk() { settings.set('kiosk', true); beKiosk(); openCamera().then(search); },
        },
    });
}

function updated({ result, why }) {
    return say(`verify.set.updated.${result}`, { why });
}

function beKiosk() {
    enter(() => { settings.set('kiosk', false); openCamera().then(search); });
}

/// Whether nobody is being served.
function isQuiet() {
    return !answer.isShown() && !find('dialog[open]') && (document.hidden || performance.now() - quietSince > QUIET_MS);
}

function offer(apply) {
    find('#newer').hidden = false;
    find('#newer button').onclick = apply;
    clearInterval(waiting);
    waiting = setInterval(() => isQuiet() && apply(), 5000);
}

// --- Drawing

function draw() {
    document.title = `${say('verify.title')} – hcert`;
    for (const [id, name] of [['torch', 'torch'], ['switch', 'camera'], ['pick', 'file'], ['paste', 'paste'], ['set', 'settings']]) {
        const button = find(`#${id}`);
        if (!button.querySelector('svg')) button.prepend(sign(name));
    }
    drawTotals();
    drawTrust();
}

function drawTotals() {
    const numbers = totals.totals();
    find('#totals').replaceChildren(make('span', { 'aria-hidden': 'true' }, say('verify.totals.short', numbers)), make('span', { class: 'hide' }, say('verify.totals', numbers)));
}

function drawTrust() {
    trustline.draw(trust?.facts ?? null, { updating: trust?.updating });
}

function hint(text) {
    find('#hint').textContent = text;
}

/// A hint that passes.
function pass(text, length = HINT_MS) {
    hint(text);
    hinted = performance.now() + length;
}

function tick() {
    drawTrust();
    const now = performance.now();
    document.documentElement.dataset.rate = scanner.rate.toFixed(1);
    if (!scanner.isRunning || now < hinted) return;
    hint(say(scanner.searching > SLOW_MS ? 'verify.hint.slow' : 'verify.hint.search'));
}

function trouble(text, retry) {
    find('#trouble p').textContent = text;
    find('#again').hidden = !retry;
    find('#trouble').hidden = false;
    hint('');
}

/// Nothing can be verified: says why, and does nothing more.
function stop(text) {
    scanner.stop();
    camera.close();
    trouble(text, false);
    find('#trust').textContent = '';
    for (const button of document.querySelectorAll('#controls button')) button.disabled = true;
    document.documentElement.dataset.ready = 'no';
}

function broken() {
    trouble(say('common.install.failed'), true);
}
