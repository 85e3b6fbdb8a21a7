// What is the same for each WebAssembly module: it is loaded once, arguments are looked at, and a trap becomes an
// error. The instance is then given up and a new one started, because nobody knows what a trap left behind in its
// memory.

/** An error with a word for programs. */
export class VerifierError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = 'VerifierError';
    this.code = code;
  }
}

export class Module {
  /** Counts instances: what belongs to an earlier one is gone. */
  instance = 1;
  #about;
  #starting;
  #started = false;

  /** `told` makes an error of what the module threw, or undefined of what it does not know. It gets the word of the call. */
  constructor(about) {
    this.#about = about;
  }

  load(source) {
    this.#starting ??= this.#load(source).catch((error) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #load(source = new URL(`./${this.#about.file}`, import.meta.url)) {
    let from = source;
    if (from instanceof URL && from.protocol === 'file:') {
      // Node's fetch reads no files.
      const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
      from = await readFile(from);
    }
    await this.#about.start({ module_or_path: from });
    this.#started = true;
  }

  call(work, code = 'argument') {
    const { name, told, reset } = this.#about;
    if (!this.#started) throw new VerifierError('not_ready', `${name} is not loaded: await init() first`);
    try {
      return work();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        this.instance += 1;
        reset();
        throw new VerifierError('trap', `${name} could not cope with this input: nothing came of it`, { cause: error });
      }
      throw told(error, code) ?? error;
    }
  }
}

export const argument = (message) => new VerifierError('argument', message);

export function text(value, name) {
  if (typeof value !== 'string') throw argument(`${name} is not a string`);
  return value;
}

export function bytes(value, name) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw argument(`${name} is neither a Uint8Array nor an ArrayBuffer`);
}
