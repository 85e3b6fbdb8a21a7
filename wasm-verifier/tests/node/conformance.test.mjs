// Every published vector: the module says what `hcert verify --format json` says, key by key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { command, conformance, instant, vectorFile, verifier } from './world.mjs';

const folder = conformance();
const { Trust, verify } = await verifier();

/** As verifier/tests/conformance.rs reads them. */
function text(vector) {
  const file = readFileSync(resolve(folder, vector.payload_file), 'utf8');
  if (vector.payload_field) return JSON.parse(file)[vector.payload_field];
  return file.replace(/[\r\n]+$/, '');
}

function trusted(vector) {
  const files = [vector.signer_certificate, vector.signer_key?.spki].filter((file) => typeof file === 'string');
  // Without any key nothing can be verified, natively either.
  return files.length > 0 ? files.map((file) => Buffer.from(file)) : [vectorFile('trust/csca.pem')];
}

test('the module and the command agree on every published vector', { skip: !folder }, () => {
  const work = mkdtempSync(join(tmpdir(), 'hcert-conformance-'));
  try {
    const groups = new Map();
    let count = 0;
    for (const line of readFileSync(resolve(folder, 'expected.jsonl'), 'utf8').trim().split('\n')) {
      const vector = JSON.parse(line);
      if (!vector.payload_file) continue;
      const content = text(vector);
      // The command would take these for several codes, or for none.
      if (typeof content !== 'string' || content === '' || /[\r\n]/.test(content)) continue;
      const files = trusted(vector);
      // Some signers can't be used at all; then the command does not run, and the module says so too.
      const at = vector.at ?? '2021-08-01T00:00:00Z';
      const key = `${at} ${Buffer.concat(files).toString('base64')}`;
      if (!groups.has(key)) groups.set(key, { at, files, inputs: [] });
      const input = join(work, `${count}.txt`);
      writeFileSync(input, `${content}\n`);
      groups.get(key).inputs.push({ id: vector.id, content, input });
      count += 1;
    }
    assert.ok(count > 400, `only ${count} vectors`);
    let number = 0;
    for (const { at, files, inputs } of groups.values()) {
      const lang = number % 2 === 0 ? 'en' : 'vi';
      number += 1;
      const named = files.flatMap((file, index) => {
        const name = join(work, `trust-${number}-${index}`);
        writeFileSync(name, file);
        return ['--trust', name];
      });
      const native = run(['verify', '--format', 'json', '--lang', lang, '--at', at, ...named, ...inputs.map(({ input }) => input)]);
      let trust;
      try {
        trust = Trust.fromText(...files);
      } catch (error) {
        assert.equal(native.length, 0, `${inputs[0].id}: only the module refuses the signer (${error.message})`);
        continue;
      }
      assert.equal(native.length, inputs.length, inputs[0].id);
      inputs.forEach(({ id, content, input }, index) => {
        const verdict = verify(content, trust, { now: instant(at), lang, input });
        assert.deepEqual(verdict, native[index], id);
      });
    }
    console.log(`${count} vectors agree`);
  } finally {
    rmSync(work, { recursive: true });
  }
});

/** The command's lines; none when it could not run. */
function run(args) {
  let output;
  try {
    output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (typeof error.status !== 'number') throw error;
    // 1: not every code is valid.
    output = error.status === 1 ? error.stdout : '';
  }
  // Where in a file a code stood is the command's to say.
  const verdict = ({ line, ...verdict }) => verdict;
  return output.trim().split('\n').filter(Boolean).map((text) => verdict(JSON.parse(text)));
}
