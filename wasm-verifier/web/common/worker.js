// The worker behind decode.js: holds the WASM module and the trust in use. It keeps nothing it was given.

import { digest } from './build.js';
import * as verifier from '../module/verifier.js';

const MODULE = 'module/verifier_bg.wasm';
const DOCUMENTS = 'module/documents';

let trust = null;
let documents = null;

const module = load(MODULE).then(bytes => verifier.default(bytes));
// Reported by the call that needs it.
module.catch(() => {});

const calls = {
    ready() {},

    decode({ pixels, width, height, effort }) {
        return verifier.decode(new Uint8Array(pixels), width, height, effort);
    },

    trust({ bundle }) {
        const next = verifier.Trust.fromBundle(new Uint8Array(bundle));
        trust?.free?.();
        trust = next;
        return trust.facts();
    },

    verify({ text, options }) {
        trust ??= verifier.Trust.fromText(new TextEncoder().encode('{}'));
        return verifier.verify(text, trust, options);
    },

    inspect({ text }) {
        return verifier.inspectUnverified(text);
    },

    symbol({ text }) {
        return verifier.symbol(text);
    },

    describe({ payload, lang }) {
        return verifier.describe(payload, lang);
    },

    async pdf({ bytes, page, scale }) {
        documents ??= import(`../${DOCUMENTS}.js`).then(async made => {
            await made.default({ module_or_path: await load(`${DOCUMENTS}_bg.wasm`) });
            return made;
        });
        const { Document } = await documents;
        const document = new Document(new Uint8Array(bytes));
        try {
            return page === null ? document.pages() : document.draw(page, scale);
        } finally {
            document.free();
        }
    },
};

self.onmessage = async ({ data: { id, name, values } }) => {
    try {
        await module;
        if (!Object.hasOwn(calls, name)) throw new TypeError(name);
        self.postMessage({ id, value: await calls[name](values) });
    } catch (error) {
        self.postMessage({ id, error: { code: error.code ?? 'failed', message: String(error.message ?? error) } });
    }
};

/// A module's bytes, which have to be those of the build's list, whoever delivered them.
async function load(path) {
    const response = await fetch(new URL(`../${path}`, import.meta.url));
    if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), { code: 'missing' });
    const bytes = await response.arrayBuffer();
    const sum = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), byte => byte.toString(16).padStart(2, '0'));
    if (sum.join('') !== digest(path)) throw Object.assign(new Error(`${path} is not what the build made`), { code: 'changed' });
    return bytes;
}
