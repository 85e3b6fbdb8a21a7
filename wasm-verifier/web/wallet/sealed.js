// The wallet as a file that only a passphrase opens. The format is laid down in specs/wallet.md.

const MAGIC = new TextEncoder().encode('hcwallet');
const VERSION = 1;
// PBKDF2-HMAC-SHA-256, what OWASP asks for in 2023 and since: a second or two on a slow phone.
const ROUNDS = 600_000;
const ROUNDS_TAKEN = [100_000, 5_000_000];
const HEADER = 8 + 1 + 4 + 16 + 12;
const SHA = 32;
const TAG = 16;
const BLOCK = 4096;
const MOST_BYTES = 8 * 1024 * 1024;

/// The least length of a passphrase, in characters.
export const SHORTEST = 12;
/// How the file's name ends.
export const ENDING = '.hcwallet';

/// Why a file was not opened: `other` (no file of a wallet), `newer` (a version this page does not know), `damaged`
/// (not the bytes that were written), `passphrase`, `content` (opened, and not a wallet).
export class Unopened extends Error {
    constructor(code) {
        super(code);
        this.name = 'Unopened';
        this.code = code;
    }
}

/// The passphrase as it is used: keyboards write ễ in different ways, and phones add a space at the end.
function composed(passphrase) {
    return passphrase.normalize('NFC').trim();
}

/// How many characters of it count.
export function lengthOf(passphrase) {
    return [...composed(passphrase)].length;
}

async function keyOf(passphrase, salt, iterations, usage) {
    const raw = new TextEncoder().encode(composed(passphrase));
    const base = await crypto.subtle.importKey('raw', raw, 'PBKDF2', false, ['deriveKey']);
    raw.fill(0);
    const derive = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
    return crypto.subtle.deriveKey(derive, base, { name: 'AES-GCM', length: 256 }, false, [usage]);
}

async function digest(bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function same(left, right) {
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/// The content as bytes of a file. Its length tells how much there is only to the next 4 KiB.
export async function seal(content, passphrase) {
    const json = new TextEncoder().encode(JSON.stringify(content));
    const plain = new Uint8Array(Math.ceil(json.length / BLOCK) * BLOCK).fill(0x20);
    plain.set(json);
    const header = new Uint8Array(HEADER);
    header.set(MAGIC);
    header[8] = VERSION;
    new DataView(header.buffer).setUint32(9, ROUNDS);
    crypto.getRandomValues(header.subarray(13));
    const key = await keyOf(passphrase, header.slice(13, 29), ROUNDS, 'encrypt');
    const how = { name: 'AES-GCM', iv: header.slice(29), additionalData: header };
    const hidden = new Uint8Array(await crypto.subtle.encrypt(how, key, plain));
    const file = new Uint8Array(HEADER + hidden.length + SHA);
    file.set(header);
    file.set(hidden, HEADER);
    file.set(await digest(file.subarray(0, HEADER + hidden.length)), HEADER + hidden.length);
    return file;
}

/// Whether a file says of itself that it is a wallet, whole or not.
export function isSealed(bytes) {
    return bytes.length >= MAGIC.length && same(bytes.subarray(0, MAGIC.length), MAGIC);
}

/// What can be told without the passphrase: throws `other`, `newer` or `damaged`.
export async function examine(bytes) {
    if (!isSealed(bytes)) throw new Unopened('other');
    if (bytes.length > 8 && bytes[8] !== VERSION) throw new Unopened('newer');
    if (bytes.length < HEADER + TAG + SHA || bytes.length > MOST_BYTES) throw new Unopened('damaged');
    const end = bytes.length - SHA;
    if (!same(await digest(bytes.subarray(0, end)), bytes.subarray(end))) throw new Unopened('damaged');
    // Unlike damage, a count that is out of bounds was written so: by nobody who means well.
    const rounds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(9);
    if (rounds < ROUNDS_TAKEN[0] || rounds > ROUNDS_TAKEN[1]) throw new Unopened('damaged');
    return rounds;
}

/// The content of a file. The checksum has told damage before, so what does not open now has another passphrase
/// (or was changed by somebody who made the checksum anew: nobody can tell the two apart).
export async function open(bytes, passphrase) {
    const rounds = await examine(bytes);
    const header = bytes.slice(0, HEADER);
    const key = await keyOf(passphrase, header.slice(13, 29), rounds, 'decrypt');
    const how = { name: 'AES-GCM', iv: header.slice(29), additionalData: header };
    let plain;
    try {
        plain = await crypto.subtle.decrypt(how, key, bytes.slice(HEADER, bytes.length - SHA));
    } catch {
        throw new Unopened('passphrase');
    }
    try {
        return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
    } catch {
        throw new Unopened('content');
    }
}

// No two of them look alike; the same alphabet as the issuer's claim codes.
const LETTERS = '0123456789ACDEFGHJKMNPQRTVWXY';

/// A passphrase nobody has to think of: 97 bits, in four groups.
export function suggested() {
    const picked = [];
    while (picked.length < 20) {
        for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
            // 8 * 29 = 232: what is above would make some letters likelier.
            if (byte < 232 && picked.length < 20) picked.push(LETTERS[byte % 29]);
        }
    }
    return picked.join('').replace(/(.{5})(?=.)/gu, '$1-');
}
