// The place where the pages are served: one origin with the built folder at `/` and the published trust list at
// `/bundle/`, the headers of the real one, and whatever a test wants to go wrong.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml',
    '.png': 'image/png', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json', '.cose': 'application/cose', '.hcert': 'application/octet-stream',
};
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
    + "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export class Place {
    /// Bytes a second over all connections, and milliseconds before an answer; null for as fast as it goes.
    slow = null;
    /// Files that are answered with other bytes: path to Buffer.
    altered = new Map();
    /// Paths that were asked for.
    asked = [];
    sent = 0;
    #free = 0;

    /// `web` is the built folder, `site` the published trust list, `config` what `config.json` says.
    constructor({ web, site, config }) {
        Object.assign(this, { web, site, config });
        this.server = createServer((request, response) => this.#answer(request, response).catch(error => response.destroy(error)));
    }

    async start(port = 0) {
        await new Promise(done => this.server.listen(port, '127.0.0.1', done));
        this.port = this.server.address().port;
        // A secure context, though plain HTTP.
        this.url = `http://localhost:${this.port}`;
        return this;
    }

    /// Gone for good, with all connections.
    async stop() {
        this.server.closeAllConnections();
        await new Promise(done => this.server.close(done));
    }

    async #answer(request, response) {
        const path = decodeURIComponent(new URL(request.url, this.url).pathname);
        this.asked.push(path);
        let body = this.altered.get(path) ?? null;
        let encoding = null;
        const file = path.startsWith('/bundle/') ? join(this.site, normalize(path.slice(7))) : join(this.web, normalize(path.endsWith('/') ? `${path}index.html` : path));
        if (body === null && path === '/config.json') body = Buffer.from(JSON.stringify(this.config));
        if (body === null && existsSync(file) && statSync(file).isFile()) {
            const compressed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && existsSync(`${file}.br`);
            body = readFileSync(compressed ? `${file}.br` : file);
            encoding = compressed ? 'br' : null;
        }
        if (this.slow) await new Promise(done => setTimeout(done, this.slow.latency));
        if (body === null) {
            response.writeHead(404).end();
            return;
        }
        const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`;
        const headers = { 'content-type': TYPES[path.endsWith('/') ? '.html' : extname(path)] ?? 'application/octet-stream', 'content-security-policy': POLICY,
            'x-content-type-options': 'nosniff', 'cache-control': 'no-cache', vary: 'accept-encoding', etag: tag, ...(encoding && { 'content-encoding': encoding }) };
        if (request.headers['if-none-match'] === tag) {
            response.writeHead(304, headers).end();
            return;
        }
        response.writeHead(200, { ...headers, 'content-length': body.length });
        for (let at = 0; at < body.length; at += 4096) {
            const piece = body.subarray(at, at + 4096);
            await this.#turn(piece.length);
            this.sent += piece.length;
            response.write(piece);
        }
        response.end();
    }

    /// All connections share one line.
    async #turn(bytes) {
        if (!this.slow) return;
        const now = Date.now();
        this.#free = Math.max(this.#free, now) + bytes * 1000 / this.slow.bytes;
        await new Promise(done => setTimeout(done, this.#free - now));
    }
}

/// A copy of the built folder as another version: `change(path, bytes)` gives new bytes or null, `add` more files.
export function version(from, to, change, add = {}) {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, filter: path => !path.endsWith('.br') });
    for (const [path, text] of Object.entries(add)) writeFileSync(join(to, path), text);
    const list = JSON.parse(readFileSync(join(to, 'files.js'), 'utf8').replace(/^self\.HCERT_BUILD = |;\s*$/g, ''));
    for (const path of new Set([...Object.keys(list.files), ...Object.keys(add)])) {
        const bytes = change(path, readFileSync(join(to, path)));
        if (bytes) writeFileSync(join(to, path), bytes);
        list.files[path] = createHash('sha256').update(readFileSync(join(to, path))).digest('hex');
    }
    list.build = createHash('sha256').update(JSON.stringify(list.files)).digest('hex');
    writeFileSync(join(to, 'files.js'), `self.HCERT_BUILD = ${JSON.stringify(list)};\n`);
}

/// All files below a folder.
export const files = folder => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(one => one.isFile()).map(one => join(one.parentPath ?? one.path, one.name));
