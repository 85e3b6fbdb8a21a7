// What a camera sees of a printed code, as a Y4M file for Chromium's fake camera: a sheet of paper that a hand
// holds out, which moves, tilts and turns, out of focus at first. Made from a seed, so it is the same every time.

import { closeSync, openSync, writeSync } from 'node:fs';

/// A real camera gives 30; a film of 10 takes a third of the time to make.
const FPS = 10;
const OVER = 2;

/// The modules of a symbol (rows of true and false, with the quiet zone) out of the SVG of `hcert qr`.
export function modules(svg) {
    const side = Number(/viewBox="0 0 (\d+)/.exec(svg)[1]);
    const rows = Array.from({ length: side }, () => new Uint8Array(side));
    const path = /<path d="([^"]+)"/.exec(svg)[1];
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) rows[+y].fill(1, +x, +x + +width);
    return rows;
}

/// Writes the film. `shake` is how far the hand moves, from 0 (a code on a table) to 1; `blur` how much the first
/// pictures are out of focus, in pixels.
export function film(path, symbols, { frames = 24, width = 1280, height = 720, shake = 1, blur = 3, size = 0.62, noise = 7, light = 1, fps = FPS } = {}) {
    const random = generator(7);
    const sheet = paper(symbols);
    const file = openSync(path, 'w');
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\n`);
    const chroma = Buffer.alloc(width * height / 2, 128);
    for (let frame = 0; frame < frames; frame += 1) {
        const turn = frame / frames * 2 * Math.PI;
        const pose = {
            roll: shake * 0.25 * Math.sin(turn), tilt: shake * 0.38 * Math.sin(turn + 1), yaw: shake * 0.42 * Math.cos(turn),
            x: shake * 0.1 * Math.cos(turn), y: shake * 0.07 * Math.sin(2 * turn), size: size * (1 - shake * 0.12 * Math.cos(turn)),
        };
        let luma = draw(sheet, pose, width, height, light);
        // Out of focus for the first half, and drawn sideways where the hand is quick.
        const focus = Math.round(blur * Math.max(0, Math.cos(turn)));
        if (focus) luma = box(box(luma, width, height, focus, focus), width, height, Math.ceil(shake * 2 * focus), 0);
        for (let at = 0; at < luma.length; at += 1) luma[at] = Math.max(0, Math.min(255, luma[at] + (random() - 0.5) * 2 * noise));
        writeSync(file, 'FRAME\n');
        writeSync(file, luma);
        writeSync(file, chroma);
    }
    closeSync(file);
}

/// Nothing but a table.
export function blank(path, width = 640, height = 480, fps = FPS) {
    const file = openSync(path, 'w');
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg\nFRAME\n`);
    writeSync(file, Buffer.alloc(width * height, 96));
    writeSync(file, Buffer.alloc(width * height / 2, 128));
    closeSync(file);
}

/// Brightness on a sheet of paper, by place: codes beside each other, and lines of print below. The sheet goes from
/// -1 to 1 in its width.
function paper(symbols) {
    const count = symbols.length;
    return (x, y) => {
        if (Math.abs(x) > 1.25 || y < -1.25 || y > 1.6) return null;
        const column = Math.floor((x + 1) / 2 * count);
        const rows = symbols[Math.max(0, Math.min(count - 1, column))];
        const across = ((x + 1) / 2 * count - column) * rows.length;
        const down = (y / (2 / count) + 0.5) * rows.length;
        if (x > -1 && x < 1 && down >= 0 && down < rows.length) return rows[Math.floor(down)][Math.floor(across)] ? 38 : 226;
        if (y > 1.15 && Math.abs(x) < 0.95) return Math.floor(y * 14) % 2 && Math.sin(x * 97 + Math.floor(y * 14) * 5) > -0.3 ? 70 : 226;
        return 226;
    };
}

function draw(sheet, pose, width, height, light) {
    const luma = new Uint8Array(width * height);
    const [sr, cr, st, ct, sy, cy] = [pose.roll, pose.tilt, pose.yaw].flatMap(angle => [Math.sin(angle), Math.cos(angle)]);
    // Columns of the rotation: where the sheet's own x and y point.
    const u = [cr * cy + sr * st * sy, sr * ct, -cr * sy + sr * st * cy];
    const v = [-sr * cy + cr * st * sy, cr * ct, sr * sy + cr * st * cy];
    const far = 4.5;
    const scale = pose.size * height / 2 * far;
    const origin = [pose.x * width / scale * far, pose.y * height / scale * far, far];
    // From a pixel's ray back to the sheet: the inverse of the matrix of u, v and origin.
    const [a, b, c] = [u, v, origin];
    const cross = (p, q) => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)];
    for (let row = 0; row < height; row += 1) {
        for (let column = 0; column < width; column += 1) {
            let sum = 0;
            for (let i = 0; i < OVER; i += 1) {
                for (let j = 0; j < OVER; j += 1) {
                    const x = (column + (i + 0.5) / OVER - width / 2) / scale;
                    const y = (row + (j + 0.5) / OVER - height / 2) / scale;
                    const w = ab[0] * x + ab[1] * y + ab[2];
                    const seen = sheet((bc[0] * x + bc[1] * y + bc[2]) / w, (ca[0] * x + ca[1] * y + ca[2]) / w);
                    sum += seen ?? 92;
                }
            }
            // A lamp from the left.
            const lamp = 1.04 - 0.28 * column / width;
            luma[row * width + column] = Math.min(255, sum / OVER / OVER * lamp * light);
        }
    }
    return luma;
}

/// A box blur with sums along rows, then columns.
function box(luma, width, height, across, down) {
    const result = new Uint8Array(luma.length);
    const pass = (from, to, lines, length, line, step, radius) => {
        if (!radius) { to.set(from); return; }
        for (let one = 0; one < lines; one += 1) {
            const start = one * line;
            let sum = 0;
            for (let at = -radius; at <= radius; at += 1) sum += from[start + Math.max(0, Math.min(length - 1, at)) * step];
            for (let at = 0; at < length; at += 1) {
                to[start + at * step] = sum / (2 * radius + 1);
                sum += from[start + Math.min(length - 1, at + radius + 1) * step] - from[start + Math.max(0, at - radius) * step];
            }
        }
    };
    const half = new Uint8Array(luma.length);
    pass(luma, half, height, width, width, 1, across);
    pass(half, result, width, height, 1, width, down);
    return result;
}

/// mulberry32.
function generator(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
