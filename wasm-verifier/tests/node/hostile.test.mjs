// Whatever comes in, the answer is a verdict or an error with a code: the module never stops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant, pictures, random, vectorFile, vectorJson, verifier } from './world.mjs';

const { Trust, Update, VerifierError, describe, inspectUnverified, verify } = await verifier();
const { decode, symbol } = await pictures();
const at = { now: instant('2026-03-01T08:00:00Z') };
const trusted = () => Trust.fromText(vectorFile('trust/csca.pem'), vectorFile('trust/dsc-es256.pem'));
const good = vectorFile('valid/es256-vaccination.txt').toString();

/** Runs, and lets pass what a caller is told; a trap is a failure here. */
function told(work) {
  try {
    return work();
  } catch (error) {
    assert.ok(error instanceof VerifierError, error.stack);
    assert.notEqual(error.code, 'trap', error.message);
    return undefined;
  }
}

test('texts: cut, changed, mixed, strange', () => {
  const trust = trusted();
  const next = random(1);
  const texts = vectorJson('index.json').vectors.map(({ file }) => vectorFile(file.replace(/json$/, 'txt')).toString());
  const strange = ['', '\0', 'HC1:', 'HC1:\u{1F600}', '\ud800HC1:', 'HC1:' + ':'.repeat(20_000), 'x'.repeat(1_000_000)];
  const all = [...strange];
  for (let round = 0; round < 4000; round += 1) {
    const text = texts[next(texts.length)];
    const place = next(text.length + 1);
    const letter = String.fromCharCode(next(0x80));
    const other = texts[next(texts.length)];
    all.push([text.slice(0, place), text.slice(0, place) + letter + text.slice(place + 1), text.slice(0, place) + other.slice(place)][round % 3]);
  }
  for (const text of all) {
    const verdict = told(() => verify(text, trust, at));
    if (verdict?.valid) assert.ok(texts.some((whole) => whole.trim() === text.trim()), `valid: ${text}`);
    told(() => inspectUnverified(text));
  }
});

test('files of trust and bundles: cut and changed', () => {
  const next = random(2);
  const names = ['trust/csca.pem', 'trust/kid-of-two.json', 'trust/revocation-uci.json', 'bundles/first.hcert', 'bundles/newer.hcert'];
  for (let round = 0; round < 400; round += 1) {
    const bytes = Uint8Array.from(vectorFile(names[round % names.length]));
    for (let times = next(4); times >= 0; times -= 1) bytes[next(bytes.length)] = next(256);
    const cut = round % 7 === 0 ? bytes.slice(0, next(bytes.length)) : bytes;
    told(() => Trust.fromText(cut));
    told(() => Trust.fromBundle(cut).facts(0));
    told(() => {
      const update = Update.begin(vectorFile('bundles/first.state'));
      update.file(cut);
      update.finish();
    });
    told(() => Update.begin(cut));
  }
});

test('pictures: noise, stripes, nothing, and sizes that are not theirs', () => {
  const next = random(3);
  for (const [width, height] of [[1, 1], [1, 500], [3, 3], [64, 48], [321, 241]]) {
    for (const kind of ['noise', 'black', 'white', 'stripes', 'finders']) {
      const pixels = new Uint8ClampedArray(width * height);
      pixels.forEach((_, index) => {
        const [x, y] = [index % width, Math.floor(index / width)];
        const finder = Math.max(Math.abs((x % 28) - 14), Math.abs((y % 28) - 14));
        pixels[index] = {
          noise: next(256), black: 0, white: 255, stripes: x % 3 ? 255 : 0,
          finders: finder < 6 || (finder >= 10 && finder < 14) ? 0 : 255,
        }[kind];
      });
      for (const effort of ['quick', 'thorough']) told(() => decode(pixels, width, height, effort));
    }
  }
  for (const [length, width, height] of [[0, 1, 1], [10, 3, 3], [4, 0, 4], [4, -1, -4], [16, 4, 4.5], [4, 2 ** 31, 2 ** 31], [4, NaN, 1]]) {
    assert.throws(() => decode(new Uint8Array(length), width, height), { code: 'argument' });
  }
});

