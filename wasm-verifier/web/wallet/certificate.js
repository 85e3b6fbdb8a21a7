// What a text is: a certificate with its state, or no certificate with a reason. Nothing is decided here; the words of
// the verdict (specs/verdict.md) are sorted into what a wallet does with them.

import { shown } from './dom.js';
import { engine } from './engine.js';
import { idOf } from './store.js';

// The stages at which a text turns out to be none of the certificates that are read here.
const NO_CERTIFICATE = ['picture', 'prefix', 'base45', 'zlib', 'cbor', 'cose'];
const STATES = { kid: 'unchecked', not_yet_valid: 'not_yet', expired: 'expired', revocation: 'revoked' };
// Longer texts fit into no code.
const MOST_CHARACTERS = 16_384;

/// The states in which a certificate may come into the wallet. Others are shown with the reason, and not kept:
/// `revoked`, `refused` (a signature that does not match, a key that may not sign this), `none`.
export const MAY_BE_KEPT = new Set(['valid', 'unchecked', 'not_yet', 'expired']);

function stateOf(verdict) {
    if (verdict.valid) return 'valid';
    const stage = verdict.failure?.stage;
    if (NO_CERTIFICATE.includes(stage)) return 'none';
    return STATES[stage] ?? 'refused';
}

/// The text as it is kept and shown again: as it was signed, without what stood around it.
function trimmed(text) {
    return String(text).slice(0, MOST_CHARACTERS).replace(/^[\s\ufeff]+|[\r\n\t]+$/gu, '');
}

/// Reads a text: what it says, and what the trust data at hand makes of it now.
export async function read(text, added = Date.now()) {
    const kept = trimmed(text);
    const [id, verdict, content] = await Promise.all([idOf(kept), engine.verify(kept), engine.inspect(kept)]);
    const state = content ? stateOf(verdict) : 'none';
    const { failure, revocation } = verdict;
    return { id, text: kept, added, state, failure, revocation, ...facts(content ?? {}) };
}

function facts({ payload, holder, issued_at, expires_at, words }) {
    const entry = payload?.v?.[0] ?? payload?.t?.[0] ?? payload?.r?.[0] ?? payload?.vx ?? payload?.v ?? {};
    const lines = (words?.lines ?? []).map(line => ({ ...line, value: shown(line.value) }));
    return {
        person: {
            name: shown(holder?.name),
            // `NGUYEN<<VAN<DUC` as people read it.
            latin: shown(holder?.name_transliterated).replace(/<+/gu, ' ').trim(),
            birth: shown(holder?.date_of_birth, 10),
        },
        kind: words?.kind ?? 'unknown',
        title: words?.title ?? '',
        summary: shown(words?.summary),
        lines,
        event: shown(entry.dt ?? entry.sc ?? entry.fr ?? entry.dv, 40),
        dose: Number(entry.dn) || 0,
        issued: issued_at ?? null,
        expires: earliest(expires_at, entry.du),
        issuer: lines.find(({ key }) => key === 'issuer')?.value ?? '',
    };
}

/// A recovery may end before the signature does; its last day counts wholly.
function earliest(expires, lastDay) {
    const last = Date.parse(`${String(lastDay ?? '').slice(0, 10)}T23:59:59`);
    const ends = [last, Date.parse(expires ?? '')].filter(Number.isFinite);
    return ends.length ? new Date(Math.min(...ends)).toISOString() : null;
}
