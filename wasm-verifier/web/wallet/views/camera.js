// A code in front of the camera. The picture stays in the page, and the camera goes off as soon as it saw one.

import { Camera, stayAwake } from '../../common/camera.js';
import { make, sign } from '../../common/dom.js';
import { say } from '../../common/words.js';
import { button } from '../dom.js';
import { engine } from '../engine.js';
import { instead } from '../screen.js';
import { keep } from './keep.js';

export function camera() {
    const video = make('video', { class: 'seen', 'aria-label': say('wallet.camera.picture') });
    const trouble = make('p', { class: 'error', role: 'alert' });
    const extra = make('div', { class: 'acts' });
    const device = new Camera(video);
    let looking = true;
    const look = async () => {
        try {
            await device.open();
        } catch (error) {
            trouble.textContent = say(`common.camera.${error.why ?? 'broken'}`);
            return;
        }
        if (device.hasTorch) {
            let lit = false;
            const torch = button([sign('torch'), say('common.camera.torch')], async () => {
                lit = await device.torch(!lit);
                torch.setAttribute('aria-pressed', String(lit));
            }, { class: 'quiet', 'aria-pressed': 'false' });
            extra.append(torch);
        }
        for (let turn = 0; looking; turn += 1) {
            await device.next();
            if (!looking) return;
            const texts = await engine.decoder.look(video, () => device.frame(), turn).catch(() => []);
            if (looking && texts.length) {
                navigator.vibrate?.(50);
                await instead(() => keep(texts));
                return;
            }
        }
    };
    const sleep = stayAwake();
    return {
        title: say('wallet.add.camera'),
        body: [video, trouble, make('p', {}, say('wallet.camera.how')), extra],
        foot: [],
        begin: () => { look(); },
        close() {
            looking = false;
            device.close();
            sleep();
        },
    };
}
