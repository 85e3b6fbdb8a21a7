// What the wallet keeps, in this browser and nowhere else: certificates, what the person decided about people, and
// settings. Verdicts are not kept; they are made anew at each opening.

const NAME = 'hcert-wallet';
const VERSION = 1;

/// How many certificates a wallet keeps at most.
export const MOST = 500;

function done(transaction) {
    return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
}

function answer(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/// The id of a certificate: SHA-256 of its text. The same text is never kept twice.
export async function idOf(text) {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

export class Store {
    /// Opens the wallet of this browser; throws where the browser keeps nothing (private windows of some).
    static async open() {
        const request = indexedDB.open(NAME, VERSION);
        request.onupgradeneeded = () => {
            request.result.createObjectStore('certificates', { keyPath: 'id' });
            request.result.createObjectStore('decisions', { keyPath: ['a', 'b'] });
            request.result.createObjectStore('settings');
        };
        const store = new Store();
        store.database = await answer(request);
        // Another tab deletes everything, or brings a newer version.
        store.database.onversionchange = () => store.database.close();
        return store;
    }

    write(names, run) {
        const transaction = this.database.transaction(names, 'readwrite', { durability: 'strict' });
        const ended = done(transaction);
        run(...names.map(name => transaction.objectStore(name)));
        return ended;
    }

    /// Everything, as one moment has it.
    async all() {
        const transaction = this.database.transaction(['certificates', 'decisions', 'settings']);
        const settings = transaction.objectStore('settings');
        const [certificates, decisions, names, values] = await Promise.all([
            answer(transaction.objectStore('certificates').getAll()),
            answer(transaction.objectStore('decisions').getAll()),
            answer(settings.getAllKeys()),
            answer(settings.getAll()),
        ]);
        return { certificates, decisions, settings: Object.fromEntries(names.map((name, index) => [name, values[index]])) };
    }

    /// Keeps certificates `{id, text, added}`: all of them or, if there is no room, none. What is there stays.
    async keep(certificates) {
        await this.merge({ certificates, decisions: [] });
    }

    /// What a file brings, in one transaction. What is here already stays as it is.
    async merge({ certificates, decisions }) {
        await this.write(['certificates', 'decisions'], (kept, decided) => {
            const count = kept.getAllKeys();
            count.onsuccess = () => {
                const there = new Set(count.result);
                const fresh = certificates.filter(one => !there.has(one.id));
                if (there.size + fresh.length > MOST) {
                    kept.transaction.abort();
                    return;
                }
                for (const one of fresh) kept.put(one);
            };
            for (const decision of decisions) {
                const request = decided.get([decision.a, decision.b]);
                request.onsuccess = () => request.result ?? decided.put(decision);
            }
        });
    }

    /// Two identities are the `same` person, or `other` people.
    async decide(decisions) {
        await this.write(['decisions'], decided => decisions.forEach(one => decided.put(one)));
    }

    /// Removes a certificate, and what was decided about people who have none left.
    async remove(id, identities) {
        await this.write(['certificates', 'decisions'], (kept, decided) => {
            kept.delete(id);
            const request = decided.getAll();
            request.onsuccess = () => {
                for (const one of request.result) {
                    if (!identities.has(one.a) || !identities.has(one.b)) decided.delete([one.a, one.b]);
                }
            };
        });
    }

    async set(name, value) {
        await this.write(['settings'], settings => settings.put(value, name));
    }

    /// Removes everything at once, and the database itself.
    async removeEverything() {
        await this.write(['certificates', 'decisions', 'settings'], (...stores) => stores.forEach(one => one.clear()));
        this.database.close();
        await new Promise(resolve => {
            const request = indexedDB.deleteDatabase(NAME);
            // Another tab may hold it open; it is empty anyway.
            request.onsuccess = request.onerror = request.onblocked = resolve;
        });
    }
}
