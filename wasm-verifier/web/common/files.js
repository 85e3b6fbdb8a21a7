// Texts of codes out of what a person picks, pastes or drops: a picture, a PDF, a text. Nothing is kept.

const MAX_BYTES = 30 << 20;
const MAX_TEXT = 1 << 20;
const MAX_PAGES = 30;
const MAX_LINES = 200;
/// Pixels on the longer side at which a picture is looked at, one after the other until a code is found.
const SIDES = [1600, 2800, 900];

/// Why nothing can be read, as a word: 'too_large', 'too_many_pages', 'not_a_picture', 'pdf', 'pdf_locked', 'nothing'.
export class FileError extends Error {
    constructor(why, cause) {
        super(why, { cause });
        this.why = why;
    }
}

/// The texts of all codes in a file, each once. `decoder` is a Decoder; give one of its own, since a hostile file
/// may keep it busy.
export async function codes(file, decoder) {
    if (file.size > MAX_BYTES) throw new FileError('too_large');
    const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
    const found = holds(head, '%PDF-') ? await fromPdf(file, decoder)
        : isText(file, head) ? lines(await text(file))
        : await fromPicture(file, decoder);
    if (!found.length) throw new FileError('nothing');
    return [...new Set(found)];
}

/// The lines of pasted or typed text that may be codes.
export function lines(typed) {
    return String(typed).slice(0, MAX_TEXT).split(/\r\n|\r|\n/).map(line => line.trim()).filter(Boolean).slice(0, MAX_LINES);
}

/// What a paste or a drop brings: files first, else text. Answers `{ files, text }`.
export function brought(transfer) {
    const files = [...(transfer?.files ?? [])];
    return { files, text: files.length ? '' : transfer?.getData('text') ?? '' };
}

async function fromPicture(file, decoder) {
    let picture;
    try {
        picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    } catch (error) {
        throw new FileError('not_a_picture', error);
    }
    try {
        const longest = Math.max(picture.width, picture.height);
        const sides = [...new Set(SIDES.map(side => Math.min(side, longest)))];
        for (const side of sides) {
            const found = await decoder.decode(pixels(picture, side / longest), 'thorough');
            if (found.length) return found;
        }
        return [];
    } finally {
        picture.close();
    }
}

function pixels(picture, scale) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    // Codes with a transparent ground are black on white.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function fromPdf(file, decoder) {
    try {
        return await decoder.call('pdf', { bytes: new Uint8Array(await file.arrayBuffer()), most: MAX_PAGES });
    } catch (error) {
        throw new FileError(['pdf_locked', 'too_many_pages'].includes(error.code) ? error.code : 'pdf', error);
    }
}

function holds(bytes, mark) {
    const wanted = new TextEncoder().encode(mark);
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
        if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
    }
    return false;
}

const isText = (file, head) => file.size <= MAX_TEXT && !head.includes(0) && (file.type.startsWith('text/') || isUtf8(head));

function isUtf8(head) {
    try {
        new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
        return true;
    } catch {
        return false;
    }
}

const text = file => file.text();
