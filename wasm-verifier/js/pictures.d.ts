/**
 * QR codes: read out of pictures, and made. A module of its own, for whoever has no other reader; it does not
 * verify anything.
 *
 * Load it once with {@link init}; everything else is synchronous and keeps nothing between calls.
 * Every function throws a `VerifierError`, whose `code` stays the same in all versions: `argument`, `not_ready` and
 * `trap` as in `verifier.d.ts`, and `symbol` for a text that fits no symbol.
 */

export { VerifierError } from './verifier.js';

/** Loads the module. Without a source it is taken from beside this file, in Node too. Further calls wait for the first. */
export default function init(source?: URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/**
 * The texts of the QR codes in a picture, each once. `pixels` are RGBA (4 bytes for each) or
 * grey (1 byte). `quick` is for frames of a camera and ends with the first code; `thorough` for the one
 * picture that somebody gave.
 */
export function decode(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  effort?: 'quick' | 'thorough',
): string[];

/**
 * The QR symbol of a text, read back by an independent reader before it is given. `modules` has one byte
 * for each module, row by row: 1 dark, 0 light. A quiet zone of 4 light modules belongs around it. The
 * error correction is Q, and M or L only for what does not fit otherwise.
 */
export function symbol(content: string): { size: number; level: 'L' | 'M' | 'Q' | 'H'; modules: Uint8Array };
