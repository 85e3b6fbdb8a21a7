// The camera: opened, chosen, lit; its frames as pixels. Frames stay in the page.

/// A dense certificate has 97 modules a side and wants some four pixels for each.
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/// Pixels on the longer side of a whole frame, and on the side of its middle.
const WHOLE = 800;
const MIDDLE = 720;

/// Why a camera does not open, as a word: 'refused', 'missing', 'busy', 'insecure', 'broken'.
export class CameraError extends Error {
    constructor(why, cause) {
        super(why, { cause });
        this.why = why;
    }
}

const WHY = {
    NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'missing', OverconstrainedError: 'missing',
    NotReadableError: 'busy', AbortError: 'busy',
};

export class Camera {
    #stream = null;
    #opening = 0;
    #canvas = document.createElement('canvas');
    #turn = 0;

    /// Shows what it sees in this element.
    constructor(video) {
        this.video = video;
        video.muted = true;
        video.playsInline = true;
    }

    /// Opens a camera: the one of this id, else one that faces `facing` ('environment' or 'user').
    async open({ id = null, facing = 'environment' } = {}) {
        this.close();
        const mine = this.#opening;
        const media = navigator.mediaDevices;
        if (!media?.getUserMedia) throw new CameraError('insecure');
        const ask = which => media.getUserMedia({ audio: false, video: { ...WANTED, ...which } });
        try {
            const named = id && await ask({ deviceId: { exact: id } }).catch(error => {
                if (error.name === 'NotAllowedError') throw error;
                return null;
            });
            const stream = named || await ask({ facingMode: { ideal: facing } });
            if (mine !== this.#opening) {
                // Closed or opened anew meanwhile.
                stream.getTracks().forEach(track => track.stop());
                return;
            }
            this.#stream = stream;
        } catch (error) {
            throw new CameraError(WHY[error.name] ?? 'broken', error);
        }
        this.video.srcObject = this.#stream;
        await this.video.play().catch(() => {});
        await this.#focus();
    }

    close() {
        this.#opening += 1;
        this.#stream?.getTracks().forEach(track => track.stop());
        this.#stream = null;
        this.video.srcObject = null;
    }

    get isOpen() { return this.track?.readyState === 'live'; }
    get track() { return this.#stream?.getVideoTracks()[0] ?? null; }
    get id() { return this.track?.getSettings().deviceId ?? null; }

    /// Whether it looks at the person who holds the device, and its picture is shown as in a mirror.
    get facesUser() { return this.track?.getSettings().facingMode === 'user'; }

    /// All cameras; their names are known once one was allowed.
    async choices() {
        const devices = await navigator.mediaDevices.enumerateDevices();
        return devices.filter(one => one.kind === 'videoinput').map(one => ({ id: one.deviceId, name: one.label }));
    }

    get hasTorch() { return Boolean(this.track?.getCapabilities?.().torch); }

    /// Switches the light; answers whether it is on.
    async torch(on) {
        try {
            await this.track.applyConstraints({ advanced: [{ torch: on }] });
            return on;
        } catch {
            return false;
        }
    }

    /// Waits for the next picture, and half a second at most: a camera may stall.
    next() {
        const video = this.video;
        return new Promise(resolve => {
            const late = setTimeout(resolve, 500);
            const go = () => { clearTimeout(late); resolve(); };
            if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(go);
            else requestAnimationFrame(go);
        });
    }

    /// The picture of now as RGBA, or null: in turn its middle at full sharpness, for a code held well, and the whole
    /// scaled down, for one that is close or at the side.
    frame() {
        const { videoWidth: width, videoHeight: height } = this.video;
        if (!width || !height || this.video.readyState < 2) return null;
        this.#turn += 1;
        if (this.#turn % 2) {
            const side = Math.min(width, height);
            return this.#pixels((width - side) / 2, (height - side) / 2, side, side, Math.min(side, MIDDLE) / side);
        }
        return this.#pixels(0, 0, width, height, Math.min(1, WHOLE / Math.max(width, height)));
    }

    #pixels(left, top, width, height, scale) {
        const canvas = this.#canvas;
        const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
        if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.drawImage(this.video, left, top, width, height, 0, 0, wide, high);
        return context.getImageData(0, 0, wide, high);
    }

    /// Keeps focusing, where the camera can be told.
    async #focus() {
        const can = this.track?.getCapabilities?.() ?? {};
        if (!can.focusMode?.includes('continuous')) return;
        await this.track.applyConstraints({ advanced: [{ focusMode: 'continuous' }] }).catch(() => {});
    }
}

/// Keeps the screen on while the page is seen. Answers a function that lets it go.
export function stayAwake() {
    let lock = null;
    let wanted = true;
    const ask = async () => {
        if (!wanted || document.visibilityState !== 'visible' || !navigator.wakeLock) return;
        lock = await navigator.wakeLock.request('screen').catch(() => null);
        if (!wanted) await lock?.release().catch(() => {});
    };
    document.addEventListener('visibilitychange', ask);
    ask();
    return () => {
        wanted = false;
        document.removeEventListener('visibilitychange', ask);
        lock?.release().catch(() => {});
    };
}
