// One page with several screens: what is shown, the way back (also by the phone's own button), where the focus goes.
// The address stays as it is: nothing about a person stands in the history of the browser.

import { language, say } from '../common/words.js';
import { button, onEnter } from './dom.js';

const at = id => document.getElementById(id);
const trail = [];
let drawn = 0;
let said = '';

/// Shows a screen: a function that answers `{title, body, foot, kind, begin, close}`; may be asked again at any time.
export function go(screen) {
    tell('');
    trail.push(screen);
    history.pushState({ depth: trail.length }, '');
    return draw(true);
}

/// Back by one screen, with something to say there.
export function back(message = '') {
    if (trail.length < 2) return;
    said = message;
    history.back();
}

/// The first screen, and nothing to go back to.
export function home(screen = trail[0]) {
    const steps = trail.length - 1;
    trail.splice(0, trail.length, screen);
    if (steps > 0) history.go(-steps);
    else history.replaceState({ depth: 1 }, '');
    return draw(true);
}

/// Puts another screen in the place of this one.
export function instead(screen) {
    tell('');
    trail[trail.length - 1] = screen;
    return draw(true);
}

/// Draws the screen anew, as after a change; the focus stays where it was, if that is still there.
export const redraw = () => draw(false);

let close = null;

async function draw(fresh) {
    drawn += 1;
    const mine = drawn;
    const screen = await trail.at(-1)();
    // Another one was asked for while this one was made.
    if (mine !== drawn) return;
    close?.();
    close = screen.close ?? null;
    const focused = document.activeElement?.id;
    at('title').textContent = screen.title;
    document.title = screen.title;
    document.documentElement.lang = language();
    document.body.dataset.screen = screen.kind ?? '';
    at('back').hidden = trail.length === 1;
    at('more').hidden = at('tongue').hidden = trail.length > 1;
    at('main').replaceChildren(...screen.body.flat(Infinity).filter(Boolean));
    at('foot').replaceChildren(...(screen.foot ?? []).filter(Boolean));
    if (fresh) {
        scrollTo(0, 0);
        at('title').focus({ preventScroll: true });
    } else if (focused) {
        at(focused)?.focus({ preventScroll: true });
    }
    screen.begin?.();
}

/// Says something that happened, also to who does not see it. Stays until the next.
export function tell(text, tone = 'green') {
    const node = at('told');
    node.className = text ? `notice ${tone}` : '';
    node.textContent = text;
}

/// Asks before something is done that can't be undone. With `typed`, the answer has to be typed first.
export function ask({ title, text, yes, typed = null, danger = true }) {
    return new Promise(resolve => {
        const dialog = document.createElement('dialog');
        dialog.setAttribute('aria-labelledby', 'ask-title');
        const heading = document.createElement('h2');
        heading.id = 'ask-title';
        heading.textContent = title;
        const parts = [heading];
        for (const line of [text].flat()) {
            const paragraph = document.createElement('p');
            paragraph.textContent = line;
            parts.push(paragraph);
        }
        let input = null;
        const wrong = document.createElement('p');
        wrong.className = 'error';
        wrong.setAttribute('role', 'alert');
        if (typed !== null) {
            const label = document.createElement('label');
            label.htmlFor = 'ask-typed';
            label.textContent = say('wallet.ask.type', { typed });
            input = document.createElement('input');
            Object.assign(input, { id: 'ask-typed', inputMode: 'numeric', autocomplete: 'off' });
            onEnter(input, () => dialog.querySelector('.actions button'));
            parts.push(label, input, wrong);
        }
        const end = answer => {
            dialog.close();
            dialog.remove();
            resolve(answer);
        };
        const actions = document.createElement('div');
        actions.className = 'actions main';
        actions.append(
            button(yes, () => {
                if (input && input.value.trim() !== String(typed)) {
                    wrong.textContent = say('wallet.ask.wrong', { typed });
                    input.focus();
                } else end(true);
            }, { class: danger ? 'danger' : null }),
            button(say('common.cancel'), () => end(false), { class: 'quiet' }),
        );
        dialog.append(...parts, actions);
        dialog.addEventListener('cancel', event => { event.preventDefault(); end(false); });
        document.body.append(dialog);
        dialog.showModal();
        // Who presses Enter without reading should not have deleted anything.
        (input ?? actions.lastChild).focus();
    });
}

addEventListener('popstate', event => {
    const depth = event.state?.depth ?? 1;
    if (depth < trail.length) {
        trail.length = Math.max(1, depth);
        tell(said);
        said = '';
        draw(true);
    } else if (depth > trail.length) {
        // "Forward" to a screen that is gone.
        history.replaceState({ depth: trail.length }, '');
    }
});

addEventListener('keydown', event => {
    if (event.key === 'Escape' && !document.querySelector('dialog')) back();
});

// Whatever was not foreseen is said, and nothing pretends to have worked.
addEventListener('unhandledrejection', () => tell(say('wallet.failed'), 'red'));

/// Begins with a screen.
export function begin(screen) {
    at('back').addEventListener('click', () => back());
    home(screen);
}
