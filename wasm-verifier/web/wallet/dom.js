// Building the wallet's screens. There is no way here to put a text into a page as HTML: what a certificate says is text.

import { make } from '../common/dom.js';

const SVG = 'http://www.w3.org/2000/svg';

// Characters that a reader does not see and that change how the rest looks: controls, and those that turn the
// direction of writing around. A name with them could look like another name.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/// A text from a certificate as it may be shown: composed, one line, of bounded length.
export function shown(text, most = 200) {
    const plain = String(text ?? '').normalize('NFC').replace(UNSEEN, ' ').replace(/\s+/gu, ' ').trim();
    const letters = [...plain];
    return letters.length > most ? `${letters.slice(0, most).join('')}…` : plain;
}

/// An element of a picture.
export function svg(name, attributes, ...children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
}

/// A button. While what it starts is under way it can't be pressed again.
export function button(label, run, attributes = {}) {
    const node = make('button', { type: 'button', ...attributes }, ...[label].flat());
    node.addEventListener('click', async event => {
        if (node.getAttribute('aria-disabled') === 'true') return;
        node.setAttribute('aria-disabled', 'true');
        try {
            await run(event);
        } finally {
            node.removeAttribute('aria-disabled');
        }
    });
    return node;
}

/// Enter in a field does what the main button does.
export function onEnter(input, button) {
    input.addEventListener('keydown', event => {
        if (event.key === 'Enter' && !event.isComposing) button()?.click();
    });
}

/// Hands a file to the person: a download, made here.
export function download(name, type, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = make('a', { href: address, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
