// The answer that fills the screen, and the way back to scanning.

import { find, make, sign } from '../common/dom.js';
import { ago, say } from '../common/words.js';

const screen = find('#answer');
const scan = find('#scan');
const put = (id, text) => { find(id).textContent = text; };

let bar = null;
let leave = null;

/// Whether an answer fills the screen.
export const isShown = () => !screen.hidden;

/// Shows what verdict.js says, until the person goes on or `seconds` are over (0: until the person goes on).
/// `before` is how long ago the same code was shown, or null.
export function show(said, { seconds, before }) {
    screen.dataset.colour = said.colour;
    find('#sign').replaceChildren(sign(said.colour, 'sign'));
    put('#word', said.word);
    put('#name', said.name);
    find('#birth').replaceChildren(...(said.birth ? [make('small', {}, say('common.birth')), said.birth] : []));
    put('#why', said.why);
    put('#todo', said.todo);
    put('#revocation', said.revocation);
    put('#ribbon', say('verify.test'));
    find('#ribbon').hidden = !said.test;
    const repeat = before === null ? '' : say('verify.again', { ago: ago(before) });
    put('#repeat', repeat);
    find('#repeat').hidden = !repeat;
    find('#facts').replaceChildren(...said.facts.flatMap(([label, value]) => [make('dt', {}, label), make('dd', {}, value)]),
        ...(said.code ? [make('dt', {}, say('verify.fact.code')), make('dd', {}, make('code', {}, said.code))] : []));
    find('#more').open = false;
    find('#saying').scrollTop = 0;
    scan.inert = true;
    screen.hidden = false;
    put('#spoken', [said.word, said.name, said.birth && `${say('common.birth')} ${said.birth}`, said.why, said.todo, said.revocation, repeat].filter(Boolean).join('. '));
    find('#next').focus({ preventScroll: true });
    hold(false);
    return new Promise(resolve => {
        leave = resolve;
        if (seconds > 0) run(seconds);
        find('#left').hidden = find('#hold').hidden = !(seconds > 0);
    }).finally(clear);
}

/// Back to scanning.
export function close() {
    leave?.();
}

/// Nothing of a person stays in the document.
function clear() {
    leave = null;
    bar?.cancel();
    bar = null;
    screen.hidden = true;
    scan.inert = false;
    for (const id of ['#name', '#why', '#todo', '#revocation', '#repeat', '#spoken']) put(id, '');
    find('#birth').replaceChildren();
    find('#facts').replaceChildren();
}

/// The bar that empties until the page goes on by itself.
function run(seconds) {
    bar = find('#bar').animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], { duration: seconds * 1000, fill: 'forwards' });
    bar.onfinish = close;
}

/// Stays until the person goes on.
function hold(on) {
    find('#hold').setAttribute('aria-pressed', String(on));
    if (on) bar?.pause();
    else bar?.play();
}

find('#next').addEventListener('click', close);
find('#hold').addEventListener('click', () => hold(find('#hold').getAttribute('aria-pressed') !== 'true'));
find('#more').addEventListener('toggle', () => {
    if (!find('#more').open) return;
    hold(true);
    find('#more').scrollIntoView();
});
document.addEventListener('keydown', event => {
    if (isShown() && event.key === 'Escape') close();
});
