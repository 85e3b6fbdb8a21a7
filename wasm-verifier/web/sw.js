// Keeps both pages on the device and serves them from there. `files.js` names every file of a version with its
// SHA-256; a version is used only when all its files are what the list says, and until then the version before
// goes on. Nothing else is kept here: no certificate, no trust data.

importScripts('files.js');

const { build, files } = self.HCERT_BUILD;
const LIST = 'files.js';
const BASE = new URL('./', self.location);
const PREFIX = 'hcert-pages ';
const CONFIG = 'hcert-config';
const CONFIG_PATIENCE_MS = 4000;
/// Files asked for at once. On a slow line each answer takes longer than a small file's bytes; browsers let six through
/// where the server has no HTTP/2.
const AT_ONCE = 12;
const TYPES = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

const hex = buffer => Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, '0')).join('');
const sha256 = async bytes => hex(await crypto.subtle.digest('SHA-256', bytes));
const name = PREFIX + build;
/// Large and seldom used: comes when it is asked for.
const isLater = path => path.startsWith('documents/');
const address = path => new URL(path, BASE).href;

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(activate()));
// A reminder of the wallet was touched: there it goes.
self.addEventListener('notificationclick', event => {
    event.notification.close();
    event.waitUntil(self.clients.openWindow(new URL('wallet/', BASE)));
});
self.addEventListener('message', ({ data }) => { if (data?.kind === 'use') self.skipWaiting(); });
self.addEventListener('fetch', event => {
    const answer = route(event.request);
    if (answer) event.respondWith(answer);
});

async function install() {
    const cache = await caches.open(name);
    // The pages read the list as well, of their own version.
    await cache.put(address(LIST), new Response(`self.HCERT_BUILD = ${JSON.stringify(self.HCERT_BUILD)};\n`, { headers: { 'content-type': 'text/javascript' } }));
    const wanted = Object.keys(files).filter(path => !isLater(path));
    const scripts = await allScripts();
    let done = 0;
    // The modules are nearly all of the bytes: the small files come beside them.
    const isModule = path => path.endsWith('.wasm');
    const queue = [...wanted].sort((one, other) => isModule(one) - isModule(other));
    const work = async () => {
        for (let path; (path = queue.pop());) {
            await keep(cache, path, scripts);
            await tell({ kind: 'progress', done: ++done, all: wanted.length });
        }
    };
    try {
        await Promise.all(Array.from({ length: AT_ONCE }, work));
    } catch (error) {
        await caches.delete(name);
        if (error instanceof Refused) await tell({ kind: 'refused', path: error.message });
        throw error;
    }
}

async function activate() {
    for (const other of await caches.keys()) {
        if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
    }
    await self.clients.claim();
}

/// The bytes of a file are not what the list says.
class Refused extends Error {}

/// Scripts and styles in one answer, for a first visit: path to response. Nothing for a later one, of which little
/// changed, and where the server has them one by one only.
async function allScripts() {
    const found = new Map();
    if ((await caches.keys()).some(other => other.startsWith(PREFIX) && other !== name)) return found;
    const response = await fetch(address('scripts.json'), { cache: 'no-cache', credentials: 'same-origin' }).catch(() => null);
    if (!response?.ok) return found;
    const texts = await response.json().catch(() => null);
    for (const [path, text] of Object.entries(texts ?? {})) {
        const type = TYPES[path.split('.').at(-1)];
        if (!type || !Object.hasOwn(files, path)) continue;
        const bytes = new TextEncoder().encode(text);
        if (await sha256(bytes) === files[path]) found.set(path, stored(bytes, response, { 'content-type': type }));
    }
    return found;
}

/// Takes a file from the scripts at hand or from an older version on the device if it is the same, else from the server.
async function keep(cache, path, scripts) {
    if (await cache.match(address(path))) return;
    if (scripts.has(path)) return cache.put(address(path), scripts.get(path));
    const old = await caches.match(address(path));
    const body = old && await old.clone().arrayBuffer();
    if (body && await sha256(body) === files[path]) await cache.put(address(path), old);
    else await cache.put(address(path), await checked(path));
}

/// A file from the server, compared with the list.
async function checked(path) {
    const response = await fetch(address(path), { cache: 'no-cache', credentials: 'same-origin' });
    if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
    const body = await response.arrayBuffer();
    if (await sha256(body) !== files[path]) throw new Refused(path);
    return stored(body, response);
}

/// A response to keep, with what the server said beside the bytes.
function stored(body, response, more = {}) {
    const headers = new Headers(response.headers);
    for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return new Response(body, { status: 200, headers });
}

/// What answers a request, or null for the network.
function route(request) {
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== BASE.origin || !url.pathname.startsWith(BASE.pathname)) return null;
    let path = decodeURI(url.pathname.slice(BASE.pathname.length));
    if (path === 'config.json') return config(request);
    if (path === '' || path.endsWith('/')) path += 'index.html';
    return path === LIST || Object.hasOwn(files, path) ? kept(path) : null;
}

async function kept(path) {
    const cache = await caches.open(name);
    const found = await cache.match(address(path));
    if (found) return found;
    // Came with "later", or the browser made room.
    const fresh = await checked(path);
    await cache.put(address(path), fresh.clone());
    return fresh;
}

/// What the place of installation says of itself: the newest when there is a network, else the last one.
async function config(request) {
    const cache = await caches.open(CONFIG);
    try {
        const signal = AbortSignal.timeout?.(CONFIG_PATIENCE_MS);
        const response = await fetch(request.url, { cache: 'no-cache', signal });
        if (response.ok) await cache.put(request.url, response.clone());
        return response;
    } catch (error) {
        const last = await cache.match(request.url);
        if (last) return last;
        throw error;
    }
}

async function tell(message) {
    for (const client of await self.clients.matchAll({ includeUncontrolled: true, type: 'window' })) client.postMessage(message);
}
