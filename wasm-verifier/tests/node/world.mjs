// What the tests stand on: the npm package as `cargo xtask wasm` made it, and the project's files.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '../../../..');
export const target = resolve(process.env.CARGO_TARGET_DIR ?? resolve(root, 'target'));
export const npm = resolve(target, 'npm');

async function loaded(name) {
  const module = await import(pathToFileURL(resolve(npm, name)));
  await module.default();
  return module;
}

/** The package, loaded. */
export const verifier = () => loaded('verifier.js');

/** Its reader and maker of codes, loaded. */
export const pictures = () => loaded('pictures.js');

export const vectorFile = (name) => readFileSync(resolve(root, 'test-vectors', name));
export const vectorJson = (name) => JSON.parse(vectorFile(name));

/** Seconds since 1970. */
export const instant = (text) => Date.parse(text) / 1000;

/** The folder of published vectors, or undefined: they are not part of the project. */
export function conformance() {
  const folder = resolve(process.env.HCERT_CONFORMANCE ?? resolve(root, '../shared/conformance'));
  if (existsSync(resolve(folder, 'expected.jsonl'))) return folder;
  console.error(`\n*** SKIPPED: no conformance files in ${folder} (set HCERT_CONFORMANCE) ***\n`);
  return undefined;
}

/** The command, which has to be built: `cargo build -p cli`. */
export const command = resolve(target, process.env.HCERT_RELEASE ? 'release/hcert' : 'debug/hcert');

/** A small generator of numbers, the same in each run (xorshift32). */
export function random(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
