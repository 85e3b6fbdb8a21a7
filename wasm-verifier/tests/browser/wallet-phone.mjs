// A person's phone: a browser profile that is kept over restarts, and is watched all the time.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { picture } from './world.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { CHROMIUM, SCREENSHOTS } = process.env;
const SIZES = [['320', 320, 568], ['412', 412, 915], ['desk', 1280, 800]];
const ORDINARY = [412, 915];

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const troubles = [];
const seen = new Set();
export const done = () => seen.size;

// What a test waits for has an end everywhere but inside a browser that hangs.
let stage = '';
let since = Date.now();
const at = name => { stage = name; since = Date.now(); };
const end = error => { console.error(error); process.exit(1); };
process.on('uncaughtException', end);
setInterval(() => { if (Date.now() - since > 90_000) end(`nothing happens since: ${stage}`); }, 1000).unref();

export class Phone {
    constructor(name, place, issuer, { folder, film = null }) {
        Object.assign(this, { name, place, issuer, folder, film, profile: join(folder, `profile-${name}`) });
        rmSync(this.profile, { recursive: true, force: true });
    }

    async start({ init = null } = {}) {
        const camera = this.film ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${this.film}`] : [];
        this.context = await chromium.launchPersistentContext(this.profile, {
            executablePath: CHROMIUM,
            headless: true,
            locale: 'vi-VN',
            viewport: { width: ORDINARY[0], height: ORDINARY[1] },
            permissions: ['camera', 'clipboard-read', 'clipboard-write'],
            acceptDownloads: true,
            args: [...FLAGS, ...camera],
        });
        if (init) await this.context.addInitScript(init);
        this.page = this.context.pages()[0] ?? await this.context.newPage();
        this.page.setDefaultTimeout(20_000);
        const trouble = text => troubles.push(`${this.name}: ${text}`);
        this.page.on('pageerror', error => trouble(`error: ${error.stack}`));
        this.page.on('dialog', dialog => { trouble(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
        this.page.on('console', message => {
            // No more roots than there are, or no server: both belong here.
            if (message.type() !== 'error' || /404|net::ERR_|Failed to fetch/.test(message.text())) return;
            trouble(`console: ${message.text()}`);
        });
        this.context.on('request', request => {
            const { protocol, origin } = new URL(request.url());
            if (['data:', 'blob:'].includes(protocol) || origin === this.place.url) return;
            // To the issuer a person goes; the page itself asks it nothing, and tells it nothing.
            const walked = origin === this.issuer.url && (request.isNavigationRequest() || request.url().endsWith('/favicon.ico'));
            if (!walked || request.url().includes('HC1') || request.headers().referer?.includes('wallet')) trouble(`asked ${request.url()}`);
        });
    }

    async stop() {
        await this.context.close();
    }

    async open() {
        await this.page.goto(`${this.place.url}/wallet/`);
        await this.page.waitForSelector('#add', { timeout: 60_000 });
    }

    async text() {
        return this.page.evaluate(() => `${document.getElementById('told').innerText}\n${document.querySelector('main').innerText}\n${document.querySelector('footer').innerText}`);
    }

    async says(...texts) {
        for (const text of texts) {
            await this.page.waitForFunction(wanted => document.body.innerText.includes(wanted), text, { timeout: 10_000 })
                .catch(async () => assert.fail(`${this.name} does not say “${text}” but:\n${await this.text()}`));
        }
    }

    async says_in(selector, text) {
        const said = await this.page.innerText(selector);
        assert.ok(said.includes(text), `not “${text}” but:\n${said}`);
    }

    async press(selector, { leads = null } = {}) {
        at(`${this.name} presses ${selector}`);
        await this.page.waitForSelector(selector);
        if (leads) await Promise.all([this.page.waitForURL(url => url.origin === leads), this.page.click(selector)]);
        else await this.page.click(selector);
        await this.settled();
    }

    /// Until what was pressed has done its work.
    async settled() {
        await this.page.waitForFunction(() => !document.querySelector('button[aria-disabled=true]')).catch(() => {});
    }

    async back() {
        const title = await this.page.title();
        await this.page.click('#back');
        await this.page.waitForFunction(before => document.title !== before, title);
    }

    async choose(selector, path) {
        const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.page.click(selector)]);
        await chooser.setFiles(path);
    }

    async paste(text) {
        await this.press('#add');
        await this.page.fill('#text', text);
        await this.press('#read');
        await this.page.waitForSelector('#cancel');
    }

    async unpack(path, passphrase) {
        await this.press('#more');
        await this.choose('#unpack', path);
        await this.page.fill('#pass', passphrase);
        await this.press('#open');
    }

    async download(selector, path) {
        const [got] = await Promise.all([this.page.waitForEvent('download'), this.page.click(selector)]);
        await got.saveAs(path);
        await this.settled();
        return path;
    }

    card(name) {
        return this.page.locator('.person', { has: this.page.locator('.name', { hasText: name }) }).locator('.card').first();
    }

    async detail(name) {
        await this.card(name).getByRole('button', { name: 'Chi tiết' }).click();
        await this.page.waitForSelector('#delete');
    }

    async show(name) {
        await this.card(name).getByRole('button', { name: 'Hiện mã' }).click();
        await this.page.waitForSelector('#close');
    }

    async names() {
        return this.page.locator('.person > .name').allInnerTexts();
    }

    /// How many certificates lie in the store.
    async count() {
        return this.page.evaluate(async () => {
            const database = await new Promise(done => { indexedDB.open('hcert-wallet').onsuccess = event => done(event.target.result); });
            const request = database.transaction('certificates').objectStore('certificates').count();
            const count = await new Promise(done => { request.onsuccess = () => done(request.result); });
            database.close();
            return count;
        });
    }

    async dark(run) {
        await this.page.emulateMedia({ colorScheme: 'dark' });
        await run();
        await this.page.emulateMedia({ colorScheme: 'light' });
    }

    /// What zbarimg makes of the screen.
    async scan(width, height) {
        await this.page.setViewportSize({ width, height });
        await this.page.waitForTimeout(150);
        const path = join(SCREENSHOTS, `wallet-scanned-${width}.png`);
        await this.page.screenshot({ path });
        await this.page.setViewportSize({ width: ORDINARY[0], height: ORDINARY[1] });
        return read(path);
    }

    /// Looks at the screen in all sizes: nothing wrong for people with poor eyes or without a mouse, nothing wider than
    /// the screen, nothing too small to hit. Keeps a picture.
    async look(name) {
        for (const [size, width, height] of SIZES) {
            at(`${name}, ${size}`);
            await this.page.setViewportSize({ width, height });
            at(`${name}, ${size}, sized`);
            await this.page.waitForTimeout(50);
            const trouble = text => troubles.push(`${name}, ${size}: ${text}`);
            const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (wide > 0) trouble(`${wide} pixels wider than the screen`);
            at(`${name}, ${size}, axe`);
            await this.page.evaluate(axe);
            at(`${name}, ${size}, axe runs`);
            const { violations } = await this.page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
            for (const one of violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))) {
                trouble(`${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary.split('\n')[1] ?? ''}`).join('; ')}`);
            }
            const low = await this.page.evaluate(() => [...document.querySelectorAll('button, .button, input:not([type=checkbox], .hide), select, summary, label.tick')]
                .filter(one => { const { width, height } = one.getBoundingClientRect(); return width > 1 && (height < 47.5 || width < 47.5); })
                .map(one => one.outerHTML.slice(0, 90)));
            if (low.length) trouble(`smaller than 48 px: ${low.slice(0, 2)}`);
            at(`${name}, ${size}, picture`);
            // Bars at the edge of the screen belong at the end of a picture of all of it.
            const whole = await this.page.evaluate(() => (document.body.dataset.screen === 'showing' || document.querySelector('dialog') ? innerHeight : document.documentElement.scrollHeight));
            await this.page.setViewportSize({ width, height: Math.max(height, Math.min(whole, 8000)) });
            await this.page.screenshot({ path: `${SCREENSHOTS}/wallet-${name}-${size}.png` });
        }
        await this.page.setViewportSize({ width: ORDINARY[0], height: ORDINARY[1] });
        seen.add(name);
    }

    /// A document with codes, as people get it by mail.
    async pdf(path, texts) {
        const images = texts.map((text, index) => {
            const file = `${path}-${index}.png`;
            picture(text, file);
            return `<p><img width="320" src="data:image/png;base64,${readFileSync(file).toString('base64')}"></p>`;
        });
        const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
        const page = await browser.newPage();
        await page.setContent(`<h1>Giấy chứng nhận</h1>${images.join('')}`);
        writeFileSync(path, await page.pdf({ format: 'A4' }));
        await browser.close();
    }

    /// Prints, and answers how many sheets that are.
    async sheets(selector, path) {
        await this.page.evaluate(() => { globalThis.print = () => {}; });
        await this.press(selector);
        await this.page.emulateMedia({ media: 'print' });
        writeFileSync(path, await this.page.pdf({ format: 'A4', preferCSSPageSize: true }));
        await this.page.emulateMedia({ media: null });
        return Number(/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [path]).toString())[1]);
    }

    /// Prints what is shown, and has the paper read.
    async paper(path, text) {
        await this.page.evaluate(() => { globalThis.print = () => {}; });
        await this.press('#print');
        await this.page.emulateMedia({ media: 'print' });
        const side = await this.page.evaluate(() => {
            const symbol = document.querySelector('.sheet .symbol');
            const all = symbol.viewBox.baseVal.width;
            return symbol.getBoundingClientRect().width * (all - 8) / all / 96 * 2.54;
        });
        assert.ok(side >= 5, `the code is ${side} cm on paper`);
        writeFileSync(path, await this.page.pdf({ format: 'A4', preferCSSPageSize: true }));
        await this.page.emulateMedia({ media: null });
        execFileSync('pdftoppm', ['-r', '100', '-png', path, path]);
        const pages = execFileSync('pdfinfo', [path]).toString();
        assert.match(pages, /Pages:\s+1\n/);
        execFileSync('cp', [`${path}-1.png`, `${SCREENSHOTS}/wallet-paper.png`]);
        assert.equal(read(`${path}-1.png`), text);
    }

    /// A notification when the wallet is opened, which names nobody.
    async notified() {
        await this.context.grantPermissions(['notifications', 'camera', 'clipboard-read', 'clipboard-write'], { origin: this.place.url });
        await this.press('#more');
        await this.page.check('#notify');
        await this.back();
        await this.page.reload();
        await this.page.waitForSelector('#add');
        // A function that waits answers a promise, which counts as something: it has to look again itself.
        const told = await this.page.evaluate(async () => {
            const worker = await navigator.serviceWorker.ready;
            for (const until = Date.now() + 30_000; Date.now() < until;) {
                const [one] = await worker.getNotifications();
                if (one) return `${one.title} ${one.body}`;
                await new Promise(done => setTimeout(done, 50));
            }
            return 'no notification';
        });
        assert.match(told, /sắp hết hạn/);
        for (const name of await this.names()) assert.ok(!told.includes(name));
    }

    /// Looks through everything else that a browser keeps for this origin.
    async lies_nowhere_else(words) {
        const kept = await this.page.evaluate(async () => {
            const all = { local: JSON.stringify({ ...localStorage }), session: JSON.stringify({ ...sessionStorage }), cookies: document.cookie, history: JSON.stringify(history.state), address: location.href };
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) all[`${name} ${request.url}`] = request.url.endsWith('config.json') ? await (await cache.match(request)).text() : '';
            }
            const text = value => (value instanceof Uint8Array || value instanceof ArrayBuffer ? new TextDecoder().decode(value) : typeof value === 'object' && value ? Object.values(value).map(text).join(' ') : String(value));
            for (const { name } of await indexedDB.databases()) {
                if (name === 'hcert-wallet') continue;
                const database = await new Promise(done => { indexedDB.open(name).onsuccess = event => done(event.target.result); });
                for (const store of database.objectStoreNames) {
                    const request = database.transaction(store).objectStore(store).getAll();
                    all[`${name} ${store}`] = text(await new Promise(done => { request.onsuccess = () => done(request.result); }));
                }
                database.close();
            }
            return all;
        });
        assert.ok(Object.keys(kept).length > 5, 'something was looked at');
        for (const [where, what] of Object.entries(kept)) {
            for (const word of words) assert.ok(!`${where} ${what}`.includes(word), `${word} lies in ${where}`);
        }
    }
}

function read(path) {
    try {
        return execFileSync('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
    } catch {
        return 'nothing';
    }
}
