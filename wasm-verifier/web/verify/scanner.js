// The search: picture after picture goes to the decoder until something is found.

/// After this long without a code the search slows down, to spare battery and heat.
const IDLE_MS = 5 * 60_000;
const IDLE_PAUSE_MS = 250;
/// Failures in a row that are no longer a matter of one picture.
const TOO_MANY = 5;

export class Scanner {
    #running = false;
    #turn = 0;
    #since = 0;
    #frames = [];

    /// `found(texts)` may take its time; meanwhile nothing is searched. `failed(error)` ends the search.
    constructor(camera, decoder, { found, failed }) {
        this.camera = camera;
        this.decoder = decoder;
        this.found = found;
        this.failed = failed;
    }

    get isRunning() { return this.#running; }

    /// Milliseconds since the search began or last found something.
    get searching() { return performance.now() - this.#since; }

    /// Pictures looked at in the last second or so.
    get rate() {
        const [first] = this.#frames;
        const last = this.#frames.at(-1);
        return this.#frames.length > 1 ? (this.#frames.length - 1) * 1000 / (last - first) : 0;
    }

    start() {
        this.#since = performance.now();
        if (this.#running) return;
        this.#running = true;
        performance.clearMarks('search');
        performance.mark('search');
        this.#run();
    }

    stop() { this.#running = false; }

    async #run() {
        let failures = 0;
        while (this.#running) {
            await this.camera.next();
            if (this.searching > IDLE_MS) await new Promise(done => setTimeout(done, IDLE_PAUSE_MS));
            if (!this.#running) break;
            try {
                // For measuring: when the picture was taken that led to an answer.
                performance.clearMarks('frame');
                performance.mark('frame');
                const texts = await this.decoder.look(this.camera.video, () => this.camera.frame(), ++this.#turn);
                failures = 0;
                const now = performance.now();
                this.#frames = [...this.#frames, now].slice(-30);
                if (texts.length && this.#running) {
                    this.#since = now;
                    await this.found(texts);
                }
            } catch (error) {
                if (++failures < TOO_MANY) continue;
                this.#running = false;
                this.failed(error);
            }
        }
    }
}
