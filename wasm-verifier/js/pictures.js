// The JavaScript face of the reader and maker of QR codes; pictures.d.ts describes it.
import start, * as wasm from './pictures_wasm.js';
import { Module, VerifierError, argument, bytes, text } from './module.js';

export { VerifierError };

const module = new Module({
  name: 'the reader of pictures',
  file: 'pictures_wasm_bg.wasm',
  start,
  reset: wasm.__wbg_reset_state,
  told: (error, code) => (typeof error === 'string' ? new VerifierError(code, error) : undefined),
});

export default function init(source) {
  return module.load(source);
}

export function decode(pixels, width, height, effort = 'quick') {
  if (effort !== 'quick' && effort !== 'thorough') throw argument("effort is neither 'quick' nor 'thorough'");
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > 32_767) {
      throw argument('width and height are whole numbers of pixels, from 1 to 32767');
    }
  }
  const levels = bytes(pixels, 'pixels');
  return module.call(() => wasm.decode(levels, width, height, effort === 'thorough'));
}

export function symbol(content) {
  text(content, 'the text');
  const made = module.call(() => wasm.symbol(content), 'symbol');
  const result = { size: made.size, level: made.level, modules: made.modules() };
  made.free();
  return result;
}
