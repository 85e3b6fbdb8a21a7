// Every vector of test-vectors/: the verdict is the native one, which stands in the vector and which
// verifier/tests/vectors.rs compares with what the crate answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant, vectorFile, vectorJson, verifier } from './world.mjs';

const { Trust, Update, describe, inspectUnverified, verify } = await verifier();

test('every vector has its verdict', () => {
  const { vectors } = vectorJson('index.json');
  assert.ok(vectors.length >= 300, `only ${vectors.length} vectors`);
  for (const { file } of vectors) {
    const vector = vectorJson(file);
    const text = vectorFile(vector.text).toString();
    const trust = Trust.fromText(...vector.trust.map(vectorFile));
    const verdict = verify(text, trust, { now: instant(vector.at), input: vector.text });
    assert.deepEqual(verdict, vector.expect.verdict, file);
    trust.free();
  }
});

test('a wallet sees of a certificate what the verdict shows of it', () => {
  for (const { file, valid } of vectorJson('index.json').vectors.filter(({ valid }) => valid)) {
    const vector = vectorJson(file);
    const seen = inspectUnverified(vectorFile(vector.text).toString());
    const { verdict } = vector.expect;
    assert.equal(seen.unverified, valid);
    for (const key of ['format', 'issued_at', 'expires_at', 'holder', 'payload']) {
      assert.deepEqual(seen[key], verdict[key], `${file} ${key}`);
    }
    for (const language of ['vi', 'en']) {
      const { kind, title, lines } = describe(seen.payload, language);
      assert.notEqual(kind, 'unknown', file);
      assert.ok(title && lines.length > 0, file);
    }
  }
});

test('bundles are opened and refused as natively', () => {
  const { at, bundles } = vectorJson('bundles/index.json');
  const now = instant(at);
  for (const { name, expect } of bundles) {
    const [file, state] = ['hcert', 'state'].map((kind) => vectorFile(`bundles/${name}.${kind}`));
    let opened;
    try {
      opened = Trust.fromBundle(file, state).facts(now);
    } catch (error) {
      assert.equal(error.code, expect.error, name);
      assert.equal(expect.taken, false, name);
      continue;
    }
    assert.ok(expect.taken, `${name} was taken`);
    const { sequence, freshness, root, keys } = opened;
    assert.deepEqual(
      { sequence, freshness, root_version: root.version, keys },
      {
        sequence: expect.bundle.sequence,
        freshness: expect.bundle.freshness,
        root_version: expect.bundle.root_version,
        keys: expect.bundle.keys,
      },
      name,
    );
  }
});

test('an update keeps what is known, takes what is new, and never goes back', () => {
  const first = vectorFile('bundles/first.hcert');
  const begun = Update.begin(vectorFile('bundles/first.state'));
  assert.equal(begun.file(first), 'newer');
  const old = begun.finish();
  assert.throws(() => begun.wanted(), { code: 'ended' });

  const same = Update.begin(old.state);
  assert.equal(same.file(old.bundle), 'same');

  const next = Update.begin(old.state);
  assert.equal(next.keep(old.bundle), 0, 'nothing is wanted before the manifest');
  assert.equal(next.file(vectorFile('bundles/newer.hcert')), 'newer');
  const newer = next.finish();
  const trust = Trust.fromBundle(newer.bundle, newer.state);
  assert.equal(trust.facts(instant('2026-03-03T00:00:00Z')).sequence, 11);

  const back = Update.begin(newer.state);
  assert.throws(() => back.file(first), { code: 'rollback' });
  back.free();
  assert.throws(() => Trust.fromBundle(old.bundle, newer.state), { code: 'rollback' });
});

test('a clock behind what was signed makes nothing green', () => {
  const state = vectorFile('bundles/first.state');
  const update = Update.begin(state);
  update.file(vectorFile('bundles/first.hcert'));
  const { bundle, state: known } = update.finish();
  const trust = Trust.fromBundle(bundle, known);
  assert.equal(trust.facts(instant('2026-03-02T00:00:00Z')).clock_wrong, false);
  assert.equal(trust.facts(instant('2026-02-01T00:00:00Z')).clock_wrong, true);
  const facts = trust.facts(instant('2026-03-31T00:00:00Z'));
  assert.equal(facts.freshness, 'expired');
  assert.equal(facts.age_days, 30);
});
