// The trust list as a page uses it: opened at once, brought up to date in the background.

import { base } from './build.js';
import { say, says } from './words.js';

/// How often the publisher is asked.
const EVERY_MS = 30 * 60_000;
/// A network that is there again is asked no more often than this.
const LEAST_MS = 10_000;

export class TrustKeeper {
    #decoder;
    #changed;
    #running = null;
    #asked = -Infinity;

    /// Facts of the list in use, or null while there is none.
    facts = null;
    /// Whose rules are in force here, if the installation says so.
    country = null;

    constructor(decoder, { changed }) {
        this.#decoder = decoder;
        this.#changed = changed;
    }

    get updating() { return this.#running !== null; }

    /// Takes what is on the device into use. Without a list the publisher is asked first; else afterwards.
    async open() {
        this.facts = await this.#decoder.openTrust().catch(() => null);
        this.#changed();
        const asked = this.update();
        setInterval(() => this.update(), EVERY_MS);
        if (!this.facts) await asked;
    }

    /// Asks when a while has gone by since the last time.
    refresh() {
        if (performance.now() - this.#asked > LEAST_MS || !this.facts) this.update();
    }

    /// Asks for a newer one. Answers `{ result: 'newer' | 'same' | 'failed', why }`.
    update() {
        this.#running ??= this.#update().finally(() => {
            this.#running = null;
            this.#changed();
        });
        this.#changed();
        return this.#running;
    }

    async #update() {
        this.#asked = performance.now();
        try {
            const config = await (await fetch(new URL('config.json', base), { cache: 'no-cache' })).json();
            this.country = config.country ?? null;
            const facts = await this.#decoder.updateTrust(config);
            if (facts) this.facts = facts;
            return { result: facts ? 'newer' : 'same' };
        } catch (error) {
            const code = navigator.onLine && !(error instanceof TypeError) ? error.code ?? 'failed' : 'offline';
            return { result: 'failed', code, why: says(`common.trust.why.${code}`) ? say(`common.trust.why.${code}`) : say('common.trust.why.failed', { code }) };
        }
    }
}
