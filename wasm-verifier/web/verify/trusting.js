// The trust list as this page uses it: opened at once, brought up to date in the background.

/// How often the publisher is asked.
const EVERY_MS = 30 * 60_000;

export class TrustKeeper {
    #decoder;
    #changed;
    #running = null;

    /// Facts of the list in use, or null while there is none.
    facts = null;
    /// Whose rules are in force here.
    country = null;

    constructor(decoder, { changed }) {
        this.#decoder = decoder;
        this.#changed = changed;
    }

    get updating() { return this.#running !== null; }

    /// What is on the device; the network is asked afterwards.
    async open() {
    }

    /// Asks for a newer one. Answers `{ result: 'newer' | 'same' | 'failed', why }`.
    async update() {
        return { result: 'failed', why: 'offline' };
    }
}
