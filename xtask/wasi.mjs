// Runs a WASI program, such as a test built for wasm32-wasip1, with Node:
//
//     node --no-warnings xtask/wasi.mjs PROGRAM.wasm [ARGUMENT…]
//
// It sees no file but those of the conformance folder, and of the environment only RUST_* and
// HCERT_CONFORMANCE, which is made an absolute path here because WASI knows no current folder.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';

const [program, ...args] = process.argv.slice(2);
const beside = resolve(dirname(fileURLToPath(import.meta.url)), '../../shared/conformance');
const conformance = resolve(process.env.HCERT_CONFORMANCE ?? beside);

const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('RUST_')));
env.HCERT_CONFORMANCE = conformance;
const preopens = existsSync(conformance) ? { [conformance]: conformance } : {};

const wasi = new WASI({ version: 'preview1', args: [program, ...args], env, preopens });
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);
