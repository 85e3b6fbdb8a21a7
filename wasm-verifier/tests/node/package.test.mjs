// The package as npm packs it, installed in an empty folder, runs the example of its README, and in a worker.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { npm, root } from './world.mjs';

const run = (folder, program, ...args) =>
  execFileSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false', npm_config_cache: join(folder, '.npm') },
  });

test('packed, installed and used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hcert-npm-'));
  try {
    const [{ filename, files }] = JSON.parse(run(folder, 'npm', 'pack', '--json', npm));
    const names = files.map(({ path }) => path).sort();
    assert.deepEqual(names, [
      'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'module.js', 'package.json',
      'pictures.d.ts', 'pictures.js', 'pictures_wasm.js', 'pictures_wasm_bg.wasm',
      'verifier.d.ts', 'verifier.js', 'verifier_wasm.js', 'verifier_wasm_bg.wasm',
    ]);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    run(folder, 'npm', 'install', '--offline', '--no-save', join(folder, filename));
    const readme = readFileSync(join(npm, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/```js\n(?:\/\/ (\S+)\n)?([\s\S]*?)```/g)].filter(([, name]) => name);
    assert.equal(examples.length, 3);
    for (const [, name, code] of examples) writeFileSync(join(folder, name), code);
    const vectors = join(root, 'test-vectors');
    const args = ['trust/csca.pem', 'trust/dsc-es256.pem', 'valid/es256-vaccination.txt'].map((file) => join(vectors, file));
    const answer = run(folder, process.execPath, 'check.mjs', ...args, '2026-03-01T08:00:00Z');
    assert.match(answer, /amber Nguyễn Văn Đức/);
    assert.match(answer, /revocation_unknown/);
    const inWorker = run(folder, process.execPath, 'page.mjs', ...args);
    assert.match(inWorker, /amber/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
