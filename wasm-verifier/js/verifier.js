// The JavaScript face of the verifier; verifier.d.ts describes it.
//
// What decides is the WebAssembly module. Here arguments are looked at and JSON becomes objects.
import start, * as wasm from './verifier_wasm.js';
import { Module, VerifierError, argument, bytes, text } from './module.js';

export { VerifierError };

const module = new Module({
  name: 'the verifier',
  file: 'verifier_wasm_bg.wasm',
  start,
  reset: wasm.__wbg_reset_state,
  told(error) {
    if (!(error instanceof wasm.Fault)) return undefined;
    const told = new VerifierError(error.code, error.message);
    error.free();
    return told;
  },
});

const call = (work) => module.call(work);

export default function init(source) {
  return module.load(source);
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
    if (this.#instance === module.instance) this.#wasm.free();
    this.#instance = -1;
  }

  /** @internal The module's object; made anew when a trap ended the instance that had it. */
  opened() {
    if (this.#instance === -1) throw argument('this trust was freed');
    if (this.#instance !== module.instance) {
      const { bundle, state, files, rules } = this.#sources;
      this.#wasm = call(() => {
        const gather = new wasm.Gather();
        if (bundle) gather.addBundle(bundle, state);
        for (const file of files) gather.addFile(file);
        for (const rule of rules) gather.addRules(rule);
        return gather.build();
      });
      this.#instance = module.instance;
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
    this.#instance = module.instance;
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
    if (this.#instance === module.instance) this.#wasm.free();
    this.#instance = -1;
  }

  #call(work) {
    if (this.#instance !== module.instance) {
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

export function inspectUnverified(code) {
  text(code, 'the code');
  return JSON.parse(call(() => wasm.inspectUnverified(code)));
}

export function describe(payload, lang) {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return JSON.parse(call(() => wasm.describe(text(json, 'the payload'), optional(lang, 'lang'))));
}
