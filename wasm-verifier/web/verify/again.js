// Whether a code was shown a short while ago. Only a hash with a salt of this page's own is kept, in memory: it
// says nothing once the page is closed, and nothing to anybody else.

export class Again {
    #salt = crypto.getRandomValues(new Uint8Array(32));
    #seen = new Map();

    /// Milliseconds since this was last shown, or null; remembers it from now on. Times are of a clock that only
    /// goes forward.
    async shown(identity, window, now = performance.now()) {
        for (const [key, at] of this.#seen) if (now - at > window) this.#seen.delete(key);
        const key = await this.#hash(identity);
        const before = this.#seen.get(key);
        this.#seen.set(key, now);
        return before === undefined ? null : now - before;
    }

    async #hash(identity) {
        const text = new TextEncoder().encode(identity);
        const salted = new Uint8Array(this.#salt.length + text.length);
        salted.set(this.#salt);
        salted.set(text, this.#salt.length);
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', salted));
        return btoa(String.fromCharCode(...hash.subarray(0, 16)));
    }
}
