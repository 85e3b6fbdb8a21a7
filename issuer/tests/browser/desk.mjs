// What the test knows of a browser: one that is watched, and a keyboard whose keys are counted.

import { chromium } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { CHROMIUM, ADDRESS, SCREENSHOTS } = process.env;
const SIZES = [['desk', 1024, 600], ['phone', 390, 844]];
/// An old phone as well, for what citizens see.
const SMALL = ['small', 320, 568];

export const address = ADDRESS;
export const troubles = [];
const seen = new Set();

export const browser = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/// Somebody at a desk of their own. Whatever goes wrong in their browser is kept.
export class Person {
    constructor(page, name) {
        this.page = page;
        this.name = name;
        this.keys = 0;
        this.clicks = 0;
    }

    /// Somebody who is not known here.
    static async stranger(name, { script = true, scheme = 'light' } = {}) {
        const context = await browser.newContext({
            viewport: { width: 1024, height: 600 },
            javaScriptEnabled: script,
            colorScheme: scheme,
            acceptDownloads: true,
            locale: 'vi-VN',
        });
        const page = await context.newPage();
        page.setDefaultTimeout(20000);
        const trouble = text => troubles.push(`${name}: ${text}`);
        page.on('pageerror', error => trouble(`error on ${page.url()}: ${error.message}`));
        page.on('console', message => {
            // An answer that is an error on purpose is told here as well.
            const told = /status of (401|403|404|409|422|429)/.test(message.text());
            if (message.type() === 'error' && !told) trouble(`console on ${page.url()}: ${message.text()}`);
        });
        page.on('request', request => {
            const url = new URL(request.url());
            if (url.protocol !== 'data:' && url.origin !== ADDRESS) trouble(`asked ${url.origin}`);
        });
        page.on('response', response => {
            if (response.status() >= 500) trouble(`${response.status()} from ${response.url()}`);
        });
        const person = new Person(page, name);
        person.script = script;
        return person;
    }

    static async sign_in(name, { script = true, scheme = 'light', password = `development ${name}` } = {}) {
        const person = await Person.stranger(name, { script, scheme });
        const { page } = person;
        await page.goto(`${ADDRESS}/sign-in`);
        await page.fill('#name', name);
        await page.fill('#password', password);
        await page.keyboard.press('Enter');
        await page.waitForURL(`${ADDRESS}/desk`);
        await person.settled();
        return person;
    }

    async go(path) {
        const response = await this.page.goto(ADDRESS + path);
        assert.ok(response.status() < 400, `${path}: ${response.status()}`);
        await this.settled();
    }

    /// A key of the person's own; leads to a new page where it is said so.
    async key(key, { leads = false } = {}) {
        this.keys += 1;
        await this.press(key, leads);
    }

    async click(selector, { leads = true } = {}) {
        this.clicks += 1;
        if (!leads) return this.page.click(selector);
        await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.click(selector)]);
        await this.settled();
    }

    async press(key, leads) {
        if (!leads) return this.page.keyboard.press(key);
        const led = Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.keyboard.press(key)]);
        await led.catch(async error => {
            await this.page.screenshot({ path: `${SCREENSHOTS}/stuck.png`, fullPage: true });
            throw new Error(`${this.name}: ${key} leads nowhere on ${this.page.url()}, where the cursor is at “${await this.focus()}”:\n${await this.text()}`, { cause: error });
        });
        await this.settled();
    }

    /// What a reader on a USB port does: it types wherever the cursor stands, and sends Enter.
    async scan(text) {
        await this.page.keyboard.insertText(text);
        await this.press('Enter', true);
    }

    /// The browser puts the cursor where the page says a moment after the page is there.
    async settled() {
        if (!this.script) return;
        await this.page.waitForFunction(() => {
            const wanted = document.querySelector('[autofocus]');
            return !wanted || document.activeElement !== document.body;
        });
    }

    async text() {
        return this.page.innerText('main');
    }

    async says(...texts) {
        const said = await this.text();
        for (const text of texts) {
            assert.ok(said.includes(text), `${this.page.url()} does not say “${text}” but:\n${said}`);
        }
    }

    /// Where the cursor stands.
    async focus() {
        return this.page.evaluate(() => {
            const at = document.activeElement;
            return at?.id || at?.getAttribute('name') || at?.textContent?.trim() || '';
        });
    }

    /// Looks at the page as it is, in both sizes: nothing wrong for people with poor eyes or without a
    /// mouse, nothing wider than the screen. Keeps a picture.
    async look(name, { small = false } = {}) {
        for (const [size, width, height] of small ? [...SIZES, SMALL] : SIZES) {
            await this.page.setViewportSize({ width, height });
            const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (wide > 0) troubles.push(`${name}, ${size}: ${wide} pixels wider than the screen`);
            await this.page.evaluate(axe);
            const found = await this.page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
            for (const one of found.violations) {
                const where = one.nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary.split('\n')[1] ?? ''}`).join('; ');
                if (['serious', 'critical'].includes(one.impact)) {
                    troubles.push(`${name}, ${size}: ${one.id} (${one.impact}): ${where}`);
                }
            }
            const short = await this.page.evaluate(() => [...document.querySelectorAll('button, .button, input:not([type=hidden], [type=checkbox], [type=radio]), select')]
                .filter(one => one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().height < 47.5 && !one.classList.contains('first'))
                .map(one => one.outerHTML.slice(0, 80)));
            if (short.length) troubles.push(`${name}, ${size}: lower than 48 px: ${short.slice(0, 2)}`);
            await this.page.screenshot({ path: `${SCREENSHOTS}/${name}-${size}.png`, fullPage: true });
        }
        await this.page.setViewportSize({ width: 1024, height: 600 });
        seen.add(name);
    }
}

export const pictures = () => seen.size;
