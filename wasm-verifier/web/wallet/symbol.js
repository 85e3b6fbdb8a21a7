// The code as a picture: squares of whole pixels, so that no reader meets a blurred edge, with four modules of white
// around it.

import { svg } from './dom.js';

const QUIET = 4;

/// An SVG of a symbol `{size, modules}`, named for who does not see it.
export function picture({ size, modules }, name) {
    const all = size + 2 * QUIET;
    const runs = [];
    for (let y = 0; y < size; y += 1) {
        for (let x = 0; x < size; x += 1) {
            if (!modules[y * size + x]) continue;
            let end = x + 1;
            while (end < size && modules[y * size + end]) end += 1;
            runs.push(`M${x + QUIET} ${y + QUIET}h${end - x}v1h${x - end}z`);
            x = end;
        }
    }
    return svg('svg', { class: 'symbol', role: 'img', 'aria-label': name, viewBox: `0 0 ${all} ${all}`, 'shape-rendering': 'crispEdges' },
        svg('rect', { width: all, height: all, fill: '#fff' }),
        svg('path', { d: runs.join(''), fill: '#000' }));
}

/// Makes a picture as large as a room of `width` by `height` CSS pixels lets it be, in whole device pixels a module.
export function fit(node, width, height) {
    const modules = node.viewBox.baseVal.width;
    const dots = Math.floor((Math.min(width, height) * devicePixelRatio) / modules);
    // In a tiny window a blurred code is better than one that is cut off.
    const side = dots > 0 ? (dots * modules) / devicePixelRatio : Math.min(width, height);
    node.setAttribute('width', side);
    node.setAttribute('height', side);
}

/// The same as a PNG file, eight pixels a module: to send, or to show to an office.
export async function png({ size, modules }) {
    const scale = 8;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = (size + 2 * QUIET) * scale;
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = '#000';
    modules.forEach((dark, index) => {
        if (dark) pen.fillRect((index % size + QUIET) * scale, (Math.floor(index / size) + QUIET) * scale, scale, scale);
    });
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}
