// What the wallet's test has beyond the world of world.mjs: a page of another origin that stands where an issuer's claim
// page would, and certificates of a family.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

/// The issuer's claim page, as far as a wallet meets it: at the end there is a link into the wallet.
export class Issuer {
    /// The certificate that the link hands over.
    claimed = '';

    async start(wallet) {
        this.server = createServer((request, response) => {
            response.setHeader('content-type', 'text/html; charset=utf-8');
            response.end(`<!doctype html><title>claim</title><a id="wallet" rel="noreferrer" href="${wallet()}/wallet/#hc1=${encodeURIComponent(this.claimed)}">Giữ trong điện thoại</a>`);
        });
        await new Promise(done => this.server.listen(0, '127.0.0.1', done));
        this.url = `http://localhost:${this.server.address().port}`;
        return this;
    }

    async stop() {
        this.server.closeAllConnections();
        await new Promise(done => this.server.close(done));
    }
}

let count = 0;

/// A payload: the name as family and given names, and one event.
export function payload({ family, given, born, latin = null, dose = [2, 2], day = ago(160), product = 'EU/1/20/1528', kind = 'v', ...more }) {
    count += 1;
    const common = { tg: '840539006', co: 'VN', is: 'Bộ Y tế', ci: `URN:UVCI:01:VN:WALLET${String(count).padStart(8, '0')}` };
    const events = {
        v: { vp: '1119349007', mp: product, ma: 'ORG-100030215', dn: dose[0], sd: dose[1], dt: day },
        t: { tt: 'LP6464-4', nm: 'RT-PCR', sc: `${day}T08:30:00Z`, tr: '260415000', tc: 'Bệnh viện Chợ Rẫy' },
        r: { fr: day, df: day, du: ago(-60) },
    };
    const names = { fn: family, gn: given };
    if (latin) [names.fnt, names.gnt] = latin;
    return { ver: '1.3.3', nam: names, dob: born, [kind]: [{ ...common, ...events[kind], ...more }] };
}

/// Issues a certificate with a key of world.mjs.
export function issue(folder, what, { by = 'known/dsc', args = [] } = {}) {
    const file = `${folder}/payload.json`;
    writeFileSync(file, JSON.stringify(what));
    const env = { ...process.env, HCERT_PASSPHRASE: 'a passphrase of the tests' };
    return execFileSync(process.env.HCERT, ['issue', '--key', `${folder}/${by}.key`, '--cert', `${folder}/${by}.pem`, '--payload', file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
}

/// An instant some days from now, for `--expires` and `--issued-at`.
export const days = number => new Date(Date.now() + number * 86_400_000).toISOString().replace(/\.\d+/, '');

/// A day some days before today.
export const ago = number => days(-number).slice(0, 10);
