// The trust list of this device: kept in the browser's database, brought up to date piece by piece. Every rule about
// what may follow what lives in the WASM module (specs/bundle.md, "Taking an update"); here bytes are carried.
// Runs in the worker.

const DATABASE = 'hcert-trust';
const STORE = 'trust';
const CURRENT = 'current';

const MAX_ROOT = 64 << 10;
const MAX_MANIFEST = 4 << 20;
/// More roots than this at once are no update but an attack.
const MAX_ROOTS = 64;
const PATIENCE_MS = 60_000;
const TOGETHER = 6;
const TOGETHER_BYTES = 64 << 10;

/// What is kept: `{ bundle, state }`, or null.
export async function kept() {
    const database = await open();
    try {
        return await done(database.transaction(STORE).objectStore(STORE).get(CURRENT)) ?? null;
    } finally {
        database.close();
    }
}

/// Asks the place of publication for what is newer. `config` is that of the installation: `bundle`, the address of the
/// published files, and `root`, the first root (base64, or where it lies). Answers `{ bundle, state }`, or null when
/// what is kept is the newest.
export async function newer(verifier, config, base) {
    const now = await kept();
    const place = new URL(config.bundle, base);
    const update = verifier.Update.begin(now?.state ?? await firstRoot(config.root, base));
    try {
        for (let count = 0; count < MAX_ROOTS; count += 1) {
            const root = await get(new URL(`root/${update.nextRoot()}.cose`, place), MAX_ROOT);
            if (!root) break;
            update.root(root);
        }
        if (update.manifest(await need(new URL('manifest.cose', place), MAX_MANIFEST)) === 'same' && now) return null;
        if (now) update.keep(now.bundle);
        for (const some of together(update.wanted())) {
            const parts = await Promise.all(some.map(({ path, size }) => need(new URL(path, place), size)));
            some.forEach(({ name }, index) => update.part(name, parts[index]));
        }
        const next = update.finish();
        await keep(next, now);
        return next;
    } catch (error) {
        update.free();
        throw error;
    }
}

/// Parts that are asked for at once: on a slow line each answer takes longer than a small part's bytes, and large ones
/// would share the line until the last is late.
function together(parts) {
    const all = [];
    let bytes = Infinity;
    for (const part of parts) {
        bytes += part.size;
        if (bytes > TOGETHER_BYTES || all.at(-1).length === TOGETHER) {
            all.push([]);
            bytes = part.size;
        }
        all.at(-1).push(part);
    }
    return all;
}

/// Bundle and state in one transaction, unless another tab was quicker: then its own stays, and the next look takes
/// up from there.
async function keep(next, before) {
    const database = await open();
    try {
        const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
        const meanwhile = await done(store.get(CURRENT));
        if (!same(meanwhile?.state, before?.state)) throw Object.assign(new Error('another tab updated'), { code: 'meanwhile' });
        await done(store.put(next, CURRENT));
    } finally {
        database.close();
    }
}

const same = (a, b) => a === b || (a?.length === b?.length && a.every((byte, index) => byte === b[index]));

async function firstRoot(root, base) {
    if (!root) throw Object.assign(new Error('config.json names no root'), { code: 'no_root' });
    if (/^(\.{0,2}\/|https?:)/.test(root)) return need(new URL(root, base), MAX_ROOT);
    return Uint8Array.from(atob(root), one => one.charCodeAt(0));
}

async function need(address, most) {
    const bytes = await get(address, most);
    if (!bytes) throw Object.assign(new Error(`${address.pathname} is not there`), { code: 'missing' });
    return bytes;
}

/// The bytes at an address, at most so many; null when there are none.
async function get(address, most) {
    let response;
    try {
        response = await fetch(address, { cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout?.(PATIENCE_MS) });
    } catch (error) {
        throw Object.assign(new Error('no network', { cause: error }), { code: 'offline' });
    }
    if (response.status === 404 || response.status === 403) return null;
    if (!response.ok) throw Object.assign(new Error(`${address.pathname}: ${response.status}`), { code: 'missing' });
    const pieces = [];
    let length = 0;
    const reader = response.body.getReader();
    for (;;) {
        const { done: end, value } = await reader.read();
        if (end) break;
        length += value.length;
        if (length > most) {
            await reader.cancel();
            throw Object.assign(new Error(`${address.pathname} is longer than ${most} bytes`), { code: 'too_large' });
        }
        pieces.push(value);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
        bytes.set(piece, at);
        at += piece.length;
    }
    return bytes;
}

function open() {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return done(request);
}

const done = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});
