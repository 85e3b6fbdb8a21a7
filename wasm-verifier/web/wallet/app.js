// What all screens share: the store, the certificates as they are now, the people, the settings.

import { read } from './certificate.js';
import { family } from './family.js';
import { redraw } from './screen.js';
import { Store } from './store.js';

export const app = {
    store: null,
    /// Whether the first screen was shown.
    opened: false,
    config: {},
    trust: null,
    certificates: [],
    people: [],
    questions: [],
    decisions: [],
    settings: {},

    /// Reads everything anew: what is kept, judged by the trust at hand and the clock. One after the other, so that an
    /// older look never covers a newer one.
    load() {
        loading = loading.catch(() => {}).then(load);
        return loading;
    },

    async set(name, value) {
        await this.store.set(name, value);
        this.settings = { ...this.settings, [name]: value };
    },

    find(id) {
        return this.certificates.find(one => one.id === id);
    },

    personOf(certificate) {
        return this.people.find(person => person.certificates.some(one => one.id === certificate.id));
    },

    /// A fresh, empty store, after everything was deleted.
    async reopen() {
        this.store = await Store.open();
        await this.load();
    },

    async refresh() {
        await this.load();
        await redraw();
    },
};

let loading = Promise.resolve();

async function load() {
    let judgedBy;
    do {
        judgedBy = app.trust;
        const { certificates, decisions, settings } = await app.store.all();
        const all = [];
        for (const { text, added } of certificates) all.push(await read(text, added));
        Object.assign(app, { certificates: all, decisions, settings }, family(all, decisions, Date.now()));
        // A newer trust list may have come while the first were judged by the old one.
    } while (judgedBy !== app.trust);
}

/// The address of a page of the issuer, if the place of installation named one.
export function issuerPage(name) {
    const given = app.config[name] ?? (app.config.claim && new URL(name, app.config.claim).href);
    if (!given) return null;
    const address = new URL(given, location.href);
    return ['https:', 'http:'].includes(address.protocol) ? address.href : null;
}