test('symbols: any text or an error, and what is made is read', () => {
  const next = random(4);
  for (const text of [good.trim(), '1', 'ếớ😀', 'a'.repeat(2000), 'HC1:' + 'A'.repeat(4000)]) {
    const { size, modules } = symbol(text);
    const side = (size + 8) * 3;
    const pixels = new Uint8Array(side * side).fill(255);
    for (let y = 0; y < side; y += 1) {
      for (let x = 0; x < side; x += 1) {
        const [column, row] = [Math.floor(x / 3) - 4, Math.floor(y / 3) - 4];
        const inside = column >= 0 && row >= 0 && column < size && row < size;
        if (inside && modules[row * size + column]) pixels[y * side + x] = 0;
      }
    }
    assert.deepEqual(decode(pixels, side, side, 'thorough'), [text]);
  }
  for (const text of ['', 'a'.repeat(5000)]) assert.throws(() => symbol(text), { code: 'symbol' });
  for (let round = 0; round < 30; round += 1) {
    told(() => symbol(String.fromCharCode(...Array.from({ length: next(300) }, () => next(0xffff)))));
  }
});

test('payloads to describe', () => {
  let deep = '1';
  for (let depth = 0; depth < 5000; depth += 1) deep = `[${deep}]`;
  for (const payload of [deep, '{', '', 'null', '{"v":[{"dn":1e300,"sd":-1}]}', '{"t":{"0":1}}', '"\\ud800"']) {
    told(() => describe(payload));
  }
});

test('arguments of the wrong kind are told as such', () => {
  const trust = trusted();
  for (const work of [
    () => verify(5, trust, at),
    () => verify('x', {}, at),
    () => verify('x', trust),
    () => verify('x', trust, { now: '1' }),
    () => verify('x', trust, { now: NaN }),
    () => verify('x', trust, { now: Infinity }),
    () => verify('x', trust, { ...at, lang: 'tlh' }),
    () => verify('x', trust, { ...at, country: 7 }),
    () => Trust.fromText('text'),
    () => Trust.fromBundle([1]),
    () => Update.begin('x'),
    () => symbol(null),
    () => describe(undefined),
    () => decode([1], 1, 1),
    () => decode(new Uint8Array(1), 1, 1, 'some'),
  ]) {
    assert.throws(work, { name: 'VerifierError', code: 'argument' }, String(work));
  }
  assert.throws(() => Trust.fromText(vectorFile('trust/revocation-uci.json')), { code: 'no_key' });
  assert.equal(verify(good, Trust.from({}), at).failure.stage, 'kid');
});

test('after a trap it goes on, with the trust that was there', () => {
  const trust = trusted();
  const begun = Update.begin(vectorFile('bundles/first.state'));
  const before = verify(good, trust, at);
  assert.equal(before.valid, true);
  // More than the module can ever have: its allocator stops it. The memory is never touched.
  const huge = new Uint8Array(2 ** 32 - 65_536);
  assert.throws(() => begun.keep(huge), { name: 'VerifierError', code: 'trap' });
  assert.deepEqual(verify(good, trust, at), before);
  assert.throws(() => begun.nextRoot(), { code: 'ended' });
  begun.free();
  trust.free();
  assert.throws(() => verify(good, trust, at), { code: 'argument' });
});

test('after a trap of the reader of pictures it reads on, and the verifier has not noticed', () => {
  const trust = trusted();
  const before = verify(good, trust, at);
  assert.throws(() => decode(new Uint8Array(2 ** 32 - 65_536), 32_767, 32_767), { name: 'VerifierError', code: 'trap' });
  assert.equal(symbol('HC1:A').size, 21);
  assert.deepEqual(verify(good, trust, at), before);
  trust.free();
});
