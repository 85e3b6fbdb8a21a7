// Elements without markup: whatever a code says stays text.

/// `make('p', { class: 'small' }, 'text', otherElement)`
export function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
        else if (value === true) element.setAttribute(key, '');
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

/// A drawing of the page's own sheet of signs (`common/signs.svg`).
export function sign(name, size = 'icon') {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${new URL('./signs.svg', import.meta.url).pathname}#${name}`);
    svg.setAttribute('class', size);
    svg.setAttribute('aria-hidden', 'true');
    svg.append(use);
    return svg;
}

export const find = (selector, root = document) => root.querySelector(selector);
