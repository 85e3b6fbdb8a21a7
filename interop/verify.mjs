// Verifies HC1 texts with the package dcc-utils, which shares no code with ours.
//
//     node verify.mjs TEXTS DSC.pem [PAYLOADS.jsonl]
//
// Prints one line for each text, `ok` or `bad` with the reason, and fails if one is bad. Each text
// is also tried with one byte changed in its payload and in its signature, which has to be refused,
// and compared with the payload that was to be signed, where that is given.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { deflateSync, inflateSync } from 'node:zlib';

// The packages are installed elsewhere: DCC_UTILS names the folder.
const require = createRequire(`${process.env.DCC_UTILS ?? import.meta.dirname}/`);
const { DCC } = require('dcc-utils');
const base45 = require('base45');
const cbor = require('cbor');

const PAYLOAD = 2;
const SIGNATURE = 3;

/** Whether the signature holds. dcc-utils throws when it does not. */
async function holds(text, certificate) {
  const dcc = await DCC.fromRaw(text);
  try {
    await dcc.checkSignatureWithCertificate(certificate);
    return true;
  } catch (error) {
    if (/signature/i.test(error.message)) return false;
    throw error;
  }
}

/** The text with the last byte of a part of its message changed, well-formed as before. */
function tampered(text, part) {
  const message = cbor.decodeFirstSync(inflateSync(base45.decode(text.slice(4))));
  message.value[part][message.value[part].length - 1] ^= 1;
  return `HC1:${base45.encode(deflateSync(cbor.encode(message)))}`;
}

async function check(text, certificate, wanted) {
  assert(text.startsWith('HC1:'), 'no HC1: at the start');
  assert(await holds(text, certificate), 'the signature does not hold');
  const { payload } = await DCC.fromRaw(text);
  if (wanted) assert.deepEqual(payload, wanted, 'another payload');
  for (const [name, part] of [['payload', PAYLOAD], ['signature', SIGNATURE]]) {
    assert(!(await holds(tampered(text, part), certificate)), `a changed ${name} is accepted`);
  }
}

const lines = (file) => readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
const [texts, certificate, payloads] = process.argv.slice(2);
if (!certificate) {
  console.error('verify.mjs TEXTS DSC.pem [PAYLOADS.jsonl]');
  process.exit(2);
}
const pem = readFileSync(certificate, 'ascii');
const all = lines(texts);
const wanted = payloads ? lines(payloads).map((line) => JSON.parse(line)) : all.map(() => undefined);
let bad = all.length === 0 || all.length !== wanted.length;
for (const [index, text] of all.entries()) {
  try {
    await check(text, pem, wanted[index]);
    console.log('ok');
  } catch (error) {
    console.log(`bad ${error.message.split('\n')[0]}`);
    bad = true;
  }
}
process.exitCode = bad ? 1 : 0;
