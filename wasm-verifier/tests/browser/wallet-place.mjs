// Where the wallet is tested: the served folder with a trust list that can be exchanged, a page of another origin that
// stands where an issuer's claim page would, and people's certificates beyond those of world.mjs.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', png: 'image/png', wasm: 'application/wasm', json: 'application/json', webmanifest: 'application/manifest+json' };
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const { WEB, HCERT } = process.env;

const listen = server => new Promise(done => server.listen(0, '127.0.0.1', () => done(`http://localhost:${server.address().port}`)));

export class Place {
    /// What the issuer's page hands over with its link.
    claimed = '';
    /// The folder of the published trust list; null: there is none.
    published = null;

    constructor(root) {
        this.root = readFileSync(root).toString('base64');
    }

    async open() {
        this.issuer = createServer((request, response) => {
            response.setHeader('content-type', 'text/html; charset=utf-8');
            response.end(`<!doctype html><title>${request.url}</title><a id="wallet" rel="noreferrer" href="${this.origin}/wallet/#hc1=${encodeURIComponent(this.claimed)}">Giữ trong điện thoại</a>`);
        });
        this.issuerOrigin = await listen(this.issuer);
        this.server = createServer((request, response) => this.#answer(request, response).catch(() => {
            response.statusCode = 404;
            response.end();
        }));
        this.origin = await listen(this.server);
        return this;
    }

    /// The servers are gone for good.
    async close() {
        for (const server of [this.server, this.issuer].filter(Boolean)) {
            server.closeAllConnections();
            await new Promise(done => server.close(done));
        }
        this.server = this.issuer = null;
    }

    async #answer(request, response) {
        const path = decodeURIComponent(new URL(request.url, this.origin).pathname);
        response.setHeader('content-security-policy', CSP);
        const send = (body, type = 'application/octet-stream') => {
            response.setHeader('content-type', type);
            response.end(body);
        };
        if (path === '/config.json') {
            const config = { bundle: '/bundle/', claim: `${this.issuerOrigin}/claim`, environment: 'test', root: this.root };
            return send(JSON.stringify(config), TYPES.json);
        }
        if (path.startsWith('/bundle/')) return send(await inside(this.published, path.slice('/bundle'.length)));
        const file = path.endsWith('/') ? `${path}index.html` : path;
        return send(await inside(WEB, file), TYPES[file.split('.').at(-1)]);
    }
}

function inside(folder, path) {
    const file = normalize(join(folder, path));
    if (!file.startsWith(normalize(`${folder}/`))) throw new Error(path);
    return readFile(file);
}

let count = 0;

/// A payload: the name as family and given names, and one event.
export function payload({ family, given, born, latin = null, dose = [2, 2], day = '2026-06-20', product = 'EU/1/20/1528', kind = 'v', ...more }) {
    count += 1;
    const common = { tg: '840539006', co: 'VN', is: 'Bộ Y tế', ci: `URN:UVCI:01:VN:WALLET${String(count).padStart(8, '0')}` };
    const events = {
        v: { vp: '1119349007', mp: product, ma: 'ORG-100030215', dn: dose[0], sd: dose[1], dt: day },
        t: { tt: 'LP6464-4', nm: 'RT-PCR', sc: `${day}T08:30:00Z`, tr: '260415000', tc: 'Bệnh viện Chợ Rẫy' },
        r: { fr: day, df: day, du: '2027-01-31' },
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
    return execFileSync(HCERT, ['issue', '--key', `${folder}/${by}.key`, '--cert', `${folder}/${by}.pem`, '--payload', file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
}

/// An instant some days from now, for `--expires` and `--issued-at`.
export const days = number => new Date(Date.now() + number * 86_400_000).toISOString().replace(/\.\d+/, '');
