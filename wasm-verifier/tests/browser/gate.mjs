// A door with a phone: a browser with a camera of our own making, which is watched.

import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { CHROMIUM, SCREENSHOTS, WORK } = process.env;
export const SIZES = { 320: [320, 568], 412: [412, 915], desk: [1280, 800] };

export const troubles = [];
export const seen = new Set();

export class Gate {
    /// A browser with a profile of its own, or one that was there before. `camera` is a film, or null for none.
    static async open(url, { camera = null, profile = mkdtempSync(join(WORK, 'profile-')), size = '412', scheme = 'light', set = {}, quiet = [], init = null, ...more } = {}) {
        const [width, height] = SIZES[size];
        const context = await chromium.launchPersistentContext(profile, {
            executablePath: CHROMIUM, headless: true, permissions: camera ? ['camera', 'clipboard-read'] : [], viewport: { width, height }, locale: 'vi-VN', colorScheme: scheme,
            args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
                '--use-fake-ui-for-media-stream', ...(camera ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`] : [])],
            ...more,
        });
        const gate = new Gate();
        Object.assign(gate, { context, profile, url, quiet, origin: new URL(url).origin });
        context.on('page', page => gate.#watch(page));
        context.on('request', request => {
            const at = new URL(request.url());
            if (!['data:', 'blob:'].includes(at.protocol) && at.origin !== gate.origin) troubles.push(`asked ${at.origin}`);
        });
        if (Object.keys(set).length) {
            await context.addInitScript(values => { if (location.protocol.startsWith('http')) for (const [key, value] of Object.entries(values)) if (localStorage.getItem(key) === null) localStorage.setItem(key, value); },
                Object.fromEntries(Object.entries(set).map(([key, value]) => [key, JSON.stringify(value)])));
        }
        if (init) await context.addInitScript(init);
        gate.page = context.pages()[0] ?? await context.newPage();
        gate.#watch(gate.page);
        return gate;
    }

    #watch(page) {
        if (this.watched?.has(page)) return;
        (this.watched ??= new Set()).add(page);
        page.setDefaultTimeout(45_000);
        const trouble = text => { if (!this.quiet.some(one => one.test(text))) troubles.push(text); };
        page.on('pageerror', error => trouble(`error on ${page.url()}: ${error.stack ?? error.message}`));
        page.on('console', message => { if (message.type() === 'error') trouble(`console on ${page.url()}: ${message.text()}`); });
    }

    async go(path = '/verify/') {
        await this.page.goto(this.url + path);
        return this;
    }

    /// Waits until the page searches, or says that it can't.
    async ready(state = '') {
        await this.page.waitForFunction(() => document.documentElement.dataset.ready !== undefined).catch(async error => {
            await this.page.screenshot({ path: `${SCREENSHOTS}/scan-stuck.png` });
            throw new Error(`not ready: ${await this.text('body')}`, { cause: error });
        });
        assert.equal(await this.page.evaluate(() => document.documentElement.dataset.ready), state, await this.text('#trouble'));
        return this;
    }

    text(selector) { return this.page.locator(selector).innerText({ timeout: 1000 }).catch(() => ''); }

    /// The answer on the screen, once there is one.
    async answer() {
        await this.page.waitForSelector('#answer:not([hidden])').catch(async error => {
            await this.page.screenshot({ path: `${SCREENSHOTS}/scan-stuck.png` });
            throw new Error(`no answer: ${await this.text('body')} ${await this.page.evaluate(() => document.documentElement.dataset.rate)} frames a second`, { cause: error });
        });
        return this.page.evaluate(() => {
            const text = id => document.querySelector(id).textContent;
            const { colour } = document.querySelector('#answer').dataset;
            return { colour, word: text('#word'), name: text('#name'), birth: text('#birth'), why: text('#why'), todo: text('#todo'), revocation: text('#revocation'), repeat: text('#repeat'), spoken: text('#spoken') };
        });
    }

    /// Waits until the line about the trust list says so.
    trust(text) {
        return this.page.waitForFunction(text => document.querySelector('#trust').textContent.includes(text), text);
    }

    async next() {
        await this.page.click('#next');
        await this.page.waitForSelector('#answer', { state: 'hidden' });
    }

    /// What a reader on a USB port does.
    async type(text) {
        await this.page.keyboard.type(text);
        await this.page.keyboard.press('Enter');
    }

    /// The answer to a code that a reader types; goes on after `look` was done.
    async typed(text, look = null, sizes = undefined) {
        await this.type(text);
        const answer = await this.answer();
        if (look) await this.look(look, sizes);
        await this.next();
        return answer;
    }

    /// Everything that this origin keeps in the browser, as one text.
    async stored() {
        return this.page.evaluate(async () => {
            const parts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
            const read = async value => {
                if (value instanceof Blob) return read(await value.arrayBuffer());
                if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value) + new TextDecoder('utf-8').decode(value);
                if (value && typeof value === 'object') return (await Promise.all(Object.entries(value).map(async ([key, one]) => `${key}=${await read(one)}`))).join('\n');
                return String(value);
            };
            for (const { name } of await indexedDB.databases()) {
                const database = await new Promise((resolve, reject) => Object.assign(indexedDB.open(name), { onsuccess: event => resolve(event.target.result), onerror: reject }));
                for (const store of database.objectStoreNames) {
                    const all = await new Promise((resolve, reject) => Object.assign(database.transaction(store).objectStore(store).getAll(), { onsuccess: event => resolve(event.target.result), onerror: reject }));
                    parts.push(name, store, await read(all));
                }
                database.close();
            }
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) parts.push(name, request.url, await read(await (await cache.match(request)).arrayBuffer()));
            }
            return parts.join('\n');
        });
    }

    /// Looks at the page as it is in every size: nothing wrong for people with poor eyes or without a mouse, nothing
    /// wider than the screen, names large enough. Keeps pictures.
    async look(name, sizes = Object.keys(SIZES)) {
        const before = this.page.viewportSize();
        for (const size of sizes) {
            const [width, height] = SIZES[size];
            await this.page.setViewportSize({ width, height });
            const found = await this.page.evaluate(() => {
                const wide = document.documentElement.scrollWidth - innerWidth;
                const shown = one => one.getClientRects().length > 0;
                const low = [...document.querySelectorAll('button, .button, input:not([type=checkbox], [type=radio], .hide), select, textarea, summary, .tick')].filter(shown)
                    .filter(one => one.getBoundingClientRect().height < 47.5 || one.getBoundingClientRect().width < 43.5).map(one => one.outerHTML.slice(0, 80));
                const cut = [...document.querySelectorAll('button, .line, #word, #name, #birth, #why')].filter(shown).filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent);
                const small = ['#name', '#birth'].map(id => document.querySelector(id)).filter(one => one && shown(one) && one.textContent && parseFloat(getComputedStyle(one).fontSize) < 28).map(one => one.id);
                return { wide, low, cut, small };
            });
            if (found.wide > 0) troubles.push(`${name}, ${size}: ${found.wide} pixels wider than the screen`);
            if (found.low.length) troubles.push(`${name}, ${size}: smaller than a finger: ${found.low}`);
            if (found.cut.length) troubles.push(`${name}, ${size}: cut off: ${found.cut}`);
            if (found.small.length) troubles.push(`${name}, ${size}: below 28 px: ${found.small}`);
            await this.page.evaluate(axe);
            const { violations } = await this.page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
            for (const one of violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))) {
                troubles.push(`${name}, ${size}: ${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary.split('\n')[1] ?? ''}`).join('; ')}`);
            }
            await this.page.screenshot({ path: `${SCREENSHOTS}/scan-${name}-${size}.png` });
        }
        await this.page.setViewportSize(before);
        seen.add(name);
    }

    close() { return this.context.close(); }
}
