// Every picture of an EU certificate that the native verifier reads is read in the page, to the same text.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Gate, troubles } from './gate.mjs';
import { Place } from './place.mjs';

const { HCERT, HCERT_CONFORMANCE: folder, ROOT, WEB, WORK } = process.env;
/// Whose codes these are does not matter here.
const TRUST = ['--trust', join(ROOT, 'test-vectors/trust/csca.pem')];
/// Pictures that go into the page at once.
const BATCH = 20;

if (!existsSync(join(folder, 'expected.jsonl'))) {
    console.log(`\n*** SKIPPED: no conformance files in ${folder} (set HCERT_CONFORMANCE) ***\n`);
    process.exit(0);
}
const vectors = readFileSync(join(folder, 'expected.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line))
    .filter(one => one.format === 'eu-dcc' && (one.image_file || one.image_field));
const pictures = vectors.map((vector, index) => {
    const { image_file, image_field, payload_file, payload_field } = vector;
    const payload = payload_file ? readFileSync(join(folder, payload_file), 'utf8') : null;
    if (image_file) return { id: vector.id, path: join(folder, image_file) };
    const path = join(WORK, `picture-${index}.png`);
    writeFileSync(path, Buffer.from(JSON.parse(payload)[image_field], 'base64'));
    return { id: vector.id, path, payload_field };
});
// What the native verifier reads of each, by its layers: the text that it hands on.
const native = new Map();
for (const { path } of pictures) native.set(path, null);
const done = spawnSync(HCERT, ['verify', '--format', 'json', ...TRUST, ...pictures.map(one => one.path)], { maxBuffer: 1 << 28 });
for (const line of done.stdout.toString().trim().split('\n')) {
    const { input, failure } = JSON.parse(line);
    // What is no picture is looked at as text there.
    native.set(input, !['picture', 'prefix'].includes(failure?.stage));
}
const readable = pictures.filter(one => native.get(one.path));
console.log(`${pictures.length} pictures, ${readable.length} of them read by the native verifier`);

const door = await new Place({ web: WEB, site: '/nowhere', config: { bundle: '/bundle/' } }).start();
const gate = await Gate.open(door.url, { quiet: [/./] });
await (await gate.go()).ready();
const texts = new Map();
const begun = Date.now();
for (let at = 0; at < readable.length; at += BATCH) {
    const batch = readable.slice(at, at + BATCH).map(one => ({ path: one.path, bytes: readFileSync(one.path).toString('base64') }));
    const read = await gate.page.evaluate(async batch => {
        const { codes } = await import('/common/files.js');
        const { Decoder } = await import('/common/decode.js');
        const decoder = globalThis.ownDecoder ??= new Decoder();
        const found = [];
        for (const { path, bytes } of batch) {
            const file = new Blob([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))]);
            found.push([path, await codes(file, decoder).catch(error => String(error.why ?? error))]);
        }
        return found;
    }, batch);
    for (const [path, found] of read) texts.set(path, found);
}
const took = Date.now() - begun;
await gate.close();
await door.stop();

// The same verdict for the texts as for the pictures says that they are the same: one native run over both.
const lists = readable.filter(one => Array.isArray(texts.get(one.path)));
const missed = readable.filter(one => !Array.isArray(texts.get(one.path)));
writeFileSync(join(WORK, 'texts.txt'), lists.flatMap(one => texts.get(one.path)).join('\n') + '\n');
const verdicts = input => spawnSync(HCERT, ['verify', '--format', 'json', '--show-unverified', ...TRUST, ...input], { maxBuffer: 1 << 28 }).stdout.toString().trim().split('\n')
    .map(line => JSON.parse(line)).map(({ payload, format, signer, failure }) => JSON.stringify({ payload, format, signer, stage: failure?.stage })).sort();
const ours = verdicts([join(WORK, 'texts.txt')]);
const theirs = verdicts(lists.map(one => one.path));
console.log(`${lists.length} of ${readable.length} pictures read in the page, ${(took / readable.length).toFixed(0)} ms each`);
for (const one of missed) troubles.push(`not read in the page: ${one.id}: ${texts.get(one.path)}`);
assert.deepEqual(ours, theirs);
if (troubles.length) {
    console.error(troubles.join('\n'));
    process.exit(1);
}
process.exit(0);
