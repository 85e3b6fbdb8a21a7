// The service worker of the pages: registers it, waits until it serves, says when a newer version is there.
// It keeps every file of a version, each checked by its SHA-256, so that the pages need no server.

import { base } from './build.js';

/// A first visit on a slow line takes its time; after this long the page goes on without.
const PATIENCE_MS = 120_000;
const ASK_AGAIN_MS = 60 * 60_000;
const TOLD_MS = 1000;

let registration = null;
let reloading = false;

/// Waits until the service worker serves this page, so that what comes after (module, worker, pictures) is loaded
/// once, checked. Answers 'kept'; 'plain' where the browser has no service workers, or does not want one now;
/// 'refused' when a file of the version on the server is not what its list says.
///
/// `progress(done, all)` is told of a first installation, `newer(apply)` when a version waits to be used:
/// `apply()` reloads the page with it. `idle()` says whether a reload that another tab began may happen now.
export async function install({ progress = () => {}, newer = () => {}, idle = () => false } = {}) {
    const workers = navigator.serviceWorker;
    if (!workers) return 'plain';
    const had = Boolean(workers.controller);
    const refused = new Promise(resolve => workers.addEventListener('message', ({ data }) => {
        if (data?.kind === 'progress' && !had) progress(data.done, data.all);
        if (data?.kind === 'refused') resolve('refused');
    }));
    workers.startMessages?.();
    let first = !had;
    workers.addEventListener('controllerchange', () => {
        if (first) { first = false; return; }
        if (reloading || idle()) location.reload();
        else newer(() => location.reload());
    });
    try {
        registration = await workers.register(new URL('sw.js', base), { scope: base.pathname, updateViaCache: 'none' });
    } catch {
        // Offline, or not allowed here. One that serves already goes on serving.
        return had ? 'kept' : 'plain';
    }
    watch(newer);
    setInterval(update, ASK_AGAIN_MS);
    addEventListener('online', update);
    if (had) return 'kept';
    const serves = new Promise(resolve => {
        const look = () => workers.controller && resolve('kept');
        workers.addEventListener('controllerchange', look);
        look();
    });
    const late = new Promise(resolve => setTimeout(resolve, PATIENCE_MS, 'plain'));
    return Promise.race([serves, refused, failed(registration), late]);
}

/// Asks the server whether there is a newer version. Silent without a network.
export async function update() {
    await registration?.update().catch(() => {});
}

/// Asks the browser to keep what is stored even when space is short.
export const persist = () => navigator.storage?.persist?.().catch(() => false);

/// A first installation that ends without a worker: the line broke, unless 'refused' was told just before.
function failed({ installing }) {
    return new Promise(resolve => installing?.addEventListener('statechange', () => {
        if (installing.state === 'redundant') setTimeout(resolve, TOLD_MS, 'plain');
    }));
}

function watch(newer) {
    const offer = worker => newer(() => {
        reloading = true;
        worker.postMessage({ kind: 'use' });
    });
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
        const worker = registration.installing;
        worker?.addEventListener('statechange', () => {
            if (worker.state === 'installed' && registration.active) offer(worker);
        });
    });
}
