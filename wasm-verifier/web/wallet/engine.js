// The worker that reads codes and knows whom to trust, as the wallet needs it: now, and in the reader's language.

import { Decoder } from '../common/decode.js';
import { language } from '../common/words.js';

const decoder = new Decoder();

// The module speaks two languages; who reads a third gets English names of vaccines.
const tongue = () => (language() === 'vi' ? 'vi' : 'en');

export const engine = {
    decoder,

    /// The verdict of specs/verdict.md, with the trust at hand.
    verify: text => decoder.verify(text, { now: Date.now() / 1000, lang: tongue() }),

    /// What a text says of itself, with its plain words; null when there is no certificate in it.
    async inspect(text) {
        const content = await decoder.call('inspect', { text });
        if (!content?.payload) return null;
        const words = await decoder.call('describe', { payload: JSON.stringify(content.payload), lang: tongue() });
        return { ...content, words };
    },

    /// The symbol of a text: `{size, modules}`.
    symbol: text => decoder.call('symbol', { text }),
};
