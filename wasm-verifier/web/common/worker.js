// The worker behind decode.js: holds the WASM modules and the trust in use. It keeps nothing it was given.

import { base, digest, module as built } from './build.js';
import * as lists from './trust.js';
import * as verifier from '../module/verifier.js';

const PICTURES = 'module/pictures_wasm_bg.wasm';
const DOCUMENTS = 'documents/documents';
const DPI = [150, 300];

let trust = null;

const module = load(built.path).then(bytes => verifier.default(bytes));
// Reported by the call that needs it.
module.catch(() => {});

/// The module that reads and makes codes. A phone that reads them itself does not wait for it.
const symbols = once(async () => {
    const [made, bytes] = await Promise.all([import('../module/pictures.js'), load(PICTURES)]);
    await made.default(bytes);
    return made;
});

/// The module that draws the pages of PDF, for who opens one.
const documents = once(async () => {
    const source = await load(`${DOCUMENTS}_bg.wasm`);
    const made = await import(`../${DOCUMENTS}.js`);
    await made.default({ module_or_path: source });
    return made;
});

const calls = {
    /// With `reader`, what reads pictures is there too.
    async ready({ reader }) {
        if (reader) await symbols();
    },

    async decode({ pixels, width, height, effort }) {
        const reader = await symbols();
        try {
            return reader.decode(new Uint8Array(pixels), width, height, effort);
        } catch (error) {
            // A picture that the reader can't cope with holds nothing; nobody stops a door by holding one out.
            if (error.code === 'trap') return [];
            throw error;
        }
    },

    /// Takes the trust list that is kept into use. Answers its facts, or null.
    async openTrust({ now }) {
        const list = await lists.kept();
        return list ? use(list, now) : null;
    },

    /// Brings it up to date. Answers the facts of the newer one, or null when there is none.
    async updateTrust({ config, now }) {
        const list = await lists.newer(verifier, config, base);
        return list ? use(list, now) : null;
    },

    facts({ now }) {
        return trust?.facts(now) ?? null;
    },

    verify({ text, options }) {
        return trust ? verifier.verify(text, trust, options) : blind(text);
    },

    inspect({ text }) {
        return verifier.inspectUnverified(text);
    },

    async symbol({ text }) {
        return (await symbols()).symbol(text);
    },

    describe({ payload, lang }) {
        return verifier.describe(payload, lang);
    },

    /// Texts of the codes on the pages of a PDF: all pages at one resolution, and at a finer one if there was none.
    async pdf({ bytes, most }) {
        const [{ Document }, reader] = await Promise.all([documents(), symbols()]);
        let document;
        try {
            document = new Document(bytes);
        } catch (word) {
            throw Object.assign(new Error(String(word)), { code: String(word) });
        }
        const pages = document.pages();
        if (pages > most) throw Object.assign(new Error(`${pages} pages`), { code: 'too_many_pages' });
        for (const dpi of DPI) {
            const found = [];
            for (let page = 0; page < pages; page += 1) {
                const drawn = document.draw(page, dpi);
                if (drawn) found.push(...reader.decode(drawn.pixels(), drawn.width, drawn.height, 'thorough'));
            }
            if (found.length) return found;
        }
        return [];
    },
};

/// What can be said without any trust list: whether it is a certificate at all, and that nobody vouches for it.
function blind(text) {
    const { format, failure } = verifier.inspectUnverified(text);
    const stage = !format ? 'prefix' : failure ? 'cose' : 'kid';
    return {
        input: '-', colour: 'red', valid: false, format, failure: { stage, message: failure ?? '' }, signer: null, issued_at: null, expires_at: null, holder: null,
        payload: null, revocation: 'unknown', trust: { bundle_sequence: null, age_days: null, environment: null }, rules: [], doubts: [],
    };
}

function use({ bundle, state }, now) {
    const next = verifier.Trust.fromBundle(bundle, state);
    trust?.free();
    trust = next;
    return trust.facts(now);
}

self.onmessage = async ({ data: { id, name, values } }) => {
    try {
        await module;
        if (!Object.hasOwn(calls, name)) throw new TypeError(name);
        self.postMessage({ id, value: await calls[name](values) });
    } catch (error) {
        self.postMessage({ id, error: { code: error.code ?? 'failed', message: String(error.message ?? error) } });
    }
};

/// What makes something when it is first asked for, and tries again the next time if that failed.
function once(make) {
    let made = null;
    return () => {
        made ??= make().catch(error => {
            made = null;
            throw error;
        });
        return made;
    };
}

/// A module's bytes, which have to be those of the build's list, whoever delivered them.
async function load(path) {
    const response = await fetch(new URL(`../${path}`, import.meta.url));
    if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), { code: 'missing' });
    const bytes = await response.arrayBuffer();
    const sum = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), byte => byte.toString(16).padStart(2, '0'));
    if (sum.join('') !== digest(path)) throw Object.assign(new Error(`${path} is not what the build made`), { code: 'changed' });
    return bytes;
}
