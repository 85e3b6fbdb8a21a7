// The JavaScript face of the verifier; verifier.d.ts describes it.
//
// What decides is the WebAssembly module. Here arguments are looked at, JSON becomes objects,
// and a trap becomes an error: the module's instance is then given up and a new one started,
// because nobody knows what a trap left behind in its memory.
import start, * as wasm from './verifier_wasm.js';

/** An error with a word for programs. */
export class VerifierError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = 'VerifierError';
    this.code = code;
  }
}

let starting;
let started = false;
/** Counts instances: what belongs to an earlier one is gone. */
let instance = 1;

export default function init(source) {
  starting ??= load(source).catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function load(source = new URL('./verifier_wasm_bg.wasm', import.meta.url)) {
  let from = source;
  if (from instanceof URL && from.protocol === 'file:') {
    // Node's fetch reads no files.
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
    from = await readFile(from);
  }
  await start({ module_or_path: from });
  started = true;
}

function call(work) {
  if (!started) {
    throw new VerifierError('not_ready', 'the verifier is not loaded: await init() first');
  }
  try {
    return work();
  } catch (error) {
    if (error instanceof wasm.Fault) {
      const told = new VerifierError(error.code, error.message);
      error.free();
      throw told;
    }
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      instance += 1;
      wasm.__wbg_reset_state();
      throw new VerifierError('trap', 'the verifier could not cope with this input: nothing was verified', {
        cause: error,
      });
    }
    throw error;
  }
}

const argument = (message) => new VerifierError('argument', message);

function text(value, name) {
  if (typeof value !== 'string') throw argument(`${name} is not a string`);
  return value;
}

function bytes(value, name) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw argument(`${name} is neither a Uint8Array nor an ArrayBuffer`);
}

function optional(value, name) {
  return value == null ? undefined : text(value, name);
}

function seconds(value) {
  if (typeof value !== 'number') throw argument('now is not a number: give seconds since 1970, as in Date.now() / 1000');
  return value;
}

export class Trust {
  #sources;
  #wasm;
  #instance = 0;

  /** Use the static functions. */
  constructor(sources) {
    this.#sources = sources;
    this.opened();
  }

  static fromBundle(bundle, state) {
    return Trust.from({ bundle, state });
  }

  static fromText(...files) {
    return Trust.from({ files });
  }

  static from({ bundle, state, files = [], rules = [] }) {
    // Copies: what is trusted must not change with the caller's memory.
    return new Trust({
      bundle: bundle == null ? undefined : bytes(bundle, 'bundle').slice(),
      state: state == null ? undefined : bytes(state, 'state').slice(),
      files: files.map((file) => bytes(file, 'a file').slice()),
      rules: rules.map((rule) => text(rule, 'a text of rules')),
    });
  }

  facts(now) {
    return JSON.parse(call(() => this.opened().facts(seconds(now))));
  }

  free() {
    if (this.#instance === instance) this.#wasm.free();
    this.#instance = -1;
  }

  /** @internal The module's object; made anew when a trap ended the instance that had it. */
  opened() {
    if (this.#instance === -1) throw argument('this trust was freed');
    if (this.#instance !== instance) {
      const { bundle, state, files, rules } = this.#sources;
      this.#wasm = call(() => {
        const gather = new wasm.Gather();
        if (bundle) gather.addBundle(bundle, state);
        for (const file of files) gather.addFile(file);
        for (const rule of rules) gather.addRules(rule);
        return gather.build();
      });
      this.#instance = instance;
    }
    return this.#wasm;
  }
}

export class Update {
  #wasm;
  #instance;

  /** Use Update.begin. */
  constructor(begun) {
    this.#wasm = begun;
    this.#instance = instance;
  }

  static begin(state) {
    const known = bytes(state, 'state');
    return new Update(call(() => wasm.Update.begin(known)));
  }

  nextRoot() {
    return this.#call((update) => update.nextRoot());
  }

  root(document) {
    this.#call((update) => update.root(bytes(document, 'the root')));
  }

  manifest(document) {
    return this.#call((update) => update.manifest(bytes(document, 'the manifest')));
  }

  wanted() {
    return JSON.parse(this.#call((update) => update.wanted()));
  }

  part(name, content) {
    this.#call((update) => update.part(text(name, 'name'), bytes(content, 'the part')));
  }

  keep(bundle) {
    return this.#call((update) => update.keep(bytes(bundle, 'the bundle')));
  }

  file(bundle) {
    return this.#call((update) => update.file(bytes(bundle, 'the bundle')));
  }

  finish() {
    const finished = this.#call((update) => {
      this.#instance = -1;
      return update.finish();
    });
    const result = { bundle: finished.takeBundle(), state: finished.takeState() };
    finished.free();
    return result;
  }

  free() {
    if (this.#instance === instance) this.#wasm.free();
    this.#instance = -1;
  }

  #call(work) {
    if (this.#instance !== instance) {
      throw new VerifierError('ended', 'this update has ended: begin a new one');
    }
    return call(() => work(this.#wasm));
  }
}

export function verifyJson(code, trust, options) {
  if (!(trust instanceof Trust)) throw argument('trust is not a Trust');
  const { now, lang, country, input = '-' } = options ?? {};
  text(code, 'the code');
  const opened = trust.opened();
  return call(() =>
    wasm.verifyJson(
      code,
      opened,
      seconds(now),
      optional(lang, 'lang'),
      optional(country, 'country'),
      text(input, 'input'),
    ),
  );
}

export function verify(code, trust, options) {
  return JSON.parse(verifyJson(code, trust, options));
}

export function decode(pixels, width, height, effort = 'quick') {
  if (effort !== 'quick' && effort !== 'thorough') throw argument("effort is neither 'quick' nor 'thorough'");
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > 32_767) {
      throw argument('width and height are whole numbers of pixels, from 1 to 32767');
    }
  }
  const levels = bytes(pixels, 'pixels');
  return call(() => wasm.decode(levels, width, height, effort === 'thorough'));
}

export function symbol(content) {
  text(content, 'the text');
  const made = call(() => wasm.symbol(content));
  const result = { size: made.size, level: made.level, modules: made.modules() };
  made.free();
  return result;
}

export function inspectUnverified(code) {
  text(code, 'the code');
  return JSON.parse(call(() => wasm.inspectUnverified(code)));
}

export function describe(payload, lang) {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return JSON.parse(call(() => wasm.describe(text(json, 'the payload'), optional(lang, 'lang'))));
}
