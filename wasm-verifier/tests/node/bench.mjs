// Verifications a second beside the raw signature check of WebCrypto, in turn, batch by batch, in one process; and
// what a camera frame costs. Prints lines of Markdown for BENCHMARKS.md.
//
//     node wasm-verifier/tests/node/bench.mjs
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { brotliCompressSync, constants } from 'node:zlib';
import { instant, npm, pictures, random, vectorFile, verifier } from './world.mjs';

const ROUNDS = 12;
const BATCH = 40;

const { Trust, verify, verifyJson } = await verifier();
const { decode, symbol } = await pictures();
const at = { now: instant('2026-03-01T08:00:00Z') };
const { subtle } = globalThis.crypto;

/** A key, a message of a certificate's length and a signature for it. */
async function raw(algorithm, use) {
  const { privateKey, publicKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const message = new Uint8Array(400).fill(7);
  const signature = await subtle.sign(use, privateKey, message);
  return async () => {
    if (!(await subtle.verify(use, publicKey, signature, message))) throw new Error('not verified');
  };
}

function whole(name, call) {
  const key = name.split('-')[0];
  const trust = Trust.fromText(vectorFile(`trust/dsc-${key}.pem`));
  const text = vectorFile(`valid/${name}.txt`).toString();
  if (!verify(text, trust, at).valid) throw new Error(name);
  return async () => call(text, trust, at);
}

/** A frame of 640 x 480 with a code of 3 pixels a module, and one without any. */
function frames() {
  const next = random(7);
  const [width, height] = [640, 480];
  const empty = new Uint8Array(width * height);
  empty.forEach((_, index) => { empty[index] = 150 + next(12) + ((index % width) >> 4); });
  const { size, modules } = symbol(vectorFile('valid/es256-vaccination.txt').toString());
  const full = empty.slice();
  for (let y = 0; y < (size + 8) * 3; y += 1) {
    for (let x = 0; x < (size + 8) * 3; x += 1) {
      const [column, row] = [Math.floor(x / 3) - 4, Math.floor(y / 3) - 4];
      const inside = column >= 0 && row >= 0 && column < size && row < size;
      full[(y + 90) * width + x + 150] = inside && modules[row * size + column] ? 40 : 220;
    }
  }
  const read = (pixels, count) => async () => {
    if (decode(pixels, width, height).length !== count) throw new Error(`not ${count} codes`);
  };
  return [read(full, 1), read(empty, 0)];
}

const [withCode, without] = frames();
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const pss = { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256', saltLength: 32 };
const cases = [
  ['WebCrypto, raw check, ECDSA P-256', await raw(ecdsa, ecdsa)],
  ['WebCrypto, raw check, RSA-PSS 2048', await raw(pss, pss)],
  ['certificate, ES256', whole('es256-vaccination', verify)],
  ['certificate, ES256, as text', whole('es256-vaccination', verifyJson)],
  ['certificate, PS256', whole('ps256-vaccination', verify)],
  ['certificate, EdDSA', whole('eddsa-vaccination', verify)],
  ['frame of 640 x 480 with a code', withCode, 4],
  ['frame of 640 x 480 without', without, 4],
];

const spent = new Map(cases.map(([name]) => [name, Infinity]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run, count = BATCH] of cases) {
    // The whole process's time: WebCrypto works in threads of its own.
    const before = process.cpuUsage();
    for (let times = 0; times < count; times += 1) await run();
    const { user, system } = process.cpuUsage(before);
    spent.set(name, Math.min(spent.get(name), (user + system) / count));
  }
}

const module = join(npm, 'verifier_wasm_bg.wasm');
const brotli = brotliCompressSync(readFileSync(module), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
});
console.log(`Node ${process.version}; processor time, the best of ${ROUNDS} batches. The module has ${statSync(module).size} bytes, ${brotli.length} with Brotli (the goal: 300000).\n`);
console.log('| what | us | a second | beside the raw check of ECDSA P-256 |\n|---|---:|---:|---:|');
const beside = spent.get(cases[0][0]);
for (const [name] of cases) {
  const us = spent.get(name);
  console.log(`| ${name} | ${us.toFixed(0)} | ${(1e6 / us).toFixed(0)} | ${(us / beside).toFixed(2)} |`);
}
