// Reads codes off pictures and asks the WASM modules, in a worker of its own, so that the page never waits.

/// A picture that takes longer than this has something wrong with it; the worker is thrown away then.
const PATIENCE_MS = 60_000;

/// An error of the module: a word, and a sentence for people.
export class ModuleError extends Error {
    constructor({ code, message }) {
        super(message);
        this.code = code;
    }
}

export class Decoder {
    #worker = null;
    #waiting = new Map();
    #last = 0;
    #trusting = false;
    #native = null;

    /// Loads the modules now rather than at the first picture: what reads codes only where the browser does not.
    /// Fails when one can't be loaded or is not what it should be.
    async ready() {
        const detector = await (this.#native ??= native());
        await this.call('ready', { reader: !detector });
    }

    /// Texts of the codes seen in pixels (RGBA, `ImageData`). The pixels are given away.
    /// `effort`: 'quick' for a camera, 'thorough' for a picture of which there is only one.
    decode({ data, width, height }, effort = 'quick') {
        return this.call('decode', { pixels: data.buffer, width, height, effort }, [data.buffer]);
    }

    /// Texts of the codes that a video shows now: by the browser's own reader where it has one, and by ours from
    /// every third picture on, since theirs differ. `frame()` gives the picture.
    async look(video, frame, turn) {
        const detector = await (this.#native ??= native());
        if (detector) {
            const found = await detector.detect(video).catch(() => []);
            if (found.length) return found.map(one => one.rawValue).filter(Boolean);
            if (turn % 3) return [];
        }
        const pixels = frame();
        return pixels ? this.decode(pixels) : [];
    }

    /// Takes the trust list of this device into use, in later workers too. Answers its facts, or null.
    openTrust() {
        this.#trusting = true;
        return this.call('openTrust', { now: Date.now() / 1000 });
    }

    /// Brings it up to date (`config` as in trust.js). Answers the facts of the newer list, or null.
    updateTrust(config) {
        return this.call('updateTrust', { config, now: Date.now() / 1000 });
    }

    /// What is to be said of it now.
    facts() {
        return this.call('facts', { now: Date.now() / 1000 });
    }

    /// The verdict of specs/verdict.md. Without trust every signer is unknown.
    verify(text, options) {
        return this.call('verify', { text, options });
    }

    /// Any other function of the worker.
    call(name, values = {}, transfer = []) {
        const worker = this.#worker ??= this.#start();
        const id = ++this.#last;
        return new Promise((resolve, reject) => {
            const late = setTimeout(() => this.#fail({ code: 'too_slow', message: 'too slow' }), PATIENCE_MS);
            this.#waiting.set(id, { resolve, reject, late });
            worker.postMessage({ id, name, values }, transfer);
        });
    }

    /// Ends the worker; the next call starts another.
    close() {
        this.#fail({ code: 'closed', message: 'closed' });
    }

    #start() {
        const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
        worker.onmessage = ({ data: { id, value, error } }) => {
            const { resolve, reject, late } = this.#waiting.get(id) ?? {};
            if (!this.#waiting.delete(id)) return;
            clearTimeout(late);
            if (error) reject(new ModuleError(error));
            else resolve(value);
        };
        worker.onerror = event => {
            event.preventDefault();
            if (worker === this.#worker) this.#fail({ code: 'worker', message: event.message || 'the worker does not start' });
        };
        if (this.#trusting) worker.postMessage({ id: 0, name: 'openTrust', values: { now: Date.now() / 1000 } });
        return worker;
    }

    #fail(error) {
        this.#worker?.terminate();
        this.#worker = null;
        for (const { reject, late } of this.#waiting.values()) {
            clearTimeout(late);
            reject(new ModuleError(error));
        }
        this.#waiting.clear();
    }
}

/// The browser's own reader, if it reads QR codes.
async function native() {
    if (typeof BarcodeDetector === 'undefined') return null;
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (!formats.includes('qr_code')) return null;
    return new BarcodeDetector({ formats: ['qr_code', 'aztec'].filter(one => formats.includes(one)) });
}
