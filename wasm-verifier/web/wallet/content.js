// What stands in an exported wallet (specs/wallet.md): texts, and what the person decided. No verdicts: the next phone
// makes its own.

import { Unopened } from './sealed.js';

const FORM = 1;
const MOST_TEXT = 16_384;
const MOST_DECISIONS = 10_000;

/// The content of a file, of what the wallet holds.
export function content(certificates, decisions, now) {
    return {
        wallet: FORM,
        made: new Date(now).toISOString(),
        certificates: certificates.map(({ text, added }) => ({ text, added: new Date(added).toISOString() })),
        decisions: decisions.map(({ a, b, says, at }) => ({ a, b, says, at: new Date(at).toISOString() })),
    };
}

const isText = (value, most) => typeof value === 'string' && value.length > 0 && value.length <= most;
const instant = value => (Number.isFinite(Date.parse(value)) ? Date.parse(value) : Date.now());

/// Reads it strictly: whoever knows the passphrase may have written anything. Throws `newer` or `content`.
export function contentOf(value) {
    if (value === null || typeof value !== 'object') throw new Unopened('content');
    if (Number.isInteger(value.wallet) && value.wallet > FORM) throw new Unopened('newer');
    const { wallet, certificates, decisions = [] } = value;
    if (wallet !== FORM || !Array.isArray(certificates) || !Array.isArray(decisions)) throw new Unopened('content');
    if (!certificates.every(one => isText(one?.text, MOST_TEXT)) || decisions.length > MOST_DECISIONS) throw new Unopened('content');
    if (!decisions.every(one => isText(one?.a, 1000) && isText(one?.b, 1000) && one.a < one.b && ['same', 'other'].includes(one.says))) {
        throw new Unopened('content');
    }
    return {
        certificates: certificates.map(({ text, added }) => ({ text, added: instant(added) })),
        decisions: decisions.map(({ a, b, says, at }) => ({ a, b, says, at: instant(at) })),
    };
}
