// Sound and vibration of the three answers: one high short, two middle, one long low. Each can be told from the
// others without looking.

/// Start in seconds, length in seconds, pitch in hertz.
const TONES = {
    green: [[0, 0.15, 1320]],
    amber: [[0, 0.16, 660], [0.26, 0.16, 660]],
    red: [[0, 0.7, 220]],
};
const BUZZES = { green: [80], amber: [120, 100, 120], red: [600] };

let audio = null;

/// Browsers give sound only after a touch or a key.
export function allow() {
    const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;
    if (!Audio) return;
    audio ??= new Audio();
    if (audio.state === 'suspended') audio.resume().catch(() => {});
}

export function signal(colour, { sound, vibrate }) {
    if (vibrate) navigator.vibrate?.(BUZZES[colour]);
    if (!sound || audio?.state !== 'running') return;
    for (const [start, length, pitch] of TONES[colour]) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        const from = audio.currentTime + start;
        tone.type = 'square';
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.2, from);
        volume.gain.setTargetAtTime(0, from + length - 0.03, 0.01);
        tone.connect(volume).connect(audio.destination);
        tone.start(from);
        tone.stop(from + length + 0.05);
    }
}
