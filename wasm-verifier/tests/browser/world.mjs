// A small world for the tests: countries with keys, a trust list that is published twice, people with certificates.
// All of it is made by the real programs.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import { modules } from './camera.mjs';

const { HCERT, TRUST_SERVICE } = process.env;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const sha256 = bytes => createHash('sha256').update(bytes).digest();
const env = { ...process.env, HCERT_PASSPHRASE: 'a passphrase of the tests' };
const hcert = (...words) => execFileSync(HCERT, words, { env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/// A rule in force: whoever has fewer doses than the series asks for has not enough.
const RULE = {
    Identifier: 'GR-VN-0001', Type: 'Acceptance', Country: 'VN', Version: '1.0.0', SchemaVersion: '1.0.0', Engine: 'CERTLOGIC',
    EngineVersion: '0.7.5', CertificateType: 'Vaccination', AffectedFields: ['v.0', 'v.0.dn', 'v.0.sd'],
    Description: [{ lang: 'en', desc: 'The vaccination course must be complete.' }, { lang: 'vi', desc: 'Phải tiêm đủ số mũi.' }],
    ValidFrom: '2021-06-01T00:00:00Z', ValidTo: '2036-06-01T00:00:00Z', Logic: { '>=': [{ var: 'payload.v.0.dn' }, { var: 'payload.v.0.sd' }] },
};

export const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
export const LONG = 'Công Tằng Tôn Nữ Hoàng Thị Ngọc Phương Quỳnh Như Thanh Huyền';

let numbers = 0;

/// A vaccination as the issuing command takes it.
function person({ family = 'Nguyễn', given = 'Văn Đức', born = '1998-02-26', dose = 2, of = 2 } = {}) {
    numbers += 1;
    return {
        ver: '1.3.3', nam: { fn: family, gn: given }, dob: born,
        v: [{ tg: '840539006', vp: '1119349007', mp: 'EU/1/20/1528', ma: 'ORG-100030215', dn: dose, sd: of, dt: '2026-06-20', co: 'VN', is: 'Bộ Y tế', ci: `URN:UVCI:01:VN:TEST${String(numbers).padStart(8, '0')}` }],
    };
}

const PEOPLE = {
    good: person(),
    other: person({ family: 'Trần', given: 'Thị Bích Ngọc', born: '1961-11-03' }),
    half: person({ family: 'Lê', given: 'Minh Anh', born: '2001-07-09', dose: 1 }),
    revoked: person({ family: 'Phạm', given: 'Quốc Bảo', born: '1975-01-30' }),
    hostile: person({ family: HOSTILE, given: '"><b onmouseover=alert(1)>x</b>', born: '1990-01-01' }),
    long: person({ family: 'Công Tằng Tôn Nữ', given: LONG.slice('Công Tằng Tôn Nữ '.length), born: '1992' }),
};

/// Makes everything in a folder. Answers the texts of certificates, and folders of the published trust list.
export async function create(folder) {
    mkdirSync(folder, { recursive: true });
    const keys = (name, ...more) => {
        hcert('keys', 'csca', '--country', 'VN', '--name', `CSCA ${name}`, '--out', `${folder}/${name}`);
        for (const dsc of ['dsc', ...more]) {
            hcert('keys', 'dsc', '--csca-cert', `${folder}/${name}/csca.pem`, '--csca-key', `${folder}/${name}/csca.key`, '--name', `DSC ${name} ${dsc}`,
                '--cert', `${folder}/${name}/${dsc}.pem`, '--key', `${folder}/${name}/${dsc}.key`);
        }
    };
    keys('known', 'second');
    keys('stranger');
    const issue = (dsc, people, ...more) => {
        writeFileSync(`${folder}/people.json`, JSON.stringify(people));
        return hcert('issue', '--key', `${folder}/${dsc}.key`, '--cert', `${folder}/${dsc}.pem`, '--payload', `${folder}/people.json`, ...more).trim().split('\n');
    };
    const names = Object.keys(PEOPLE);
    const texts = Object.fromEntries(issue('known/dsc', Object.values(PEOPLE)).map((text, index) => [names[index], text]));
    // A key of which nobody tells what it revoked.
    [texts.unlisted] = issue('known/second', [person({ family: 'Hoàng', given: 'Thanh Hải', born: '1988-12-12' })]);
    [texts.stranger] = issue('stranger/dsc', [person()]);
    const soon = new Date(Math.ceil(Date.now() / 1000 + 1) * 1000);
    [texts.expired] = issue('known/dsc', [person({ family: 'Vũ', given: 'Thị Lan' })], '--expires', soon.toISOString().replace('.000', ''));
    texts.forged = forged(texts.good);
    const site = await publish(folder);
    await new Promise(done => setTimeout(done, soon - Date.now() + 1100));
    return { texts, site };
}

/// The symbol of a text, as the printing programs draw it.
export const symbol = text => modules(hcert('qr', text, '--svg', '-'));

/// Writes the picture of a text.
export const picture = (text, path, ...more) => hcert('qr', text, '--png', path, ...more);

/// Somebody changes one bit of the signature and packs it all again.
function forged(text) {
    const cose = inflateSync(unbase45(text.slice(4)));
    cose[cose.length - 1] ^= 1;
    return `HC1:${base45(deflateSync(cose))}`;
}

function unbase45(text) {
    const bytes = [];
    for (let at = 0; at < text.length; at += 3) {
        const [c, d, e] = [...text.slice(at, at + 3)].map(one => ALPHABET.indexOf(one));
        const value = c + d * 45 + (e ?? 0) * 2025;
        if (e !== undefined) bytes.push(value >> 8);
        bytes.push(value & 255);
    }
    return Buffer.from(bytes);
}

function base45(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length; at += 2) {
        const pair = at + 1 < bytes.length;
        const value = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
        text += ALPHABET[value % 45] + ALPHABET[Math.floor(value / 45) % 45] + (pair ? ALPHABET[Math.floor(value / 2025)] : '');
    }
    return text;
}

/// The real service publishes twice. Answers the folders of both, the second of which has the higher sequence.
async function publish(folder) {
    const config = `${folder}/trust/service.toml`;
    execFileSync(TRUST_SERVICE, ['init', '--development', `${folder}/trust`]);
    const key = execFileSync(TRUST_SERVICE, ['client', 'add', 'tests', '--all-kids', '--roles', 'operator,publisher,issuer', '--config', config], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
    const service = spawn(TRUST_SERVICE, ['serve', '--config', config], { env: { ...process.env, TRUST_SERVICE_LISTEN: '127.0.0.1:0' } });
    let sequences;
    try {
        const at = await listening(service);
        const ask = async (method, path, body) => {
            const text = typeof body === 'string' ? body : JSON.stringify(body);
            const answer = await fetch(at + path, { method, headers: { authorization: `Bearer ${key}`, ...(typeof body === 'string' ? {} : { 'content-type': 'application/json' }) }, body: text });
            assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
            return answer.json();
        };
        const pem = name => readFileSync(`${folder}/known/${name}.pem`, 'utf8');
        await ask('POST', '/api/v1/keys?source=tests', pem('csca') + pem('dsc') + pem('second'));
        const kid = sha256(Buffer.from(pem('dsc').replace(/-----[^-]+-----|\s/g, ''), 'base64')).subarray(0, 8).toString('base64');
        const now = new Date().toISOString().replace(/\.\d+/, '');
        const id = one => sha256(one.v[0].ci).subarray(0, 16).toString('base64');
        await ask('POST', '/api/v1/issued', { kid, certificates: Object.values(PEOPLE).map(one => ({ id: id(one), issued_at: now })), complete_until: now });
        await ask('PUT', '/api/v1/rules/VN', [RULE]);
        const first = await ask('POST', '/api/v1/publish', {});
        cpSync(`${folder}/trust/site`, `${folder}/site-1`, { recursive: true });
        await ask('POST', '/api/v1/revocations', { identifiers: [PEOPLE.revoked.v[0].ci], reason: 'a test' });
        const second = await ask('POST', '/api/v1/publish', {});
        sequences = [first.sequence, second.sequence];
        cpSync(`${folder}/trust/site`, `${folder}/site-2`, { recursive: true });
    } finally {
        service.kill();
    }
    return { first: `${folder}/site-1`, second: `${folder}/site-2`, root: `${folder}/trust/roots/1.cose`, sequences };
}

function listening(service) {
    return new Promise((resolve, reject) => {
        let said = '';
        const hear = bytes => {
            said += bytes;
            const address = /listening on (\S+)/.exec(said);
            if (address) resolve(address[1]);
        };
        service.stdout.on('data', hear);
        service.stderr.on('data', hear);
        service.on('exit', () => reject(new Error(said)));
    });
}
